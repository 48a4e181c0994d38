"""When a rhythm is due, held against a clock watched minute by minute."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate.core.cadence import due_slot, find_zone, is_quiet, next_slot, previous_slot, rhythm_of, slot_on
from syndicate.model import Cadence, Rhythm, Slot

MINUTE = timedelta(minutes=1)
GRACE = timedelta(hours=6)
# A zone, and a day near which its clocks do something.
NIGHTS = [
    ("Europe/London", date(2026, 3, 29)),
    ("Europe/London", date(2026, 10, 25)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("America/Santiago", date(2026, 9, 6)),  # midnight does not exist
    ("America/Havana", date(2026, 11, 1)),  # the hour before one o'clock twice
    ("Atlantic/Azores", date(2026, 10, 25)),  # midnight twice, once on the day before
    ("America/Nuuk", date(2026, 3, 28)),  # the last hour of a Saturday is skipped
    ("Australia/Lord_Howe", date(2026, 10, 4)),  # half an hour
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Africa/Casablanca", date(2026, 2, 15)),  # winter time in Ramadan
    ("Africa/Casablanca", date(2026, 3, 22)),
    ("Pacific/Apia", date(2011, 12, 30)),  # a Friday that never was
    ("Pacific/Kiritimati", date(2026, 1, 1)),  # +14
    ("Asia/Kathmandu", date(2026, 1, 1)),
    ("Asia/Pyongyang", date(2018, 5, 4)),  # half an hour at 23:30
    ("America/Caracas", date(2016, 5, 1)),
]


def watch(rhythm: Rhythm, *, start: datetime, minutes: int) -> list[Slot]:
    """Walk the minutes and note the slots: a date fires once, when its time is shown or passed for the first time."""
    zone, found = ZoneInfo(rhythm.zone), {}
    previous = (start - MINUTE).astimezone(zone).replace(tzinfo=None)
    assert rhythm.minute is not None
    for step in range(minutes):
        moment = start + step * MINUTE
        shown = moment.astimezone(zone).replace(tzinfo=None)
        if shown < previous:  # set back: what was shown already does not fire again
            continue
        day = previous.date()
        while day <= shown.date():
            wanted = datetime.combine(day, time(rhythm.minute // 60, rhythm.minute % 60))
            never_was = previous.date() < day < shown.date()
            after = 1 << (day + timedelta(days=1)).weekday()
            if (
                previous < wanted <= shown
                and rhythm.weekdays >> day.weekday() & 1
                and not (never_was and rhythm.weekdays & after)
            ):
                found[day.isoformat()] = moment
            day += timedelta(days=1)
        previous = shown
    return [Slot(name=name, at=at) for name, at in sorted(found.items())]


@given(
    night=st.sampled_from(NIGHTS),
    minute=st.integers(0, 1439) | st.integers(0, 210) | st.integers(1380, 1439),
    weekdays=st.integers(1, 127) | st.just(127),
    at=st.integers(0, 4 * 1440),
)
@settings(max_examples=50, deadline=None)
def test_slots_are_those_a_watcher_of_the_clock_sees(
    night: tuple[str, date], minute: int, weekdays: int, at: int
) -> None:
    """Due, next and previous agree with walking the minutes around every odd night."""
    zone, day = night
    rhythm = Rhythm(zone=zone, minute=minute, weekdays=weekdays)
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=3)
    seen = watch(rhythm, start=start, minutes=7 * 1440)
    now = start + timedelta(days=1) + at * MINUTE + timedelta(seconds=at % 60)

    due = due_slot(rhythm, now=now, grace=timedelta(days=1))
    coming = next((slot for slot in seen if slot.at > now), None)

    past = [slot for slot in seen if slot.at <= now]
    fresh = [slot for slot in past if slot.at >= now - timedelta(days=1)]
    assert due == (fresh[-1] if fresh else None)
    assert coming is None or next_slot(rhythm, now=now) == coming
    for earlier, later in pairwise(seen):
        assert previous_slot(rhythm, later) == earlier


def test_an_hour_that_spring_skips_fires_at_the_first_minute_that_exists() -> None:
    """Half past two in New York on the eighth of March becomes three o'clock."""
    rhythm = Rhythm(zone="America/New_York", minute=150)

    assert slot_on(rhythm, date(2026, 3, 8)) == Slot(name="2026-03-08", at=datetime(2026, 3, 8, 7, tzinfo=UTC))


def test_an_hour_that_autumn_repeats_fires_once() -> None:
    """Between the two half past ones nothing more falls due."""
    rhythm = Rhythm(zone="America/New_York", minute=90)
    first = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)

    slots = {due_slot(rhythm, now=first + step * MINUTE, grace=GRACE) for step in range(120)}

    assert slots == {Slot(name="2026-11-01", at=first)}


def test_a_day_that_samoa_skipped_sends_no_second_daily() -> None:
    """The thirtieth of December 2011 never was: the day before the thirty-first is the twenty-ninth."""
    daily = Rhythm(zone="Pacific/Apia", minute=420)
    slot = slot_on(daily, date(2011, 12, 31))

    before = previous_slot(daily, slot)

    assert before.name == "2011-12-29"
    assert slot.at - before.at == timedelta(hours=24)


def test_a_weekly_whose_day_was_skipped_comes_on_the_next() -> None:
    """A Friday digest of that week comes in the first minute of Saturday."""
    weekly = rhythm_of(Cadence.WEEKLY, zone="Pacific/Apia", minute=420, days=["friday"])

    slot = next_slot(weekly, now=datetime(2011, 12, 28, tzinfo=UTC))

    assert slot == Slot(name="2011-12-30", at=datetime(2011, 12, 30, 10, tzinfo=UTC))


def test_a_slot_is_due_from_its_minute_until_its_grace_is_over() -> None:
    """Both ends of the grace count."""
    rhythm = Rhythm(zone="UTC", minute=420)
    at = datetime(2026, 5, 4, 7, tzinfo=UTC)
    slot = Slot(name="2026-05-04", at=at)

    assert due_slot(rhythm, now=at - timedelta(seconds=1), grace=GRACE) is None
    assert due_slot(rhythm, now=at, grace=GRACE) == slot
    assert due_slot(rhythm, now=at + GRACE, grace=GRACE) == slot
    assert due_slot(rhythm, now=at + GRACE + timedelta(seconds=1), grace=GRACE) is None


def test_a_weekly_looks_one_week_back() -> None:
    """The period of a first weekly is seven local days, an hour longer when the clocks went back."""
    weekly = rhythm_of(Cadence.WEEKLY, zone="Europe/London", minute=420, days=["monday"])
    slot = slot_on(weekly, date(2026, 10, 26))

    before = previous_slot(weekly, slot)

    assert before.name == "2026-10-19"
    assert slot.at - before.at == timedelta(days=7, hours=1)


@pytest.mark.parametrize(("hour", "quiet"), [(21, False), (22, True), (3, True), (6, True), (7, False), (12, False)])
def test_quiet_hours_span_midnight_in_local_time(hour: int, quiet: bool) -> None:
    """Ten in the evening until seven, on the reader's clock."""
    rhythm = rhythm_of(Cadence.INSTANT, zone="Asia/Tokyo", minute=0, quiet=(22 * 60, 7 * 60))
    now = datetime(2026, 6, 1, hour, tzinfo=ZoneInfo("Asia/Tokyo")).astimezone(UTC)

    assert is_quiet(rhythm, now) is quiet


def test_equal_ends_are_no_quiet_hours() -> None:
    """From seven to seven is never."""
    rhythm = Rhythm(zone="UTC", minute=None, quiet=(420, 420))

    assert not is_quiet(rhythm, datetime(2026, 6, 1, 7, tzinfo=UTC))


def test_instant_rhythms_have_no_slots() -> None:
    """Asking for one is a mistake of ours."""
    with pytest.raises(ValueError, match="instant"):
        next_slot(rhythm_of(Cadence.INSTANT, zone="UTC", minute=0), now=datetime(2026, 6, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Europe/London", "Europe/London"),
        (" europe/london ", "Europe/London"),
        ("America/New York", "America/New_York"),
        ("utc", "UTC"),
        ("Mars/Olympus", None),
        ("../etc/passwd", None),
        ("localtime", None),
        ("", None),
    ],
)
def test_zones_are_found_however_they_are_written(name: str, zone: str | None) -> None:
    """Spreadsheets spell them as they like."""
    assert find_zone(name) == zone
