"""Say all that is kept about a reader, and forget it."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.core.cadence import days_of
from syndicate.core.readers import Subscription
from syndicate.flows.readership import Readership
from syndicate.model import SubscriberId
from syndicate.storage.consents import forget_consents, list_consents
from syndicate.storage.deliveries import STATES
from syndicate.storage.subscribers import Kept, forget_address
from syndicate.storage.subscriptions import forget_subscriptions
from syndicate.storage.suppressions import ERASED, find_reasons, suppress
from syndicate.storage.tables import delivery, edition

Record = dict[str, Any]  # Any: JSON


async def describe(connection: AsyncConnection, readership: Readership, kept: Kept) -> Record:
    """Return a reader's choices and status as JSON; nothing in it changes by looking, or by time passing."""
    person = kept.subscriber
    reader = await readership.reader(connection, kept)
    reasons = await find_reasons(connection, [kept.email_key])
    return {
        "email": person.email,
        "public_id": person.public_id,
        "name": person.name,
        "state": person.state.value,
        "timezone": person.timezone,
        "language": person.language,
        "format": person.format,
        "created_at": person.created_at,
        "confirmed_at": person.confirmed_at,
        "paused_until": person.paused_until,
        "suppressed": reasons.get(kept.email_key),
        "sections": [{"section": slug, "digests": list(digests)} for slug, digests in reader.choice.sections],
        "digests": [_subscription(one) for one in reader.subscriptions],
        "consent": [
            {"at": one.at, "kind": one.kind.value, "text": one.text, "source": one.source}
            for one in await list_consents(connection, person.id)
        ],
    }


async def export(connection: AsyncConnection, readership: Readership, kept: Kept) -> Record:
    """Return everything that is kept about a reader, for the reader: choices, proofs, and what was sent to him."""
    reader = await readership.reader(connection, kept)
    return await describe(connection, readership, kept) | {
        "marks": [{"digest": one.digest, "seen": one.seen} for one in reader.subscriptions if one.seen is not None],
        "deliveries": await _deliveries(connection, kept.subscriber.id),
    }


async def erase(connection: AsyncConnection, readership: Readership, kept: Kept) -> None:
    """Forget a reader: what stays is a number in the ledger, and a keyed hash that keeps imports from bringing him back."""
    await suppress(connection, [kept.email_key], reason=ERASED, now=readership.clock.now())
    await forget_subscriptions(connection, kept.subscriber.id)
    await forget_consents(connection, kept.subscriber.id)
    await forget_address(connection, kept)


def clock_time(minute: int | None) -> str | None:
    """Return a minute of the day as people write it, None for instant alerts."""
    return None if minute is None else f"{minute // 60:02}:{minute % 60:02}"


def _subscription(one: Subscription) -> Record:
    return {
        "digest": one.digest,
        "state": one.state.value,
        "at": clock_time(one.rhythm.minute),
        "days": list(days_of(one.rhythm.weekdays)),
        "since": one.since,
    }


async def _deliveries(connection: AsyncConnection, number: SubscriberId) -> list[Record]:
    query = (
        select(edition.c.digest, edition.c.slot, delivery.c.state)
        .join(edition, edition.c.id == delivery.c.edition)
        .where(delivery.c.subscriber == number)
        .order_by(edition.c.at)
    )
    rows = (await connection.execute(query)).all()
    return [{"digest": row.digest, "slot": row.slot, "state": STATES[row.state].value} for row in rows]
