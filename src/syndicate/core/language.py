"""Tell which language a text is written in."""

import re
import unicodedata
from collections import defaultdict

from syndicate.core.stopwords import languages_by_word

_SAMPLE = 2000
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]*)?")
_SCRIPTS = (
    ("kana", re.compile(r"[\u3040-\u30ff]")),
    ("hangul", re.compile(r"[\uac00-\ud7af\u1100-\u11ff]")),
    ("han", re.compile(r"[\u3400-\u9fff]")),
    ("arabic", re.compile(r"[\u0600-\u06ff]")),
    ("hebrew", re.compile(r"[\u0590-\u05ff]")),
    ("cyrillic", re.compile(r"[\u0400-\u04ff]")),
    ("greek", re.compile(r"[\u0370-\u03ff]")),
    ("devanagari", re.compile(r"[\u0900-\u097f]")),
    ("thai", re.compile(r"[\u0e00-\u0e7f]")),
    ("georgian", re.compile(r"[\u10a0-\u10ff]")),
    ("armenian", re.compile(r"[\u0530-\u058f]")),
    ("tamil", re.compile(r"[\u0b80-\u0bff]")),
    ("bengali", re.compile(r"[\u0980-\u09ff]")),
)
_ONE_LANGUAGE = {
    "hangul": "ko", "hebrew": "he", "greek": "el", "devanagari": "hi", "thai": "th",
    "georgian": "ka", "armenian": "hy", "tamil": "ta", "bengali": "bn",
}  # fmt: skip
_CYRILLIC = ("ru", "uk", "bg", "sr")
_ARABIC = ("ar", "fa")
_LETTERS = {
    "ы": "ru",
    "э": "ru",
    "ё": "ru",
    "і": "uk",
    "ї": "uk",
    "є": "uk",
    "ґ": "uk",
    "ј": "sr",
    "љ": "sr",
    "ћ": "sr",
}
_OTHER_SCRIPTS = frozenset((*_ONE_LANGUAGE.values(), *_CYRILLIC, *_ARABIC, "zh", "ja"))


def detect(text: str, *, default: str) -> str:
    """Return the primary language subtag of a text, such as `en`."""
    sample = unicodedata.normalize("NFC", text[:_SAMPLE])
    counts = {} if sample.isascii() else {name: len(pattern.findall(sample)) for name, pattern in _SCRIPTS}
    script = max(counts, key=counts.__getitem__, default="latin")
    letters = sum(map(str.isalpha, sample))
    # Han characters are dense and kana mark Japanese even where Han prevails.
    if counts.get("kana", 0) * 12 > counts.get("han", 0) and counts.get("kana", 0) * 5 > letters:
        return "ja"
    if counts.get(script, 0) * 10 > letters * 3:
        return _by_script(script, sample.lower(), default)
    return _by_words(sample.lower(), default)


def _by_script(script: str, sample: str, default: str) -> str:
    if script == "kana":
        return "ja"
    if script == "han":
        return "zh"
    if script == "cyrillic":
        return _among(_CYRILLIC, sample, default)
    if script == "arabic":
        return "fa" if len(re.findall("[پچژگ]", sample)) * 40 > len(sample) else _among(_ARABIC, sample, default)
    return _ONE_LANGUAGE[script]


def _among(languages: tuple[str, ...], sample: str, default: str) -> str:
    votes = _votes(sample)
    for letter, language in _LETTERS.items():
        votes[language] += sample.count(letter)
    best = max(languages, key=lambda language: (votes[language], language == default))
    return best if votes[best] > 0 else (default if default in languages else languages[0])


def _by_words(sample: str, default: str) -> str:
    votes = _votes(sample)
    for language in _OTHER_SCRIPTS:
        votes.pop(language, None)
    if not votes:
        return default
    best, most = max(votes.items(), key=lambda vote: (vote[1], vote[0] == default, vote[0]))
    # A few chance hits in a headline or in a language we hold no words of prove nothing.
    return best if most >= 1.5 and most > votes.get(default, 0) * 1.1 else default


def _votes(sample: str) -> defaultdict[str, float]:
    """Count stop words for each language; a word that several share counts a part for each."""
    index = languages_by_word()
    votes: defaultdict[str, float] = defaultdict(float)
    for word in _WORD.findall(sample.replace("’", "'")):
        for language in (languages := index.get(word, ())):
            votes[language] += 1 / len(languages) ** 0.5
    return votes
