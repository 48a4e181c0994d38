"""Phrases and dates in readers' languages."""

import string
from datetime import date
from pathlib import Path

import pytest

from syndicate.core.wording import direction, read_words
from syndicate.errors import TemplateError
from syndicate.web.phrasebook import words_of
from tests.mail_samples import our_templates

WORDS = Path(__file__).parents[3] / "templates" / "email" / "words"
LANGUAGES = sorted(path.stem for path in WORDS.glob("*.toml"))


def test_fifteen_languages_are_there() -> None:
    """The languages we promise."""
    assert LANGUAGES == ["ar", "de", "en", "es", "fr", "he", "it", "ja", "ko", "nl", "pt", "ru", "tr", "uk", "zh"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_has_the_places_of_the_english_one(language: str) -> None:
    """No language asks for a value that is not given."""
    english, words = our_templates().words("en"), our_templates().words(language)

    assert words.language == language
    assert words.phrases.keys() == english.phrases.keys()
    for name, phrase in words.phrases.items():
        assert _places(phrase) <= _places(english.phrases[name]), name


def test_dates_are_written_out() -> None:
    """Weekday, day, month and year in the order of each language."""
    day = date(2026, 3, 1)

    assert our_templates().words("en").date(day) == "Sunday, 1 March 2026"
    assert our_templates().words("de-AT").date(day) == "Sonntag, 1. März 2026"
    assert our_templates().words("ja").date(day) == "2026年3月1日（日）"
    assert our_templates().words("fr").date(day) == "dimanche 1er mars 2026"
    assert our_templates().words("it").date(day) == "domenica 1º marzo 2026"
    assert our_templates().words("fr").date(date(2026, 3, 11)) == "mercredi 11 mars 2026"


def test_unknown_language_gets_english_and_says_so() -> None:
    """What is written in English is marked as English."""
    words = our_templates().words("eo")

    assert (words.language, words.say("unsubscribe")) == ("en", "Unsubscribe")


def test_names_are_joined_in_words() -> None:
    """One, two, three names."""
    words = our_templates().words("en")

    assert [words.names(names) for names in ([], ["A"], ["A", "B"], ["A", "B", "C"])] == [
        "",
        "A",
        "A and B",
        "A, B and C",
    ]


@pytest.mark.parametrize(
    ("name", "joint"),
    [
        ("Ignacio", "e"),
        ("Íñigo Ruiz", "e"),
        ("Hilda", "e"),
        ("Hierro", "y"),
        ("Ian", "y"),
        ("Yolanda", "y"),
        ("Ana", "y"),
    ],
)
def test_spanish_says_e_before_the_sound_of_y(name: str, joint: str) -> None:
    """Not before a diphthong, nor before a name that begins with a consonant."""
    assert our_templates().words("es-MX").names(["Eva", name]) == f"Eva {joint} {name}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_mails_and_pages_say_reading_time_alike(language: str) -> None:
    """And in German too that it is the reading that takes the minutes."""
    mail, page = our_templates().words(language), words_of(language)

    assert [mail.count("minutes", n) for n in (1, 7)] == [page.count("minutes", n) for n in (1, 7)]


def test_label_is_translated_when_known() -> None:
    """A label of ours is said in the reader's language, a newsroom's own stays as it is."""
    assert our_templates().words("fr").label("Updated") == "Mis à jour"
    assert our_templates().words("fr").label("Live") == "Live"


def test_capitals_are_those_of_the_language() -> None:
    """In Turkish i keeps its dot, and ı has none to keep."""
    assert our_templates().words("tr").upper("Ekonomi · Ankara’da kış") == "EKONOMİ · ANKARA’DA KIŞ"
    assert our_templates().words("de-AT").upper("Politik") == "POLITIK"


@pytest.mark.parametrize(
    ("language", "expected"),
    [("ar", "rtl"), ("he-IL", "rtl"), ("fa", "rtl"), ("ur", "rtl"), ("en", "ltr"), ("az", "ltr"), ("ar-Latn", "ltr")],
)
def test_direction_follows_the_script(language: str, expected: str) -> None:
    """Arabic, Hebrew, Persian and Urdu run from right to left, unless written in Latin letters."""
    assert direction(language) == expected


def test_months_that_are_not_twelve_are_refused() -> None:
    """A words file that cannot tell a date is an error at start, not in a mail."""
    with pytest.raises(TemplateError, match="months"):
        read_words({"weekdays": list("abcdefg"), "months": ["one"]}, language="xx")


def test_phrase_with_an_unknown_place_is_an_error_that_names_it() -> None:
    """A translator's slip is found by its name."""
    words = read_words({"weekdays": list("abcdefg"), "months": list("abcdefghijkl"), "why": "{nope}"}, language="xx")

    with pytest.raises(TemplateError, match="why"):
        words.say("why", digest="d", site="s")


def _places(phrase: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(phrase) if name}
