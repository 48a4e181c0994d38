"""Let the clock jump, both ways, in the middle of sends: nothing is lost, nothing comes twice, and mornings go on."""

import random
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import pytest

from syndicate.clock import StoppedClock
from syndicate.model import Envelope
from syndicate.storage import ticks
from syndicate.storage.database import Database
from tests.chaos.conftest import LONG
from tests.flows.newsroom import ACCEPTED, DEFERRED, Newsroom, utc

NAMES = [f"r{number:02}" for number in range(12)]
DAYS = 5
SEEDS = range(40 if LONG else 2)


@pytest.mark.parametrize("seed", SEEDS)
async def test_every_reader_gets_every_article_once_whatever_the_clock_does(newsroom: Newsroom, seed: int) -> None:
    """An hour to thirty, forward or back, at any moment of a send; then somebody sets it right."""
    chance, true = random.Random(seed), utc("2026-05-04T06:00")
    clock, relay = newsroom.clock, newsroom.relay
    for name in NAMES:
        await newsroom.add_reader(name, digests=["daily"])
    jump = [timedelta(0)]

    async def shake(_: Sequence[Envelope]) -> None:
        if not jump[0] and chance.random() < 0.4:
            jump[0] = chance.choice((-1, 1)) * timedelta(minutes=chance.randint(1, 30 * 60))
            clock.advance(jump[0])

    for day in range(DAYS + 2):
        clock.moment = true
        newsroom.store.put(f"a{day}", labels=["World"], published=true)
        await newsroom.collect()
        relay.before, jump[0] = (shake if 0 < day < DAYS else None), timedelta(0)
        relay.answer = lambda _: DEFERRED if 0 < day < DAYS and chance.random() < 0.2 else ACCEPTED  # noqa: B023  # used at once
        for minutes in (60, 30, 60, 130):
            true += timedelta(minutes=minutes)
            clock.moment = true + jump[0]
            await newsroom.send()
            if chance.random() < 0.5:
                jump[0] = timedelta(0)
        true += timedelta(days=1) - timedelta(minutes=280)

    got = {name: Counter(one for sent in relay.to(name) for one in sent.articles) for name in NAMES}
    assert got == {name: {f"a{day}": 1 for day in range(DAYS + 2)} for name in NAMES}
    assert not {"planned", "sending", "deferred"} & (await newsroom.states()).keys()
    assert await newsroom.open_work() == (0, 0)


async def test_daemons_whose_clocks_jump_fire_on(database: Database, clock: StoppedClock) -> None:
    """Of two that tick together one fires at each turn; a clock that was set back by a day silences nobody."""
    every, fired = timedelta(seconds=10), []
    for turn in range(60):
        if turn == 20:
            clock.advance(timedelta(days=1))
        if turn == 40:
            clock.advance(-timedelta(days=1))
        count = 0
        for _ in range(2):
            async with database.begin() as connection:
                count += await ticks.may_fire(connection, "plan", now=clock.now(), every=every)
        fired.append(count)
        clock.advance(every)

    assert fired == [1] * 60
