"""Keep what came back: each report once for each recipient, and the reports that nobody could read."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import and_, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.core.stream_health import COMPLAINTS_WITHIN, REFUSALS_WITHIN, Score, StreamHealth, busiest_day
from syndicate.model import EditionId, SubscriberId
from syndicate.storage.choices import insert_into
from syndicate.storage.tables import bounce, delivery, edition, subscriber

RECENT = 200  # editions of a reader among which a returned message is looked for
_ACCEPTED, _REFUSED, _UNREACHED = 4, 5, 8  # storage/deliveries.py has all of them


@dataclass(frozen=True, slots=True, kw_only=True)
class BounceRow:
    """What is kept of one recipient of a report: of a proven one the reader, whatever address the report has for him.

    `recipient_key` is a hash, "" for none; `raw` only of what could not be read.
    """

    report: str
    recipient_key: str
    kind: str
    verdict: str
    status: str
    stream: str = ""
    raw: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SentEdition:
    """An edition that a reader was sent: what his copy's Message-ID is made of."""

    digest: str
    slot: str
    at: datetime


async def record_bounce(connection: AsyncConnection, row: BounceRow, *, now: datetime) -> int | None:
    """Keep a recipient of a report; None when he was kept from that report before."""
    values = {
        "digest_of_report": row.report,
        "recipient_key": row.recipient_key,
        "kind": row.kind,
        "class": row.verdict,
        "status": row.status[:12],
        "action": "",
        "stream": row.stream,
        "at": now,
        "raw": row.raw,
    }
    statement = insert_into(connection, bounce).values(values).on_conflict_do_nothing().returning(bounce.c.id)
    number: int | None = (await connection.execute(statement)).scalar_one_or_none()
    return number


async def note_action(connection: AsyncConnection, number: int, action: str) -> None:
    """Keep what was done about it."""
    await connection.execute(update(bounce).where(bounce.c.id == number).values(action=action))


async def digest_of(connection: AsyncConnection, number: EditionId) -> str:
    """Return the digest of an edition, or "" when there is no such edition."""
    return (await connection.execute(select(edition.c.digest).where(edition.c.id == number))).scalar() or ""


async def sent_lately(connection: AsyncConnection, number: SubscriberId) -> list[SentEdition]:
    """Return the last editions that a reader was sent, newest first."""
    query = (
        select(edition.c.digest, edition.c.slot, edition.c.at)
        .join(delivery, delivery.c.edition == edition.c.id)
        .where(delivery.c.subscriber == number, delivery.c.state != _UNREACHED)
        .order_by(edition.c.id.desc())
        .limit(RECENT)
    )
    return [SentEdition(digest=row.digest, slot=row.slot, at=row.at) for row in await connection.execute(query)]


async def load_score(connection: AsyncConnection, number: SubscriberId) -> Score:
    """Return how often mail to a reader failed lately."""
    row = (
        await connection.execute(
            select(subscriber.c.soft_score, subscriber.c.soft_at).where(subscriber.c.id == number).with_for_update()
        )
    ).one()
    return Score(points=row.soft_score, at=row.soft_at)


async def store_score(connection: AsyncConnection, number: SubscriberId, score: Score) -> None:
    """Keep how often mail to a reader failed lately."""
    await connection.execute(
        update(subscriber).where(subscriber.c.id == number).values(soft_score=score.points, soft_at=score.at)
    )


async def accepted_days(connection: AsyncConnection, number: SubscriberId, *, since: datetime | None) -> int:
    """Return on how many days after a moment a server accepted something for a reader, going by his editions' dates."""
    if since is None:
        return 0
    query = (
        select(edition.c.at)
        .join(delivery, delivery.c.edition == edition.c.id)
        .where(delivery.c.subscriber == number, delivery.c.state == _ACCEPTED, edition.c.at > since)
        .limit(RECENT)
    )
    return len({moment.astimezone(UTC).date() for moment in (await connection.execute(query)).scalars()})


async def refusals_lately(connection: AsyncConnection, stream: str, *, now: datetime) -> int:
    """Count to how many readers a digest was refused by policy in a day."""
    return await _count(connection, stream, "policy", since=now - REFUSALS_WITHIN)


async def stream_health(
    connection: AsyncConnection, stream: str, *, now: datetime, today: bool = False
) -> StreamHealth:
    """Count what came back of a digest lately, and what was sent of it.

    `today`: what is refused is of the last day, not of any day of the week, so a blocked edition is stopped at its beginning.
    """
    complaints = await _count(connection, stream, "complaint", since=now - COMPLAINTS_WITHIN)
    refusals = await refusals_lately(connection, stream, now=now)
    sent = await _sent(connection, stream, since=now - COMPLAINTS_WITHIN)
    return StreamHealth(
        complaints=complaints,
        sent=sum(count for _, count in sent),
        refusals=refusals,
        dead=await _count(connection, stream, "hard", since=now - REFUSALS_WITHIN),
        busiest=busiest_day([one for one in sent if not today or one[0] >= now - REFUSALS_WITHIN]),
    )


async def _count(connection: AsyncConnection, stream: str, verdict: str, *, since: datetime) -> int:
    """Count readers, not reports: one may send any number of them, and a digest is not stopped by one."""
    query = (
        select(func.count(bounce.c.recipient_key.distinct()))
        .select_from(bounce)
        .where(bounce.c.at >= since, bounce.c.stream == stream, bounce.c["class"] == verdict)
    )
    return (await connection.execute(query)).scalar() or 0


async def _sent(connection: AsyncConnection, stream: str, *, since: datetime) -> list[tuple[datetime, int]]:
    """Return when each edition was planned, and how many messages of it servers accepted or refused."""
    query = (
        select(edition.c.planned_at, func.count())
        .select_from(delivery.join(edition, edition.c.id == delivery.c.edition))
        .where(
            and_(edition.c.digest == stream, edition.c.planned_at >= since),
            delivery.c.state.in_((_ACCEPTED, _REFUSED)),
        )
        .group_by(edition.c.id, edition.c.planned_at)
        .order_by(edition.c.planned_at)
    )
    return [(moment, count) for moment, count in await connection.execute(query)]
