"""Keep the ledger: one row for each message to one reader, claimed before and marked after it is sent."""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
from msgspec import Struct
from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.model import DeliveryState, EditionId, Mark, SubscriberId, VariantId
from syndicate.storage.audience import ReaderRow
from syndicate.storage.carried import undo
from syndicate.storage.direct import Direct
from syndicate.storage.tables import delivery, subscription

CODES = {
    DeliveryState.PLANNED: 0,
    DeliveryState.SENDING: 1,
    DeliveryState.DEFERRED: 2,
    DeliveryState.UNCERTAIN: 3,
    DeliveryState.ACCEPTED: 4,
    DeliveryState.REFUSED: 5,
    DeliveryState.SUPPRESSED: 6,
    DeliveryState.SKIPPED: 7,
    DeliveryState.UNREACHED: 8,
}
STATES = {code: state for state, code in CODES.items()}
ACCEPTED = CODES[DeliveryState.ACCEPTED]
USUAL_CODE = 250  # of accepted deliveries; not written, which saves eight bytes a row
OPEN = (0, 1, 2, 3)
RETRIED = (0, 2, 3)
REFUSED_ONCE = "refused once, retried by hand"


class Outcome(Struct, frozen=True, kw_only=True):
    """What to write about one delivery after it was tried."""

    subscriber: SubscriberId
    state: DeliveryState
    code: int
    next_try: datetime | None
    transport: str
    note: str | None
    tried: bool = True


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


# The planner's figures know nothing of an edition that is just going out, and little of a digest or of readers who came today: left to choose, it
# would read all of an edition to mark some. So all of these statements say between which readers the wanted ones are.
_AMONG = "subscriber BETWEEN :first AND :last"
_LISTED = {
    "sqlite": "SELECT value FROM json_each(:readers)",
    "postgresql": "SELECT CAST(value AS bigint) AS subscriber FROM jsonb_array_elements_text(CAST(:readers AS jsonb))",
}


def _listed(readers: Sequence[int]) -> dict[str, object]:
    return {"readers": _as_json(readers), "first": min(readers), "last": max(readers)}


# an edition that is late, or another rhythm's, never takes a mark back behind what came meanwhile
_MOVE = (
    "UPDATE subscription SET seen = CASE WHEN seen > :to_seq THEN seen ELSE :to_seq END, "
    "seen_at = CASE WHEN seen_at > :to_at THEN seen_at ELSE :to_at END, seen_by_date = (seen IS NULL)"
)
_MOVES = Direct(
    sqlite_=text(f"{_MOVE} WHERE digest = :of_digest AND {_AMONG} AND subscriber IN ({_LISTED['sqlite']})"),
    # OFFSET 0: so that a digest that the planner takes for a small one is not read as a whole
    postgresql_=text(
        f"{_MOVE} FROM (SELECT CAST(:of_digest AS text) AS digest, listed.subscriber FROM ({_LISTED['postgresql']}) AS listed OFFSET 0) AS wanted "
        f"WHERE subscription.digest = wanted.digest AND subscription.subscriber = wanted.subscriber AND subscription.{_AMONG}"
    ),
)


async def move_marks(connection: AsyncConnection, *, digest: str, readers: Sequence[int], mark: Mark) -> None:
    """Set these readers' marks to an edition's end, never back; for a first edition the mark goes by date."""
    if readers:
        values = {"of_digest": digest, "to_seq": mark.seq, "to_at": mark.at}
        await _MOVES.do(connection, values | _listed(readers))


async def begin_marks(connection: AsyncConnection, *, digest: str, readers: Sequence[int], mark: Mark) -> None:
    """Let readers who had no edition yet begin at a moment: what was published after it is to come, whatever its number."""
    if readers:
        await connection.execute(
            update(subscription)
            .where(
                subscription.c.digest == digest, subscription.c.subscriber.in_(readers), subscription.c.seen.is_(None)
            )
            .values(seen=mark.seq, seen_at=mark.at, seen_by_date=True)
        )


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
    if not readers:
        return
    query = (
        select(delivery.c.subscriber, delivery.c.from_seq, delivery.c.from_at, delivery.c.from_by_date)
        .where(
            delivery.c.edition == edition_id,
            delivery.c.subscriber.between(min(readers), max(readers)),
            delivery.c.subscriber.in_(readers),
        )
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
    f"WHERE edition = :of_edition AND state = {CODES[DeliveryState.SENDING]} AND {_AMONG} AND subscriber IN ({{listed}})"
)
_ACCEPTS = Direct(
    sqlite_=text(_ACCEPT.format(listed=_LISTED["sqlite"])),
    postgresql_=text(_ACCEPT.format(listed=_LISTED["postgresql"])),
)


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
        await _ACCEPTS.do(
            connection,
            {
                "of_edition": edition_id,
                "with_code": None if code == USUAL_CODE else code,
                "through": transport,
                **_listed(readers),
            },
        )
