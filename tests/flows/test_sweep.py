"""The ledger's dead rows are swept while a large edition goes out."""

import asyncio

import pytest
from sqlalchemy import text

from syndicate.storage import sweep
from tests.flows.newsroom import Newsroom, utc

VACUUMS = text("SELECT vacuum_count FROM pg_stat_user_tables WHERE relname = 'delivery'")


async def vacuums(newsroom: Newsroom) -> int:
    """Return how often the ledger was vacuumed, other than by PostgreSQL itself."""
    async with newsroom.database.read() as connection:
        return int((await connection.execute(VACUUMS)).scalar_one())


async def send(newsroom: Newsroom, *, readers: int) -> None:
    """Send one article to so many readers."""
    newsroom.store.put("a1", labels=["World"], published=utc("2026-05-04T05:00"))
    await newsroom.collect()
    for number in range(readers):
        await newsroom.add_reader(f"r{number}")
    newsroom.clock.moment = utc("2026-05-04T07:00")
    await newsroom.send()


async def test_the_ledger_is_swept_after_so_many_marks(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """By whoever marked them, when his batch is done; never on SQLite, which needs none."""
    monkeypatch.setattr("syndicate.flows.deliver.SWEEP", 5)
    await send(newsroom, readers=6)

    assert len(newsroom.relay.accepted) == 6
    if not newsroom.database.is_sqlite:
        async with asyncio.timeout(10):
            while await vacuums(newsroom) != 1:
                await asyncio.sleep(0.05)


async def test_few_marks_are_left_to_the_database(newsroom: Newsroom) -> None:
    """It looks once a minute by itself."""
    await send(newsroom, readers=6)

    assert newsroom.database.is_sqlite or await vacuums(newsroom) == 0


async def test_a_sweep_that_fails_costs_no_message(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the database says to it."""
    monkeypatch.setattr("syndicate.flows.deliver.SWEEP", 1)
    monkeypatch.setattr(sweep, "_SWEEP", text("VACUUM (NO_SUCH_OPTION) delivery"))
    await send(newsroom, readers=3)

    assert len(newsroom.relay.accepted) == 3
