"""Ping hubs: once for each topic whose bytes changed, after the new bytes can be read."""

import hashlib
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from syndicate.clock import Clock
from syndicate.flows.documents import LISTS
from syndicate.flows.held import held
from syndicate.storage import outbox
from syndicate.storage.database import Database
from syndicate.storage.outbox import OutboxRow
from syndicate.storage.shelf import Shelf

log = structlog.get_logger(__name__)

KIND = "hub"
AT_A_TIME = 20
GIVE_UP = timedelta(hours=24)
FIRST_WAIT = timedelta(minutes=1)

Ping = Callable[[str, str], Awaitable[str | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinging:
    """Pings hubs through the outbox, so that a hub that is down hears of it later. `ping` returns None or what went wrong."""

    database: Database
    clock: Clock
    shelf: Shelf
    hubs: Sequence[str]
    public_url: str
    ping: Ping

    async def note(self, written: Iterable[str]) -> None:
        """Ask for pings of the subscription documents among the files that were written.

        The bytes are part of the key: several machines that build the same ask once.
        """
        topics = [
            name
            for name in written
            if "/" not in name and name not in LISTS and name.rpartition(".")[2] in ("xml", "atom", "json")
        ]
        rows = [
            (hub, name, shelved.content) for name in topics if (shelved := self.shelf.get(name)) for hub in self.hubs
        ]
        if not rows:
            return
        async with self.database.begin() as connection:
            for hub, name, content in rows:
                mark = hashlib.blake2b(f"{hub}\n{name}\n".encode() + content, digest_size=24).hexdigest()
                payload = {"hub": hub, "topic": self.public_url + name}
                await outbox.put(connection, kind=KIND, key=f"{KIND}:{mark}", payload=payload, now=self.clock.now())

    async def send_due(self) -> int:
        """Send the pings that are due, some at a time; return how many were tried."""
        async with self.database.begin() as connection:
            rows = await outbox.take(connection, kinds=[KIND], now=self.clock.now(), most=AT_A_TIME)
        async with held(self.database, rows, clock=self.clock):
            for row in rows:
                trouble = await self._pinged(row)
                now = self.clock.now()
                async with self.database.begin() as connection:
                    if trouble is None:
                        await outbox.settle(connection, row, state="done")
                    elif now - row.created_at > GIVE_UP:
                        await outbox.settle(connection, row, state="refused", note=trouble)
                    else:
                        wait = FIRST_WAIT * 2 ** min(row.attempt - 1, 6)
                        await outbox.settle(connection, row, state="open", next_try=now + wait, note=trouble)
                if trouble is not None:
                    log.warning("hub_not_reached", hub=row.payload["hub"], topic=row.payload["topic"], trouble=trouble)
        return len(rows)

    async def _pinged(self, row: OutboxRow) -> str | None:
        try:
            return await self.ping(row.payload["hub"], row.payload["topic"])
        except Exception as error:  # whatever one hub comes to, the others are told
            log.exception("ping_failed", hub=row.payload["hub"])
            return f"{type(error).__name__}: {error}"
