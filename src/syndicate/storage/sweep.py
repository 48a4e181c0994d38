"""Sweep the ledger while it is written, so that a large edition fills the places of its own dead rows."""

import asyncio

import structlog
from sqlalchemy import exc, text

from syndicate.storage.database import Database

log = structlog.get_logger(__name__)

SWEEP = 20_000  # marks between two sweeps: autovacuum looks once a minute, when there are more than a hundred thousand
PATIENCE = 10.0  # seconds; what is left is autovacuum's
# another's sweep is enough, and indexes, which may be large, hold nothing of a row that was only marked
_SWEEP = text("VACUUM (SKIP_LOCKED, TRUNCATE FALSE, INDEX_CLEANUP OFF) delivery")


async def sweep_ledger(database: Database) -> None:
    """Free the places of dead rows on PostgreSQL; SQLite has none. A sweep that fails is not missed."""
    if database.is_sqlite:
        return
    try:
        async with asyncio.timeout(PATIENCE), database.engine.connect() as connection:
            outside = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await outside.execute(_SWEEP)
    except (TimeoutError, OSError, exc.SQLAlchemyError) as error:
        log.info("ledger_not_swept", trouble=str(error))
