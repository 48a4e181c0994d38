"""Keep what must happen once after a transaction: letters to single readers, hub pings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.storage.batches import is_free, lease_end
from syndicate.storage.pauses import RESTORED
from syndicate.storage.tables import Moment, outbox, pause


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """One thing to do, which is ours until its lease ends; `attempt` counts from 1, and tells one lease from the next."""

    id: int
    kind: str
    key: str
    payload: dict[str, Any]  # Any: JSON
    attempt: int
    created_at: datetime
    note: str | None = None


async def put(
    connection: AsyncConnection, *, kind: str, key: str, payload: Mapping[str, Any], now: datetime
) -> bool:  # Any: JSON
    """Ask for something once; False when the same key was asked for before."""
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    values = {
        "kind": kind,
        "key": key,
        "payload": msgspec.json.encode(payload).decode(),
        "state": "open",
        "next_try": now,
        "created_at": now,
    }
    return (await connection.execute(make(outbox).values(values).on_conflict_do_nothing())).rowcount == 1


async def take(connection: AsyncConnection, *, kinds: Sequence[str], now: datetime, most: int) -> list[OutboxRow]:
    """Lease what is due of some kinds, oldest first. What is done but not recorded when a process dies is done again when the lease ends."""
    due = (
        select(outbox.c.id)
        .where(
            _is_due(connection, kinds, now),
            # after a restore, what the backup holds may have gone since: it waits for the operator, what is new does not
            ~exists().where(pause.c.digest == "*", pause.c.reason == RESTORED, pause.c.at >= outbox.c.created_at),
        )
        .order_by(outbox.c.id)
        .limit(most)
    )
    if connection.dialect.name == "postgresql":
        due = due.with_for_update(skip_locked=True)
    statement = (
        update(outbox)
        .where(outbox.c.id.in_(due.scalar_subquery()))
        .values(lease_until=lease_end(connection, now), attempt=outbox.c.attempt + 1)
        .returning(
            outbox.c.id,
            outbox.c.kind,
            outbox.c.key,
            outbox.c.payload,
            outbox.c.attempt,
            outbox.c.created_at,
            outbox.c.note,
        )
    )
    rows = (await connection.execute(statement)).all()
    found = [
        OutboxRow(
            id=row.id,
            kind=row.kind,
            key=row.key,
            payload=msgspec.json.decode(row.payload),
            attempt=row.attempt,
            created_at=row.created_at,
            note=row.note,
        )
        for row in rows
    ]
    return sorted(found, key=lambda row: row.id)


def _is_due(connection: AsyncConnection, kinds: Sequence[str], now: datetime) -> ColumnElement[bool]:
    """Say what may be taken now. What was never tried, or was cut off, is due whatever a clock that was set back thinks of it."""
    return and_(
        outbox.c.kind.in_(kinds),
        outbox.c.state == "open",
        or_(outbox.c.next_try <= literal(now, Moment), outbox.c.attempt == 0, outbox.c.lease_until.is_not(None)),
        is_free(connection, outbox.c.lease_until, now),
    )


async def renew(connection: AsyncConnection, rows: Sequence[OutboxRow], *, now: datetime) -> None:
    """Hold on to what is still ours of what was taken."""
    ours = tuple_(outbox.c.id, outbox.c.attempt).in_([(row.id, row.attempt) for row in rows])
    statement = update(outbox).where(ours, outbox.c.lease_until.is_not(None))
    await connection.execute(statement.values(lease_until=lease_end(connection, now)))


async def settle(
    connection: AsyncConnection,
    row: OutboxRow,
    *,
    state: str,
    next_try: datetime | None = None,
    note: str | None = None,
) -> None:
    """Record how it went: done, refused, or open until `next_try`. Whoever has lost the lease records nothing."""
    values: dict[str, Any] = {"state": state, "lease_until": None, "note": note}  # Any: column values
    if next_try is not None:
        values["next_try"] = next_try
    await connection.execute(
        update(outbox).where(outbox.c.id == row.id, outbox.c.attempt == row.attempt).values(values)
    )


async def count_due(connection: AsyncConnection, *, kinds: Sequence[str], now: datetime, most: int) -> int:
    """Return how much of some kinds is due, counting no further than `most`."""
    due = select(outbox.c.id).where(_is_due(connection, kinds, now))
    return (await connection.execute(select(func.count()).select_from(due.limit(most).subquery()))).scalar() or 0


async def count_open(connection: AsyncConnection) -> int:
    """Return how much is still to do."""
    return (
        await connection.execute(select(func.count()).select_from(outbox).where(outbox.c.state == "open"))
    ).scalar() or 0
