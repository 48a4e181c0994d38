"""Count what metrics show: what is under way, and how far behind."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.storage import sources
from syndicate.storage.deliveries import STATES
from syndicate.storage.outbox import count_open
from syndicate.storage.pauses import list_pauses
from syndicate.storage.tables import batch, bounce, delivery, edition, subscriber


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What the database knows. `deliveries` are those of open editions, by state and transport; the ledger's past is not counted."""

    deliveries: Mapping[tuple[str, str], int]
    editions: Mapping[str, int]
    subscribers: Mapping[str, int]
    bounces: Mapping[str, int]
    source_ages: Mapping[str, float]
    paused: tuple[str, ...]
    waiting: int
    lag_seconds: float
    letters: int


async def figures(connection: AsyncConnection, *, now: datetime) -> Figures:
    """Return the figures of this moment."""
    current = select(edition.c.id).where(edition.c.state == "open")
    under_way = (
        select(delivery.c.state, func.coalesce(delivery.c.transport, ""), func.count())
        .where(delivery.c.edition.in_(current))
        .group_by(delivery.c.state, delivery.c.transport)
    )
    oldest = select(func.min(batch.c.wake_at), func.count()).where(batch.c.state == "open", batch.c.wake_at <= now)
    since, waiting = (await connection.execute(oldest)).one()
    rows = (await connection.execute(under_way)).all()
    return Figures(
        deliveries={(STATES[state].value, transport): number for state, transport, number in rows},
        editions=dict(
            (await connection.execute(select(edition.c.state, func.count()).group_by(edition.c.state))).tuples().all()
        ),
        subscribers=dict(
            (await connection.execute(select(subscriber.c.state, func.count()).group_by(subscriber.c.state)))
            .tuples()
            .all()
        ),
        bounces=dict(
            (await connection.execute(select(bounce.c["class"], func.count()).group_by(bounce.c["class"])))
            .tuples()
            .all()
        ),
        source_ages={
            one.name: max((now - one.collected_at).total_seconds(), 0.0)
            for one in await sources.list_sources(connection)
            if one.collected_at is not None
        },
        paused=tuple(one["digest"] for one in await list_pauses(connection)),
        waiting=waiting,
        lag_seconds=max((now - since).total_seconds(), 0.0) if since else 0.0,
        letters=await count_open(connection),
    )
