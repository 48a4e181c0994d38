"""Make text and addresses legal in every format, whatever they hold; a writer never raises for a character."""

import re
from urllib.parse import quote, urlsplit, urlunsplit

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPACES = re.compile(r"[ \t\n\r]+")
_KEPT = "!#$%&'()*+,/:;=?@[]~"


def text(value: str) -> str:
    """Return only the characters that XML allows, with line feeds as line ends."""
    if "\r" in value:
        value = value.replace("\r\n", "\n").replace("\r", "\n")
    return _ILLEGAL.sub("", value) if _ILLEGAL.search(value) else value


def line(value: str) -> str:
    """Return legal text on one line."""
    return _SPACES.sub(" ", text(value)).strip(" ")


def address(url: str) -> str | None:
    """Return an absolute http(s) URL in ASCII, or None when the text is none."""
    cleaned = line(url).replace(" ", "%20")
    try:
        parts = urlsplit(cleaned)
        host = parts.hostname or ""
        if parts.scheme.lower() not in ("http", "https") or not host:
            return None
        if cleaned.isascii():
            return quote(cleaned, safe=_KEPT)
        port = f":{parts.port}" if parts.port is not None else ""
    except ValueError:
        return None
    who = quote(parts.netloc.rpartition("@")[0], safe=_KEPT)
    place = (f"{who}@" if who else "") + _ascii_host(host) + port
    path, query, fragment = (quote(part, safe=_KEPT) for part in (parts.path, parts.query, parts.fragment))
    return urlunsplit((parts.scheme.lower(), place, path, query, fragment))


def _ascii_host(host: str) -> str:
    if host.isascii():
        return f"[{host}]" if ":" in host else host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return quote(host, safe="")
