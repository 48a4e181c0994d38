"""Keep what relays were given, for all processes, on the database's clock."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.core.pace import Grant, Urgency, take
from syndicate.storage.tables import bucket, spent

STRETCH = 600  # seconds that one row of `spent` counts
DAY = 86_400 // STRETCH  # rows of one day


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What may go to one relay. `rate` is messages a second, `per_day` how many in 24 hours; None is no limit.

    Letters count among those of a day but are not held by their number: somebody waits for each, and they are few.
    """

    rate: float | None = None
    per_day: int | None = None


async def take_from(
    connection: AsyncConnection,
    relay: str,
    *,
    limits: Limits,
    wanted: int,
    owed: int = 0,
    urgency: Urgency,
    now: datetime,
) -> Grant:
    """Take leave for up to `wanted` messages, and record that they go. Processes that ask at once are served one by one.

    The grant counts the `owed` messages too, and those first: they went without leave, so a day's number holds them whatever is left of it.
    """
    tat, present = await _locked(connection, relay, now)
    today = None
    if limits.per_day is not None:
        today, free_at = await _left(connection, relay, limits.per_day, present)
        if urgency is not Urgency.LETTER:
            wanted = min(wanted, max(today - owed, 0))
            if not wanted + owed:
                return Grant(count=0, tat=tat, wait=max(free_at - present, 1.0))
    grant = Grant(count=wanted + owed, tat=tat)
    if limits.rate is not None:
        grant = take(tat, now=present, wanted=wanted + owed, rate=limits.rate, urgency=urgency)
    if grant.count:
        await connection.execute(update(bucket).where(bucket.c.relay == relay).values(tat=grant.tat))
        if today is not None:
            await _spend(connection, relay, grant.count, present)
    return grant


async def give_back(connection: AsyncConnection, relay: str, count: int) -> None:
    """Take messages that did not go after all off the number of a day, those recorded last first."""
    query = select(spent.c.stretch, spent.c.n).where(spent.c.relay == relay).order_by(spent.c.stretch.desc())
    for stretch, number in (await connection.execute(query.with_for_update())).all():
        less = min(count, number)
        row = (spent.c.relay == relay) & (spent.c.stretch == stretch)
        await connection.execute(update(spent).where(row).values(n=spent.c.n - less))
        count -= less
        if not count:
            return


async def _locked(connection: AsyncConnection, relay: str, now: datetime) -> tuple[float, float]:
    """Return the relay's `tat` and the time, both in seconds; the row is ours until the transaction ends."""
    on_postgresql = connection.dialect.name == "postgresql"
    clock = func.extract("epoch", func.clock_timestamp()) if on_postgresql else literal(now.timestamp())
    query = select(bucket.c.tat, clock.label("present")).where(bucket.c.relay == relay).with_for_update()
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        make = postgresql.insert if on_postgresql else sqlite.insert
        await connection.execute(make(bucket).values(relay=relay, tat=0.0).on_conflict_do_nothing())
        row = (await connection.execute(query)).one()
    return float(row.tat), float(row.present)


async def _left(connection: AsyncConnection, relay: str, per_day: int, present: float) -> tuple[int, float]:
    """Return how many may still go in these 24 hours, and when the oldest of them stop to count."""
    first = int(present) // STRETCH - DAY + 1
    await connection.execute(delete(spent).where(spent.c.relay == relay, spent.c.stretch < first))
    query = select(func.sum(spent.c.n), func.min(spent.c.stretch)).where(
        spent.c.relay == relay, spent.c.stretch >= first
    )
    total, oldest = (await connection.execute(query)).one()
    return max(per_day - int(total or 0), 0), float(((oldest or first) + DAY) * STRETCH)


async def _spend(connection: AsyncConnection, relay: str, count: int, present: float) -> None:
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = make(spent).values(relay=relay, stretch=int(present) // STRETCH, n=count)
    await connection.execute(
        statement.on_conflict_do_update(index_elements=["relay", "stretch"], set_={"n": spent.c.n + count})
    )
