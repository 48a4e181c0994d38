"""Send the letters that wait in the outbox: confirmations, answers to those already subscribed, goodbyes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.clock import Clock
from syndicate.core.filling import PreparedMessage
from syndicate.core.letters import Letters
from syndicate.core.links import Signer
from syndicate.core.pace import Urgency
from syndicate.core.retry import after
from syndicate.errors import AddressError
from syndicate.flows.envelopes import Postman
from syndicate.flows.held import held
from syndicate.flows.route import Router
from syndicate.model import DeliveryState, Envelope, Receipt
from syndicate.storage import outbox
from syndicate.storage.database import Database
from syndicate.storage.letters import LetterKind
from syndicate.storage.outbox import OutboxRow
from syndicate.storage.subscribers import Kept, find_by_id

log = structlog.get_logger(__name__)
AT_A_TIME = 20
KINDS = tuple(one.value for one in LetterKind)
GOOD_FOR = timedelta(hours=48)


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterFlow:
    """Sends letters; each is claimed before it is sent and recorded after, with the same Message-ID at every try."""

    database: Database
    clock: Clock
    signer: Signer
    letters: Letters
    postman: Postman
    router: Router
    titles: Mapping[str, str]

    async def send_due(self) -> int:
        """Send the letters that are due, some at a time; return how many were tried."""
        now = self.clock.now()
        most = await self._leave(now)
        if not most:
            return 0
        async with self.database.begin() as connection:
            rows = await outbox.take(connection, kinds=KINDS, now=now, most=most)
            written = [(row, await self._write(connection, row, now)) for row in rows]
        ready = [(row, envelope) for row, envelope in written if envelope is not None]
        signed = [self.postman.signed(envelope, now=now) for _, envelope in ready]
        async with held(self.database, rows, clock=self.clock):
            results = await self.router.send(signed, urgency=Urgency.LETTER) if signed else []
        async with self.database.begin() as connection:
            for row, envelope in written:
                if envelope is None:
                    await outbox.settle(connection, row, state="done", note="nobody to write to any more")
            for (row, _), (receipt, _) in zip(ready, results, strict=True):
                await self._settle(connection, row, receipt)
        self.router.give_back(most - len(ready))
        return len(rows)

    async def _leave(self, now: datetime) -> int:
        """Return how many letters may go now; they come before everything else that the relays may carry."""
        if self.router.is_free:
            return AT_A_TIME
        async with self.database.read() as connection:
            due = await outbox.count_due(connection, kinds=KINDS, now=now, most=AT_A_TIME)
        return (await self.router.reserve(due, urgency=Urgency.LETTER)).count if due else 0

    async def _settle(self, connection: AsyncConnection, row: OutboxRow, receipt: Receipt) -> None:
        verdict = after(
            receipt,
            attempt=row.attempt,
            former_note=row.note,
            policy="retry",
            now=self.clock.now(),
            stale_at=row.created_at + GOOD_FOR,
        )
        if verdict.state is DeliveryState.ACCEPTED:
            await outbox.settle(connection, row, state="done")
        elif verdict.next_try is None:
            await outbox.settle(connection, row, state="refused", note=verdict.note)
            log.warning("letter_refused", letter=row.id, kind=row.kind, code=receipt.code)
        else:
            await outbox.settle(connection, row, state="open", next_try=verdict.next_try, note=verdict.note)

    async def _write(self, connection: AsyncConnection, row: OutboxRow, now: datetime) -> Envelope | None:
        kept = await find_by_id(connection, row.payload["subscriber"])
        if kept is None or not kept.subscriber.email or (row.kind == "confirmation" and kept.nonce is None):
            return None
        message, values = self._compose(row, kept, now)
        person = kept.subscriber
        try:
            return self.postman.letter(
                kind=row.kind,
                key=row.key,
                public_id=person.public_id,
                email=person.email,
                name="",
                message=message,
                values=values,
                now=now,
            )
        except AddressError as error:
            log.warning("letter_without_address", letter=row.id, trouble=str(error))
            return None

    def _compose(self, row: OutboxRow, kept: Kept, now: datetime) -> tuple[PreparedMessage, dict[str, str]]:
        person = kept.subscriber
        base = self.postman.mail.public_url
        preferences = f"{base}preferences/{self.signer.preferences(person.public_id)}"
        if row.kind == "confirmation":
            token = self.signer.confirmation(person.public_id, kept.nonce or "", now=now)
            return self.letters.confirmation(language=person.language), {"confirm_url": f"{base}confirm/{token}"}
        if row.kind == "already":
            return self.letters.already(language=person.language), {"preferences_url": preferences}
        titles = [self.titles.get(name, name) for name in row.payload.get("digests", ())]
        return self.letters.goodbye(language=person.language, titles=titles), {"preferences_url": preferences}
