"""Make an incoming article of a row of an SQL content store, whatever its columns hold."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from syndicate.errors import MalformedArticleError
from syndicate.model import Candidate, Image, Incoming

REQUIRED = ("id", "url", "title", "body", "published_at")
OPTIONAL = (
    "section", "summary", "author", "image", "language", "tags", "updated_at", "status", "guid",
)  # fmt: skip
_SHOWN_OF_ID = 80


def candidate(row: Mapping[str, object], *, zone: str) -> Candidate:
    """Return a row as a candidate; it is read only when its fingerprint is new."""
    return Candidate(
        source_id=_shown_id(row), fingerprint=fingerprint(row, zone=zone), read=lambda: incoming(row, zone=zone)
    )


def fingerprint(row: Mapping[str, object], *, zone: str) -> str:
    """Return a digest of a row as the driver gave it, and of the zone that its times are read in."""
    raw = repr((zone, *row.items())).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(raw, digest_size=16).hexdigest()


def incoming(row: Mapping[str, object], *, zone: str) -> Incoming:
    """Return the article that a row holds, or raise MalformedArticleError."""
    source_id = text(row["id"])
    if source_id is None or not source_id.strip():
        raise MalformedArticleError("no id")
    title = text(row["title"])
    if title is None:
        raise MalformedArticleError("no title")
    image = text(row.get("image"))
    return Incoming(
        source_id=source_id,
        title=title,
        body=text(row["body"]) or "",
        published=_moment(row["published_at"]),
        updated=_moment(row.get("updated_at")),
        url=text(row["url"]),
        labels=_several(row.get("section")),
        summary=text(row.get("summary")),
        authors=_several(row.get("author")),
        image=Image(url=image) if image else None,
        language=text(row.get("language")),
        tags=_several(row.get("tags")),
        status=text(row.get("status")) or "published",
        guid=text(row.get("guid")),
        zone=zone,
    )


def text(value: object) -> str | None:
    """Return a column's value as text: bytes decoded, numbers as they are written, NULL as None."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bytes | bytearray | memoryview):
        raw = bytes(value)
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            return raw.decode("utf-8", "surrogateescape")  # intake reads what is left over as Windows-1252
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _several(value: object) -> tuple[str, ...]:
    """Return names that stand in one column separated by `|`, or in an array."""
    if isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray | memoryview):
        names = [text(name) or "" for name in value]
    else:
        names = (text(value) or "").split("|")
    return tuple(name.strip() for name in names if name.strip())


def _moment(value: object) -> str | datetime | date | float | None:
    if value is None or isinstance(value, str | datetime | date):
        return value
    if isinstance(value, bool):
        raise MalformedArticleError(f"impossible date {value!r}")
    if isinstance(value, int | float):
        return value
    if isinstance(value, Decimal):
        return float(value)
    return text(value)


def _shown_id(row: Mapping[str, object]) -> str:
    source_id = text(row["id"])
    if source_id is not None and source_id.strip():
        return source_id
    return f"(no id) {(text(row['title']) or '')[:_SHOWN_OF_ID]}".strip()
