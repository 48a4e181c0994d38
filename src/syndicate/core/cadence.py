"""Find when a rhythm is due: local hours, weekdays, both nights on which the clocks change."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from syndicate.model import Cadence, Rhythm, Slot

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
EVERY_DAY = 0b1111111
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
LONGEST_WAIT = 16  # days: a week, and the week after it when a zone skipped the day


def rhythm_of(
    cadence: Cadence,
    *,
    zone: str,
    minute: int,
    days: Iterable[str] = WEEKDAYS,
    quiet: tuple[int, int] | None = None,
) -> Rhythm:
    """Return the rhythm of a digest for a reader in a zone; what does not matter to the cadence is left out of it.

    A weekly one comes on the first of the `days` alone. Raises ValueError for what is no day, and for none.
    """
    if cadence is Cadence.INSTANT:
        return Rhythm(zone=zone, minute=None, weekdays=EVERY_DAY, quiet=quiet)
    weekdays = weekdays_of(list(days)[:1] if cadence is Cadence.WEEKLY else days)
    if not weekdays:
        raise ValueError("a rhythm needs a day of the week")
    return Rhythm(zone=zone, minute=minute, weekdays=weekdays)


def weekdays_of(days: Iterable[str]) -> int:
    """Return days as the bits of a rhythm. Raises ValueError for what is none."""
    return sum({1 << WEEKDAYS.index(day) for day in days})


def days_of(weekdays: int) -> tuple[str, ...]:
    """Return the days that the bits of a rhythm stand for, from Monday on."""
    return tuple(day for bit, day in enumerate(WEEKDAYS) if weekdays >> bit & 1)


@lru_cache(maxsize=4096)
def find_zone(name: str) -> str | None:
    """Return the IANA name of a time zone, however it is cased, or None when there is none."""
    return _zones().get(name.strip().replace(" ", "_").casefold())


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones() if name not in ("localtime", "Factory")}


def slot_on(rhythm: Rhythm, day: date) -> Slot:
    """Return the slot of a local date: the first minute at which the clocks there show the rhythm's time, or a later one.

    So an hour that spring skips falls on the first minute that exists, and one that autumn repeats falls on the first of the two.
    """
    if rhythm.minute is None:
        raise ValueError("an instant rhythm has no slots")
    wanted = datetime.combine(day, time(rhythm.minute // 60, rhythm.minute % 60))
    return Slot(name=day.isoformat(), at=_first_minute(ZoneInfo(rhythm.zone), wanted))


def due_slot(rhythm: Rhythm, *, now: datetime, grace: timedelta) -> Slot | None:
    """Return the latest slot that has come, unless it came longer than `grace` ago."""
    day = _local(rhythm, now).date() + DAY
    for _ in range(LONGEST_WAIT):
        if _falls_on(rhythm, day) and (slot := slot_on(rhythm, day)).at <= now:
            return slot if slot.at >= now - grace else None
        day -= DAY
    return None


def next_slot(rhythm: Rhythm, *, now: datetime) -> Slot:
    """Return the first slot that is still to come. Raises ValueError for a rhythm that has none."""
    day = _local(rhythm, now).date() - DAY
    for _ in range(LONGEST_WAIT):
        if _falls_on(rhythm, day) and (slot := slot_on(rhythm, day)).at > now:
            return slot
        day += DAY
    raise ValueError("a rhythm without weekdays has no slots")


def previous_slot(rhythm: Rhythm, slot: Slot) -> Slot:
    """Return the slot before this one: one period back by the local calendar, whatever the clocks did meanwhile."""
    day = date.fromisoformat(slot.name)
    for _ in range(LONGEST_WAIT):
        day -= DAY
        if _falls_on(rhythm, day):
            return slot_on(rhythm, day)
    raise ValueError("a rhythm without weekdays has no slots")


def is_quiet(rhythm: Rhythm, now: datetime) -> bool:
    """Tell whether the local time lies in the rhythm's quiet hours, which may span midnight."""
    if rhythm.quiet is None:
        return False
    start, end = rhythm.quiet
    local = _local(rhythm, now)
    minute = local.hour * 60 + local.minute
    return start <= minute < end if start <= end else minute >= start or minute < end


def _local(rhythm: Rhythm, now: datetime) -> datetime:
    return now.astimezone(ZoneInfo(rhythm.zone))


def _falls_on(rhythm: Rhythm, day: date) -> bool:
    """Tell whether a date has a slot; one that the zone skipped whole gives its slot to the next day, if that has one."""
    if not rhythm.weekdays >> day.weekday() & 1:
        return False
    return not (rhythm.weekdays >> (day + DAY).weekday() & 1 and _is_skipped(rhythm.zone, day))


@lru_cache(maxsize=8192)
def _is_skipped(zone: str, day: date) -> bool:
    midnight = datetime.combine(day, time())
    return _first_minute(ZoneInfo(zone), midnight).astimezone(ZoneInfo(zone)).date() != day


def _first_minute(zone: ZoneInfo, wanted: datetime) -> datetime:
    """Return the first whole minute in UTC at which the clocks of a zone show `wanted` or later."""
    late = wanted.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if late.astimezone(zone).replace(tzinfo=None) == wanted:
        return _whole(late)
    late, early = _whole(late), wanted.replace(tzinfo=zone, fold=1).astimezone(UTC).replace(second=0)
    while late - early > MINUTE:  # the clocks skip it: the leap lies between these two
        middle = early + (late - early) // MINUTE // 2 * MINUTE
        if middle.astimezone(zone).replace(tzinfo=None) >= wanted:
            late = middle
        else:
            early = middle
    return late


def _whole(moment: datetime) -> datetime:
    floor = moment.replace(second=0, microsecond=0)
    return floor if floor == moment else floor + MINUTE
