"""Put letters to single readers into the outbox: confirmations, answers to those already subscribed, goodbyes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.model import SubscriberId
from syndicate.storage.choices import insert_into
from syndicate.storage.tables import outbox

EVERY = timedelta(hours=24)


class LetterKind(StrEnum):
    """What a letter is about."""

    CONFIRMATION = "confirmation"
    ALREADY = "already"
    GOODBYE = "goodbye"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter to send: the sender loads the subscriber afresh. `sections` and `digests` are what he asked for, if he did."""

    kind: LetterKind
    subscriber: SubscriberId
    email_key: str
    sections: tuple[str, ...] = ()
    digests: tuple[str, ...] = ()


async def queue_letters(connection: AsyncConnection, letters: Sequence[Letter], *, now: datetime) -> int:
    """Put letters into the outbox, at most one of a kind for an address in 24 hours; return how many."""
    today, yesterday = now.date().isoformat(), (now - EVERY).date().isoformat()
    wanted = {_prefix(one): one for one in letters}
    keys = [prefix + day for prefix in wanted for day in (today, yesterday)]
    query = select(outbox.c.key).where(outbox.c.key.in_(keys), outbox.c.created_at > now - EVERY)
    recent = {key[: -len(today)] for key in (await connection.execute(query)).scalars()}
    rows = [
        {
            "kind": one.kind.value,
            "key": prefix + today,
            "payload": msgspec.json.encode(
                {"subscriber": one.subscriber, "sections": one.sections, "digests": one.digests}
            ).decode(),
            "state": "open",
            "next_try": now,
            "created_at": now,
        }
        for prefix, one in wanted.items()
        if prefix not in recent
    ]
    if rows:
        await connection.execute(insert_into(connection, outbox).on_conflict_do_nothing(), rows)
    return len(rows)


def _prefix(letter: Letter) -> str:
    return f"{letter.kind}:{letter.email_key}:"
