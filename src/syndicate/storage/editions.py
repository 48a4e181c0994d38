"""Keep editions and the batches that their readers are cut into."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, exists, func, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.model import EditionId, Rhythm, Slot
from syndicate.storage.counts import keep_counts
from syndicate.storage.direct import Direct, moment_of
from syndicate.storage.tables import batch, edition, rhythm, subscription, variant
from syndicate.storage.turns import place_to_begin

WALK = 100_000  # readers looked at in one transaction of the planning walk
LAST = 2**63 - 1  # no reader's number is higher


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionRow:
    """An edition as it is stored."""

    id: EditionId
    digest: str
    rhythm: int
    slot: str
    at: datetime
    to_seq: int
    revision: int
    state: str
    replay: bool
    planned_at: datetime
    stale_at: datetime
    walked_to: int | None


COLUMNS = [edition.c[name] for name in EditionRow.__slots__]


def edition_of(row: Row[Any]) -> EditionRow:  # Any: rows are untyped
    """Make the noun from a row of COLUMNS."""
    return EditionRow(**row._mapping)


async def list_rhythms(connection: AsyncConnection) -> dict[int, Rhythm]:
    """Return all rhythms by id: a few hundred at most."""
    rows = (await connection.execute(select(rhythm))).all()
    return {row.id: rhythm_of_row(row) for row in rows}


def rhythm_of_row(row: Row[Any]) -> Rhythm:  # Any: rows are untyped
    """Make the noun from a row of the rhythm table."""
    quiet = None if row.quiet_from < 0 else (row.quiet_from, row.quiet_to)
    return Rhythm(zone=row.zone, minute=None if row.minute < 0 else row.minute, weekdays=row.weekdays, quiet=quiet)


async def has_readers(
    connection: AsyncConnection, *, digest: str, rhythm_id: int, until: datetime | None = None
) -> bool:
    """Tell whether anybody holds this rhythm for this digest, and has since `until` at the latest."""
    held = exists().where(
        subscription.c.digest == digest, subscription.c.rhythm == rhythm_id, subscription.c.state == "active"
    )
    query = select(held if until is None else held.where(subscription.c.since <= until))
    return bool((await connection.execute(query)).scalar())


async def find_edition(connection: AsyncConnection, *, digest: str, rhythm_id: int, slot: str) -> EditionRow | None:
    """Return the edition of a slot, if it was planned."""
    query = select(*COLUMNS).where(edition.c.digest == digest, edition.c.rhythm == rhythm_id, edition.c.slot == slot)
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else edition_of(row)


async def load_edition(connection: AsyncConnection, edition_id: EditionId) -> EditionRow | None:
    """Return an edition by its id."""
    for number, digest, held, slot, at, to_seq, revision, state, replay, planned, stale, walked in await _BY_ID.rows(
        connection, {"number": edition_id}
    ):
        return EditionRow(
            id=EditionId(number),
            digest=digest,
            rhythm=held,
            slot=slot,
            at=moment_of(at),
            to_seq=to_seq,
            revision=revision,
            state=state,
            replay=bool(replay),
            planned_at=moment_of(planned),
            stale_at=moment_of(stale),
            walked_to=walked,
        )
    return None


_QUERY = select(*COLUMNS).where(edition.c.id == bindparam("number"))
_BY_ID = Direct(sqlite_=_QUERY, postgresql_=_QUERY)


async def add_edition(
    connection: AsyncConnection,
    *,
    digest: str,
    rhythm_id: int,
    slot: Slot,
    to_seq: int,
    replay: bool,
    now: datetime,
    stale_at: datetime,
    state: str = "open",
) -> EditionId | None:
    """Record an edition whose readers are not walked yet; None when the slot has one already."""
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    begins = await place_to_begin(connection, digest=digest, rhythm_id=rhythm_id, now=now)
    values = {
        "digest": digest,
        "rhythm": rhythm_id,
        "slot": slot.name,
        "at": slot.at,
        "to_seq": to_seq,
        "replay": replay,
        "planned_at": now,
        "stale_at": stale_at,
        "state": state,
        "begins": begins,
        "walked_to": begins,
    }
    statement = make(edition).values(values).on_conflict_do_nothing().returning(edition.c.id)
    made = (await connection.execute(statement)).scalar_one_or_none()
    return None if made is None else EditionId(made)


async def walk_readers(
    connection: AsyncConnection, one: EditionRow, *, size: int, priority: int, now: datetime
) -> bool:
    """Cut the next stretch of an edition's readers into batches by key range; return whether the walk is over.

    The stretch is bounded, and its end is stored with it, so a walk that was killed goes on where it stood. A walk that began in the middle
    comes to the readers before at its end.
    """
    query = select(edition.c.walked_to, edition.c.begins).where(edition.c.id == one.id).with_for_update()
    place, begins = (await connection.execute(query)).one()
    if place is None:
        return True
    is_first_part = place >= begins
    until = LAST if is_first_part else begins
    bounds, over = await _bounds(connection, one, after=place, until=until, size=size)
    rows, lo = [], place
    for bound in bounds:
        rows.append(
            {
                "edition": one.id,
                "lo": lo,
                "hi": bound,
                "cursor": lo,
                "state": "open",
                "priority": priority,
                "wake_at": now,
            }
        )
        lo = bound
    if rows:
        await connection.execute(insert(batch), rows)
    over = over or (not is_first_part and lo >= begins)
    goes_round = over and is_first_part and begins > 0
    place = 0 if goes_round else None if over else lo
    await connection.execute(update(edition).where(edition.c.id == one.id).values(walked_to=place))
    return place is None


# Each step skips one batch's readers in the index; the database hands out bounds only, whatever the number of readers.
_BOUNDS = text(
    """
    WITH RECURSIVE bound (n, subscriber) AS (
        SELECT 0, CAST(:after AS bigint)
        UNION ALL
        SELECT n + 1, (
            SELECT s.subscriber FROM subscription s
            WHERE s.digest = :digest AND s.rhythm = :rhythm AND s.subscriber > bound.subscriber
                AND s.subscriber <= CAST(:until AS bigint)
            ORDER BY s.subscriber LIMIT 1 OFFSET :skip
        ) FROM bound WHERE bound.subscriber IS NOT NULL AND n < :most
    )
    SELECT subscriber FROM bound WHERE n > 0 ORDER BY n
    """
)


async def _bounds(
    connection: AsyncConnection, one: EditionRow, *, after: int, until: int, size: int
) -> tuple[list[int], bool]:
    """Return the last reader of each batch of a stretch, and whether nobody up to `until` comes after it."""
    of = {"digest": one.digest, "rhythm": one.rhythm}
    values = {**of, "after": after, "until": until, "skip": size - 1, "most": max(WALK // size, 1)}
    found = list((await connection.execute(_BOUNDS, values)).scalars())
    if found[-1] is not None:
        return found, False
    found.pop()
    last = select(func.max(subscription.c.subscriber)).where(
        subscription.c.digest == one.digest,
        subscription.c.rhythm == one.rhythm,
        subscription.c.subscriber > (found[-1] if found else after),
        subscription.c.subscriber <= until,
    )
    rest = (await connection.execute(last)).scalar()
    return (found if rest is None else [*found, rest]), True


async def unwalked_editions(connection: AsyncConnection, *, digest: str | None = None) -> list[EditionRow]:
    """Return the editions whose readers are not all cut into batches, oldest first."""
    query = (
        select(*COLUMNS)
        .where(edition.c.state.in_(("open", "waiting")), edition.c.walked_to.is_not(None))
        .order_by(edition.c.id)
    )
    if digest is not None:
        query = query.where(edition.c.digest == digest)
    return [edition_of(row) for row in await connection.execute(query)]


async def close_finished(connection: AsyncConnection) -> int:
    """Close every walked edition that has no open batch, and write down what became of it; return how many."""
    unfinished = exists().where(batch.c.edition == edition.c.id, batch.c.state == "open")
    finished = select(edition.c.id).where(edition.c.state == "open", edition.c.walked_to.is_(None), ~unfinished)
    # one that somebody changes just now is for the next time: waiting for several rows could go round in a circle
    ids = list((await connection.execute(finished.with_for_update(skip_locked=True, of=edition))).scalars())
    if ids:
        await connection.execute(update(edition).where(edition.c.id.in_(ids)).values(state="done"))
        await keep_counts(connection, ids)
    return len(ids)


async def revise_open_editions(connection: AsyncConnection) -> None:
    """Make every worker compose open editions again, because an article in them changed."""
    unfinished = edition.c.state.in_(("open", "waiting"))
    query = select(edition.c.id).where(unfinished).order_by(edition.c.id).with_for_update()
    ids = list((await connection.execute(query)).scalars())
    if ids:
        await connection.execute(update(edition).where(edition.c.id.in_(ids)).values(revision=edition.c.revision + 1))


async def list_editions(
    connection: AsyncConnection, *, limit: int = 100, edition_id: int | None = None
) -> list[Mapping[str, Any]]:  # Any: rows
    """Return the newest editions with their rhythm and the number of variants."""
    variants = select(func.count()).select_from(variant).where(variant.c.edition == edition.c.id).scalar_subquery()
    query = select(*COLUMNS, variants.label("variants"), rhythm.c.zone, rhythm.c.minute, rhythm.c.weekdays).join(
        rhythm, rhythm.c.id == edition.c.rhythm
    )
    if edition_id is not None:
        query = query.where(edition.c.id == edition_id)
    return [dict(row._mapping) for row in await connection.execute(query.order_by(edition.c.id.desc()).limit(limit))]
