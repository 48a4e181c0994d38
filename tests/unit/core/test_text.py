"""Sentences are cut where a reader would cut them, and nothing is lost."""

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
        ("zh", "天气很好。我们走吧！“好吗？”他问。", ["天气很好。", "我们走吧！", "“好吗？”", "他问。"]),
        ("ja", "雨が降った。「行こう。」と彼は言った。", ["雨が降った。", "「行こう。」", "と彼は言った。"]),
        ("ko", "비가 왔다. 우리는 갔다.", ["비가 왔다.", "우리는 갔다."]),
        ("xx", "Ab cd. Ef gh.", ["Ab cd.", "Ef gh."]),
    ],
)
def test_sentences_end_where_they_end(language: str, text: str, expected: list[str]) -> None:
    """Abbreviations, initials, numbers and quotations do not end a sentence; stops of every script do."""
    assert list(sentences(text, language)) == expected


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
    """An empty text takes a minute, too, and a long one as long as its language."""
    assert reading_minutes("", "en") == 1
    assert reading_minutes("word " * 1150, "en") == 5


def test_cut_keeps_a_short_sentence_and_shortens_a_long_one() -> None:
    """What is cut is the beginning of the sentence, by words or, where there are none, by characters."""
    assert cut("A short one.", 5) == "A short one."
    assert cut("one two three four five six", 4) == "one two three four"
    assert len(cut("x" * 5000, 10)) <= 200
    assert words(cut("字" * 500, 20)) <= 20


@pytest.mark.parametrize("text", ["word " * 400_000, "." * 500_000, "A." * 300_000, '"' * 500_000, "a" * 2_000_000])
def test_hostile_text_is_bounded(text: str) -> None:
    """A text of megabytes is cut to what is looked at and does no harm."""
    assert sum(map(len, sentences(text, "en"))) <= 200_000
