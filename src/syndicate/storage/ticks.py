"""Let one of several daemons fire a job, without a leader: compare and set."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.storage.tables import tick


async def may_fire(connection: AsyncConnection, job: str, *, now: datetime, every: timedelta) -> bool:
    """Tell whether this process is to run a job now, and if so keep the others from it for most of its interval.

    A clock that was set back cannot silence a job: a last time in the future counts as long ago.
    """
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    inserted = await connection.execute(make(tick).values(job=job, last_fire=now).on_conflict_do_nothing())
    if inserted.rowcount == 1:
        return True
    due = (tick.c.last_fire <= now - every * 0.8) | (tick.c.last_fire > now + every)
    return (await connection.execute(update(tick).where(tick.c.job == job, due).values(last_fire=now))).rowcount == 1
