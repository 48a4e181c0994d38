"""Faults that other systems shipped, each tried on ours."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from syndicate.clock import StoppedClock
from syndicate.model import DeliveryState, Outcome, Receipt
from syndicate.storage.deliveries import CODES
from syndicate.storage.tables import batch, delivery, edition, subscriber, subscription
from tests.press import COPIED, Press, body_of

DIGESTS = """
[[digest]]
name = "daily"
at = "07:00"
[[digest]]
name = "weekly"
cadence = "weekly"
day = "monday"
at = "07:00"
[[digest]]
name = "calm"
cadence = "weekly"
day = "monday"
at = "07:00"
best-of = false
"""
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
async def press(database_url: str, tmp_path: Path, clock: StoppedClock) -> AsyncIterator[Press]:
    """Yield a newsroom on Monday at six."""
    opened = await Press.open(database_url, tmp_path, clock, DIGESTS)
    yield opened
    await opened.close()


async def test_a_weekly_is_sent_every_week(press: Press) -> None:
    """Not once and never again."""
    ann = await press.reader("ann", "weekly")
    press.clock.advance(HOUR)
    came = []
    for week in range(4):
        await press.write(f"week{week}", at=press.clock.now() - MINUTE)
        came.append(await press.morning("weekly"))
        press.clock.advance(3 * DAY)
        assert await press.morning("weekly") == {}
        press.clock.advance(4 * DAY)

    assert came == [{ann: [f"week{week}"]} for week in range(4)]


async def test_an_empty_digest_is_not_sent(press: Press) -> None:
    """Neither to who has nothing new, nor to anybody on a day without news; and the day is recorded."""
    ann, bob = await press.reader("ann", "daily"), await press.reader("bob", "daily", at=["sport"])
    await press.write("bridge")
    press.clock.advance(HOUR)
    assert await press.morning() == {ann: ["bridge"]}
    press.clock.advance(DAY)

    tally = await press.send("daily")

    assert press.received() == {}
    assert (tally.editions, tally.planned, tally.skipped) == (1, 0, 2)
    assert await press.editions() == [("daily", "2026-05-04", "done"), ("daily", "2026-05-05", "done")]
    assert bob


async def test_a_digest_goes_once_a_day(press: Press) -> None:
    """However often it is planned on that day, and though news come in meanwhile."""
    ann = await press.reader("ann", "daily")
    await press.write("bridge")
    press.clock.advance(HOUR)
    assert await press.morning() == {ann: ["bridge"]}

    for number in range(5):
        press.clock.advance(HOUR)
        await press.write(f"later{number}")
        assert await press.morning() == {}


async def test_two_planners_make_one_edition(press: Press) -> None:
    """Another process that knows nothing of the first plans nothing more."""
    ann = await press.reader("ann", "daily")
    await press.write("bridge")
    press.clock.advance(HOUR)
    await press.app.planning.plan()
    press.app.planning.forget()
    await press.app.planning.plan()

    assert await press.morning() == {ann: ["bridge"]}
    assert len(await press.editions()) == 1


async def test_one_lost_row_replays_nothing(press: Press) -> None:
    """The reader's own mark says what he has, not a row of somebody else's."""
    ann = await press.reader("ann", "daily")
    for number in range(3):
        await press.write(f"day{number}")
        press.clock.advance(DAY if number else HOUR)
        await press.morning()
    async with press.app.database.begin() as connection:
        await connection.execute(delete(edition).where(edition.c.id == 2))
    press.app.planning.forget()
    await press.write("fresh")
    press.clock.advance(DAY)

    assert await press.morning() == {ann: ["fresh"]}


async def test_a_lost_mark_replays_one_period(press: Press) -> None:
    """Not years of articles."""
    ann = await press.reader("ann", "daily")
    await press.write("old", at=press.clock.now() - 20 * DAY)
    for number in range(5):
        await press.write(f"day{number}")
        press.clock.advance(DAY if number else HOUR)
        await press.morning()
    async with press.app.database.begin() as connection:
        await connection.execute(update(subscription).values(seen=None, seen_at=None))
    press.clock.advance(DAY)
    await press.write("fresh", at=press.clock.now() - MINUTE)

    assert await press.morning() == {ann: ["fresh"]}


async def test_a_backlog_is_not_news(press: Press) -> None:
    """An archive that is imported is in feeds and lists, and in nobody's next edition."""
    ann = await press.reader("ann", "daily")
    await press.write("bridge")
    press.clock.advance(HOUR)
    await press.morning()
    for number in range(4, 20):
        await press.write(f"archive{number}", at=press.clock.now() - number * DAY)
    await press.write("fresh")
    press.clock.advance(DAY)

    assert await press.morning() == {ann: ["fresh"]}


async def test_what_was_accepted_and_not_recorded_is_tried_once_more(press: Press) -> None:
    """A worker that dies between the server's yes and our record leaves a row in flight: one more try, the same Message-ID, then peace."""
    ann = await press.reader("ann", "daily")
    await press.write("bridge")
    press.clock.advance(HOUR)
    await press.send("daily")
    (first,) = press.outbox.take(ann)
    async with press.app.database.begin() as connection:
        await connection.execute(update(delivery).values(state=CODES[DeliveryState.SENDING], code=None))
        await connection.execute(update(batch).values(state="open"))
        await connection.execute(update(edition).values(state="open"))

    await press.send("daily")
    (second,) = press.outbox.take(ann)
    await press.send("daily")

    assert second["Message-ID"] == first["Message-ID"]
    assert press.outbox.take(ann) == []
    assert await press.states() == {"accepted": 1}


async def test_one_bad_address_costs_no_other_his_copy(press: Press) -> None:
    """Whether we see that it is bad, or the server says so."""
    readers = [await press.reader(f"reader{number}", "daily") for number in range(6)]
    async with press.app.database.begin() as connection:
        await connection.execute(
            update(subscriber)
            .where(subscriber.c.email == readers[2])
            .values(email="no address\r\nRCPT TO:<x@y.example>")
        )
    press.outbox.answers[readers[4]] = Receipt(outcome=Outcome.REFUSED, code=550, enhanced="5.1.1")
    await press.write("bridge")
    press.clock.advance(HOUR)

    assert await press.morning() == {reader: ["bridge"] for place, reader in enumerate(readers) if place not in (2, 4)}
    assert await press.states() == {"accepted": 4, "refused": 2}


async def test_today_is_the_readers_today(press: Press) -> None:
    """Its date is that of the place he lives in, on both sides of the date line, at his own seven."""
    east = await press.reader("east", "daily", zone="Pacific/Auckland")
    west = await press.reader("west", "daily", zone="America/Los_Angeles")
    await press.write("bridge")
    dates: dict[str, str] = {}
    for _ in range(26):
        await press.send("daily")
        for message in press.outbox.take():
            reader = str(message["To"])
            assert reader not in dates
            dates[reader] = body_of(message) + press.clock.now().isoformat()
        press.clock.advance(HOUR)

    assert "May 5, 2026" in dates[east] or "5 May 2026" in dates[east]
    assert dates[east].endswith("2026-05-04T19:00:00+00:00")
    assert "May 4, 2026" in dates[west] or "4 May 2026" in dates[west]
    assert dates[west].endswith("2026-05-04T14:00:00+00:00")


async def test_what_is_published_late_is_not_skipped(press: Press) -> None:
    """An article that bears yesterday's date and comes in today is news today, and one whose hour comes is then."""
    ann = await press.reader("ann", "daily")
    await press.write("bridge")
    press.clock.advance(HOUR)
    await press.morning()
    await press.write("late", at=press.clock.now() - DAY)
    await press.write("embargoed", at=press.clock.now() + 20 * HOUR)
    press.clock.advance(DAY)
    await press.collect()

    assert sorted((await press.morning())[ann]) == ["embargoed", "late"]


async def test_what_was_taken_back_over_an_edition_comes_with_the_next(press: Press) -> None:
    """A draft for an hour, or an hour in the wrong section: who missed it gets it, and who had it does not get it again."""
    ann, bob = await press.reader("ann", "daily"), await press.reader("bob", "daily", zone="Europe/London")
    await press.write("before", at=press.clock.now() - MINUTE)
    press.clock.advance(HOUR)
    await press.morning()
    press.clock.advance(DAY - HOUR)
    await press.write("pulled", at=press.clock.now() - MINUTE)
    await press.write("misplaced", at=press.clock.now() - MINUTE)
    press.clock.advance(MINUTE)  # it is seven in London, and six in UTC
    assert sorted((await press.morning())[bob]) == ["misplaced", "pulled"]
    await press.change("pulled", status="withdrawn")
    await press.change("misplaced", labels=("Sport",))
    press.clock.advance(HOUR)
    assert ann not in await press.morning()
    await press.change("pulled", status="published")
    await press.change("misplaced", labels=("World",))
    press.clock.advance(DAY)

    why = await press.app.previewing.explain(bob, digest="daily", at=None)
    came = await press.morning()

    assert sorted(came[ann]) == ["misplaced", "pulled"]
    assert bob not in came
    reasons = {one.placed.article.source_id: one.reason for one in why.selection.rulings}
    assert reasons["pulled"] == reasons["misplaced"] == "came to this reader before"


async def test_a_section_that_moves_to_another_digest_repeats_nothing(press: Press) -> None:
    """From weekly to daily and back: what the one has brought, the other does not; what neither has brought still comes."""
    ann = await press.reader("ann", "calm")
    await press.write("sunday", at=press.clock.now() - DAY)
    press.clock.advance(HOUR)
    assert (await press.morning("calm"))[ann] == ["sunday"]
    await press.reader("ann", "daily")
    press.clock.advance(HOUR)
    await press.write("monday")
    press.clock.advance(DAY - HOUR)
    assert (await press.morning())[ann] == ["monday"]
    await press.write("tuesday")
    await press.reader("ann", "calm")
    press.clock.advance(6 * DAY)

    assert (await press.morning("calm"))[ann] == ["tuesday"]


async def test_a_quiet_day_after_a_pause_is_merged_too(database_url: str, tmp_path: Path, clock: StoppedClock) -> None:
    """What was too little on the day he came back comes with the next; what he missed in the pause does not."""
    press = await Press.open(database_url, tmp_path, clock, '[[digest]]\nname = "daily"\nat = "07:00"\nmin-items = 3\n')
    try:
        ann = await press.reader("ann", "daily")
        for number in range(3):
            await press.write(f"monday{number}", at=clock.now() - MINUTE)
        clock.advance(HOUR)
        assert len((await press.morning())[ann]) == 3
        async with press.app.database.begin() as connection:
            await connection.execute(update(subscriber).values(paused_until=clock.now() + DAY + HOUR))
        clock.advance(HOUR)
        await press.write("missed")
        clock.advance(DAY)
        await press.write("tuesday")
        clock.advance(DAY - HOUR)
        assert await press.morning() == {}
        clock.advance(HOUR)
        await press.write("wednesday0")
        await press.write("wednesday1")
        clock.advance(DAY - HOUR)

        assert sorted((await press.morning())[ann]) == ["tuesday", "wednesday0", "wednesday1"]
    finally:
        await press.close()


async def _told_twice(press: Press) -> str:
    """Let a reader have an edition, and two sources tell one story for the next one; return his address."""
    ann = await press.reader("ann", "daily")
    await press.write("before", at=press.clock.now() - MINUTE)
    press.clock.advance(HOUR)
    await press.morning()
    press.clock.advance(HOUR)
    await press.write("wire", title="Wire: costs rose", body=COPIED, summary=None)
    press.clock.advance(MINUTE)
    await press.write("ours", title="Mayor guilty as costs rose", body=f"{COPIED}<p>And more.</p>", summary=None)
    press.clock.advance(DAY - HOUR - MINUTE)
    return ann


async def test_a_story_outlives_the_copy_that_is_taken_back(press: Press) -> None:
    """Between a first try and the next the copy that was shown goes: the other one stands in its place."""
    ann = await _told_twice(press)
    press.outbox.answers[ann] = Receipt(outcome=Outcome.DEFERRED, code=451)
    assert await press.morning() == {}
    press.outbox.answers.clear()
    await press.change("wire", status="withdrawn")
    press.clock.advance(10 * MINUTE)

    assert await press.morning() == {ann: ["ours"]}


async def test_a_copy_that_is_taken_back_makes_its_story_no_bigger(press: Press) -> None:
    """Neither the store's nor the operator's word leaves it the lead."""
    ann = await press.reader("ann", "daily", "weekly")
    six = press.clock.now()
    await press.write("fire", at=six - 2.5 * HOUR, body=COPIED, summary=None)
    await press.write("canal", at=six - 0.5 * HOUR)
    leads = [await _lead(press, ann, digest) for digest in ("daily", "weekly")]
    for name in ("wire", "agency"):
        await press.write(name, at=six - 2 * HOUR, body=COPIED, summary=None)
        leads += [await _lead(press, ann, digest) for digest in ("daily", "weekly")]
    await press.change("wire", status="withdrawn")
    await press.app.correcting.withdraw((await press.article("agency")).key, note="Made up.")
    leads += [await _lead(press, ann, digest) for digest in ("daily", "weekly")]

    assert leads == ["canal", "canal", "fire", "fire", "fire", "fire", "canal", "canal"]


async def _lead(press: Press, reader: str, digest: str) -> str:
    """Return the article that would stand first."""
    found = await press.app.previewing.explain(reader, digest=digest, at=None)
    assert found.selection.digest is not None
    return found.selection.digest.lead.article.source_id


async def test_what_stood_under_also_at_is_corrected_too(press: Press) -> None:
    """The reader saw its headline."""
    await _told_twice(press)
    await press.send("daily")
    (message,) = press.outbox.take()
    assert "Mayor guilty" in body_of(message)
    await press.change("ours", title="Mayor innocent as costs rose")
    await press.app.correcting.correct((await press.article("ours")).key, note="She was acquitted.", wrong_to=None)
    await press.write("next")
    press.clock.advance(DAY)
    await press.send("daily")
    (message,) = press.outbox.take()

    assert "She was acquitted." in body_of(message)


async def test_a_typo_mended_leaves_a_story_of_many_copies_one(press: Press) -> None:
    """Fifteen papers print one text; the first mends a word."""
    await press.reader("ann", "daily")
    for number in range(15):
        await press.write(f"copy{number}", title=f"Costs rise, says paper {number}", body=COPIED, summary=None)
    await press.change("copy0", body=COPIED.replace("long", "lonng", 1))
    press.clock.advance(HOUR)
    why = await press.app.previewing.explain("ann@readers.example", digest="daily", at=None)

    assert [one.included for one in why.selection.rulings].count(True) == 1


async def test_the_text_part_tells_the_same_day(press: Press) -> None:
    """Both parts bring the same articles in the same order, day by day."""
    await press.reader("ann", "daily")
    press.clock.advance(HOUR)
    for day in range(3):
        for number in range(3):
            await press.write(f"day{day}article{number}", at=press.clock.now() - MINUTE)
        await press.send("daily")
        (message,) = press.outbox.take()
        text, html = (body_of(message, kind) for kind in ("plain", "html"))
        for other in range(3):
            for number in range(3):
                name = f"/stories/day{other}article{number}"
                assert (name in text) == (name in html) == (other == day)
        order = sorted(range(3), key=lambda number: text.index(f"day{day}article{number}:"))
        assert order == sorted(range(3), key=lambda number: html.index(f"day{day}article{number}:"))
        press.clock.advance(DAY)
