"""Repair text to characters that XML, JSON and databases can carry."""

import re
import unicodedata

# C1 controls and stray bytes are nearly always Windows-1252 that was read as something else; HTML reads them so too.
_WINDOWS = {
    byte: bytes([byte]).decode("cp1252") if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else ""
    for byte in range(0x80, 0xA0)
}
_C1 = re.compile("[\x80-\x9f]")
_STRAY_BYTES = re.compile("[\udc80-\udcff]")  # what "surrogateescape" makes of bytes that are not UTF-8
_PAIRS = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_LONE = re.compile("[\ud800-\udfff]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NONCHARACTERS = re.compile(
    "[\ufdd0-\ufdef" + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(17)) + "]"
)
# All of them in one class: it is asked for every text that comes in.
_SUSPECT = re.compile(
    "[" + "".join(pattern.pattern[1:-1] for pattern in (_CONTROLS, _C1, _LONE, _NONCHARACTERS)) + "\r]",
)


def repair(text: str) -> tuple[str, tuple[str, ...]]:
    """Return text in legal characters, line ends as line feeds, with a short note on each kind of repair."""
    if _SUSPECT.search(text) is None:
        return text, ()
    notes: list[str] = []
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for note, pattern, mend in (
        ("split characters joined", _PAIRS, _join),
        ("stray Windows-1252 bytes read as such", _STRAY_BYTES, _stray),
        ("lone surrogates replaced", _LONE, _replacement),
        ("Windows-1252 controls read as such", _C1, _windows),
        ("control characters removed", _CONTROLS, _nothing),
        ("noncharacters removed", _NONCHARACTERS, _nothing),
    ):
        text, count = pattern.subn(mend, text)
        if count:
            notes.append(note)
    return text, tuple(notes)


def legal(text: str) -> str:
    """Return text in legal characters, without the notes."""
    return repair(text)[0]


def composed(text: str) -> str:
    """Return text in NFC, so that equal words are equal bytes whoever typed them."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _join(match: re.Match[str]) -> str:
    return match.group().encode("utf-16-le", "surrogatepass").decode("utf-16-le")


def _stray(match: re.Match[str]) -> str:
    byte = ord(match.group()) - 0xDC00
    return _WINDOWS[byte] if byte < 0xA0 else chr(byte)


def _windows(match: re.Match[str]) -> str:
    return _WINDOWS[ord(match.group())]


def _replacement(_: re.Match[str]) -> str:
    return "\ufffd"


def _nothing(_: re.Match[str]) -> str:
    return ""
