"""Keep the ledger: one row for each message to one reader, claimed before and marked after it is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import and_, bindparam, exists, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.core.retry import Policy
from syndicate.model import DeliveryState, EditionId, Mark, SubscriberId, VariantId
from syndicate.storage.carried import undo
from syndicate.storage.direct import Direct, Row, moment_of
from syndicate.storage.tables import choice, delivery, edition, subscriber, subscription, suppression

CODES = {
    DeliveryState.PLANNED: 0,
    DeliveryState.SENDING: 1,
    DeliveryState.DEFERRED: 2,
    DeliveryState.UNCERTAIN: 3,
    DeliveryState.ACCEPTED: 4,
    DeliveryState.REFUSED: 5,
    DeliveryState.SUPPRESSED: 6,
    DeliveryState.SKIPPED: 7,
}
STATES = {code: state for state, code in CODES.items()}
ACCEPTED = CODES[DeliveryState.ACCEPTED]
USUAL_CODE = 250  # of accepted deliveries; not written, which saves eight bytes a row
OPEN = (0, 1, 2, 3)
RETRIED = (0, 2, 3)
REFUSED_ONCE = "refused once, retried by hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderRow:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryRow:
    """A delivery that is tried again."""

    reader: ReaderRow
    variant: VariantId
    attempt: int
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What to write about one delivery after it was tried."""

    subscriber: SubscriberId
    state: DeliveryState
    code: int
    next_try: datetime | None
    transport: str
    note: str | None
    tried: bool = True


_READER = [
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
]
_JOINED = subscription.join(subscriber, subscriber.c.id == subscription.c.subscriber).outerjoin(
    suppression, suppression.c.email_key == subscriber.c.email_key
)
_NEXT = (
    select(*_READER)
    .select_from(_JOINED)
    .where(
        subscription.c.digest == bindparam("digest"),
        subscription.c.rhythm == bindparam("rhythm"),
        subscription.c.subscriber > bindparam("after"),
        subscription.c.subscriber <= bindparam("hi"),
    )
    .order_by(subscription.c.subscriber)
    .limit(bindparam("count"))
)
_NEXT_LOCKED = Direct(sqlite_=_NEXT, postgresql_=_NEXT.with_for_update(of=subscription))


def _reader(row: Row) -> ReaderRow:
    """Make the noun from a row that begins with the columns of _READER."""
    key, public_id, email, name, state, paused, subscribed, chosen, since, since_seq, seq, at, by_date, key_hash = row[
        :14
    ]
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
    )


async def next_readers(
    connection: AsyncConnection, *, digest: str, rhythm_id: int, after: int, hi: int, count: int, lock: bool = True
) -> list[ReaderRow]:
    """Return the next readers of a key range; with `lock` their subscriptions cannot change until the transaction ends."""
    values = {"digest": digest, "rhythm": rhythm_id, "after": after, "hi": hi, "count": count}
    if lock:
        return [_reader(row) for row in await _NEXT_LOCKED.rows(connection, values)]
    return [_reader(row) for row in await connection.execute(_NEXT, values)]


async def find_reader(connection: AsyncConnection, *, email: str, digest: str) -> tuple[ReaderRow, int] | None:
    """Return a subscriber of a digest by his address, with his rhythm; None when he is none."""
    query = (
        select(*_READER, subscription.c.rhythm)
        .select_from(_JOINED)
        .where(
            func.lower(subscriber.c.email) == email.strip().lower(),
            subscription.c.digest == digest,
            subscription.c.state != "left",
        )
    )
    row = (await connection.execute(query)).first()
    return None if row is None else (_reader(row), row.rhythm)


async def load_choices(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, str]:
    """Return the JSON of choices by id."""
    rows = await connection.execute(select(choice.c.id, choice.c.json).where(choice.c.id.in_(ids)))
    return {row.id: row.json for row in rows}


# A micro-batch goes over as one JSON text, so that the statement is the same whatever its size and is compiled once.
_CLAIM = """
INSERT INTO delivery (edition, subscriber, variant, from_seq, from_at, from_by_date, state, attempt)
SELECT {columns} FROM {rows} WHERE true ON CONFLICT DO NOTHING RETURNING subscriber
"""
_CLAIMS = Direct(
    sqlite_=text(
        _CLAIM.format(
            columns=":edition, " + ", ".join(f"json_extract(value, '$[{place}]')" for place in range(7)),
            rows="json_each(:rows)",
        )
    ),
    postgresql_=text(
        _CLAIM.format(
            columns="CAST(:edition AS integer), "
            + ", ".join(
                f"CAST(value ->> {place} AS {kind})"
                for place, kind in enumerate(
                    ("bigint", "bigint", "bigint", "integer", "boolean", "smallint", "smallint")
                )
            ),
            rows="jsonb_array_elements(CAST(:rows AS jsonb)) AS claimed(value)",
        )
    ),
)


async def claim(
    connection: AsyncConnection, edition_id: EditionId, claims: Sequence[tuple[ReaderRow, VariantId, DeliveryState]]
) -> set[SubscriberId]:
    """Record deliveries before they are tried; return the readers for whom there was none. The primary key forbids a second."""
    if not claims:
        return set()
    rows = [
        (
            reader.subscriber,
            variant,
            None if reader.mark is None else reader.mark.seq,
            None if reader.mark is None else int(reader.mark.at.timestamp()),
            reader.mark is not None and reader.mark.by_date,
            CODES[state],
            1 if state is DeliveryState.SENDING else 0,
        )
        for reader, variant, state in claims
    ]
    found = await _CLAIMS.rows(connection, {"edition": edition_id, "rows": _as_json(rows)})
    return {SubscriberId(row[0]) for row in found}


def _as_json(value: object) -> str:
    return msgspec.json.encode(value).decode()


_ONE_OF = {
    "sqlite": "subscriber IN (SELECT value FROM json_each(:readers))",
    "postgresql": "subscriber IN (SELECT CAST(value AS bigint) FROM jsonb_array_elements_text(CAST(:readers AS jsonb)))",
}
# an edition that is late, or another rhythm's, never takes a mark back behind what came meanwhile
_MOVE = """
UPDATE subscription SET seen = CASE WHEN seen > :to_seq THEN seen ELSE :to_seq END,
seen_at = CASE WHEN seen_at > :to_at THEN seen_at ELSE :to_at END, seen_by_date = (seen IS NULL)
WHERE digest = :of_digest AND """
_MOVES = Direct(sqlite_=text(_MOVE + _ONE_OF["sqlite"]), postgresql_=text(_MOVE + _ONE_OF["postgresql"]))


async def move_marks(connection: AsyncConnection, *, digest: str, readers: Sequence[int], mark: Mark) -> None:
    """Set these readers' marks to an edition's end, never back; for a first edition the mark goes by date."""
    if readers:
        values = {"of_digest": digest, "readers": _as_json(list(readers)), "to_seq": mark.seq, "to_at": mark.at}
        await _MOVES.rows(connection, values)


async def point_to(
    connection: AsyncConnection, edition_id: EditionId, reader: SubscriberId, variant: VariantId
) -> None:
    """Record that another try brings another variant, because an article was corrected or withdrawn meanwhile."""
    await connection.execute(
        update(delivery)
        .where(delivery.c.edition == edition_id, delivery.c.subscriber == reader)
        .values(variant=variant)
    )


async def put_back_marks(
    connection: AsyncConnection, *, edition_id: EditionId, digest: str, to_seq: int, readers: Sequence[int]
) -> None:
    """Give readers back what they did not get, where their mark still is this edition's end."""
    query = (
        select(delivery.c.subscriber, delivery.c.from_seq, delivery.c.from_at, delivery.c.from_by_date)
        .where(delivery.c.edition == edition_id, delivery.c.subscriber.in_(readers))
        .order_by(delivery.c.subscriber)  # as everybody locks them
    )
    for row in (await connection.execute(query)).all():
        at = None if row.from_at is None else datetime.fromtimestamp(row.from_at, UTC)
        await connection.execute(
            update(subscription)
            .where(
                subscription.c.subscriber == row.subscriber,
                subscription.c.digest == digest,
                subscription.c.seen == to_seq,
            )
            .values(seen=row.from_seq, seen_at=at, seen_by_date=row.from_by_date)
        )
    await undo(connection, edition_id, to_seq=to_seq, readers=readers)


_ACCEPT = (
    f"UPDATE delivery SET state = {CODES[DeliveryState.ACCEPTED]}, code = :with_code, transport = :through, next_try = NULL, note = NULL "
    f"WHERE edition = :of_edition AND state = {CODES[DeliveryState.SENDING]} AND "
)
_ACCEPTS = Direct(sqlite_=text(_ACCEPT + _ONE_OF["sqlite"]), postgresql_=text(_ACCEPT + _ONE_OF["postgresql"]))


async def mark_outcomes(connection: AsyncConnection, edition_id: EditionId, outcomes: Sequence[Outcome]) -> None:
    """Write what became of deliveries: one statement for those that were accepted alike, one for each other."""
    alike: dict[tuple[int, str], list[int]] = {}
    for one in outcomes:
        if one.state is DeliveryState.ACCEPTED:
            alike.setdefault((one.code, one.transport), []).append(one.subscriber)
            continue
        await connection.execute(
            update(delivery)
            .where(delivery.c.edition == edition_id, delivery.c.subscriber == one.subscriber)
            .values(
                state=CODES[one.state],
                attempt=delivery.c.attempt - (0 if one.tried else 1),
                code=one.code or None,
                transport=one.transport,
                next_try=None if one.next_try is None else int(one.next_try.timestamp()),
                note=one.note,
            )
        )
    for (code, transport), readers in alike.items():
        await _ACCEPTS.rows(
            connection,
            {
                "of_edition": edition_id,
                "readers": _as_json(readers),
                "with_code": None if code == USUAL_CODE else code,
                "through": transport,
            },
        )


def _in_range(edition_id: int, lo: int, hi: int) -> Any:  # Any: an SQL expression
    return and_(delivery.c.edition == edition_id, delivery.c.subscriber > lo, delivery.c.subscriber <= hi)


async def take_over(
    connection: AsyncConnection, *, edition_id: EditionId, lo: int, hi: int, now: datetime, policy: Policy
) -> int:
    """Judge by the operator's policy what a dead worker left in flight: tried again at once, held, or counted as accepted."""
    values: dict[str, Any] = {
        "state": CODES[DeliveryState.UNCERTAIN],
        "next_try": None,
        "note": "interrupted",
    }  # Any: column values
    if policy == "retry":
        values["next_try"] = int(now.timestamp())
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
        select(*_READER, delivery.c.variant, delivery.c.attempt, delivery.c.note)
        .select_from(_JOINED.join(delivery, delivery.c.subscriber == subscription.c.subscriber))
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
            .where(delivery.c.edition == edition_id, delivery.c.subscriber.in_([row.id for row in rows]))
            .values(state=CODES[DeliveryState.SENDING], attempt=delivery.c.attempt + 1)
        )
    return [
        RetryRow(reader=_reader(row), variant=VariantId(row.variant), attempt=row.attempt + 1, note=row.note)
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


async def count_by_state(
    connection: AsyncConnection, *, edition_id: int | None = None, digest: str | None = None
) -> dict[str, int]:
    """Return state → number of deliveries."""
    query = select(delivery.c.state, func.count()).group_by(delivery.c.state)
    if edition_id is not None:
        query = query.where(delivery.c.edition == edition_id)
    if digest is not None:
        query = query.where(delivery.c.edition.in_(select(edition.c.id).where(edition.c.digest == digest)))
    return {STATES[state].value: number for state, number in (await connection.execute(query)).all()}
