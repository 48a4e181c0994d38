"""Plan editions: one for each digest, rhythm and slot, whoever asks, whenever; on both databases."""

import asyncio
import itertools
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from syndicate.core.readers import Change
from syndicate.storage.tables import batch, edition
from tests.flows.newsroom import Newsroom, utc

SLOT = utc("2026-05-04T07:00")


async def _ready(newsroom: Newsroom, *names: str, digest: str = "daily") -> None:
    newsroom.store.put("a1", labels=["World"], published=utc("2026-05-04T05:30"))
    await newsroom.collect()
    for name in names:
        await newsroom.add_reader(name, digests=[digest])


async def _slots(newsroom: Newsroom) -> list[tuple[str, str]]:
    async with newsroom.database.read() as connection:
        rows = await connection.execute(select(edition.c.digest, edition.c.slot).order_by(edition.c.id))
        return [(row.digest, row.slot) for row in rows]


async def test_a_slot_is_due_from_its_minute_on_and_once(newsroom: Newsroom) -> None:
    """Not before, and not again; a second planner and a clock that goes back change nothing."""
    await _ready(newsroom, "ann")
    newsroom.clock.moment = SLOT - timedelta(minutes=1)
    early = await newsroom.planning.plan()
    newsroom.clock.moment = SLOT
    other = replace(newsroom.planning, _done=set())
    both = await asyncio.gather(newsroom.planning.plan(), other.plan())
    newsroom.clock.moment = SLOT - timedelta(hours=1)
    back = await other.plan()
    newsroom.clock.moment = SLOT + timedelta(minutes=5)
    again = await newsroom.planning.plan()

    assert (early, back, again) == ([], [], [])
    assert len([*both[0], *both[1]]) == 1
    assert await _slots(newsroom) == [("daily", "2026-05-04")]


async def test_after_a_downtime_there_is_one_edition_at_most(newsroom: Newsroom) -> None:
    """Within the grace the missed slot goes out late; after it, and for every older one, the next slot brings all."""
    await _ready(newsroom, "ann")
    newsroom.clock.moment = SLOT + timedelta(hours=5)
    late = await newsroom.send()
    for day in (1, 2):
        newsroom.store.put(f"b{day}", labels=["World"], published=SLOT + timedelta(days=day, hours=-1))
    newsroom.clock.moment = SLOT + timedelta(days=2, hours=7)
    await newsroom.collect()
    stale = await newsroom.send()
    newsroom.clock.moment = SLOT + timedelta(days=3)
    folded = await newsroom.send()

    assert (late.accepted, stale.editions, folded.accepted) == (1, 0, 1)
    assert [sorted(sent.articles) for sent in newsroom.relay.to("ann")] == [["a1"], ["b1", "b2"]]


async def test_batches_cover_every_reader_once(newsroom: Newsroom) -> None:
    """Key ranges touch and do not overlap; a walk that is repeated adds none."""
    await _ready(newsroom, *(f"r{number}" for number in range(23)))
    newsroom.planning.batch_size = 5
    newsroom.clock.moment = SLOT
    await newsroom.planning.plan()
    await newsroom.planning.plan()
    async with newsroom.database.read() as connection:
        bounds = [
            (row.lo, row.hi) for row in await connection.execute(select(batch.c.lo, batch.c.hi).order_by(batch.c.lo))
        ]
    tally = await newsroom.send()

    assert len(bounds) == 5
    assert all(one[1] == other[0] for one, other in itertools.pairwise(bounds))
    assert tally.accepted == 23


async def test_a_rhythm_that_nobody_holds_any_more_closes(newsroom: Newsroom) -> None:
    """Everybody leaves between the plan and the claim: nothing is sent and nothing stays open."""
    await _ready(newsroom, "ann")
    newsroom.clock.moment = SLOT
    await newsroom.planning.plan()
    token = newsroom.choosing.signer.unsubscribe(await newsroom.public_id("ann"), "daily")
    await newsroom.unsubscribing.unsubscribe(token)
    tally = await newsroom.finish()

    assert (tally.planned, tally.accepted) == (0, 0)
    assert await newsroom.open_work() == (0, 0)


async def test_who_changes_his_hour_gets_the_rest_and_nothing_twice(newsroom: Newsroom) -> None:
    """A later hour on the same day brings what came since; a day without news brings nothing."""
    await _ready(newsroom, "ann")
    newsroom.clock.moment = SLOT
    await newsroom.send()
    await newsroom.choosing.change(await newsroom.token("ann"), Change(minutes={"daily": 9 * 60}))
    newsroom.clock.moment = utc("2026-05-04T08:00")
    newsroom.store.put("a2", labels=["World"], published=utc("2026-05-04T07:30"))
    await newsroom.collect()
    newsroom.clock.moment = utc("2026-05-04T09:00")
    await newsroom.send()
    newsroom.clock.moment = utc("2026-05-05T09:00")
    quiet = await newsroom.send()

    assert [sent.articles for sent in newsroom.relay.to("ann")] == [["a1"], ["a2"]]
    assert (quiet.editions, quiet.planned, quiet.skipped) == (1, 0, 1)


async def test_alerts_wait_for_the_end_of_quiet_hours(newsroom: Newsroom) -> None:
    """What came in the night goes out when it is over, once."""
    newsroom.clock.moment = utc("2026-05-04T23:00")
    await newsroom.add_reader("ann", digests=["breaking"])
    newsroom.clock.moment = utc("2026-05-05T01:00")
    newsroom.store.put("a1", labels=["World"], published=utc("2026-05-05T00:50"))
    await newsroom.collect()
    night = await newsroom.send("breaking")
    newsroom.clock.moment = utc("2026-05-05T05:00")
    morning, again = await newsroom.send("breaking"), await newsroom.send("breaking")

    assert (night.editions, morning.accepted, again.editions) == (0, 1, 0)
    assert [sent.articles for sent in newsroom.relay.to("ann")] == [["a1"]]
