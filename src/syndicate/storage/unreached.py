"""Record whom a stale edition did not reach, so that nobody is left out without a trace."""

from datetime import datetime

from sqlalchemy import Select, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.core.readers import SubscriptionState
from syndicate.model import BatchId, DeliveryState, SubscriberState
from syndicate.storage.choices import insert_into
from syndicate.storage.deliveries import CODES
from syndicate.storage.tables import Moment, batch, delivery, edition, subscriber, subscription, suppression

NO_VARIANT = 0  # nothing was composed for them


async def record_unreached(
    connection: AsyncConnection, edition_id: int, *, now: datetime, batch_id: BatchId | None = None
) -> int:
    """Record the readers who were still to come in the open batches of an edition that is stale, or in one of them; return how many.

    Their marks have not moved: the next edition brings them the articles.
    """
    readers = _still_to_come(edition_id, now)
    if batch_id is not None:
        readers = readers.where(batch.c.id == batch_id)
    statement = insert_into(connection, delivery).from_select(["edition", "subscriber", "variant", "state"], readers)
    return (await connection.execute(statement.on_conflict_do_nothing())).rowcount


def _still_to_come(edition_id: int, now: datetime) -> Select[tuple[int, int, int, int]]:
    """Return a query for deliveries to those who would have been claimed next: see `flows.claim.standing`."""
    return (
        select(edition.c.id, subscription.c.subscriber, literal(NO_VARIANT), literal(CODES[DeliveryState.UNREACHED]))
        .select_from(batch)
        .join(edition, edition.c.id == batch.c.edition)
        .join(
            subscription,
            (subscription.c.digest == edition.c.digest)
            & (subscription.c.rhythm == edition.c.rhythm)
            & (subscription.c.subscriber > batch.c.cursor)
            & (subscription.c.subscriber <= batch.c.hi),
        )
        .join(subscriber, subscriber.c.id == subscription.c.subscriber)
        .outerjoin(suppression, suppression.c.email_key == subscriber.c.email_key)
        .where(
            edition.c.id == edition_id,
            edition.c.stale_at <= literal(now, Moment),
            batch.c.state == "open",
            subscription.c.state == SubscriptionState.ACTIVE,
            or_(subscription.c.since <= edition.c.at, edition.c.replay),
            subscriber.c.state == SubscriberState.CONFIRMED,
            subscriber.c.email.is_not(None),
            or_(subscriber.c.paused_until.is_(None), subscriber.c.paused_until <= literal(now, Moment)),
            suppression.c.email_key.is_(None),
        )
    )
