"""Remove what is older than the operator keeps, in slices that hold nobody up."""

from datetime import datetime

from sqlalchemy import delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.storage.tables import bounce, delivery, edition, outbox

SLICE = 10_000  # deliveries removed in one transaction


async def oldest_edition(connection: AsyncConnection, *, before: datetime) -> int | None:
    """Return the oldest edition that is over and was planned before a moment; the newest of each rhythm is kept, it says how far alerts are."""
    newer = edition.alias()
    query = (
        select(edition.c.id)
        .where(
            edition.c.planned_at < before,
            edition.c.state.not_in(("open", "waiting")),
            exists().where(
                newer.c.digest == edition.c.digest, newer.c.rhythm == edition.c.rhythm, newer.c.id > edition.c.id
            ),
        )
        .order_by(edition.c.id)
        .limit(1)
    )
    return (await connection.execute(query)).scalar()


async def prune_edition(connection: AsyncConnection, edition_id: int) -> int:
    """Remove a slice of an edition's deliveries, and the edition with all it consists of when none is left; return how many."""
    chosen = (
        select(delivery.c.subscriber)
        .where(delivery.c.edition == edition_id)
        .order_by(delivery.c.subscriber)
        .limit(SLICE)
    )
    gone = (
        await connection.execute(
            delete(delivery).where(delivery.c.edition == edition_id, delivery.c.subscriber.in_(chosen))
        )
    ).rowcount
    if gone < SLICE:
        for table in edition.metadata.sorted_tables:
            # notes of what went with which mail refer to the edition by number; batches and variants go with its row
            if table.name in ("carried", "notice"):
                await connection.execute(delete(table).where(table.c.edition == edition_id))
        await connection.execute(delete(edition).where(edition.c.id == edition_id))
    return gone


async def prune_letters(connection: AsyncConnection, *, before: datetime) -> int:
    """Remove what the outbox has dealt with; return how much."""
    statement = delete(outbox).where(outbox.c.state != "open", outbox.c.created_at < before)
    return (await connection.execute(statement)).rowcount


async def prune_reports(connection: AsyncConnection, *, before: datetime) -> int:
    """Forget the text of reports that were understood; that they came stays counted, and what was not understood is kept."""
    statement = (
        update(bounce).where(bounce.c.raw.is_not(None), bounce.c.kind != "other", bounce.c.at < before).values(raw=None)
    )
    return (await connection.execute(statement)).rowcount
