"""Keep the proof of what readers agreed to, and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.model import SubscriberId
from syndicate.storage.tables import consent


class ConsentKind(StrEnum):
    """What a reader did."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    IMPORTED = "imported"
    LEFT = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One step: what was said (`text`, with its version), where (`source`), and a keyed hash of the IP address."""

    subscriber: SubscriberId
    at: datetime
    kind: ConsentKind
    text: str
    source: str
    ip_key: str | None = None


async def record_consents(connection: AsyncConnection, consents: Sequence[Consent]) -> None:
    """Keep steps."""
    if consents:
        await connection.execute(
            insert(consent), [{name: getattr(one, name) for name in Consent.__slots__} for one in consents]
        )


async def list_consents(connection: AsyncConnection, subscriber: SubscriberId) -> list[Consent]:
    """Return a reader's steps, oldest first."""
    query = select(consent).where(consent.c.subscriber == subscriber).order_by(consent.c.at, consent.c.id)
    return [_step(row) for row in await connection.execute(query)]


async def newest_consents(
    connection: AsyncConnection, subscribers: Sequence[SubscriberId]
) -> dict[SubscriberId, Consent]:
    """Return the newest step by which each of some readers consented; ask for a few hundred at a time."""
    kinds = (ConsentKind.CONFIRMED, ConsentKind.IMPORTED)
    query = (
        select(consent).where(consent.c.subscriber.in_(subscribers), consent.c.kind.in_(kinds)).order_by(consent.c.id)
    )
    return {SubscriberId(row.subscriber): _step(row) for row in await connection.execute(query)}


async def forget_consents(connection: AsyncConnection, subscriber: SubscriberId) -> None:
    """Delete a reader's steps."""
    await connection.execute(delete(consent).where(consent.c.subscriber == subscriber))


def _step(row: Row[Any]) -> Consent:  # Any: rows are untyped
    return Consent(
        subscriber=SubscriberId(row.subscriber),
        at=row.at,
        kind=ConsentKind(row.kind),
        text=row.text,
        source=row.source,
        ip_key=row.ip_key,
    )
