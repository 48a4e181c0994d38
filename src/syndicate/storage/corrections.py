"""Keep corrections: who received an article as it was wrong, and who was told of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, exists, insert, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.core.letters import Correction
from syndicate.model import ArticleKey, ArticleState, DeliveryState, EditionId, SubscriberId
from syndicate.storage.deliveries import CODES
from syndicate.storage.tables import article, article_revision, correction, delivery, notice, variant_article

OPEN = timedelta(days=14)  # how long after a correction readers' next editions are looked at
RECEIVED = (CODES[DeliveryState.ACCEPTED], CODES[DeliveryState.UNCERTAIN])


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What tells which revisions of an article were wrong: its newest one, and when that was collected."""

    revision: int
    changed: datetime


async def standing_of(connection: AsyncConnection, key: ArticleKey) -> Standing:
    """Return an article's newest revision."""
    row = (await connection.execute(select(article.c.revision, article.c.changed).where(article.c.key == key))).one()
    return Standing(revision=row.revision, changed=row.changed)


async def add_correction(
    connection: AsyncConnection, key: ArticleKey, *, wrong_to: int, note: str, seq: int, now: datetime
) -> None:
    """Store what those must be told who received an article up to this revision."""
    await connection.execute(
        insert(correction).values(article=key, wrong_to_revision=wrong_to, note=note, seq=seq, at=now)
    )


async def is_withdrawn(connection: AsyncConnection, key: ArticleKey) -> bool:
    """Tell whether an operator has taken an article back."""
    by = await connection.scalar(select(article.c.withdrawn_by).where(article.c.key == key))
    return bool(by == "operator")


async def is_kept(connection: AsyncConnection, key: ArticleKey, *, wrong_to: int, note: str) -> bool:
    """Tell whether the same correction is stored already."""
    same = (correction.c.article == key, correction.c.wrong_to_revision == wrong_to, correction.c.note == note)
    return (await connection.execute(select(correction.c.id).where(*same).limit(1))).scalar() is not None


async def open_corrections(connection: AsyncConnection, *, now: datetime) -> dict[int, Correction]:
    """Return number → correction of those that readers may still have to be told of, oldest first."""
    query = (
        select(correction.c.id, correction.c.note, article.c.state, article_revision.c.title, article_revision.c.url)
        .join(article, article.c.key == correction.c.article)
        .join(
            article_revision,
            and_(article_revision.c.article == article.c.key, article_revision.c.revision == article.c.revision),
        )
        .where(correction.c.at > now - OPEN)
        .order_by(correction.c.id)
    )
    rows = await connection.execute(query)
    return {
        row.id: Correction(
            title=row.title, url=row.url, note=row.note, withdrawn=row.state == ArticleState.WITHDRAWN.value
        )
        for row in rows
    }


async def owed(
    connection: AsyncConnection,
    corrections: Iterable[int],
    readers: Sequence[SubscriberId],
    *,
    edition_id: EditionId,
) -> dict[SubscriberId, tuple[int, ...]]:
    """Return reader → the corrections he is to be told of: he got the wrong version, without the correction, and was not told yet."""
    told = exists().where(notice.c.correction == correction.c.id, notice.c.subscriber == delivery.c.subscriber)
    query = (
        select(delivery.c.subscriber, correction.c.id)
        .select_from(delivery)
        .join(variant_article, variant_article.c.variant == delivery.c.variant)
        .join(correction, correction.c.article == variant_article.c.article)
        .where(
            delivery.c.subscriber.in_(readers),
            delivery.c.state.in_(RECEIVED),
            delivery.c.edition != edition_id,
            correction.c.id.in_(list(corrections)),
            variant_article.c.revision <= correction.c.wrong_to_revision,
            or_(variant_article.c.corrected.is_(None), variant_article.c.corrected < correction.c.id),
            ~told,
        )
        .distinct()
        .order_by(delivery.c.subscriber, correction.c.id)
    )
    return _by_reader((row.subscriber, row.id) for row in await connection.execute(query))


async def note_told(
    connection: AsyncConnection, edition_id: EditionId, told: Mapping[SubscriberId, Sequence[int]]
) -> None:
    """Record which corrections stand in these readers' copies of an edition, so that nobody is told twice."""
    rows = [
        {"correction": number, "subscriber": reader, "edition": edition_id}
        for reader, numbers in sorted(told.items())
        for number in numbers
    ]
    if rows:
        make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        await connection.execute(make(notice).on_conflict_do_nothing(), rows)


async def told_in(
    connection: AsyncConnection, edition_id: EditionId, readers: Sequence[SubscriberId]
) -> dict[SubscriberId, tuple[int, ...]]:
    """Return reader → the corrections that stand in his copy of an edition."""
    query = (
        select(notice.c.subscriber, notice.c.correction)
        .where(notice.c.edition == edition_id, notice.c.subscriber.in_(readers))
        .order_by(notice.c.subscriber, notice.c.correction)
    )
    return _by_reader((row.subscriber, row.correction) for row in await connection.execute(query))


def _by_reader(pairs: Iterable[tuple[int, int]]) -> dict[SubscriberId, tuple[int, ...]]:
    found: dict[SubscriberId, list[int]] = defaultdict(list)
    for reader, number in pairs:
        found[SubscriberId(reader)].append(number)
    return {reader: tuple(numbers) for reader, numbers in found.items()}
