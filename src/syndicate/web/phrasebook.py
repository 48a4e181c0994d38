"""Find the phrases of our pages: one file a language, English beneath them all."""

import tomllib
from datetime import datetime
from functools import lru_cache
from importlib.resources import files

from syndicate.core.wording import Words, read_words

CONSENT_VERSION = "2026-1"
_NAMES = {
    "ar": "العربية", "bg": "Български", "bn": "বাংলা", "ca": "Català", "cs": "Čeština", "da": "Dansk", "de": "Deutsch", "el": "Ελληνικά",
    "en": "English", "es": "Español", "et": "Eesti", "fa": "فارسی", "fi": "Suomi", "fr": "Français", "he": "עברית", "hi": "हिन्दी",
    "hr": "Hrvatski", "hu": "Magyar", "id": "Bahasa Indonesia", "it": "Italiano", "ja": "日本語", "ko": "한국어", "lt": "Lietuvių",
    "lv": "Latviešu", "nb": "Norsk bokmål", "nl": "Nederlands", "no": "Norsk", "pl": "Polski", "pt": "Português", "ro": "Română",
    "ru": "Русский", "sk": "Slovenčina", "sl": "Slovenščina", "sr": "Српски", "sv": "Svenska", "th": "ไทย", "tr": "Türkçe",
    "uk": "Українська", "ur": "اردو", "vi": "Tiếng Việt", "zh": "中文",
}  # fmt: skip
_FOLDER = files("syndicate.web") / "phrases"


@lru_cache(maxsize=1)
def languages() -> tuple[str, ...]:
    """Return the languages that our pages speak."""
    names = (entry.name for entry in _FOLDER.iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


@lru_cache(maxsize=64)
def words_of(language: str) -> Words:
    """Return the phrases of a language, or English where we do not speak it."""
    primary = language.lower().replace("_", "-").partition("-")[0]
    known = primary in languages()
    table = _read("en") | (_read(primary) if known else {})
    return read_words(table, language=language if known else "en")


def consent_text(language: str) -> str:
    """Return what a reader consents to on a page in a language, with the version of the words."""
    return f"{CONSENT_VERSION}: {words_of(language).say('consent_text')}"


def name_of(language: str) -> str:
    """Return what a language's speakers call it, or its tag."""
    return _NAMES.get(language.lower().partition("-")[0], language)


def say_moment(words: Words, local: datetime, *, this_year: int) -> str:
    """Return a local moment as readers want it: with the year only when that is another one."""
    phrase = "moment" if local.year == this_year else "moment_year"
    return words.say(phrase, year=local.year, hour=f"{local:%H:%M}", **words.day_and_month(local))


def _read(language: str) -> dict[str, object]:
    return tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
