"""Lease batches of readers to workers, and take them back from the dead."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, literal, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.model import BatchId, EditionId
from syndicate.storage.counts import forget_counts
from syndicate.storage.direct import Direct
from syndicate.storage.tables import Moment, batch, delivery, edition, pause
from syndicate.storage.unreached import record_unreached

LEASE = timedelta(seconds=20)
PACED = timedelta(minutes=1)
STILL_GOOD = timedelta(hours=1)  # what an operator tries again is not stale for so long


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A batch that is ours until the lease ends or another raises its epoch."""

    id: BatchId
    edition: EditionId
    lo: int
    hi: int
    cursor: int
    epoch: int
    priority: int = 5


def present(connection: AsyncConnection, now: datetime) -> ColumnElement[Any]:  # Any: an SQL expression
    """Return the database's own time where machines share it, else ours."""
    return func.clock_timestamp() if connection.dialect.name == "postgresql" else literal(now, Moment)


def lease_end(connection: AsyncConnection, now: datetime) -> ColumnElement[Any]:  # Any: an SQL expression
    """Return when a lease taken now ends."""
    if connection.dialect.name == "postgresql":
        return func.clock_timestamp() + literal(LEASE)
    return literal(now + LEASE, Moment)


def is_free(
    connection: AsyncConnection, lease_until: ColumnElement[Any], now: datetime
) -> ColumnElement[bool]:  # Any: a moment or NULL
    """Say that there is no lease, or that it has ended. One that ends later than any can is of a clock that was set back since."""
    moment = present(connection, now)
    return or_(lease_until.is_(None), lease_until < moment, lease_until > _in_two_leases(connection, now))


def _in_two_leases(connection: AsyncConnection, now: datetime) -> ColumnElement[Any]:  # Any: an SQL expression
    if connection.dialect.name == "postgresql":
        return func.clock_timestamp() + literal(2 * LEASE)
    return literal(now + 2 * LEASE, Moment)


async def take_batch(
    connection: AsyncConnection,
    *,
    owner: str,
    now: datetime,
    digests: Collection[str],
    underway: Collection[BatchId] = (),
) -> Lease | None:
    """Lease the next batch of these digests that is due: priority first, then age. None when there is none.

    What is stale only waits to be given up, which takes no knowledge of the digest: that may have left every configuration.
    Leases go by the database's clock, which the machines share; next tries were set by ours and go by ours. What the owner has `underway`
    is his, whatever a clock that jumped says; and on SQLite, what another process of this machine has is its until it is dead.
    """
    paused = select(pause.c.digest)
    wanted = (
        select(batch.c.id)
        .join(edition, edition.c.id == batch.c.edition)
        .where(
            batch.c.state == "open",
            edition.c.state == "open",
            batch.c.wake_at <= literal(now, Moment),
            is_free(connection, batch.c.lease_until, now),
            or_(edition.c.digest.in_(digests), edition.c.stale_at <= literal(now, Moment)),
            edition.c.digest.not_in(paused),
            ~select(pause.c.digest).where(pause.c.digest == "*").exists(),
        )
        .order_by(batch.c.priority, batch.c.id)
        .limit(1)
    )
    if underway:
        wanted = wanted.where(batch.c.id.not_in(underway))
    if connection.dialect.name == "sqlite":
        neighbours = batch.c.owner.startswith(f"{owner.partition('|')[0]}|", autoescape=True)
        wanted = wanted.where(or_(batch.c.owner.is_(None), batch.c.owner == owner, ~neighbours))
    if connection.dialect.name == "postgresql":
        wanted = wanted.with_for_update(skip_locked=True, of=batch)
    statement = (
        update(batch)
        .where(batch.c.id == wanted.scalar_subquery())
        .values(owner=owner, lease_until=lease_end(connection, now), epoch=batch.c.epoch + 1)
        .returning(batch.c.id, batch.c.edition, batch.c.lo, batch.c.hi, batch.c.cursor, batch.c.epoch, batch.c.priority)
    )
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else Lease(**row._mapping)


async def strange_digests(connection: AsyncConnection, *, known: Collection[str], now: datetime) -> list[str]:
    """Return the digests, other than those known, of which batches are due."""
    query = (
        select(edition.c.digest)
        .distinct()
        .join(batch, batch.c.edition == edition.c.id)
        .where(
            batch.c.state == "open",
            edition.c.state == "open",
            batch.c.wake_at <= literal(now, Moment),
            edition.c.digest.not_in(known),
        )
        .order_by(edition.c.digest)
    )
    return list((await connection.execute(query)).scalars())


async def renew(
    connection: AsyncConnection,
    lease: Lease,
    *,
    now: datetime,
    cursor: int | None = None,
    empty: int = 0,
    skipped: int = 0,
) -> bool:
    """Hold on to a batch and move its cursor; False when another worker has it by now, and nothing may be kept."""
    place = lease.cursor if cursor is None else cursor
    values: dict[str, object] = {
        "number": lease.id,
        "of_epoch": lease.epoch,
        "place": place,
        "empty": empty,
        "skipped": skipped,
    }
    if connection.dialect.name != "postgresql":
        values["lease_end"] = now + LEASE
    return len(await _RENEW.rows(connection, values)) == 1


_RENEWED = (
    "UPDATE batch SET lease_until = {until}, cursor = CASE WHEN cursor < :place THEN :place ELSE cursor END, "
    "n_empty = n_empty + :empty, n_skipped = n_skipped + :skipped "
    "WHERE id = :number AND epoch = :of_epoch AND state = 'open' RETURNING id"
)
_RENEW = Direct(
    sqlite_=text(_RENEWED.format(until=":lease_end")),
    postgresql_=text(_RENEWED.format(until=f"clock_timestamp() + interval '{LEASE.total_seconds():.0f} seconds'")),
)


async def release(connection: AsyncConnection, lease: Lease, *, done: bool, wake_at: datetime | None = None) -> None:
    """Give a batch back: done, or to be looked at again from `wake_at` on."""
    values: dict[str, Any] = {"lease_until": None, "owner": None}  # Any: column values
    if done:
        values["state"] = "done"
    if wake_at is not None:
        values["wake_at"] = wake_at
    await connection.execute(update(batch).where(batch.c.id == lease.id, batch.c.epoch == lease.epoch).values(values))


async def leased_owners(connection: AsyncConnection) -> set[str]:
    """Return who holds batches."""
    query = select(batch.c.owner).where(batch.c.state == "open", batch.c.owner.is_not(None)).distinct()
    return set((await connection.execute(query)).scalars())


async def free_batches_of(connection: AsyncConnection, owner: str) -> None:
    """End the leases of a process that no longer lives."""
    await connection.execute(
        update(batch).where(batch.c.owner == owner, batch.c.state == "open").values(owner=None, lease_until=None)
    )


async def is_busy(connection: AsyncConnection, *, digest: str, now: datetime, aside: timedelta = timedelta(0)) -> bool:
    """Tell whether a batch of this digest is due, held by somebody, or kept back for a moment by a relay's pace.

    `aside`: within which time what was set aside comes back, where that is worth waiting for.
    """
    moment = present(connection, now)
    query = (
        select(batch.c.id)
        .join(edition, edition.c.id == batch.c.edition)
        .where(
            edition.c.digest == digest,
            edition.c.state == "open",
            batch.c.state == "open",
            or_(
                batch.c.wake_at <= literal(now + aside, Moment),
                batch.c.lease_until >= moment,
                and_(batch.c.cursor < batch.c.hi, batch.c.wake_at <= literal(now + PACED, Moment)),
            ),
            edition.c.digest.not_in(select(pause.c.digest)),
            ~select(pause.c.digest).where(pause.c.digest == "*").exists(),
        )
        .limit(1)
    )
    return (await connection.execute(query)).first() is not None


async def reopen(connection: AsyncConnection, editions: Sequence[int], *, now: datetime) -> None:
    """Have the batches of these editions looked at now, finished ones too, because deliveries in them were changed by hand.

    Of a stale edition only those deliveries go: whoever it did not reach gets the next one.
    """
    for number in editions:
        await record_unreached(connection, number, now=now)
        is_stale = exists().where(edition.c.id == number, edition.c.stale_at <= literal(now, Moment))
        await connection.execute(update(batch).where(batch.c.edition == number, is_stale).values(cursor=batch.c.hi))
        waiting = select(delivery.c.subscriber).where(
            delivery.c.edition == batch.c.edition,
            delivery.c.subscriber > batch.c.lo,
            delivery.c.subscriber <= batch.c.hi,
            delivery.c.next_try.is_not(None),
        )
        await connection.execute(
            update(batch)
            .where(batch.c.edition == number, waiting.exists())
            .values(state="open", wake_at=literal(now, Moment))
        )
        late = now + STILL_GOOD
        await connection.execute(
            update(edition)
            .where(edition.c.id == number)
            .values(
                state="open",
                stale_at=case((edition.c.stale_at < late, literal(late, Moment)), else_=edition.c.stale_at),
            )
        )
        await forget_counts(connection, number)
