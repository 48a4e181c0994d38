"""Nothing comes to a reader twice, and nothing is lost, whatever comes and goes and whatever he changes."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from syndicate.clock import StoppedClock
from syndicate.core.readers import Change
from syndicate.flows.choosing import Choosing
from syndicate.model import Outcome, Receipt
from syndicate.storage.tables import subscriber
from tests.press import COPIED, Press, body_of

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
DIGESTS = """
[[digest]]
name = "breaking"
cadence = "instant"
coalesce = "1m"
[[digest]]
name = "daily"
at = "07:00"
[[digest]]
name = "calm"
cadence = "weekly"
day = "monday"
at = "07:00"
best-of = false
"""
QUIET = """
[[digest]]
name = "breaking"
cadence = "instant"
quiet = "22:00-06:30"
coalesce = "1m"
[[digest]]
name = "daily"
at = "06:15"
"""
LATER = Receipt(outcome=Outcome.DEFERRED, code=451)
Pairs = tuple[tuple[str, tuple[str, ...]], ...]


@pytest.fixture
async def press(database_url: str, tmp_path: Path, clock: StoppedClock) -> AsyncIterator[Press]:
    """Yield a newsroom on Monday at six."""
    opened = await Press.open(database_url, tmp_path, clock, DIGESTS)
    yield opened
    await opened.close()


async def choose(press: Press, reader: str, pairs: Pairs) -> None:
    """Let a reader choose sections, each with its digests, on his page."""
    choosing = Choosing(readership=await press.app.readership(), signer=press.app.signer)
    async with press.app.database.read() as connection:
        query = select(subscriber.c.public_id).where(subscriber.c.email == reader)
        public_id = (await connection.execute(query)).scalar_one()
    await choosing.change(choosing.signer.preferences(public_id), Change(sections=pairs))


async def test_back_to_alerts_that_are_silent(database_url: str, tmp_path: Path, clock: StoppedClock) -> None:
    """The daily brings what silent alerts owe, and not what came by itself while there were none."""
    press = await Press.open(database_url, tmp_path, clock, QUIET)
    try:
        await press.reader("ann", "breaking")
        clock.advance(HOUR)
        await press.write("alert")
        clock.advance(5 * MINUTE)
        await press.morning("breaking")
        ann = await press.reader("ann", "daily")
        await press.write("monday")
        clock.advance(DAY - 45 * MINUTE)
        assert await press.morning() == {ann: ["monday"]}
        clock.advance(17 * HOUR - 20 * MINUTE)
        await press.reader("ann", "breaking", "daily")
        clock.advance(7 * HOUR + 20 * MINUTE)

        assert await press.morning() == {}
    finally:
        await press.close()


async def test_what_is_put_off_is_on_its_way(press: Press) -> None:
    """An alert is put off, its article taken back and published again: the next alert leaves it to the other try."""
    ann = await press.reader("ann", "breaking")
    press.clock.advance(HOUR)
    await press.write("news")
    press.clock.advance(2 * MINUTE)
    press.outbox.answers[ann] = LATER
    await press.send("breaking")
    press.outbox.answers.clear()
    await press.change("news", status="withdrawn")
    press.clock.advance(MINUTE)
    await press.change("news", status="published")
    press.clock.advance(2 * MINUTE)
    came = [await press.morning("breaking")]
    press.clock.advance(10 * MINUTE)
    came.append(await press.morning("breaking"))

    assert came.count({ann: ["news"]}) == 1


async def test_a_copy_that_came_before_takes_nobodys_place(press: Press) -> None:
    """What a reader had yesterday is not sent again because today's copy of it was taken back."""
    ann = await press.reader("ann", "daily")
    await press.write("ours", title="Mayor guilty as costs rose", body=f"{COPIED}<p>And more.</p>", summary=None)
    press.clock.advance(HOUR)
    assert await press.morning() == {ann: ["ours"]}
    press.clock.advance(HOUR)
    await press.write("wire", title="Wire: costs rose", body=COPIED, summary=None)
    press.clock.advance(DAY - HOUR)
    press.outbox.answers[ann] = LATER
    await press.send("daily")
    press.outbox.answers.clear()
    await press.change("wire", status="withdrawn")
    press.clock.advance(10 * MINUTE)

    assert await press.morning() == {}


async def test_an_article_that_leaves_the_section_it_came_by(press: Press) -> None:
    """An alert in World is no news in Sport, where it stays, for who had the alert."""
    ann = await press.reader("ann", "daily")
    await choose(press, ann, (("world", ("breaking",)), ("sport", ("daily",))))
    await press.write("before", "Sport", at=press.clock.now() - MINUTE)
    press.clock.advance(HOUR)
    await press.morning()
    press.clock.advance(HOUR)
    await press.write("news", labels=("World", "Sport"))
    press.clock.advance(2 * MINUTE)
    assert await press.morning("breaking") == {ann: ["news"]}
    await press.change("news", labels=("Sport",))
    press.clock.advance(DAY - HOUR)

    assert await press.morning() == {}


async def test_a_section_that_is_added_with_a_faster_digest(press: Press) -> None:
    """What the daily brought by another section is no alert."""
    ann = await press.reader("ann", "daily")
    press.clock.advance(40 * MINUTE)
    await press.write("both", labels=("World", "Sport"))
    press.clock.advance(20 * MINUTE)
    assert await press.morning() == {ann: ["both"]}
    press.clock.advance(10 * MINUTE)
    await choose(press, ann, (("world", ("daily",)), ("sport", ("breaking",))))
    press.clock.advance(5 * MINUTE)
    await press.write("match", "Sport")
    press.clock.advance(2 * MINUTE)

    assert await press.morning("breaking") == {ann: ["match"]}


async def test_an_alert_beside_a_first_edition(press: Press) -> None:
    """A first edition goes by date: an alert of the minutes after its hour lies behind it, and does not come once more after a move."""
    ann = await press.reader("ann", "daily")
    await choose(press, ann, (("world", ("breaking",)), ("sport", ("daily",))))
    await press.write("match", "Sport")
    press.clock.advance(HOUR + 3 * MINUTE)
    await press.write("news")
    press.clock.advance(2 * MINUTE)
    assert await press.morning("breaking") == {ann: ["news"]}
    assert await press.morning() == {ann: ["match"]}
    await choose(press, ann, (("world", ("daily",)), ("sport", ("daily",))))
    press.clock.advance(DAY)

    assert await press.morning() == {}


async def test_what_came_late_and_was_away_for_a_minute(press: Press) -> None:
    """It is no older for that: who gets a weekly still gets it."""
    ann = await press.reader("ann", "calm")
    await press.write("first", at=press.clock.now() - MINUTE)
    press.clock.advance(HOUR)
    await press.morning("calm")
    press.clock.advance(4 * HOUR)
    await press.write("late", at=press.clock.now() - DAY)
    press.clock.advance(6 * DAY)
    await press.change("late", status="withdrawn")
    press.clock.advance(MINUTE)
    await press.change("late", status="published")
    press.clock.advance(DAY - 4 * HOUR)

    assert await press.morning("calm") == {ann: ["late"]}


async def test_what_only_stood_beside_another_has_not_come(press: Press) -> None:
    """A copy under "also at" that becomes a story of its own is news to who saw but its headline."""
    ann = await press.reader("ann", "daily")
    await press.write("wire", title="Wire: costs rose", body=COPIED, summary=None)
    more = f"{COPIED}<p>And more.</p>"
    await press.write("ours", "Sport", title="Mayor guilty as costs rose", body=more, summary=None)
    press.clock.advance(HOUR)
    await press.morning()
    press.clock.advance(HOUR)
    other = "<p>Something else happened at the volcano in the north, where nobody lives and ash fell on snow.</p>"
    await press.change("ours", labels=("World",), title="Volcano wakes", body=other)
    press.clock.advance(DAY - HOUR)

    assert await press.morning() == {ann: ["ours"]}


async def test_nobody_is_told_of_a_copy_that_was_not_named(press: Press) -> None:
    """Of eight papers four are named; who did not see the others' headlines hears nothing of their corrections."""
    await press.reader("ann", "daily")
    for number in range(8):
        await press.write(f"copy{number}", title=f"Costs rise, says paper {number}", body=COPIED, summary=None)
    press.clock.advance(HOUR)
    await press.send("daily")
    (message,) = press.outbox.take()
    for number in (1, 7):
        key = (await press.article(f"copy{number}")).key
        await press.app.correcting.correct(key, note=f"Paper {number} was wrong.", wrong_to=None)
    await press.write("next")
    press.clock.advance(DAY)
    await press.send("daily")
    (told,) = press.outbox.take()

    assert ("paper 1" in body_of(message), "paper 7" in body_of(message)) == (True, False)
    assert ("Paper 1 was" in body_of(told), "Paper 7 was" in body_of(told)) == (True, False)
