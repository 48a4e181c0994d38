"""Datelines go and leave the sentence; what merely looks like one stays."""

import time

import pytest

from syndicate.core.datelines import without_dateline


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
    ],
)
def test_parties_parentheses_and_capitals_are_no_datelines(sentence: str) -> None:
    """A name with a party after it, a remark between two dashes, and a sentence in capitals stay whole."""
    assert without_dateline(sentence) == sentence


@pytest.mark.parametrize("label", ["Live: ", "Updated: ", "UPDATE: ", "Breaking news: "])
def test_labels_are_taken_off_sentences(label: str) -> None:
    """The label is not the news; before an hour or a day there is no sentence to keep."""
    assert (
        without_dateline(f"{label}The council closed the bridge for six weeks.")
        == "The council closed the bridge for six weeks."
    )
    assert without_dateline(f"{label}Monday, May 3 at noon").startswith(label)


@pytest.mark.parametrize("piece", ["A ", "a,", "((((", "A, ", "A-", "AA (", "3 May, ", "A (A) ", "—"])
def test_long_lines_cost_little(piece: str) -> None:
    """Only the beginning of a line is looked at."""
    started = time.process_time()

    for _ in range(20):
        without_dateline((piece * 10_000)[:10_000])

    assert time.process_time() - started < 0.5
