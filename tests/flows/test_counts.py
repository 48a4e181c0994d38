"""What became of an edition is written down when it is over, and follows whatever changes it afterwards."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from syndicate.model import DeliveryState, Receipt
from syndicate.storage import batches, by_hand, counts, deliveries
from syndicate.storage.tables import delivery, edition_count
from tests.flows.newsroom import ACCEPTED, REFUSED, UNANSWERED, Newsroom, utc

SLOT = utc("2026-05-04T07:00")


@pytest.fixture
async def morning(newsroom: Newsroom) -> Newsroom:
    """Return a newsroom whose first edition went to three readers: one took it, one is refused, of one nobody knows."""
    newsroom.store.put("a1", labels=["World"], published=utc("2026-05-04T05:00"))
    for name in ("ann", "bob", "cleo"):
        await newsroom.add_reader(name)
    await newsroom.collect()
    newsroom.clock.moment = SLOT
    newsroom.policy = "hold"
    newsroom.relay.answer = lambda envelope: _answers(envelope.recipient)
    await newsroom.send()
    return newsroom


def _answers(recipient: str) -> Receipt:
    return {"b": REFUSED, "c": UNANSWERED}.get(recipient[0], ACCEPTED)


async def kept(newsroom: Newsroom) -> dict[str, int]:
    """Return what is written down of the first edition."""
    async with newsroom.database.read() as connection:
        rows = await connection.execute(select(edition_count).where(edition_count.c.edition == 1))
        return {deliveries.STATES[row.state].value: row.n for row in rows}


async def test_an_edition_that_is_over_is_not_counted_again(morning: Newsroom) -> None:
    """Its deliveries may be many millions; whoever asks what became of it reads a line for each state."""
    async with morning.database.begin() as connection:
        await connection.execute(delete(delivery))

    assert await morning.open_work() == (0, 0)
    assert await morning.states() == {"accepted": 1, "refused": 1, "uncertain": 1}
    async with morning.database.read() as connection:
        assert await counts.counts_of(connection, [1, 2]) == {1: {"accepted": 1, "refused": 1, "uncertain": 1}}


async def test_an_open_edition_is_counted_where_it_stands(newsroom: Newsroom) -> None:
    """Beside those that are over."""
    newsroom.store.put("a1", labels=["World"], published=utc("2026-05-04T05:00"))
    await newsroom.add_reader("ann")
    await newsroom.collect()
    newsroom.clock.moment = SLOT
    await newsroom.planning.plan()
    lease = await (flow := newsroom.delivering()).next_batch()
    assert lease is not None
    await flow.run(lease, newsroom.tally)

    assert await kept(newsroom) == {}
    assert await newsroom.states() == {"accepted": 1}


async def test_what_is_ruled_on_by_hand_is_written_down_anew(morning: Newsroom) -> None:
    """The edition stays over."""
    async with morning.database.begin() as connection:
        assert await by_hand.accept_uncertain(connection) == 1

    assert await kept(morning) == await morning.states() == {"accepted": 2, "refused": 1}


async def test_what_is_tried_again_by_hand_is_counted_where_it_stands_until_it_is_over(morning: Newsroom) -> None:
    """Nothing counts twice meanwhile."""
    morning.relay.answer = lambda _: ACCEPTED
    now = morning.clock.now() + timedelta(minutes=1)
    morning.clock.moment = now
    async with morning.database.begin() as connection:
        tried = await by_hand.retry_by_hand(connection, state=DeliveryState.REFUSED, now=now)
        await batches.reopen(connection, list(tried), now=now)
    meanwhile = await morning.states()
    before = await kept(morning)
    await morning.finish()

    assert before == {}
    assert meanwhile == {"accepted": 1, "deferred": 1, "uncertain": 1}
    assert await kept(morning) == await morning.states() == {"accepted": 2, "uncertain": 1}
