"""The breaking lane: what comes at once, what is held back, and who brings it then."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from syndicate.clock import StoppedClock
from syndicate.flows.dry_run import Counting
from syndicate.model import Outcome, Receipt
from tests.press import Press

DIGESTS = """
[[digest]]
name = "breaking"
cadence = "instant"
tags = ["Breaking"]
quiet = "22:00-06:30"
max-per-day = 2
coalesce = "5m"
[[digest]]
name = "daily"
at = "06:15"
[[digest]]
name = "noon"
at = "12:00"
"""
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BREAKING = ("Breaking", "storm")


@pytest.fixture
async def press(database_url: str, tmp_path: Path, clock: StoppedClock) -> AsyncIterator[Press]:
    """Yield a newsroom on Monday at noon, whose alerts are quiet from ten to half past six and whose daily comes at a quarter past."""
    clock.advance(6 * HOUR)
    opened = await Press.open(database_url, tmp_path, clock, DIGESTS)
    yield opened
    await opened.close()


async def alert(press: Press, *, after: timedelta = 10 * MINUTE) -> dict[str, list[str]]:
    """Let some time pass, and send what is due at once."""
    press.clock.advance(after)
    return await press.morning("breaking")


async def test_only_the_tagged_come_at_once(press: Press) -> None:
    """And the daily brings the others, and not what came before."""
    ann = await press.reader("ann", "breaking", "daily")
    await press.write("storm", tags=BREAKING)
    await press.write("fair")
    await press.write("cup", "Sport", tags=BREAKING)

    assert await alert(press) == {ann: ["storm"]}
    press.clock.advance(DAY - 5 * HOUR - 50 * MINUTE)  # 06:20
    assert await press.morning() == {ann: ["fair"]}


async def test_untagged_articles_make_no_alert(press: Press) -> None:
    """Not even an empty one, nor does backlog."""
    await press.reader("ann", "breaking")
    await press.write("fair")
    await press.write("old", tags=BREAKING, at=press.clock.now() - 30 * DAY)

    assert await alert(press) == {}
    assert await press.editions() == []


async def test_a_tag_that_comes_later_changes_nothing(press: Press) -> None:
    """The digest that was to bring an article brings it: it neither comes twice nor never."""
    ann = await press.reader("ann", "breaking", "daily")
    await press.write("fair")
    await press.write("storm", tags=BREAKING)
    assert await alert(press) == {ann: ["storm"]}
    await press.change("fair", tags=BREAKING)
    await press.change("storm", tags=())

    assert await alert(press) == {}
    press.clock.advance(DAY - 6 * HOUR)  # 06:20
    assert await press.morning() == {ann: ["fair"]}


async def test_alerts_wait_for_one_another(press: Press) -> None:
    """The daemon makes one of several that come close together; who sends by hand does not wait."""
    await press.reader("ann", "breaking")
    await press.write("one", tags=BREAKING)
    assert len(await press.app.planning.plan()) == 1
    press.clock.advance(MINUTE)
    await press.write("two", tags=BREAKING)

    assert await press.app.planning.plan() == []
    press.clock.advance(MINUTE)
    await press.write("three", tags=BREAKING)
    assert await press.app.planning.plan() == []
    press.clock.advance(3 * MINUTE)
    assert len(await press.app.planning.plan()) == 1
    assert await press.app.planning.plan() == []
    await press.write("four", tags=BREAKING)
    assert len(await press.app.planning.plan(coalesce=False)) == 1


async def test_a_day_has_so_many_alerts(press: Press) -> None:
    """What is beyond comes with the daily, and not again with the next day's alert."""
    ann, bob = await press.reader("ann", "breaking", "noon"), await press.reader("bob", "breaking")
    for number in ("one", "two", "three"):
        await press.write(number, tags=BREAKING)
        came = await alert(press)
        assert came == ({ann: [number], bob: [number]} if number != "three" else {})

    press.clock.advance(DAY)
    assert await press.morning("noon") == {ann: ["three"]}
    await press.write("four", tags=BREAKING)
    assert await alert(press) == {ann: ["four"], bob: ["four", "three"]}


async def test_quiet_hours_hold_alerts_back(press: Press) -> None:
    """They come when the quiet ends, to who has no slower digest."""
    bob = await press.reader("bob", "breaking")
    press.clock.advance(11 * HOUR)  # 23:00
    await press.write("storm", tags=BREAKING)

    assert await alert(press) == {}
    press.clock.advance(7 * HOUR + 20 * MINUTE)  # 06:30
    assert await press.morning("breaking") == {bob: ["storm"]}


async def test_the_daily_brings_what_quiet_hours_hold_back(press: Press) -> None:
    """Then no alert does; what comes in after it is an alert again."""
    ann = await press.reader("ann", "breaking", "daily")
    press.clock.advance(11 * HOUR)  # 23:00
    await press.write("storm", tags=BREAKING)
    press.clock.advance(7 * HOUR + 15 * MINUTE)  # 06:15

    assert await press.morning() == {ann: ["storm"]}
    await press.write("flood", tags=BREAKING)
    assert await alert(press, after=20 * MINUTE) == {ann: ["flood"]}


async def test_a_daily_that_is_refused_gives_the_alerts_back(press: Press) -> None:
    """Nothing is lost: the alert brings it after all."""
    ann = await press.reader("ann", "breaking", "daily")
    press.clock.advance(11 * HOUR)  # 23:00
    await press.write("storm", tags=BREAKING)
    press.clock.advance(7 * HOUR + 15 * MINUTE)  # 06:15
    press.outbox.answers[ann] = Receipt(outcome=Outcome.REFUSED, code=554)
    assert await press.morning() == {}
    press.outbox.answers.clear()

    assert await alert(press, after=20 * MINUTE) == {ann: ["storm"]}


async def test_previews_and_counts_know_of_it(press: Press) -> None:
    """A preview of the daily shows what the alerts owe; a dry run counts it."""
    ann = await press.reader("ann", "breaking", "daily")
    press.clock.advance(11 * HOUR)  # 23:00
    await press.write("storm", tags=BREAKING)
    press.clock.advance(7 * HOUR + 15 * MINUTE)  # 06:15

    counted = await Counting(planning=press.app.planning, previewing=press.app.previewing).count(
        digest="daily", at=None
    )
    explained = await press.app.previewing.explain(ann, digest="daily", at=None)
    assert [(one.included, one.placed.article.source_id) for one in explained.selection.rulings] == [(True, "storm")]
    assert (counted.planned, counted.skipped) == (1, 0)


async def test_a_tag_that_comes_later_makes_no_alert(press: Press) -> None:
    """Nor an empty edition of it: an article has the tags with which it came."""
    await press.reader("ann", "breaking")
    await press.write("fair")
    await press.change("fair", tags=BREAKING)

    assert await alert(press) == {}
    assert await press.editions() == []


async def test_what_was_away_over_an_alert_comes_with_one_of_its_own(press: Press) -> None:
    """A draft for the minutes in which the alert went: when it is back there is an alert again, to who missed it."""
    ann = await press.reader("ann", "breaking")
    await press.write("storm", tags=BREAKING)
    await press.change("storm", status="withdrawn")
    assert await alert(press) == {}
    await press.change("storm", status="published")

    assert await alert(press) == {ann: ["storm"]}
