"""How far a send is, whoever sends it."""

from collections.abc import Sequence

import pytest

from syndicate.clock import StoppedClock
from syndicate.flows.places import Slots
from syndicate.model import Envelope
from syndicate.storage import underway
from syndicate.storage.database import Database
from syndicate.storage.underway import HowFar
from tests.flows.newsroom import Newsroom, open_newsroom, utc

READERS, SIZE = 30, 10


@pytest.fixture
async def newsroom(database: Database, clock: StoppedClock) -> Newsroom:
    """Return a newsroom whose edition is planned: thirty readers in three batches, one of whom wants nothing of what there is."""
    opened = await open_newsroom(database, clock, batch_size=SIZE)
    opened.store.put("a1", labels=["World"], published=utc("2026-05-04T05:00"))
    for number in range(READERS):
        await opened.add_reader(f"r{number:02}", sections=["sport" if number == 0 else "world"])
    await opened.collect()
    clock.moment = utc("2026-05-04T07:00")
    await opened.planning.plan(digest="daily")
    return opened


async def look(newsroom: Newsroom, *, after: int = 0, known: Sequence[int] = ()) -> HowFar:
    """Return how far the daily digest is."""
    async with newsroom.database.read() as connection:
        _, found = await underway.how_far(connection, digest="daily", after=after, known=known, size=SIZE)
        return found


async def test_what_others_send_counts(newsroom: Newsroom) -> None:
    """And what was sent before; the number of readers does not shrink by it."""
    assert (before := await look(newsroom)).dealt_with == 0
    lease = await (other := newsroom.delivering(owner="other")).next_batch()
    assert lease is not None
    await other.run(lease, newsroom.tally)
    after = await look(newsroom)

    assert after.states == {"accepted": SIZE - 1, "skipped": 1}
    assert (before.readers, after.readers) == (READERS, READERS)


async def test_what_is_out_is_no_longer_waiting_and_not_yet_dealt_with(newsroom: Newsroom) -> None:
    """Half a batch is being sent."""
    found: list[HowFar] = []

    async def look_on(_: Sequence[Envelope]) -> None:
        found.append(await look(newsroom))

    newsroom.relay.before = look_on
    flow = newsroom.delivering()
    flow.slots = Slots(5)
    lease = await flow.next_batch()
    assert lease is not None
    await flow.run(lease, newsroom.tally)

    assert found[0].dealt_with == 1
    assert found[0].readers == READERS


async def test_an_edition_that_ends_between_two_looks_still_counts(newsroom: Newsroom) -> None:
    """One that was known, and one that is newer than the send; older ones are another day's."""
    await newsroom.finish()

    assert await newsroom.open_work() == (0, 0)
    assert (await look(newsroom, after=1, known=[1])).readers == READERS
    assert (await look(newsroom, after=0)).readers == READERS
    assert (await look(newsroom, after=1)).readers == 0
