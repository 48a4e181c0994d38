"""What a file says of its article, before the folder adds what it knows; and a file's bytes as text."""

import re
from dataclasses import dataclass

from syndicate.errors import MalformedArticleError
from syndicate.model import Incoming

_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w.:-]+)|<\?xml[^>]{0,200}encoding\s*=\s*["']([\w.:-]+)""",
    re.IGNORECASE,
)
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
_BYTES_PER_CONTROL, _STRAYS = (
    50,
    5,
)  # one in so many bytes is intake's to mend, and so are a few in a short text that is UTF-8
_DECLARED_WITHIN = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An article as its file tells it. `url` is its own address if it names one; `states_url`: on purpose, so that it wins."""

    incoming: Incoming
    url: str | None = None
    states_url: bool = False


def decode(raw: bytes) -> str:
    """Return a file's text: by its byte order mark, as UTF-8, as it declares, else as Windows-1252."""
    for mark, encoding in _BOMS:
        if raw.startswith(mark):
            return _lines(raw[len(mark) :].decode(encoding, "replace"))
    if not _may_be_text(raw):
        raise MalformedArticleError("the file is not text")
    try:
        return _lines(raw.decode("utf-8"))
    except UnicodeDecodeError:
        declared = _DECLARED.search(raw[:_DECLARED_WITHIN])
        name = "" if declared is None else (declared.group(1) or declared.group(2)).decode("ascii", "replace")
    if name.lower().replace("_", "-") in ("utf-8", "utf8"):
        return _lines(raw.decode("utf-8", "surrogateescape"))
    for encoding in (name or "cp1252", "cp1252"):
        try:
            return _lines(raw.decode(encoding))
        except (LookupError, UnicodeDecodeError):
            continue
    return _lines(raw.decode("utf-8", "surrogateescape"))  # intake reads what is left over as Windows-1252


def _may_be_text(raw: bytes) -> bool:
    """Tell a text, in which a control character may stray, from a picture, a program, or UTF-16 that does not say so."""
    found = len(_CONTROLS.findall(raw))
    if found <= len(raw) // _BYTES_PER_CONTROL:
        return True
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return found <= _STRAYS and found < len(raw) // 4


def _lines(text: str) -> str:
    """Return text with line feeds at the ends of lines, and without U+0000, at which parsers would end."""
    return text.removeprefix("\ufeff").replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
