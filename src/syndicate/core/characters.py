"""Know characters: which to keep in a line, which belong together, how wide they are."""

import re
import unicodedata

# Controls, line ends in disguise, lone surrogates, noncharacters (our slot marks are made of them), and the bidi controls that
# let a title turn the rest of a line around.
_BREAKING = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")
_UNWANTED = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff\ufdd0-\ufdef\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_SUSPECT = re.compile(f"{_BREAKING.pattern}|{_UNWANTED.pattern}|{_SURROGATES.pattern}|\r")
_SPACES = re.compile("[ \t\n\r]+")
_ZWJ = "\u200d"


def clean(text: str) -> str:
    """Return text with neither controls, marks of ours, lone surrogates nor bidi overrides; line feeds and tabs stay."""
    if _SUSPECT.search(text) is None:
        return text
    text = _BREAKING.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _SURROGATES.sub("\ufffd", _UNWANTED.sub("", text))


def one_line(text: str) -> str:
    """Return text cleaned and on one line, without runs of spaces."""
    return _SPACES.sub(" ", clean(text)).strip(" ")


def joins(before: str, character: str) -> bool:
    """Tell whether a character continues the one before it, so that a cut between them would spoil both."""
    return (
        before == _ZWJ
        or character == _ZWJ
        or "\U0001f3fb" <= character <= "\U0001f3ff"
        or (not character.isascii() and unicodedata.category(character)[0] == "M")
    )


def clusters(text: str) -> list[str]:
    """Split text into characters with what continues them (an approximation of grapheme clusters)."""
    if text.isascii():
        return list(text)
    found: list[str] = []
    flags = 0  # regional indicators in a row: two make one flag
    for character in text:
        flag = "\U0001f1e6" <= character <= "\U0001f1ff"
        flags = flags + 1 if flag else 0
        if found and (joins(found[-1][-1], character) or (flag and flags % 2 == 0)):
            found[-1] += character
        else:
            found.append(character)
    return found


def shorten(text: str, *, limit: int) -> str:
    """Return text of at most `limit` characters, cut at a word where there is one, with an ellipsis."""
    if len(text) <= limit:
        return text
    cut = limit - 1
    while cut > 0 and joins(text[cut - 1], text[cut]):
        cut -= 1
    space = text.rfind(" ", limit // 2, cut + 1)
    kept = text[: space if space > 0 else cut or limit - 1]
    return kept.rstrip(" ,;:–—-") + "…"


def settled(text: str, *, direction: str) -> str:
    """Return text that may run the other way, closed by a mark, so that figures and dots after it stand where `direction` wants them."""
    foreign = ("L",) if direction == "rtl" else ("R", "AL")
    mark = "\u200f" if direction == "rtl" else "\u200e"
    return text + mark if any(unicodedata.bidirectional(character) in foreign for character in text) else text


def columns(text: str) -> int:
    """Return how many columns a text fills in a fixed-width font."""
    if text.isascii():
        return len(text)
    return sum(_column(character) for character in text)


def is_wide(character: str) -> bool:
    """Tell whether a character is as wide as two letters, as Chinese, Japanese and Korean ones are."""
    return character > "\u10ff" and unicodedata.east_asian_width(character) in "WF"


def _column(character: str) -> int:
    if character.isascii():
        return 1
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if is_wide(character) else 1
