"""Remember how far a store was read, in the store's own type, and how far to read again."""

import json
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from syndicate.core.dates import moment

# What a driver hands out for a moment. Text is ordered as text, whatever it says.
Mark = str | int | float | Decimal | datetime | date

# A row may be committed this long after the moment it carries.
LATE = timedelta(minutes=10)
# Texts of one day can stand up to this far apart from the moments they name: zones reach from -12 to +14 hours.
_ZONES = timedelta(hours=26)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookmark:
    """The newest moment that was read; `kind` is the store's type of it."""

    kind: str
    at: datetime

    def dump(self) -> str:
        """Return the bookmark as the opaque text that is stored."""
        return json.dumps({"kind": self.kind, "at": self.at.isoformat()})


def load(text: str | None) -> Bookmark | None:
    """Return a stored bookmark, or None when there is none or it is of an older make, so that everything is read again."""
    if text is None:
        return None
    try:
        stored = json.loads(text)
        return Bookmark(kind=stored["kind"], at=datetime.fromisoformat(stored["at"]))
    except (ValueError, KeyError, TypeError):
        return None


def advance(bookmark: Bookmark | None, mark: object, *, now: datetime) -> Bookmark | None:
    """Return the bookmark after a row that carries this mark. One in the future does not move it: such rows are read each time."""
    kind, at = _understood(mark)
    if kind is None or at is None or at > now:
        return bookmark
    if bookmark is not None and bookmark.kind != kind:
        return Bookmark(kind="mixed", at=max(at, bookmark.at))
    return Bookmark(kind=kind, at=at if bookmark is None else max(at, bookmark.at))


def lower_bound(bookmark: Bookmark) -> Mark | None:
    """Return the mark from which to read again, in the store's own type; None when its order cannot be trusted."""
    again = bookmark.at - LATE
    match bookmark.kind:
        case "aware":
            return again
        case "naive":
            return again.replace(tzinfo=None)
        case "day":
            return (again - timedelta(days=1)).date()
        case "text":  # a day's text sorts before every text of that day, however it goes on
            return (again - _ZONES).date().isoformat()
        case "s" | "ms" | "us" | "ns":
            return int(again.timestamp()) * {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[bookmark.kind]
        case _:
            return None


def _understood(mark: object) -> tuple[str | None, datetime | None]:
    """Return what kind of mark this is and which moment it names; "mixed" for what does not sort by time."""
    if isinstance(mark, bool) or not isinstance(mark, str | int | float | Decimal | datetime | date):
        return None, None
    try:
        at = moment(mark, zone="UTC")
    except ValueError:
        return None, None  # an impossible date moves nothing
    if isinstance(mark, datetime):
        return ("naive" if mark.tzinfo is None else "aware"), at
    if isinstance(mark, date):
        return "day", at
    if isinstance(mark, str):  # a date of another shape than ISO sorts anywhere: only reading all is safe
        return ("text" if _starts_with_day(mark) else "mixed"), at
    size = abs(Decimal(mark))
    return next((unit for limit, unit in ((10**17, "ns"), (10**14, "us"), (10**11, "ms")) if size >= limit), "s"), at


def _starts_with_day(text: str) -> bool:
    return re.match(r"\d{4}-\d\d-\d\d", text) is not None
