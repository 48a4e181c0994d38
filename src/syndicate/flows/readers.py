"""Let operators look after readers: add, show, suppress and erase them by address."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.core.addresses import check_address
from syndicate.core.readers import Change, Reader, SubscriptionState, offered_with
from syndicate.errors import NotFoundError, UsageError
from syndicate.flows import reader_records
from syndicate.flows.readership import Readership
from syndicate.flows.subscribe import Subscribing
from syndicate.model import Choice, SubscriberState
from syndicate.storage.consents import ConsentKind
from syndicate.storage.subscribers import (
    Kept,
    NewSubscriber,
    add_subscribers,
    change_subscriber,
    delete_subscribers,
    find_by_key,
    find_stale_requests,
    walk_subscribers,
)
from syndicate.storage.subscriptions import leave_all, load_subscriptions
from syndicate.storage.suppressions import ERASED, find_bounced, find_reasons, lift, suppress

PENDING_DAYS = timedelta(days=7)
PAGE = 500
BY_HAND = "operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderDesk:
    """What the commands about single readers do. A bad address raises AddressError, an unknown one NotFoundError."""

    readership: Readership
    subscribing: Subscribing

    async def add(
        self,
        *,
        email: str,
        sections: Sequence[str],
        digests: Sequence[str],
        timezone: str = "",
        language: str = "",
        name: str = "",
        confirmed: bool = False,
    ) -> reader_records.Record:
        """Subscribe somebody by hand, and return what is kept. Raises UsageError for choices that are not on offer.

        Without `confirmed` a new reader gets a confirmation letter first. One who is confirmed already has his choices replaced; a
        suppressed one has to be unsuppressed first.
        """
        address = check_address(email).text
        key = self.readership.key.email(address)
        async with self.readership.database.begin() as connection:
            reason = (await find_reasons(connection, [key])).get(key)
            if reason not in (None, ERASED):
                raise UsageError(f"{address} is suppressed ({reason}); run `syndicate subscribers unsuppress` first")
            kept = await find_by_key(connection, key, lock=True)
            known = kept is not None and kept.subscriber.state is SubscriberState.CONFIRMED
            if confirmed or known:
                slugs, names = (await self.readership.catalogue(connection)).find(sections=sections, digests=digests)
                pairs = offered_with(slugs, names)
                change = Change(sections=pairs, timezone=timezone, language=language, name=name or None)
                await self._put(connection, address, change, kept=kept)
                return await self._describe(connection, address)
        await self.subscribing.sign_up(
            email=email,
            sections=sections,
            digests=digests,
            timezone=timezone,
            language=language,
            name=name,
            source=BY_HAND,
        )
        return await self.show(address)

    async def _put(self, connection: AsyncConnection, address: str, change: Change, *, kept: Kept | None) -> None:
        person, key = self.readership.person(change, kept=kept), self.readership.key.email(address)
        if kept is None:
            new = NewSubscriber(email=address, email_key=key, state=SubscriberState.PENDING, person=person)
            await add_subscribers(connection, [new], now=self.readership.clock.now())
            kept = await find_by_key(connection, key, lock=True)
            assert kept is not None
        await change_subscriber(connection, kept.subscriber.id, person.columns())
        if kept.subscriber.state is not SubscriberState.CONFIRMED:
            await self.readership.set_state(connection, kept, SubscriberState.CONFIRMED)
            await self.readership.note(
                connection, kept, ConsentKind.IMPORTED, source=BY_HAND, text="added by the operator as confirmed"
            )
            await lift(connection, key, reason=ERASED)
        choice = Choice(sections=change.sections or (), language=person.language, format=person.format)
        reader = await self.readership.reader(connection, kept)
        rhythms = self.readership.rhythms(choice, zone=person.timezone, reader=reader)
        await self.readership.choose(connection, reader, choice, rhythms=rhythms, state=SubscriptionState.ACTIVE)

    async def show(self, email: str) -> reader_records.Record:
        """Look at a reader's choices and status."""
        async with self.readership.database.read() as connection:
            return await self._describe(connection, check_address(email).text)

    async def export(self, email: str) -> reader_records.Record:
        """Look at everything that is kept about a reader."""
        async with self.readership.database.read() as connection:
            kept = await self._find(connection, check_address(email).text)
            return await reader_records.export(connection, self.readership, kept)

    async def walk(self, state: SubscriberState | None = None) -> AsyncIterator[Reader]:
        """Yield every reader, or those in one state, in the order in which they came; erased ones are left out."""
        after = 0
        while True:
            async with self.readership.database.read() as connection:
                page = await walk_subscribers(connection, after=after, count=PAGE, state=state)
                found = await load_subscriptions(connection, [kept.subscriber.id for kept in page])
            for kept in page:
                yield Reader(subscriber=kept.subscriber, subscriptions=found[kept.subscriber.id])
            if len(page) < PAGE:
                return
            after = page[-1].subscriber.id

    async def erase(self, email: str) -> None:
        """Forget a reader; imports do not bring him back, but he may come back by himself."""
        async with self.readership.database.begin() as connection:
            kept = await self._find(connection, check_address(email).text, lock=True)
            await reader_records.erase(connection, self.readership, kept)

    async def suppress(self, email: str, *, reason: str = BY_HAND) -> None:
        """Send nothing to an address any more, whether it is known or not."""
        key = self.readership.key.email(check_address(email).text)
        async with self.readership.database.begin() as connection:
            kept = await find_by_key(connection, key, lock=True)
            await suppress(connection, [key], reason=reason, now=self.readership.clock.now())
            if kept is not None:
                await self.readership.set_state(connection, kept, SubscriberState.SUPPRESSED)

    async def unsuppress(self, email: str) -> bool:
        """Let an address have mail again, as it had before it was suppressed or bounced; tell whether it was."""
        key = self.readership.key.email(check_address(email).text)
        async with self.readership.database.begin() as connection:
            return await self._unsuppress(connection, key)

    async def unsuppress_bounced(self, *, since: datetime) -> int:
        """Let all addresses have mail again that were given up since a moment, as after a relay's fault; return how many. Complaints stand."""
        number, after = 0, ""
        while True:
            async with self.readership.database.begin() as connection:
                keys = await find_bounced(connection, since=since, after=after, count=PAGE)
                for key in keys:
                    number += await self._unsuppress(connection, key)
            if len(keys) < PAGE:
                return number
            after = keys[-1]

    async def _unsuppress(self, connection: AsyncConnection, key: str) -> bool:
        lifted = await lift(connection, key)
        kept = await find_by_key(connection, key, lock=True)
        if kept is None or kept.subscriber.state not in (SubscriberState.SUPPRESSED, SubscriberState.BOUNCED):
            return lifted
        reader = await self.readership.reader(connection, kept)
        active = any(one.state is SubscriptionState.ACTIVE for one in reader.subscriptions)
        state = SubscriberState.CONFIRMED if active else SubscriberState.UNSUBSCRIBED
        await change_subscriber(connection, kept.subscriber.id, {"state": state, "soft_score": 0.0, "soft_at": None})
        if not active:
            await leave_all(connection, [kept.subscriber.id])
        return True

    async def expire_pending(self) -> int:
        """Drop requests that nobody confirmed within seven days, and return how many; whoever was a reader before is one who left."""
        dropped = 0
        while True:
            async with self.readership.database.begin() as connection:
                stale = await find_stale_requests(
                    connection, before=self.readership.clock.now() - PENDING_DAYS, count=PAGE
                )
                strangers = [kept.subscriber.id for kept in stale if kept.subscriber.confirmed_at is None]
                await delete_subscribers(connection, strangers)
                for kept in stale:
                    if kept.subscriber.confirmed_at is not None:
                        await self.readership.set_state(connection, kept, SubscriberState.UNSUBSCRIBED)
                        await leave_all(connection, [kept.subscriber.id])
            dropped += len(stale)
            if len(stale) < PAGE:
                return dropped

    async def _describe(self, connection: AsyncConnection, address: str) -> reader_records.Record:
        return await reader_records.describe(connection, self.readership, await self._find(connection, address))

    async def _find(self, connection: AsyncConnection, address: str, *, lock: bool = False) -> Kept:
        kept = await find_by_key(connection, self.readership.key.email(address), lock=lock)
        if kept is None:
            raise NotFoundError(f"{address}: no such subscriber")
        return kept
