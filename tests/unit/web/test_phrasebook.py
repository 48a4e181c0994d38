"""The phrases of the pages."""

import re
import string
import tomllib
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

import pytest

from syndicate.core.cadence import WEEKDAYS
from syndicate.core.readers import Offer
from syndicate.model import Cadence
from syndicate.web.desk import say_cadence
from syndicate.web.phrasebook import languages, say_moment, words_of
from tests.mail_samples import our_templates

WEB = files("syndicate.web")
NAMES = {"format_rss", "format_atom", "format_json"}  # the same in every language
ALIKE = NAMES | {
    "comma",
    "first",
    "moment",
    "moment_year",
    "feeds",
    "format",
    "inbox_many",
    "mail_date",
}  # may be like the English
OTHERS = [language for language in languages() if language != "en"]


def test_every_phrase_that_is_said_is_there() -> None:
    """Templates and modules name no phrase that the English lacks."""
    phrases = words_of("en").phrases
    texts = [entry.read_text("utf-8") for entry in (WEB / "templates").iterdir()]
    texts += [entry.read_text("utf-8") for entry in WEB.iterdir() if entry.name.endswith(".py")]
    said = {found for text in texts for found in re.findall(r"""\bsay\("([a-z_]+)"[,)]""", text)}
    said |= {f"{found}_{end}" for text in texts for found in re.findall(r'\bnote\("([a-z_]+)"', text) for end in ("title", "text")}  # fmt: skip

    assert said - phrases.keys() == set()
    assert len(said) > 80


def test_the_pages_speak_the_languages_of_the_mails() -> None:
    """Who gets mail in his language has pages in it."""
    assert languages() == our_templates().languages


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_every_phrase(language: str) -> None:
    """The same keys with the same places, all dates, and nothing left in English."""
    english, table = _table("en"), _table(language)

    assert list(table) == list(english)
    assert (len(set(table["weekdays"])), len(set(table["months"]))) == (7, 12)
    for key in table.keys() - {"weekdays", "months"}:
        assert _places(table[key]) == _places(english[key]), key
        assert key in ALIKE or table[key] != english[key], key


@pytest.mark.parametrize("language", ["ar", "he", "ja", "ko", "ru", "uk", "zh"])
def test_other_scripts_have_no_latin_sentences(language: str) -> None:
    """What is said in another script is said in it throughout, but for names."""
    for key, phrase in words_of(language).phrases.items():
        latin = set(re.findall(r"[A-Za-z]+", re.sub(r"\{\w+\}", "", phrase)))
        assert key in NAMES or latin <= {"RSS", "OPML", "JSON", "HTML", "Cookie", "cookie"}, key


def test_a_language_we_do_not_speak_is_english() -> None:
    """A page is always written in one language, and says which."""
    assert "en" in languages()
    assert words_of("en-GB").language == "en-GB"
    assert (words_of("tlh").language, words_of("tlh").direction) == ("en", "ltr")


def test_moments_name_the_year_only_when_it_is_another() -> None:
    """The year of another year is said."""
    moment = datetime(2026, 5, 4, 6, 5, tzinfo=UTC)

    assert say_moment(words_of("en"), moment, this_year=2026) == "4 May, 06:05"
    assert say_moment(words_of("en"), moment, this_year=2027) == "4 May 2026, 06:05"


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("de", "1. Mai, 06:05 Uhr"),
        ("fr", "1er mai, 06:05"),
        ("it", "1º maggio, 06:05"),
        ("ru", "1 мая, 06:05"),
        ("uk", "1 травня, 06:05"),
        ("ja", "5月1日 06:05"),
        ("ko", "5월 1일 06:05"),
    ],
)
def test_moments_are_written_as_the_language_does(language: str, expected: str) -> None:
    """The order, the case of the month, and the first of it."""
    assert say_moment(words_of(language), datetime(2026, 5, 1, 6, 5, tzinfo=UTC), this_year=2026) == expected


@pytest.mark.parametrize(
    ("language", "days", "expected"),
    [
        ("en", ("monday", "tuesday", "wednesday", "thursday", "friday"), "Monday–Friday at 07:00"),
        ("en", ("monday", "wednesday", "saturday", "sunday"), "Monday, Wednesday, Saturday and Sunday at 07:00"),
        ("de", ("sunday", "friday", "saturday"), "Freitag–Sonntag um 07:00 Uhr"),
        ("ja", ("saturday", "monday"), "月曜日、土曜日 07:00"),
        ("en", WEEKDAYS, "Every day at 07:00"),
    ],
)
def test_days_are_said_from_monday_on(language: str, days: tuple[str, ...], expected: str) -> None:
    """Several in a row by their first and their last."""
    offer = Offer(name="daily", title="Daily", cadence=Cadence.DAILY, minute=420, days=days)

    assert say_cadence(offer, words_of(language)) == expected


def _table(language: str) -> dict[str, Any]:  # Any: TOML
    return tomllib.loads((WEB / "phrases" / f"{language}.toml").read_text("utf-8"))


def _places(phrase: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(phrase) if name}
