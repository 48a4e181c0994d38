"""Datelines go and leave the sentence; what merely looks like one stays."""

import time

import pytest

from syndicate.core.datelines import is_dateline, without_dateline, without_hour


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("14:11 The council of Harwick has voted.", "The council of Harwick has voted."),
        ("2.11pm GMT – The council of Harwick has voted.", "The council of Harwick has voted."),
        ("14:11 Uhr: Der Rat hat eben abgestimmt.", "Der Rat hat eben abgestimmt."),
        ("15h30 – La maire a quitté la salle.", "La maire a quitté la salle."),
        ("14:11 市议会星期二投票决定重建旧灯塔。", "市议会星期二投票决定重建旧灯塔。"),
        ("14:11 Uhr beginnt die Sitzung des Rates.", "14:11 Uhr beginnt die Sitzung des Rates."),
        ("2:10 Minuten brauchte Ada Reed für die Runde.", "2:10 Minuten brauchte Ada Reed für die Runde."),
        ("12:30 is when the bridge will open again.", "12:30 is when the bridge will open again."),
        ("19:00 Concert in the church.", "19:00 Concert in the church."),
    ],
)
def test_the_hour_of_an_entry_is_taken_off(line: str, expected: str) -> None:
    """Of a live blog, and not of a programme, nor where it is part of the sentence."""
    assert without_hour(line) == expected


@pytest.mark.parametrize(
    "dateline",
    [
        "OSLO (Reuters) - ",
        "(CNN)",
        "(CBC) -- ",
        "Low Harwick, Vael Islands (CNN) -- ",
        "Harwick (Daily Beacon) -- ",
        "(Harwick News) — ",
        "HARWICK (The Northerner) -- ",
        "Harwick, 3. Mai (NW) – ",
        "VALE, May 3 — ",
        "VALE, May 3, 2024 — ",
        "PORT LOW, New Harwick, May 3 — ",
        "PORT-AU-LOW, Vael -- ",
        "MÜNCHEN (dpa/lby) - ",
        "Scroll down for video. ",
    ],
)
def test_places_and_agencies_are_taken_off(dateline: str) -> None:
    """With a dash and without, with a date and without; what stays is the sentence as it was."""
    assert without_dateline(f"{dateline}Rain fell on the harbour.") == "Rain fell on the harbour."


@pytest.mark.parametrize(
    ("dateline", "sentence"),
    [
        ("КИЇВ, 3 травня (Укрінформ) — ", "У порту йшов дощ."),
        ("ХАРКІВ — ", "У порту йшов дощ."),
        ("МОСКВА, 3 мая /ТАСС/. ", "В порту шёл дождь."),
        ("القاهرة (رويترز) - ", "هطل المطر على الميناء."),
        ("القاهرة — ", "هطل المطر على الميناء."),
        ("新华社北京5月3日电（记者 张三）", "港口下了雨。"),
        ("中新网5月3日电 ", "港口下了雨。"),
        ("【新华社北京5月3日电】", "港口下了雨。"),
        ("【東京＝山田太郎】", "港に雨が降った。"),
        ("（東京 3日 ロイター） - ", "港に雨が降った。"),
        ("【東京共同】", "港に雨が降った。"),
        ("(서울=연합뉴스) 홍길동 기자 = ", "항구에 비가 내렸다."),
        ("[서울=뉴시스] ", "항구에 비가 내렸다."),
        ("Madrid, 3 may (EFE).- ", "Llovió en el puerto."),
        ("(EUROPA PRESS) - ", "Llovió en el puerto."),
        ("(ANSA) - ROMA, 03 MAG - ", "Piove sul porto."),
        ("(Adnkronos) - ", "Piove sul porto."),
        ("München/dpa - ", "Am Hafen regnete es."),
        ("München (dpa/lby) - ", "Am Hafen regnete es."),
        ("Paris, le 3 mai 2024 (AFP) - ", "Il pleut sur le port."),
        ("PARIS, le 3 mai 2024 — ", "Il pleut sur le port."),
        ("Lisboa, 03 mai 2024 (Lusa) – ", "Choveu no porto."),
        ("İSTANBUL (AA) - ", "Limana yağmur yağdı."),
        ("WARSZAWA (PAP) - ", "W porcie padało."),
        ("Paris, France – ", "Rain fell on the harbour."),
        ("WASHINGTON, May 3, 2024 /PRNewswire/ -- ", "Rain fell on the harbour."),
    ],
)
def test_datelines_of_other_languages_are_taken_off(dateline: str, sentence: str) -> None:
    """As the agencies of each country write them."""
    assert without_dateline(dateline + sentence) == sentence


@pytest.mark.parametrize("sentence", ["МОСКВА, 3 мая.", "MADRID, 3 may.", "Harwick, May 3, 2031."])
def test_a_place_with_its_date_is_a_sentence_of_its_own(sentence: str) -> None:
    """Where the stop after the month ends it."""
    assert is_dateline(sentence)
    assert not is_dateline("Harwick, Vael, is wet.")
    assert not is_dateline("Ada Low, then 16, was in the harbour.")
    assert not is_dateline("Ida Low, Ada Reed, all 18, came.")
    assert not is_dateline("He came on Monday, May 3.")


@pytest.mark.parametrize(
    "sentence",
    [
        "The League of Readers (LOR) says rain fell.",
        "Angela Merkel (CDU) – Kanzlerin seit 2005 – tritt nicht mehr an.",
        "Olaf Scholz (SPD) – Bürgermeister seit 2011 – wird Minister.",
        "Mara Lund (Labour) – Aldermouth’s mayor since 2019 – has resigned.",
        "Ines Holt (R-Ohio) – Chairwoman since May – voted no.",
        "Ines Holt (D-N.Y.) -- She chairs the committee -- voted no.",
        "MARA LUND (LABOUR) – Mayor since 2019 – has resigned.",
        "Mara Lund (Harwick Press) – Editor since 2019 – has resigned.",
        "Ada Low (Harwick) – Tarn’s last skipper – has died.",
        "POLICE ARRESTED THREE MEN - MAYOR LUND SAID THE CITY WAS SAFE.",
        "COVID-19 - The council closed the schools.",
        "HARWICK (Reuters)",
        "Ada Low, Harwick – Rain fell.",
        "Ada Low/Sid Reed - Rain fell.",
        "Ada Low (Uni Harwick) – Leiterin des Hafenamts.",
        "قال الوزير - وهو من الحزب - إن المطر هطل.",
        "（東京）雨が降った。",
        "北京5月3日下了雨。",
    ],
)
def test_parties_parentheses_and_capitals_are_no_datelines(sentence: str) -> None:
    """A name with a party after it, a remark between two dashes, and a sentence in capitals stay whole."""
    assert without_dateline(sentence) == sentence


@pytest.mark.parametrize("label", ["Live: ", "Updated: ", "UPDATE: ", "Breaking news: "])
def test_labels_are_taken_off_sentences(label: str) -> None:
    """The label is not the news; it stays where a small letter follows, and before an hour or a day."""
    assert (
        without_dateline(f"{label}The council closed the bridge for six weeks.")
        == "The council closed the bridge for six weeks."
    )
    assert without_dateline(f"{label}the council closed the bridge for six weeks.").startswith(label)
    assert without_dateline(f"{label}Monday, May 3 at noon").startswith(label)


@pytest.mark.parametrize("piece", ["A ", "a,", "((((", "A, ", "A-", "AA (", "3 May, ", "A (A) ", "—"])
def test_long_lines_cost_little(piece: str) -> None:
    """Only the beginning of a line is looked at."""
    started = time.process_time()

    for _ in range(20):
        without_dateline((piece * 10_000)[:10_000])

    assert time.process_time() - started < 0.5
