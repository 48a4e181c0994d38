"""A busy morning: two workers send while ten times the usual news comes in and readers leave."""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select

from syndicate.flows.places import Slots
from syndicate.flows.tally import Tally
from syndicate.flows.work import finish_digest
from syndicate.model import Envelope
from syndicate.storage.tables import delivery, subscriber
from tests.chaos.conftest import LONG
from tests.flows.newsroom import ACCEPTED, DEFERRED, Newsroom, Relay, utc

READERS = 1_000 if LONG else 60
USUAL = 3
NAMES = [f"r{number:03}" for number in range(READERS)]
SEEDS = range(20 if LONG else 1)


async def write(newsroom: Newsroom, numbers: range) -> None:
    """Put articles into the store, and collect them."""
    for number in numbers:
        newsroom.store.put(f"a{number}", labels=["World"], published=newsroom.clock.moment)
    await newsroom.collect()


async def open_readers(newsroom: Newsroom) -> None:
    """Subscribe everybody, and bring them the first morning's news, so that each has a mark."""
    for name in NAMES:
        await newsroom.add_reader(name)
    newsroom.planning.batch_size = 12
    await write(newsroom, range(USUAL))
    newsroom.clock.moment = utc("2026-05-04T07:00")
    await newsroom.send()


async def send_with_two(newsroom: Newsroom) -> None:
    """Plan, and let two workers send at the same time."""
    await newsroom.planning.plan()
    flows = [newsroom.delivering(owner=f"worker {number}") for number in range(2)]
    for flow in flows:
        flow.slots = Slots(6)
    async with asyncio.timeout(120):
        await asyncio.gather(*(finish_digest(flow, "daily", Tally()) for flow in flows))


async def test_a_burst_of_articles_in_the_middle_of_a_send_comes_once_to_everybody(newsroom: Newsroom) -> None:
    """Ten times the usual number, collected while the morning's edition goes out: in the next one, and in full."""
    await open_readers(newsroom)
    newsroom.clock.moment = utc("2026-05-05T06:00")
    await write(newsroom, range(10, 10 + USUAL))
    newsroom.clock.moment = utc("2026-05-05T07:00")
    burst = iter([range(100 + 10 * number, 110 + 10 * number) for number in range(USUAL)])

    async def pour(_: Sequence[Envelope]) -> None:
        if (part := next(burst, None)) is not None:
            await write(newsroom, part)

    newsroom.relay.before = pour
    await send_with_two(newsroom)
    newsroom.clock.moment = utc("2026-05-06T07:00")
    await send_with_two(newsroom)

    mornings = [
        range(USUAL),
        range(10, 10 + USUAL),
        range(100, 100 + 10 * USUAL),
    ]
    for name in NAMES:
        assert [sorted(sent.articles) for sent in newsroom.relay.to(name)] == [
            sorted(f"a{number}" for number in morning) for morning in mornings
        ]
    assert await newsroom.open_work() == (0, 0)


@pytest.mark.parametrize("seed", SEEDS)
async def test_who_leaves_while_it_is_sent_gets_nothing_that_was_not_claimed(newsroom: Newsroom, seed: int) -> None:
    """Readers leave all the time, while two workers send and some messages are put off; a claim is the last moment."""
    chance = random.Random(seed)
    await open_readers(newsroom)
    newsroom.clock.moment = utc("2026-05-05T06:00")
    await write(newsroom, range(10, 10 + USUAL))
    newsroom.clock.moment = utc("2026-05-05T07:00")
    newsroom.relay = Relay(clock=newsroom.clock)
    going, left_in_time = list(NAMES), set[str]()
    chance.shuffle(going)

    async def leave(_: Sequence[Envelope]) -> None:
        name = going.pop()
        token = newsroom.choosing.signer.unsubscribe(await newsroom.public_id(name), "daily")
        await newsroom.unsubscribing.unsubscribe(token)
        if not await _is_claimed(newsroom, name):
            left_in_time.add(f"{name}@{name}.example")

    newsroom.relay.before = leave
    newsroom.relay.answer = lambda _: DEFERRED if chance.random() < 0.1 else ACCEPTED
    await send_with_two(newsroom)
    newsroom.relay.answer = lambda _: ACCEPTED
    late = {f"{name}@{name}.example" for name in NAMES} - {f"{name}@{name}.example" for name in going}
    tried = len(newsroom.relay.tried)
    for _ in range(5):
        newsroom.clock.advance(timedelta(minutes=16))
        await send_with_two(newsroom)

    counts = Counter(sent.recipient for sent in newsroom.relay.accepted)
    stayed = {f"{name}@{name}.example" for name in going}
    assert left_in_time
    assert not left_in_time & {sent.recipient for sent in newsroom.relay.tried}
    assert not late & {sent.recipient for sent in newsroom.relay.tried[tried:]}
    assert stayed <= counts.keys()
    assert set(counts.values()) == {1}
    assert not {"planned", "sending", "deferred"} & (await newsroom.states()).keys()
    assert await newsroom.open_work() == (0, 0)


async def _is_claimed(newsroom: Newsroom, name: str) -> bool:
    """Tell whether the second morning's delivery to a reader is in the ledger already."""
    query = (
        select(delivery.c.edition)
        .join(subscriber, subscriber.c.id == delivery.c.subscriber)
        .where(subscriber.c.email == f"{name}@{name}.example", delivery.c.edition > 1)
    )
    async with newsroom.database.read() as connection:
        return (await connection.execute(query)).first() is not None
