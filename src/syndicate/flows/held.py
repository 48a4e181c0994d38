"""Hold on to what was taken from the outbox for as long as it takes to do it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import structlog

from syndicate.clock import Clock
from syndicate.storage import outbox
from syndicate.storage.database import Database
from syndicate.storage.outbox import OutboxRow

log = structlog.get_logger(__name__)

RENEW = 5.0  # seconds between renewals


@asynccontextmanager
async def held(database: Database, rows: Sequence[OutboxRow], *, clock: Clock) -> AsyncIterator[None]:
    """Renew the leases of what was taken until the end of the block."""
    renewing = asyncio.create_task(_renew(database, rows, clock))
    try:
        yield
    finally:
        renewing.cancel()
        await asyncio.gather(renewing, return_exceptions=True)


async def _renew(database: Database, rows: Sequence[OutboxRow], clock: Clock) -> None:
    while rows:
        await asyncio.sleep(RENEW)
        try:
            async with database.begin() as connection:
                await outbox.renew(connection, rows, now=clock.now())
        except Exception:  # the database went away: the next time, or whoever records the outcome, will tell
            log.exception("lease_not_renewed")
