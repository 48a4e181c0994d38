"""Read a request's conditions and preferences: ETags, dates, encodings (RFC 9110)."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache

_TAG = re.compile(r'(?:W/)?"([^"]*)"|([^\s,"]+)')
_SUFFIX = re.compile(r"[-;](?:x-)?(?:gzip|br|zstd|deflate|df)$")
_HTTP_DATE = re.compile(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? .*\d\d:\d\d:\d\d.*", re.IGNORECASE)
_PREFERENCE = ("br", "zstd", "gzip")
_ALIASES = {"x-gzip": "gzip"}


def matches(if_none_match: str, tag: str) -> bool:
    """Tell whether an If-None-Match names this opaque tag: a list, `*`, weak or not, whatever encoding it was given for.

    Proxies that compress add their own suffix to a tag, and some clients lose the quotes; both still name these bytes.
    """
    if if_none_match.strip() == "*":
        return True
    named = (quoted or bare for quoted, bare in _TAG.findall(if_none_match))
    return any(name == tag or _SUFFIX.sub("", name) == tag for name in named)


def http_date(text: str) -> datetime | None:
    """Return the moment of an HTTP-date, or None for anything else."""
    if _HTTP_DATE.fullmatch(text.strip()) is None:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def not_modified(headers: Mapping[bytes, str], *, tag: str, modified: datetime, now: datetime) -> bool:
    """Tell whether the reader has these bytes: If-None-Match decides where it stands; a date in the future decides nothing."""
    if b"if-none-match" in headers:
        return matches(headers[b"if-none-match"], tag)
    since = http_date(headers.get(b"if-modified-since", ""))
    return since is not None and modified <= since <= now


@lru_cache(maxsize=512)
def best_encoding(accept_encoding: str) -> str:
    """Return the encoding a reader likes best: br, zstd, gzip or identity."""
    weights: dict[str, float] = {}
    for part in accept_encoding.lower().split(","):
        name, _, parameters = part.partition(";")
        coding = _ALIASES.get(name.strip(), name.strip())
        if coding:
            weights[coding] = _quality(parameters.split(";"))
    rest = weights.get("*", 0.0)
    found = max(_PREFERENCE, key=lambda coding: weights.get(coding, rest))
    weight = weights.get(found, rest)
    return found if weight > 0 and weight >= weights.get("identity", 0.0) else "identity"


def _quality(parameters: Iterable[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0
