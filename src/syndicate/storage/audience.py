"""Read the readers of an edition, with all that a claim must know of them."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.model import Mark, SubscriberId
from syndicate.storage.direct import Direct, Row, moment_of
from syndicate.storage.tables import choice, subscriber, subscription, suppression


class ReaderRow(Struct, frozen=True, kw_only=True):
    """What a claim reads about one reader."""

    subscriber: SubscriberId
    public_id: str
    email: str
    name: str
    state: str
    subscribed: str
    paused_until: datetime | None
    choice: int
    mark: Mark | None
    since: datetime
    since_seq: int
    suppressed: bool
    moved_seq: int | None = None


READER = [
    subscriber.c.id,
    subscriber.c.public_id,
    subscriber.c.email,
    subscriber.c.name,
    subscriber.c.state,
    subscriber.c.paused_until,
    subscription.c.state.label("subscribed"),
    subscription.c.choice,
    subscription.c.since,
    subscription.c.since_seq,
    subscription.c.seen,
    subscription.c.seen_at,
    subscription.c.seen_by_date,
    suppression.c.email_key.label("suppressed"),
    subscription.c.moved_seq,
]
JOINED = subscription.join(subscriber, subscriber.c.id == subscription.c.subscriber).outerjoin(
    suppression, suppression.c.email_key == subscriber.c.email_key
)
_NEXT = (
    select(*READER)
    .select_from(JOINED)
    .where(
        subscription.c.digest == bindparam("digest"),
        subscription.c.rhythm == bindparam("rhythm"),
        subscription.c.subscriber > bindparam("after"),
        subscription.c.subscriber <= bindparam("hi"),
        subscriber.c.id
        > bindparam("after"),  # said twice, else a merge of both tables begins with the first of all readers
    )
    .order_by(subscription.c.subscriber)
    .limit(bindparam("count"))
)
_NEXT_LOCKED = Direct(sqlite_=_NEXT, postgresql_=_NEXT.with_for_update(of=subscription))


def reader_of(row: Row) -> ReaderRow:
    """Make the noun from a row that begins with the columns of READER."""
    (
        key,
        public_id,
        email,
        name,
        state,
        paused,
        subscribed,
        chosen,
        since,
        since_seq,
        seq,
        at,
        by_date,
        key_hash,
        moved,
    ) = row[:15]
    return ReaderRow(
        subscriber=SubscriberId(key),
        public_id=public_id,
        email=email or "",
        name=name,
        state=state,
        subscribed=subscribed,
        paused_until=None if paused is None else moment_of(paused),
        choice=chosen,
        mark=None if seq is None else Mark(seq=seq, at=moment_of(at), by_date=bool(by_date)),
        since=moment_of(since),
        since_seq=since_seq,
        suppressed=key_hash is not None,
        moved_seq=moved,
    )


async def next_readers(
    connection: AsyncConnection, *, digest: str, rhythm_id: int, after: int, hi: int, count: int, lock: bool = True
) -> list[ReaderRow]:
    """Return the next readers of a key range; with `lock` their subscriptions cannot change until the transaction ends."""
    values = {"digest": digest, "rhythm": rhythm_id, "after": after, "hi": hi, "count": count}
    if lock:
        return [reader_of(row) for row in await _NEXT_LOCKED.rows(connection, values)]
    return [reader_of(row) for row in await connection.execute(_NEXT, values)]


async def find_reader(connection: AsyncConnection, *, email: str, digest: str) -> tuple[ReaderRow, int] | None:
    """Return a subscriber of a digest by his address, with his rhythm; None when he is none."""
    query = (
        select(*READER, subscription.c.rhythm)
        .select_from(JOINED)
        .where(
            func.lower(subscriber.c.email) == email.strip().lower(),
            subscription.c.digest == digest,
            subscription.c.state != "left",
        )
    )
    row = (await connection.execute(query)).first()
    return None if row is None else (reader_of(row), row.rhythm)


async def load_choices(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, str]:
    """Return the JSON of choices by id."""
    rows = await connection.execute(select(choice.c.id, choice.c.json).where(choice.c.id.in_(ids)))
    return {row.id: row.json for row in rows}
