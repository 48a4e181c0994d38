"""Cut text into words, or into pairs of characters where a script has no spaces."""

import re
import unicodedata
from functools import lru_cache

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_LONGEST = 40


def tokens(text: str, language: str) -> list[str]:
    """Return the words of a text as they are written, in order; pairs of characters overlap."""
    if text.isascii():
        return _TOKEN.findall(text)
    text = unicodedata.normalize("NFKC", text)
    if language == "tr":
        # Python lowers the dotless capital I to a dotted one.
        text = text.replace("İ", "i").replace("I", "ı")
    found = _TOKEN.findall(text)
    return found if _UNSPACED.search(text) is None else [part for word in found for part in _parts(word)]


def _parts(word: str) -> list[str]:
    parts: list[str] = []
    start = 0
    for run in _UNSPACED.finditer(word):
        if run.start() > start:
            parts.append(word[start : run.start()])
        characters = run.group()
        parts.extend(characters[i : i + 2] for i in range(max(1, len(characters) - 1)))
        start = run.end()
    if start < len(word):
        parts.append(word[start:])
    return parts


@lru_cache(maxsize=1 << 15)
def plain(token: str) -> str:
    """Return a token's lower-case form without possessive ending, cut to a sensible length."""
    lower = token.lower().replace("’", "'")
    return lower.removesuffix("'s").removesuffix("'")[:_LONGEST]
