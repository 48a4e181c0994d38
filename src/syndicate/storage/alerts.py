"""Look up what alerts need: the newest article that one would bring, and who has had enough today."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.core.window import takes
from syndicate.model import DeliveryState, EditionId, Mark, SubscriberId
from syndicate.storage.articles import NOWHERE
from syndicate.storage.deliveries import CODES
from syndicate.storage.tables import article_revision, article_section, delivery, edition, subscription

_IN_VAIN = tuple(
    CODES[state]
    for state in (DeliveryState.REFUSED, DeliveryState.SUPPRESSED, DeliveryState.SKIPPED, DeliveryState.UNREACHED)
)


async def newest_number(connection: AsyncConnection, *, after: int, tags: Collection[str]) -> int:
    """Return the highest number after this one of an article that is news and, if any are asked for, has one of the tags; or 0."""
    number = func.coalesce(article_section.c.again_seq, article_section.c.seq)
    news = and_(number > after, article_section.c.backlog.is_(False), article_section.c.section != NOWHERE)
    if not tags:
        return (await connection.execute(select(func.max(number)).where(news))).scalar() or 0
    query = select(number.label("seq"), article_revision.c.tags).where(
        news, article_revision.c.article == article_section.c.article, article_revision.c.revision == 1
    )
    rows = await connection.execute(query)
    wanted = {"": tags}
    return max((row.seq for row in rows if takes("", _lower(row.tags), only=wanted)), default=0)


def _lower(tags: str) -> tuple[str, ...]:
    return tuple(tag.lower() for tag in msgspec.json.decode(tags, type=tuple[str, ...]))


async def last_edition(connection: AsyncConnection, *, digest: str, rhythm_id: int) -> tuple[int, datetime] | None:
    """Return the end of the newest edition of a digest and rhythm, as number and moment."""
    query = (
        select(edition.c.to_seq, edition.c.at)
        .where(edition.c.digest == digest, edition.c.rhythm == rhythm_id)
        .order_by(edition.c.to_seq.desc())
        .limit(1)
    )
    row = (await connection.execute(query)).first()
    return None if row is None else (row.to_seq, row.at)


async def received_since(
    connection: AsyncConnection,
    readers: Sequence[SubscriberId],
    *,
    digests: Collection[str],
    since: datetime,
    except_for: EditionId,
) -> list[tuple[SubscriberId, str, datetime]]:
    """Return (reader, digest, moment) of every message that went to them in editions from a moment on, those under way too."""
    query = (
        select(delivery.c.subscriber, edition.c.digest, edition.c.at)
        .join(edition, edition.c.id == delivery.c.edition)
        .where(
            delivery.c.subscriber.in_(readers),
            delivery.c.edition != except_for,
            edition.c.digest.in_(digests),
            edition.c.at >= since,
            delivery.c.state.not_in(_IN_VAIN),
        )
    )
    return [(row.subscriber, row.digest, row.at) for row in await connection.execute(query)]


async def marks_of(
    connection: AsyncConnection, readers: Sequence[SubscriberId], *, digests: Collection[str], lock: bool
) -> Mapping[tuple[SubscriberId, str], tuple[int, Mark | None]]:
    """Return (reader, digest) → (rhythm, mark) of these subscriptions; with `lock` they stand until the transaction ends."""
    query = (
        select(subscription)
        .where(
            subscription.c.subscriber.in_(readers), subscription.c.digest.in_(digests), subscription.c.state == "active"
        )
        .order_by(subscription.c.subscriber, subscription.c.digest)
    )
    if lock and connection.dialect.name == "postgresql":
        query = query.with_for_update()
    found: dict[tuple[SubscriberId, str], tuple[int, Mark | None]] = {}
    for row in await connection.execute(query):
        mark = None if row.seen is None else Mark(seq=row.seen, at=row.seen_at, by_date=row.seen_by_date)
        found[row.subscriber, row.digest] = (row.rhythm, mark)
    return found
