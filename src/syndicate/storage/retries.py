"""Look after what is open in a batch: take it over, try it again, give it up."""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import and_, case, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.core.retry import Policy
from syndicate.model import DeliveryState, EditionId, VariantId
from syndicate.storage.audience import JOINED, READER, ReaderRow, reader_of
from syndicate.storage.deliveries import CODES, RETRIED
from syndicate.storage.tables import delivery, subscription

INTERRUPTED = ("interrupted", *(f"interrupted {times} times" for times in range(2, 7)))


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryRow:
    """A delivery that is tried again."""

    reader: ReaderRow
    variant: VariantId
    attempt: int
    note: str | None


def _in_range(edition_id: int, lo: int, hi: int) -> Any:  # Any: an SQL expression
    return and_(delivery.c.edition == edition_id, delivery.c.subscriber > lo, delivery.c.subscriber <= hi)


async def take_over(
    connection: AsyncConnection, *, edition_id: EditionId, lo: int, hi: int, now: datetime, policy: Policy
) -> int:
    """Judge by the operator's policy what a dead worker left in flight: tried again at once, held, or counted as accepted.

    What was interrupted for the sixth time is held: a process that dies as often as it is started must not mail the same readers each time.
    Fewer would hold what never left: a process may be killed several times between a claim and the first byte.
    """
    values: dict[str, Any] = {
        "state": CODES[DeliveryState.UNCERTAIN],
        "next_try": None,
        "note": case(dict(pairwise(INTERRUPTED)), value=delivery.c.note, else_=INTERRUPTED[0]),
    }  # Any: column values
    if policy == "retry":
        values["next_try"] = case((delivery.c.note == INTERRUPTED[-2], None), else_=int(now.timestamp()))
    if policy == "accept":
        values |= {"state": CODES[DeliveryState.ACCEPTED], "note": "interrupted, accepted by policy"}
    statement = (
        update(delivery)
        .where(_in_range(edition_id, lo, hi), delivery.c.state == CODES[DeliveryState.SENDING])
        .values(values)
    )
    return (await connection.execute(statement)).rowcount


async def end_orphans(connection: AsyncConnection, *, edition_id: EditionId, digest: str, lo: int, hi: int) -> int:
    """End what waits for another try although its reader was erased meanwhile; return how many."""
    here = exists().where(subscription.c.subscriber == delivery.c.subscriber, subscription.c.digest == digest)
    statement = (
        update(delivery)
        .where(_in_range(edition_id, lo, hi), delivery.c.state.in_(RETRIED), delivery.c.next_try.is_not(None), ~here)
        .values(state=CODES[DeliveryState.SKIPPED], next_try=None, note="erased before the next try")
    )
    return (await connection.execute(statement)).rowcount


async def claim_retries(
    connection: AsyncConnection, *, edition_id: EditionId, digest: str, lo: int, hi: int, now: datetime, count: int
) -> list[RetryRow]:
    """Take deliveries whose next try has come, and record that they are being tried."""
    query = (
        select(*READER, delivery.c.variant, delivery.c.attempt, delivery.c.note)
        .select_from(JOINED.join(delivery, delivery.c.subscriber == subscription.c.subscriber))
        .where(
            _in_range(edition_id, lo, hi),
            subscription.c.digest == digest,
            delivery.c.state.in_(RETRIED),
            delivery.c.next_try <= int(now.timestamp()),
        )
        .order_by(delivery.c.subscriber)
        .limit(count)
    )
    rows = (await connection.execute(query)).all()
    if rows:
        await connection.execute(
            update(delivery)
            .where(_in_range(edition_id, lo, hi), delivery.c.subscriber.in_([row.id for row in rows]))
            .values(state=CODES[DeliveryState.SENDING], attempt=delivery.c.attempt + 1)
        )
    return [
        RetryRow(reader=reader_of(row), variant=VariantId(row.variant), attempt=row.attempt + 1, note=row.note)
        for row in rows
    ]


async def next_try_in(connection: AsyncConnection, *, edition_id: EditionId, lo: int, hi: int) -> datetime | None:
    """Return when the next delivery of a key range is tried again, or None when none is."""
    query = select(func.min(delivery.c.next_try)).where(_in_range(edition_id, lo, hi), delivery.c.state.in_(RETRIED))
    moment = (await connection.execute(query)).scalar()
    return None if moment is None else datetime.fromtimestamp(moment, UTC)


async def give_up(connection: AsyncConnection, *, edition_id: EditionId, lo: int, hi: int, note: str) -> list[int]:
    """Refuse every delivery of a key range that waits for another try; return its readers. One that may have arrived is held."""
    await connection.execute(
        update(delivery)
        .where(
            _in_range(edition_id, lo, hi),
            delivery.c.state == CODES[DeliveryState.UNCERTAIN],
            delivery.c.next_try.is_not(None),
        )
        .values(next_try=None)
    )
    statement = (
        update(delivery)
        .where(_in_range(edition_id, lo, hi), delivery.c.state.in_((0, 2)))
        .values(state=CODES[DeliveryState.REFUSED], next_try=None, note=note)
        .returning(delivery.c.subscriber)
    )
    return list((await connection.execute(statement)).scalars())
