"""Look up which articles readers have received."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.model import ArticleKey, EditionId, SubscriberId
from syndicate.storage.corrections import RECEIVED
from syndicate.storage.tables import delivery, edition, variant_article


async def articles_of(
    connection: AsyncConnection,
    readers: Sequence[SubscriberId],
    *,
    among: Collection[ArticleKey],
    except_for: EditionId,
    digest: str | None = None,
) -> dict[SubscriberId, frozenset[ArticleKey]]:
    """Return reader → which of some articles came to him, by any edition but one; with `digest`, by that digest."""
    query = (
        select(delivery.c.subscriber, variant_article.c.article)
        .join(variant_article, variant_article.c.variant == delivery.c.variant)
        .where(
            delivery.c.subscriber.in_(readers),
            delivery.c.state.in_(RECEIVED),
            delivery.c.edition != except_for,
        )
        .distinct()
    )
    if digest is not None:
        query = query.join(edition, edition.c.id == delivery.c.edition).where(edition.c.digest == digest)
    found: dict[SubscriberId, set[ArticleKey]] = defaultdict(set)
    for reader, key in await connection.execute(query):
        if key in among:
            found[SubscriberId(reader)].add(ArticleKey(key))
    return {reader: frozenset(keys) for reader, keys in found.items()}
