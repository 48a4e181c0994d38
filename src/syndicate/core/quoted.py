"""Encode text as quoted-printable in pieces that may follow each other in any order."""

import re
from binascii import b2a_qp

_LINE_STARTS = re.compile(rb"^(?=\.|From )(\.*)(From )?", re.MULTILINE)
_SPACE_RUNS = re.compile(rb" {2,}")
_PLAIN = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:/_?,@~.+- "
_OVERLONG = re.compile(rb"^(.{74,})(=20|=09)$", re.MULTILINE)  # b2a_qp does not count the blank that ends a line
_BLANKED = bytes(
    0x20 if byte in _PLAIN else 0x78 for byte in range(256)
)  # plain characters are blanks in it, others are not
_STARTS = b".F"  # what a line may not begin with, `From ` among it
_ROOM = 75
_SOFT = b"=\n"


def encode(text: str) -> bytes:
    """Return a piece of a body, encoded. It begins on a fresh line and ends with a line end, so that any piece may follow.

    Where the text itself does not end with a line feed, the last line end is a soft one. Lines have at most 76 characters, none begins with
    a dot or `From `, and none holds runs or tails of blanks: what DATA, mbox files and DKIM's relaxed form would change is not there.
    """
    if not text:
        return b""
    encoded = b2a_qp(text.replace("\r\n", "\n").replace("\r", "\n").encode(), quotetabs=False, istext=True)
    if b"=20\n" in encoded or b"=09\n" in encoded:
        encoded = _OVERLONG.sub(rb"\1=\n\2", encoded)
    if b"\t" in encoded:
        encoded = encoded.replace(b"\t", b"=\n=09=\n")
    if b"  " in encoded:
        encoded = _SPACE_RUNS.sub(_spell_spaces, encoded)
    if _LINE_STARTS.search(encoded):
        encoded = _LINE_STARTS.sub(_spell_start, encoded)
    if not encoded.endswith(b"\n"):
        encoded = _softly_ended(encoded)
    return encoded.replace(b"\n", b"\r\n")


def encode_plain(text: str) -> bytes | None:
    """Return a text that needs neither encoding nor escaping in HTML, as most links and names are, cut into lines; None for any other."""
    if not text.isascii():
        return None
    raw = text.encode()
    if not raw.translate(_BLANKED).isspace() or b"  " in raw:
        return None
    encoded = b""
    for start in range(0, len(raw), _ROOM):
        if raw[start] in _STARTS:
            return None
        encoded += raw[start : start + _ROOM] + b"=\r\n"
    return encoded


def _softly_ended(encoded: bytes) -> bytes:
    """Add a soft line break; a last line that is full gives up its last character."""
    start = encoded.rfind(b"\n") + 1
    if len(encoded) - start < 76:
        return encoded + _SOFT
    cut = len(encoded) - (3 if encoded[-3:-2] == b"=" else 1)
    return encoded[:cut] + _SOFT + encoded[cut:].replace(b".", b"=2E") + _SOFT


def _spell_spaces(run: re.Match[bytes]) -> bytes:
    spaces = len(run.group())
    return _SOFT + b"".join(b"=20" * min(24, spaces - done) + _SOFT for done in range(0, spaces, 24))


def _spell_start(start: re.Match[bytes]) -> bytes:
    dots = len(start[1])
    spelled = b"".join(b"=2E" * min(24, dots - done) + _SOFT for done in range(0, dots, 24))
    return spelled + (b"=46" + _SOFT + b"rom " if start[2] else b"")
