"""Let the operator look at deliveries, have them tried again, and rule on those of which nobody knows what became."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.model import DeliveryState
from syndicate.storage.counts import recount
from syndicate.storage.deliveries import ACCEPTED, CODES, REFUSED_ONCE, STATES, USUAL_CODE
from syndicate.storage.tables import delivery, edition, subscriber, suppression


async def list_deliveries(
    connection: AsyncConnection,
    *,
    states: Collection[DeliveryState] = (),
    edition_id: int | None = None,
    limit: int = 1000,
) -> list[Mapping[str, Any]]:  # Any: rows are untyped
    """Return deliveries with their readers, newest editions first; where none was written, the note says why nothing was tried."""
    before_his_turn = case((delivery.c.state == CODES[DeliveryState.UNREACHED], "stale before his turn"))
    why = func.coalesce(delivery.c.note, suppression.c.reason, before_his_turn).label("note")
    query = (
        select(
            *(column for column in delivery.c if column.name != "note"),
            why,
            edition.c.digest,
            edition.c.slot,
            subscriber.c.email,
            subscriber.c.public_id,
        )
        .join(edition, edition.c.id == delivery.c.edition)
        .join(subscriber, subscriber.c.id == delivery.c.subscriber)
        .outerjoin(
            suppression,
            and_(
                suppression.c.email_key == subscriber.c.email_key,
                delivery.c.state == CODES[DeliveryState.SUPPRESSED],
            ),
        )
        .order_by(delivery.c.edition.desc(), delivery.c.subscriber)
        .limit(limit)
    )
    if states:
        query = query.where(delivery.c.state.in_([CODES[state] for state in states]))
    if edition_id is not None:
        query = query.where(delivery.c.edition == edition_id)
    return [
        dict(row._mapping)
        | {"state": STATES[row.state].value, "code": row.code or (USUAL_CODE if row.state == ACCEPTED else None)}
        for row in await connection.execute(query)
    ]


async def retry_by_hand(
    connection: AsyncConnection, *, state: DeliveryState, now: datetime, edition_id: int | None = None
) -> dict[int, int]:
    """Let deliveries in a state be tried again now; return edition → number. Their batches must be opened and woken by the caller."""
    condition = delivery.c.state == CODES[state]
    if edition_id is not None:
        condition = and_(condition, delivery.c.edition == edition_id)
    statement = (
        update(delivery)
        .where(condition, or_(delivery.c.note.is_(None), delivery.c.note != "stale"))
        .values(
            state=CODES[DeliveryState.UNCERTAIN if state is DeliveryState.UNCERTAIN else DeliveryState.DEFERRED],
            next_try=int(now.timestamp()),
            note=REFUSED_ONCE if state is DeliveryState.REFUSED else "retried by hand",
        )
        .returning(delivery.c.edition)
    )
    counts: dict[int, int] = {}
    for number in (await connection.execute(statement)).scalars():
        counts[number] = counts.get(number, 0) + 1
    return counts


async def accept_uncertain(connection: AsyncConnection, *, edition_id: int | None = None) -> int:
    """Count every uncertain delivery as accepted; return how many."""
    statement = update(delivery).where(delivery.c.state == CODES[DeliveryState.UNCERTAIN])
    if edition_id is not None:
        statement = statement.where(delivery.c.edition == edition_id)
    values = {"state": CODES[DeliveryState.ACCEPTED], "next_try": None, "note": "unanswered, accepted by hand"}
    editions = (await connection.execute(statement.values(values).returning(delivery.c.edition))).scalars().all()
    await recount(connection, set(editions))
    return len(editions)
