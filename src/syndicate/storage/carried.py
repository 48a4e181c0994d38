"""Keep what a claim did besides moving its own mark, and undo it: leftovers of faster digests carried, corrections told."""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.model import EditionId, Mark, SubscriberId
from syndicate.storage.tables import carried, notice, subscription


async def move_held(
    connection: AsyncConnection,
    edition_id: EditionId,
    held: Mapping[SubscriberId, Sequence[tuple[str, Mark | None]]],
    *,
    mark: Mark,
) -> None:
    """Move these readers' marks in faster digests whose leftovers an edition brings, and remember where they stood."""
    rows = [
        {
            "edition": edition_id,
            "subscriber": reader,
            "digest": digest,
            "from_seq": None if before is None else before.seq,
            "from_at": None if before is None else before.at,
            "from_by_date": before is not None and before.by_date,
        }
        for reader, marks in sorted(held.items())
        for digest, before in marks
    ]
    if not rows:
        return
    await connection.execute(insert(carried), rows)
    for row in rows:
        await connection.execute(
            update(subscription)
            .where(
                subscription.c.subscriber == row["subscriber"],
                subscription.c.digest == row["digest"],
                or_(subscription.c.seen.is_(None), subscription.c.seen < mark.seq),
            )
            .values(seen=mark.seq, seen_at=mark.at, seen_by_date=row["from_seq"] is None)
        )


async def undo(connection: AsyncConnection, edition_id: EditionId, *, to_seq: int, readers: Sequence[int]) -> None:
    """Give readers back what faster digests owe them, and what they were to be told: they did not get this edition."""
    mine = (carried.c.edition == edition_id, carried.c.subscriber.in_(readers))
    for row in (await connection.execute(select(carried).where(*mine).order_by(carried.c.subscriber))).all():
        await connection.execute(
            update(subscription)
            .where(
                subscription.c.subscriber == row.subscriber,
                subscription.c.digest == row.digest,
                subscription.c.seen == to_seq,
            )
            .values(seen=row.from_seq, seen_at=row.from_at, seen_by_date=row.from_by_date)
        )
    await connection.execute(delete(carried).where(*mine))
    await connection.execute(delete(notice).where(notice.c.edition == edition_id, notice.c.subscriber.in_(readers)))
