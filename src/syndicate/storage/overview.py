"""Count what there is, for status and metrics."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.storage import sources
from syndicate.storage.articles import count_articles
from syndicate.storage.counts import count_by_state
from syndicate.storage.outbox import count_open
from syndicate.storage.pauses import list_pauses
from syndicate.storage.tables import batch, bounce, edition, section, subscriber


async def overview(connection: AsyncConnection, *, now: datetime) -> dict[str, Any]:  # Any: JSON
    """Return the state of everything, for operators."""
    states = select(subscriber.c.state, func.count()).group_by(subscriber.c.state)
    classes = select(bounce.c["class"], func.count()).group_by(bounce.c["class"])
    open_editions = select(edition.c.state, func.count()).group_by(edition.c.state)
    oldest = select(func.min(batch.c.wake_at), func.count()).where(batch.c.state == "open", batch.c.wake_at <= now)
    since, waiting = (await connection.execute(oldest)).one()
    return {
        "sources": [
            {
                "name": one.name,
                "collected_at": one.collected_at,
                "seconds": one.seconds,
                "outcome": one.outcome,
                "trouble": one.trouble,
            }
            for one in await sources.list_sources(connection)
        ],
        "articles": await count_articles(connection),
        "feeds": ((await connection.execute(select(func.count()).select_from(section))).scalar() or 0) + 1,
        "subscribers": {row[0]: row[1] for row in await connection.execute(states)},
        "editions": {row[0]: row[1] for row in await connection.execute(open_editions)},
        "deliveries": await count_by_state(connection),
        "paused": await list_pauses(connection),
        "queue": {
            "waiting": waiting,
            "lag_seconds": max((now - since).total_seconds(), 0.0) if since else 0.0,
            "letters": await count_open(connection),
        },
        "bounces": {row[0]: row[1] for row in await connection.execute(classes)},
    }
