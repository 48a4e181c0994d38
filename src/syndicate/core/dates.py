"""Read moments in every shape that content stores write them."""

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from syndicate.core.written_dates import find_date

_EARLIEST, _LATEST = 1600, 9000
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:[T ]?(\d\d)(\d\d)(\d\d)?)?")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_ISO = re.compile(
    r"(\d{4}-\d\d-\d\d)[T _]+(\d{1,2}:\d\d(?::\d\d)?)(?:[.,](\d+))?\s*(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?(?::\d\d)?)?(?:\[[\w/]+\])?",
    re.IGNORECASE,
)
_DAYS_END, _LEAP = re.compile(r"24:00(?::00)?"), re.compile(r"(?<=:\d\d):60")
_RFC822 = re.compile(r"(?:[A-Za-z]{3,9},?\s+)?\d{1,2}[ -][A-Za-z]{3}[ -]\d{2,4}\s+\d{1,2}:\d\d")
_LONGEST = 100


def moment(value: str | datetime | date | float | Decimal, *, zone: str) -> datetime:
    """Return a stored date as an aware moment in UTC; what names no zone is read in `zone`. Raises ValueError.

    A day without an hour is its midnight, and 24:00 the midnight at its end. A leap second (:60) is taken for the second before it, so that
    it stays in its day. Numbers are seconds since 1970, or milli-, micro- or nanoseconds by their size.
    """
    try:
        found = _read(value, zone)
        found = (found if found.tzinfo is not None else found.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
    except (ValueError, OverflowError, OSError, ArithmeticError) as error:
        raise ValueError(f"impossible date {_shown(value)}") from error
    if not _EARLIEST <= found.year <= _LATEST:
        raise ValueError(f"impossible date {_shown(value)}")
    return found


def instant(text: str) -> datetime:
    """Return a moment of RFC 3339, whose "t" and "z" may be small (section 5.6); a naive one where no zone is named. Raises ValueError.

    24:00 and leap seconds are read as `moment` does.
    """
    iso = _ISO.fullmatch(text.strip())
    try:
        return datetime.fromisoformat(text.strip().upper()) if iso is None else _from_iso(iso)
    except OverflowError as error:
        raise ValueError(str(error)) from error


def _read(value: str | datetime | date | float | Decimal, zone: str) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time(), tzinfo=ZoneInfo(zone))
    if isinstance(value, bool):
        raise ValueError("a truth value is no date")
    if isinstance(value, int | float | Decimal):
        return _since_1970(Decimal(value))
    return _read_text(" ".join(value.split()))


def _read_text(text: str) -> datetime:
    if not text or len(text) > _LONGEST:
        raise ValueError("no date")
    if (compact := _COMPACT.fullmatch(text)) is not None and (len(text) != 12 or " " in text or "T" in text):
        return datetime(*(int(part or 0) for part in compact.groups()))  # type: ignore[arg-type]  # noqa: DTZ001 the caller's zone
    if _NUMBER.fullmatch(text) is not None:
        if len(text.lstrip("+-").partition(".")[0]) < 8:
            raise ValueError("a number too small for a moment")  # "2024" is a year, not half an hour after 1970
        return _since_1970(Decimal(text))
    if _DAY.fullmatch(text) is not None:
        return datetime.combine(date.fromisoformat(text), time())
    if (iso := _ISO.fullmatch(text)) is not None:
        return _from_iso(iso)
    if _RFC822.match(text) is not None:
        return parsedate_to_datetime(text)
    if (found := find_date(text)) is not None and len(text) - (found.end - found.start) <= 20:
        value = found.value
        return value if isinstance(value, datetime) else datetime.combine(value, time())
    return datetime.fromisoformat(text)


def _from_iso(iso: re.Match[str]) -> datetime:
    day, hour, fraction, zone = iso.groups()
    clock = hour.zfill(5) if len(hour) < 6 else hour.zfill(8)
    at_end = _DAYS_END.fullmatch(clock) is not None and not (fraction or "").strip("0")
    clock = clock.replace("24", "00", 1) if at_end else _LEAP.sub(":59", clock)
    moment_text = f"{day}T{clock}"
    if fraction is not None:
        moment_text += ("" if len(hour) > 5 else ":00") + f".{fraction[:6]:0<6}"
    if zone is not None:
        zone = "+00:00" if zone.upper() in ("Z", "UTC", "GMT") else zone
    return datetime.fromisoformat(moment_text + (zone or "")) + timedelta(days=at_end)


def _since_1970(number: Decimal) -> datetime:
    if not number.is_finite():
        raise ValueError("not a number")
    size = abs(number)
    unit = next((unit for limit, unit in ((10**17, 10**9), (10**14, 10**6), (10**11, 10**3)) if size >= limit), 1)
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(number * 1_000_000 / unit))


def _shown(value: object) -> str:
    return repr(value if not isinstance(value, date | Decimal) else str(value))[:60]
