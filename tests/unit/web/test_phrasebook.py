"""The phrases of the pages."""

import re
from datetime import UTC, datetime
from importlib.resources import files

from syndicate.web.phrasebook import languages, say_moment, words_of

WEB = files("syndicate.web")


def test_every_phrase_that_is_said_is_there() -> None:
    """Templates and modules name no phrase that the English lacks."""
    phrases = words_of("en").phrases
    texts = [entry.read_text("utf-8") for entry in (WEB / "templates").iterdir()]
    texts += [entry.read_text("utf-8") for entry in WEB.iterdir() if entry.name.endswith(".py")]
    said = {found for text in texts for found in re.findall(r"""\bsay\("([a-z_]+)"[,)]""", text)}
    said |= {f"{found}_{end}" for text in texts for found in re.findall(r'\bnote\("([a-z_]+)"', text) for end in ("title", "text")}  # fmt: skip

    assert said - phrases.keys() == set()
    assert len(said) > 80


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
