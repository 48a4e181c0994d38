"""Look up which articles readers have received."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.core.readers import SubscriptionState
from syndicate.model import ArticleKey, DeliveryState, EditionId, SubscriberId
from syndicate.storage.articles import chunks
from syndicate.storage.corrections import RECEIVED
from syndicate.storage.deliveries import CODES
from syndicate.storage.tables import delivery, edition, subscription, variant_article
from syndicate.storage.variants import BESIDE

UNDERWAY = (CODES[DeliveryState.SENDING], CODES[DeliveryState.DEFERRED])


async def articles_of(
    connection: AsyncConnection,
    readers: Sequence[SubscriberId],
    *,
    among: Collection[ArticleKey],
    except_for: EditionId,
    digest: str | None = None,
) -> dict[SubscriberId, frozenset[ArticleKey]]:
    """Return reader → which of some articles came to him, or are on their way, by any edition but one; with `digest`, by that digest.

    What stood under "also at" alone did not come to him.
    """
    stays = and_(
        subscription.c.subscriber == delivery.c.subscriber,
        subscription.c.digest == edition.c.digest,
        subscription.c.state == SubscriptionState.ACTIVE,  # nothing more is tried for who has left
    )
    found: dict[SubscriberId, set[ArticleKey]] = defaultdict(set)
    for keys in chunks(sorted(among)):
        query = (
            select(delivery.c.subscriber, variant_article.c.article)
            .join(variant_article, variant_article.c.variant == delivery.c.variant)
            .join(edition, edition.c.id == delivery.c.edition)
            .outerjoin(subscription, stays)
            .where(
                variant_article.c.article.in_(keys),
                variant_article.c.rank < BESIDE,
                delivery.c.subscriber.in_(readers),
                delivery.c.edition != except_for,
                or_(
                    delivery.c.state.in_(RECEIVED),
                    and_(delivery.c.state.in_(UNDERWAY), subscription.c.subscriber.is_not(None)),
                ),
            )
            .distinct()
        )
        if digest is not None:
            query = query.where(edition.c.digest == digest)
        for reader, key in await connection.execute(query):
            found[SubscriberId(reader)].add(ArticleKey(key))
    return {reader: frozenset(keys) for reader, keys in found.items()}
