"""What `digest explain` answers: the window, and every candidate with why it is in or out."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from syndicate.clock import StoppedClock
from syndicate.errors import NotFoundError
from syndicate.flows.dry_run import Counting
from syndicate.flows.preview import Previewed
from syndicate.storage.tables import subscriber
from tests.press import Press, body_of

DIGESTS = """
[[digest]]
name = "daily"
at = "07:00"
max-items = 2
[[digest]]
name = "breaking"
cadence = "instant"
tags = ["breaking"]
"""
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SEVEN = datetime(2026, 5, 4, 7, tzinfo=UTC)


@pytest.fixture
async def press(database_url: str, tmp_path: Path, clock: StoppedClock) -> AsyncIterator[Press]:
    """Yield a newsroom on Monday at six."""
    opened = await Press.open(database_url, tmp_path, clock, DIGESTS)
    yield opened
    await opened.close()


async def explained(
    press: Press, reader: str, *, at: datetime | None = None
) -> tuple[datetime, datetime, dict[str, str]]:
    """Return the window of a reader's daily and article → reason, where yes stands before those that are in."""
    found = await press.app.previewing.explain(reader, digest="daily", at=at)
    reasons = {
        one.placed.article.source_id: f"yes: {one.reason}" if one.included else one.reason
        for one in found.selection.rulings
    }
    assert len(reasons) == len(found.selection.rulings)
    return found.starts, found.ends, reasons


async def previewed(press: Press, reader: str) -> Previewed | None:
    """Return the daily that would go to a reader."""
    app = press.app
    found = await app.previewing.preview(reader, digest="daily", at=None, letters=app.letters, postman=app.postman)
    return None if isinstance(found, str) else found


async def test_before_the_first_edition(press: Press) -> None:
    """One period back from the next slot, by date of publication."""
    ann = await press.reader("ann", "daily")
    await press.write("bridge")
    await press.write("yesterday", at=SEVEN - DAY - MINUTE)
    await press.write("cup", "Sport")

    starts, ends, reasons = await explained(press, ann)

    assert (starts, ends) == (SEVEN - DAY, SEVEN)
    assert reasons == {
        "bridge": "yes: new to this reader",
        "yesterday": "published before the first edition's period",
        "cup": "in none of the reader's sections",
    }


async def test_every_later_one_begins_where_the_last_ended(press: Press) -> None:
    """By arrival, whatever the date; what max-items leaves out says so."""
    ann = await press.reader("ann", "daily", "breaking")
    await press.write("bridge")
    press.clock.advance(HOUR)
    await press.send("daily")
    press.clock.advance(DAY)
    for name in ("one", "two", "three"):
        await press.write(name)
    await press.write("archive", at=SEVEN - 20 * DAY)
    await press.write("storm", tags=("breaking",))

    starts, ends, reasons = await explained(press, ann)

    assert (starts, ends) == (SEVEN, SEVEN + DAY)
    assert sorted(reasons.pop(name) for name in ("one", "two", "three")) == [
        "more than 2 articles",
        "yes: new to this reader",
        "yes: new to this reader",
    ]
    assert reasons == {
        "bridge": "the reader's last edition covers it",
        "archive": "backlog: old when it arrived",
        "storm": "comes with breaking",
    }


async def test_what_no_edition_can_carry_is_told_too(press: Press) -> None:
    """Withdrawn, for later, in no section: whatever the reader's sections are, and as far back as the others are listed."""
    ann = await press.reader("ann", "daily")
    for name in ("taken", "spiked"):
        await press.write(name, "Sport")
    await press.app.correcting.withdraw((await press.article("taken")).key, note="")
    await press.change("spiked", status="withdrawn")
    await press.write("archive", at=SEVEN - 400 * DAY, labels=())
    await press.write("later", at=SEVEN + 3 * HOUR)
    await press.write("next-year", at=SEVEN + 365 * DAY)
    await press.write("nowhere", labels=())
    await press.write("left")
    await press.change("left", labels=())
    await press.write("bridge")
    _, _, reasons = await explained(press, ann)
    press.clock.advance(40 * DAY)

    _, _, past = await explained(press, ann)

    assert reasons == {
        "taken": "withdrawn by the operator",
        "spiked": "withdrawn by its source",
        "later": "not before 4 May 2026 10:00 UTC",
        "nowhere": "it is in no section",
        "left": "it is in no section",
        "bridge": "yes: new to this reader",
    }
    assert past == {"later": "not before 4 May 2026 10:00 UTC"}


async def test_what_came_after_an_edition_was_planned_is_told(press: Press) -> None:
    """It is for the next one."""
    ann = await press.reader("ann", "daily")
    await press.write("bridge")
    press.clock.advance(HOUR)
    await press.app.planning.plan(digest="daily")
    await press.write("storm")

    _, _, reasons = await explained(press, ann)

    assert reasons == {"bridge": "yes: new to this reader", "storm": "arrived after the edition was planned"}


async def test_it_says_what_a_send_does(press: Press) -> None:
    """At that moment, for that reader; and neither it nor a preview leaves a trace."""
    ann = await press.reader("ann", "daily")
    for name in ("one", "two", "three"):
        await press.write(name)
    press.clock.advance(HOUR)
    _, _, reasons = await explained(press, ann)
    preview = await previewed(press, ann)
    assert await press.editions() == []
    assert preview is not None

    await press.send("daily")

    (message,) = press.outbox.take(ann)
    told = {name for name, reason in reasons.items() if reason.startswith("yes")}
    assert {name for name in ("one", "two", "three") if f"/stories/{name}" in body_of(message)} == told
    assert message["Subject"] == preview.subject


async def test_where_nothing_may_go_nothing_is_shown(press: Press) -> None:
    """A dry run counts such readers as the send does."""
    ann, ben = [await press.reader(name, "daily") for name in ("ann", "ben")]
    await press.write("bridge")
    press.clock.advance(HOUR)
    await (await press.app.desk()).suppress(ben)
    shown = [await previewed(press, reader) for reader in (ann, ben)]
    counting = Counting(planning=press.app.planning, previewing=press.app.previewing)
    dry = await counting.count(digest="daily", at=None)

    real = await press.send("daily")

    assert [one is None for one in shown] == [False, True]
    assert (dry.planned, dry.suppressed, dry.skipped) == (2, 1, 0) == (real.planned, real.suppressed, real.skipped)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"paused_until": SEVEN + 30 * DAY}, "paused until 2026-06-03 07:00 UTC"),
        ({"state": "bounced"}, "nothing is sent to this address: it is suppressed, or mail to it came back"),
    ],
)
async def test_who_gets_nothing_is_told_why(press: Press, values: dict[str, object], why: str) -> None:
    """Where a preview shows nothing, an article is not said to be in."""
    ann = await press.reader("ann", "daily")
    await press.write("bridge")
    press.clock.advance(HOUR)
    async with press.app.database.begin() as connection:
        await connection.execute(update(subscriber).values(values))

    assert (await explained(press, ann))[2] == {"bridge": why}
    assert await previewed(press, ann) is None


async def test_what_is_too_little_is_counted(database_url: str, tmp_path: Path, clock: StoppedClock) -> None:
    """How many articles are new, and how many are needed."""
    press = await Press.open(database_url, tmp_path, clock, '[[digest]]\nname = "daily"\nat = "07:00"\nmin-items = 3\n')
    ann = await press.reader("ann", "daily")
    await press.write("bridge")
    await press.write("ferry")

    found = await press.app.previewing.explain(ann, digest="daily", at=None)
    shown = await previewed(press, ann)
    await press.close()

    assert shown is None
    assert found.selection.silence == "2 new, and min-items is 3: waits for the next edition"


async def test_after_an_edition_without_news_a_look_shows_the_next(press: Press) -> None:
    """What comes in an hour later comes tomorrow, and is not shown as today's."""
    ann = await press.reader("ann", "daily")
    await press.write("bridge")
    press.clock.advance(HOUR)
    await press.send("daily")
    press.clock.advance(DAY)
    await press.send("daily")
    press.clock.advance(HOUR)
    await press.write("late")

    assert (await explained(press, ann))[1] == SEVEN + 2 * DAY


async def test_who_came_after_the_slot_sees_the_next(press: Press) -> None:
    """The one that is due passes him by."""
    press.clock.advance(HOUR + MINUTE)
    ann = await press.reader("ann", "daily")

    assert (await explained(press, ann))[:2] == (SEVEN, SEVEN + DAY)


async def test_who_has_had_todays_sees_the_next(press: Press) -> None:
    """An hour after his edition went, a look shows tomorrow's, as it is so far."""
    ann = await press.reader("ann", "daily")
    await press.write("bridge")
    press.clock.advance(HOUR)
    await press.send("daily")
    press.clock.advance(HOUR)
    await press.write("ferry")

    starts, ends, reasons = await explained(press, ann)

    assert (starts, ends) == (SEVEN, SEVEN + DAY)
    assert reasons == {"ferry": "yes: new to this reader", "bridge": "the reader's last edition covers it"}


async def test_quiet_hours_and_a_days_number_are_told(database_url: str, tmp_path: Path, clock: StoppedClock) -> None:
    """A look at an alert says no where a send would keep silent."""
    alerts = '[[digest]]\nname = "breaking"\ncadence = "instant"\nmax-per-day = 1\nquiet = "22:00-05:00"\n'
    press = await Press.open(database_url, tmp_path, clock, alerts)
    ann = await press.reader("ann", "breaking")

    async def look() -> tuple[set[str], bool]:
        app = press.app
        found = await app.previewing.explain(ann, digest="breaking", at=None)
        shown = await app.previewing.preview(ann, digest="breaking", at=None, letters=app.letters, postman=app.postman)
        return {one.reason for one in found.selection.rulings if one.placed.article.source_id == "two"}, not isinstance(
            shown, str
        )

    await press.write("one")
    await press.send("breaking")
    press.clock.advance(HOUR)
    await press.write("two")
    enough = await look()
    press.clock.advance(16 * HOUR)
    quiet = await look()
    await press.close()

    assert enough == ({"more than 1 of this digest in one day"}, False)
    assert quiet == ({"quiet hours: comes when they end"}, False)


async def test_who_is_no_reader_is_said(press: Press) -> None:
    """And which digests there are."""
    with pytest.raises(NotFoundError, match="does not subscribe"):
        await press.app.previewing.explain("nobody@readers.example", digest="daily", at=None)
    with pytest.raises(NotFoundError, match="daily, breaking"):
        await press.app.previewing.explain("nobody@readers.example", digest="hourly", at=None)
