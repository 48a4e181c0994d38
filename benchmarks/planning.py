"""Measure planning: an edition for a million readers, on SQLite and on PostgreSQL, against reading their numbers once."""

import gc
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvloop
from sqlalchemy import text

from benchmarks.ledger import postgresql
from syndicate.clock import StoppedClock
from syndicate.flows.plan import PlannedDigest, Planning
from syndicate.model import Cadence
from syndicate.process import resident_bytes
from syndicate.storage.database import Database, async_url
from syndicate.storage.schema import upgrade_schema

READERS = 1_000_000
STRIDE = 50_000
SECONDS, MEGABYTES = 5.0, 20.0
NOW = datetime(2026, 5, 4, 7, 0, tzinfo=UTC)
PLANNED = PlannedDigest(name="daily", cadence=Cadence.DAILY, grace=timedelta(hours=6))


async def fill(database: Database, readers: int) -> None:
    """Put so many confirmed readers with one rhythm into the tables, by the database's own means."""
    sqlite = database.is_sqlite
    numbers = (
        "WITH RECURSIVE n(i) AS (SELECT :lo + 1 UNION ALL SELECT i + 1 FROM n WHERE i < :hi) "
        if sqlite
        else "WITH n AS (SELECT generate_series(:lo + 1, CAST(:hi AS bigint)) AS i) "
    )
    people = (
        "INSERT INTO subscriber (id, public_id, email, email_key, name, state, timezone, language, created_at, confirmed_at) "
        f"{numbers} SELECT i, 'p' || i, 'r' || i || '@readers.example', 'k' || i, '', 'confirmed', 'UTC', 'en', :at, :at FROM n"
    )
    holds = (
        "INSERT INTO subscription (subscriber, digest, rhythm, choice, state, since, since_seq) "
        f"{numbers} SELECT i, 'daily', 1, 1, 'active', :at, 0 FROM n"
    )
    at = (NOW - timedelta(days=30)).isoformat(sep=" ") if sqlite else NOW - timedelta(days=30)
    if sqlite:  # WITH stands before INSERT there
        people, holds = people.replace(numbers, ""), holds.replace(numbers, "")
        people, holds = numbers + people, numbers + holds
    async with database.begin() as connection:
        await connection.execute(text("INSERT INTO choice (id, hash, json) VALUES (1, 'c', '{}')"))
        await connection.execute(
            text(
                "INSERT INTO rhythm (id, zone, minute, weekdays, quiet_from, quiet_to) VALUES (1, 'UTC', 420, 127, -1, -1)"
            )
        )
    for lo in range(0, readers, STRIDE):
        async with database.begin() as connection:
            for statement in (people, holds):
                await connection.execute(text(statement), {"lo": lo, "hi": min(lo + STRIDE, readers), "at": at})


async def reference(database: Database) -> float:
    """Read every reader's number once, in order, and return the seconds."""
    started = time.perf_counter()
    async with database.read() as connection:
        query = text(
            "SELECT count(*) FROM (SELECT subscriber FROM subscription WHERE digest = 'daily' ORDER BY subscriber) s"
        )
        await connection.execute(query)
    return time.perf_counter() - started


async def measure(url: str, readers: int = READERS) -> tuple[float, float, int, float]:
    """Plan one edition → (seconds, megabytes that it took, batches, seconds of the reference)."""
    database = Database(async_url(url, folder=Path()))
    await upgrade_schema(database)
    await fill(database, readers)
    if not database.is_sqlite:
        async with database.engine.connect() as connection:
            outside = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await outside.execute(text("VACUUM ANALYZE subscription"))
    base = await reference(database)
    planning = Planning(database=database, clock=StoppedClock(NOW), digests=[PLANNED])
    gc.collect()
    before, started = resident_bytes(), time.perf_counter()
    made = await planning.plan()
    seconds, grown = time.perf_counter() - started, resident_bytes() - before
    assert len(made) == 1
    async with database.read() as connection:
        batches = (await connection.execute(text("SELECT count(*) FROM batch"))).scalar_one()
    await database.close()
    return seconds, grown / 1e6, batches, base


def main() -> None:
    """Print seconds and memory for each make."""
    print(f"planning one edition for {READERS:,} readers (allowed: {SECONDS:.0f} s, {MEGABYTES:.0f} MB)")
    with tempfile.TemporaryDirectory() as folder:
        _say("SQLite", uvloop.run(measure(f"sqlite:///{folder}/syndicate.db")))
    with postgresql() as url:
        _say("PostgreSQL", uvloop.run(measure(url)))


def _say(make: str, result: tuple[float, float, int, float]) -> None:
    seconds, grown, batches, base = result
    print(
        f"  {make}: {seconds:.2f} s ({seconds / SECONDS:.2f} of what is allowed, {seconds / base:.1f} × reading the numbers once), "
        f"{grown:.1f} MB more, {batches:,} batches"
    )


if __name__ == "__main__":
    main()
