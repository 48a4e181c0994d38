"""Cutting readers into batches: each in one, in constant steps, resumable."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select, update

from syndicate.clock import StoppedClock
from syndicate.flows.plan import PlannedDigest, Planning
from syndicate.model import Cadence, Slot
from syndicate.storage import editions
from syndicate.storage.database import Database
from syndicate.storage.tables import batch, choice, edition, rhythm, subscriber, subscription

NOW = datetime(2026, 5, 4, 7, tzinfo=UTC)
DAILY = PlannedDigest(name="daily", cadence=Cadence.DAILY, grace=timedelta(hours=6))


async def hold(database: Database, numbers: list[int]) -> None:
    """Have readers of these numbers hold the daily digest at seven o'clock."""
    async with database.begin() as connection:
        await connection.execute(insert(choice).values(id=1, hash="c", json="{}"))
        await connection.execute(
            insert(rhythm).values(id=1, zone="UTC", minute=420, weekdays=127, quiet_from=-1, quiet_to=-1)
        )
        people = [
            {"id": n, "public_id": f"p{n}", "email": f"r{n}@x.example", "email_key": f"k{n}", "name": "",
             "state": "confirmed", "timezone": "UTC", "language": "en", "created_at": NOW}
            for n in numbers
        ]  # fmt: skip
        held = [
            {"subscriber": n, "digest": "daily", "rhythm": 1, "choice": 1, "state": "active", "since": NOW,
             "since_seq": 0}
            for n in numbers
        ]  # fmt: skip
        await connection.execute(insert(subscriber), people)
        await connection.execute(insert(subscription), held)


async def ranges(database: Database) -> list[tuple[int, int]]:
    """Return the key ranges of all batches, in order."""
    async with database.read() as connection:
        query = select(batch.c.lo, batch.c.hi).order_by(batch.c.lo)
        return [(lo, hi) for lo, hi in await connection.execute(query)]


@pytest.mark.parametrize("count", [1, 9, 10, 11, 95])
async def test_every_reader_is_in_exactly_one_batch(
    database: Database, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    """Whatever their number and the gaps between them; the ranges touch and do not overlap."""
    monkeypatch.setattr(editions, "WALK", 30)
    numbers = [7 + 3 * n + n // 5 for n in range(count)]
    await hold(database, numbers)
    planning = Planning(database=database, clock=StoppedClock(NOW), digests=[DAILY], batch_size=10)

    await planning.plan()

    found = await ranges(database)
    assert [sum(lo < number <= hi for lo, hi in found) for number in numbers] == [1] * count
    assert all(found[place][1] == found[place + 1][0] for place in range(len(found) - 1))
    assert len(found) == -(-count // 10)


async def test_a_walk_that_was_killed_goes_on_where_it_stood(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process finishes what the first began, and no reader is in two batches."""
    monkeypatch.setattr(editions, "WALK", 20)
    await hold(database, list(range(1, 101)))
    async with database.begin() as connection:
        made = await editions.add_edition(
            connection,
            digest="daily",
            rhythm_id=1,
            slot=Slot(name="2026-05-04", at=NOW),
            to_seq=0,
            replay=False,
            now=NOW,
            stale_at=NOW + DAILY.grace,
        )
        assert made is not None
    for _ in range(2):  # two stretches, then the process dies
        async with database.begin() as connection:
            one = await editions.load_edition(connection, made)
            assert one is not None
            await editions.walk_readers(connection, one, size=10, priority=5, now=NOW)
    assert len(await ranges(database)) == 4

    await Planning(database=database, clock=StoppedClock(NOW), digests=[DAILY], batch_size=10).plan()

    assert await ranges(database) == [(lo, lo + 10) for lo in range(0, 100, 10)]


async def plan_days(database: Database, first: int, last: int, *, grace: timedelta = DAILY.grace) -> None:
    """Plan the editions of these days after the first, ten readers to a batch."""
    for day in range(first, last + 1):
        clock = StoppedClock(NOW + timedelta(days=day))
        await Planning(database=database, clock=clock, digests=[replace(DAILY, grace=grace)], batch_size=10).plan()


async def in_order(database: Database, number: int) -> list[tuple[int, int]]:
    """Return the key ranges of an edition in the order in which they are worked on."""
    async with database.read() as connection:
        query = select(batch.c.lo, batch.c.hi).where(batch.c.edition == number).order_by(batch.c.id)
        return [(lo, hi) for lo, hi in await connection.execute(query)]


@pytest.mark.parametrize(("stopped", "begins"), [(20, 20), (25, 30), (30, 30), (40, 40), (95, 95), (100, 0)])
async def test_an_edition_begins_where_the_last_one_stopped(
    database: Database, monkeypatch: pytest.MonkeyPatch, stopped: int, begins: int
) -> None:
    """With the first batch of which nobody had his turn. It goes round from there, in stretches too, and every reader is in one batch."""
    monkeypatch.setattr(editions, "WALK", 20)
    await hold(database, list(range(1, 101)))
    await plan_days(database, 0, 0)
    async with database.begin() as connection:
        await connection.execute(update(batch).where(batch.c.hi <= stopped).values(cursor=batch.c.hi))
        await connection.execute(update(batch).where(batch.c.lo < stopped, batch.c.hi > stopped).values(cursor=stopped))
        await connection.execute(update(batch).values(state="done"))
        await connection.execute(update(edition).values(state="done"))

    await plan_days(database, 1, 1)

    found = await in_order(database, 2)
    assert found[0][0] == begins
    assert found == sorted(found, key=lambda one: (one[0] < begins, one))
    assert [sum(lo < number <= hi for lo, hi in found) for number in range(1, 101)] == [1] * 100


async def test_editions_that_wait_for_each_other_begin_far_apart(database: Database) -> None:
    """Nobody knows where one will stop that has not gone yet; the same beginning for all would serve the same readers by all."""
    await hold(database, list(range(1, 101)))

    await plan_days(database, 0, 3, grace=timedelta(days=9))

    assert [(await in_order(database, number))[0][0] for number in (1, 2, 3, 4)] == [0, 60, 20, 80]
