"""Make web addresses absolute, ASCII and safe to print anywhere."""

import re
from functools import lru_cache
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

import idna

_LONGEST = 4000
_TRIMMED = "".join(map(chr, range(0x21)))
_BREAKS = re.compile("[\t\n\r]")
_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_.])?|\[[0-9a-f:.]+\]")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_PATH = "/%:@!$&'()*+,;=~-._"


@lru_cache(maxsize=4096)
def absolute(raw: str, *, base: str, mail: bool = False) -> str | None:
    """Return an address as an absolute http(s) URL (with `mail`, mailto too), or None when it is none.

    A relative one starts at `base`. Names and passwords before the host are dropped, other characters percent-encoded.
    """
    raw = _BREAKS.sub("", raw.strip(_TRIMMED))
    if not raw or len(raw) > _LONGEST or _FORBIDDEN.search(raw) is not None:
        return None
    scheme = _SCHEME.match(raw)
    if scheme is not None:
        name = scheme.group()[:-1].lower()
        if name == "mailto" and mail:
            return _mailto(raw[scheme.end() :])
        if name not in ("http", "https"):
            return None
    # Browsers read a backslash before the query as a slash: `/\host` would otherwise be somebody else's address.
    place, mark, rest = _cut(raw)
    raw = place.replace("\\", "/") + mark + rest
    if scheme is not None and raw[scheme.end() : scheme.end() + 2] != "//":
        return None
    try:
        return _spelled(urljoin(base, raw))
    except ValueError:  # brackets or a port that are none
        return None


def same_picture(one: str, other: str) -> bool:
    """Tell whether two addresses show the same picture, whatever size, scheme or query they ask for."""
    return _picture(one) == _picture(other)


def _picture(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    stem = re.sub(r"(?:[-_]\d{2,4}x\d{2,4}|[-_]scaled|@\dx)(?=\.\w+$)", "", parts.path)
    return parts.netloc.lower().removeprefix("www."), stem


def _cut(raw: str) -> tuple[str, str, str]:
    found = re.search(r"[?#]", raw)
    return (raw, "", "") if found is None else (raw[: found.start()], found.group(), raw[found.end() :])


def _mailto(address: str) -> str | None:
    address = quote(_STRAY_PERCENT.sub("%25", address), safe="%@?&=+,;:!$'*/~-._")
    return f"mailto:{address}" if "@" in address.partition("?")[0] else None


def _spelled(url: str) -> str | None:
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    host = _host(parts.netloc.rpartition("@")[2])
    if scheme not in ("http", "https") or host is None:
        return None
    path, query, fragment = (
        quote(_STRAY_PERCENT.sub("%25", part), safe=safe)
        for part, safe in ((parts.path, _PATH), (parts.query, _PATH + "?"), (parts.fragment, _PATH + "?"))
    )
    if path and not path.startswith("/"):
        path = f"/{path}"
    return urlunsplit((scheme, host, path, query, fragment))


def _host(place: str) -> str | None:
    host, colon, port = place.rpartition(":")
    if not colon or port.endswith("]"):
        host, port = place, ""
    if port and not (port.isascii() and port.isdigit() and int(port) <= 65535):
        return None
    host = host.lower()
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except idna.IDNAError:
            return None
    if _HOST.fullmatch(host) is None or ".." in host:
        return None
    return f"{host}:{port}" if port else host
