"""Sentences are cut where a reader would cut them, and nothing is lost."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.core.text import cut, reading_minutes, sentences, words


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Mr. Gray met Dr. Low. They talked.", ["Mr. Gray met Dr. Low.", "They talked."]),
        ("en", "The U.S. Navy paid $3.5 million. It was late.", ["The U.S. Navy paid $3.5 million.", "It was late."]),
        ("en", "J. R. Field of Low & Co. won. He smiled.", ["J. R. Field of Low & Co. won.", "He smiled."]),
        ("en", "See No. 5 first. Then rest.", ["See No. 5 first.", "Then rest."]),
        ("en", "It opens at 8 a.m. Sunday. Come.", ["It opens at 8 a.m. Sunday.", "Come."]),
        ("en", "“Stop!” he cried. She left.", ["“Stop!” he cried.", "She left."]),
        ("en", '"I know." She left.', ['"I know."', "She left."]),
        ("en", "Well ... maybe. Who knows?", ["Well ... maybe.", "Who knows?"]),
        ("en", "It ended.Then it began again.", ["It ended.", "Then it began again."]),
        (
            "de",
            "Am 3. Oktober kam Dr. Weiß z.B. nach Kiel. Gut so.",
            ["Am 3. Oktober kam Dr. Weiß z.B. nach Kiel.", "Gut so."],
        ),
        ("fr", "M. Blanc est parti. « Non ! » dit-elle. Fin.", ["M. Blanc est parti.", "« Non ! » dit-elle.", "Fin."]),
        ("es", "El Sr. Gil llegó. ¿Quién sabe? Nadie.", ["El Sr. Gil llegó.", "¿Quién sabe?", "Nadie."]),
        ("it", "Il dott. Neri parla. Poi tace.", ["Il dott. Neri parla.", "Poi tace."]),
        ("pt", "O Sr. Lima saiu. Voltou logo.", ["O Sr. Lima saiu.", "Voltou logo."]),
        ("nl", "Dhr. De Wit kwam. Hij bleef.", ["Dhr. De Wit kwam.", "Hij bleef."]),
        ("ru", "В 2020 г. Попов А. Б. уехал. Потом вернулся.", ["В 2020 г. Попов А. Б. уехал.", "Потом вернулся."]),
        ("uk", "Ціна 5 тис. грн за рік. Це багато.", ["Ціна 5 тис. грн за рік.", "Це багато."]),
        ("tr", "Dr. Kaya geldi. Sonra gitti.", ["Dr. Kaya geldi.", "Sonra gitti."]),
        ("ar", "هل وصل القطار؟ نعم. انتهى الأمر.", ["هل وصل القطار؟", "نعم.", "انتهى الأمر."]),
        ("zh", "天气很好。我们走吧！“好吗？”他问。", ["天气很好。", "我们走吧！", "“好吗？”他问。"]),
        ("ja", "雨が降った。「行こう。」と彼は言った。", ["雨が降った。", "「行こう。」と彼は言った。"]),
        ("ko", "비가 왔다. 우리는 갔다.", ["비가 왔다.", "우리는 갔다."]),
        ("xx", "Ab cd. Ef gh.", ["Ab cd.", "Ef gh."]),
    ],
)
def test_sentences_end_where_they_end(language: str, text: str, expected: list[str]) -> None:
    """Abbreviations, initials, numbers and quotations do not end a sentence; stops of every script do."""
    assert list(sentences(text, language)) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["Gen. Lee met Lt. Col. Ito on Jan. 5 in Washington, D.C.", "The talks ended early."]),
        ("en", ["It was Plan B.", "Then it failed in the U.S.", "They had no other."]),
        ("en", ["It rose 3.5 percent, to 1,234.56, vs. 1,190 a year ago (Fig. 2).", "Analysts cheered."]),
        ("en", ["Wait… what happened?", "Nobody knows…", "What?!"]),
        ("de", ["Am 3. Oktober 1990 kam Dr. h.c. Weiß um 15.30 Uhr nach Kiel.", "Es regnete."]),
        ("de", ["Der 1. FC Aue verlor 1:2.", "Das war am 12. Mai, u. a. wegen des Regens, z. B. im Tor."]),
        ("de", ["„Das ist gut“, sagte er.", "„Wirklich?“, fragte sie.", "»Ja!«"]),
        ("de", ["Sie verlor ca. 3,5 Mio. Euro bzw. 2 Mrd. Dollar.", "Das ist viel."]),
        ("fr", ["« C'est fini ! » a dit M. Dupont.", "« Vraiment ? » a-t-elle répondu.", "J.-P. Roux part à 15 h 30."]),
        ("es", ["¿Quién ganó?", "¡Nadie!", "El Sr. Gil viajó a EE. UU. en ene. de 2020.", "—¿Por qué? —dijo."]),
        ("it", ["L'on. Rossi è nato il 17 dic. 1936.", "«È vero?», ha chiesto.", "«Sì!»"]),
        ("pt", ["O Dr. João pagou R$ 3,5 mi em 2 dez. 2020.", "“É verdade?”, perguntou."]),
        ("nl", ["Op 3 okt. 2020 sprak prof. dr. Van Dam.", "‘Is het waar?’ vroeg hij."]),
        ("ru", ["«Мы победили!» — сказал И.И. Иванов.", "Ущерб составил 3,5 млн руб.", "Матч закончился 3:1."]),
        ("uk", ["У 2020 р. О. П. Шевченко приїхав до м. Києва.", "«Справді?» — запитала вона.", "Так!"]),
        ("ar", ["هل وصل د. أحمد؟", "نعم!", "قال: «انتهى الأمر».", "بلغت النسبة 3.5 بالمئة."]),
        ("tr", ["Prof. Dr. Kaya 3. kez geldi.", "“Doğru mu?” diye sordu.", "Saat 15.30'da bitti."]),
        ("zh", ["他说：“我来了。你好吗？”", "增长3.5%。", "真的吗？！", "是的……也许吧。"]),
        ("ja", ["「行こう。早く。」と彼は言った。", "雨が降った！？", "終わり……。"]),
        ("ko", ["그는 “정말이냐?”고 물었다.", "이는 2026. 3. 1. 기준이다.", "3.5% 올랐다."]),
        ("de", ["Die Muster GmbH & Co. KG zog am 31. 12. 2026 aus.", "Ihr Haus, Hauptstr. 5, steht leer."]),
        (
            "de",
            ["Er wohnt Anna-Seghers-Str. 15 bei Dipl.-Ing. Weiß.", "Der Turm e. V. Kiel zahlt.", "So geht’s.", "Gut."],
        ),
        ("fr", ["« Quelle journée ! », a-t-il lancé.", "« C’est fini. », a-t-elle dit.", "Rien."]),
        ("es", ["El embajador de EE. UU. John Field llegó.", "Volvió a EE. UU.", "Luego habló."]),
        ("it", ["Lo dice l’art. 18, del sec. XIX come l’on. Neri.", "Poi tace."]),
        ("pt", ["A igreja é do séc. XIX e caiu.", "Voltou logo."]),
        ("pl", ["Zbiórka o godz. 10 w rynku.", "Wyrok zapadł jesienią 2026 r.", "Prokurator złożył apelację."]),
        ("ru", ["Дело по ч. 4 ст. 159 и п. 3 ведут с 31 дек. 2026 г. в Туле.", "Ждут всех, в т. ч. Попова."]),
        ("ru", ["Новый мост построят в 2030 г.", "Рабочих ищут уже сейчас.", "В 2031 г. Тула ждет гостей."]),
        (
            "uk",
            [
                "Справа за ч. 4 ст. 190 триває до 31 груд. 2026 р. у Києві.",
                "Міст збудують аж у 2030 р.",
                "Усі чекають.",
            ],
        ),
        ("zh", ["“你们什么时候知道的？”反对派议员张伟问道。", "没有人回答。", "“我们走吧。”", "大家都笑了。"]),
        (
            "ko",
            [
                '시장은 "도시에 큰 날이다. 모두가 기다렸다."라고 말했다.',
                "시장은 “정말 기쁘다. 고맙다”고 했다.",
                "비가 왔다.",
            ],
        ),
        (
            "he",
            ['"זה יום גדול לעיר!" אמר ראש העיר.', "הגשר ייפתח במאי.", '"חיכינו שנים."', "דוברת העירייה סירבה להגיב."],
        ),
        ("ar", ["«هل انتهى الأمر؟» سأل الوزير.", "«نعم!»", "أكد الوزير أن الجسر سيفتح."]),
        ("fa", ["«پل باز شد.» او گفت.", "باران می‌بارد."]),
    ],
)
def test_nasty_sentences_end_where_they_end(language: str, expected: list[str]) -> None:
    """Dates, titles, spaced abbreviations, quotations within sentences: what stands between two stops is one sentence."""
    joint = "" if language in ("zh", "ja") else " "

    assert list(sentences(joint.join(expected), language)) == expected


@pytest.mark.parametrize(
    "text", ["「" * 20_000 + "。" * 20_000, "「あ。" * 20_000, "「「あ。」" * 20_000, "“あ。" * 20_000 + "”"]
)
def test_quotations_that_never_end_cost_little(text: str) -> None:
    """An unclosed quotation is not waited for, and looking for its end takes no more than linear time."""
    started = time.process_time()

    found = sentences(text, "ja")

    assert "".join(found) == text
    assert time.process_time() - started < 2


def test_a_country_makes_no_other_language() -> None:
    """Austrian abbreviations are German ones."""
    assert sentences("Am 3. Oktober kam Dr. Weiß. Gut so.", "de-AT") == ("Am 3. Oktober kam Dr. Weiß.", "Gut so.")


def test_a_sentence_never_crosses_a_paragraph() -> None:
    """A heading without a stop stays apart from what follows it."""
    assert sentences("A heading\n\nThe text goes on\nhere.", "en") == ("A heading", "The text goes on", "here.")


@given(st.text(max_size=300), st.sampled_from(["en", "de", "zh", "ar", "xx"]))
def test_sentences_are_verbatim_and_complete(text: str, language: str) -> None:
    """Every sentence stands in the text as it is, in order, and only space is left out."""
    found = sentences(text, language)

    at = 0
    for sentence in found:
        at = text.index(sentence, at) + len(sentence)
    assert "".join("".join(found).split()) == "".join(text.split())


def test_words_of_scripts_without_spaces_are_counted_sensibly() -> None:
    """Seventeen Chinese characters are about ten words, and English ones are what stands between spaces."""
    assert words("one two three") == 3
    assert words("我" * 17) == 10
    assert words("Rust 语言") == 2


def test_reading_takes_at_least_a_minute() -> None:
    """And a long text as long as its language; where there is none nothing takes time."""
    assert reading_minutes("A word.", "en") == 1
    assert reading_minutes(" ", "en") == 0
    assert reading_minutes("word " * 1150, "en") == 5


def test_cut_keeps_a_short_sentence_and_shortens_a_long_one() -> None:
    """What is cut is the beginning of the sentence, by words or, where there are none, by characters, and says so."""
    assert cut("A short one.", 5) == "A short one."
    assert cut("one two three four five six", 4) == "one two three four…"
    assert cut("one two three, four five six", 3) == "one two three…"
    assert cut("x" * 5000, 10).endswith("x…")
    assert cut("字" * 500, 20).endswith("字…")
    assert cut("字" * 100 + " a" * 60, 20).endswith("字…")
    assert len(cut("x" * 5000, 10)) <= 200
    assert words(cut("字" * 500, 20)) <= 20


@pytest.mark.parametrize(
    "text",
    [
        "word " * 400_000,
        "." * 500_000,
        "A." * 300_000,
        "A. " * 100_000,
        "г. 5 " * 50_000,
        '"' * 500_000,
        "a" * 2_000_000,
    ],
)
def test_hostile_text_is_bounded(text: str) -> None:
    """A text of megabytes is cut to what is looked at and does no harm."""
    assert sum(map(len, sentences(text, "en"))) <= 200_000
