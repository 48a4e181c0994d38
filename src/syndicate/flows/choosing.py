"""Let readers choose again: what the preferences page does."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.core.links import Signer
from syndicate.core.readers import Catalogue, Change, Reader, SubscriptionState, digests_of
from syndicate.errors import TokenError, UsageError
from syndicate.flows import reader_records
from syndicate.flows.readership import Readership
from syndicate.model import Choice, SubscriberState
from syndicate.storage.consents import ConsentKind
from syndicate.storage.subscribers import Kept, change_subscriber, find_by_public_id

LONGEST_PAUSE = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """A reader's choices, and what else there is to choose."""

    reader: Reader
    catalogue: Catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Choosing:
    """What readers do by their preferences link, which does not expire.

    A link that is forged, or whose reader is gone, raises TokenError; choices that are not on offer raise UsageError naming what is.
    """

    readership: Readership
    signer: Signer

    async def preferences(self, token: str) -> Preferences:
        """Look at a reader's choices, and at what else there is."""
        async with self.readership.database.read() as connection:
            kept = await self._by_preferences(connection, token)
            return Preferences(
                reader=await self.readership.reader(connection, kept),
                catalogue=await self.readership.catalogue(connection),
            )

    async def change(self, token: str, change: Change) -> Preferences:
        """Change what a reader chose. Marks stay, so nothing comes twice and nothing is missed; no sections at all means leaving."""
        async with self.readership.database.begin() as connection:
            kept = await self._by_preferences(connection, token, lock=True)
            person = self.readership.person(change, kept=kept)
            await change_subscriber(
                connection, kept.subscriber.id, person.columns() | {"chose_at": self.readership.clock.now()}
            )
            reader = await self.readership.reader(connection, kept)
            catalogue = await self.readership.catalogue(connection)
            pairs = reader.choice.sections if change.sections is None else catalogue.find_pairs(change.sections)
            choice = Choice(sections=pairs, language=person.language, format=person.format)
            if change.sections is not None or reader.kept:
                await self._choose(connection, kept, reader, choice, change)
        return await self.preferences(token)

    async def _choose(
        self, connection: AsyncConnection, kept: Kept, reader: Reader, choice: Choice, change: Change
    ) -> None:
        state = kept.subscriber.state
        pending = state is SubscriberState.PENDING
        zone = self.readership.person(change, kept=kept).timezone
        rhythms = self.readership.rhythms(choice, zone=zone, reader=reader, change=change)
        wanted = SubscriptionState.PENDING if pending else SubscriptionState.ACTIVE
        await self.readership.choose(connection, reader, choice, rhythms=rhythms, state=wanted)
        if not digests_of(choice):
            left = [one.digest for one in reader.kept]
            await self.readership.let_go(connection, kept, source="preferences", text="everything", goodbye=left)
        elif state is SubscriberState.UNSUBSCRIBED:
            await self.readership.set_state(connection, kept, SubscriberState.CONFIRMED)
            text = self.readership.consent_text(kept.subscriber.language)
            await self.readership.note(connection, kept, ConsentKind.CONFIRMED, source="preferences", text=text)

    async def pause(self, token: str, *, until: datetime) -> Preferences:
        """Hold every digest back until a moment, at most a year from now; afterwards they go on with at most one period. Raises UsageError."""
        now = self.readership.clock.now()
        if not now < until <= now + LONGEST_PAUSE:
            raise UsageError("pause: write a day that is to come, within a year")
        return await self._pause(token, until)

    async def resume(self, token: str) -> Preferences:
        """End a pause now."""
        return await self._pause(token, None)

    async def _pause(self, token: str, until: datetime | None) -> Preferences:
        now = self.readership.clock.now()
        async with self.readership.database.begin() as connection:
            kept = await self._by_preferences(connection, token, lock=True)
            paused = kept.subscriber.paused_until
            if until is not None or (paused is not None and paused > now):
                await change_subscriber(connection, kept.subscriber.id, {"paused_until": until or now})
        return await self.preferences(token)

    async def export(self, token: str) -> reader_records.Record:
        """Look at everything that is kept about a reader, as JSON."""
        async with self.readership.database.read() as connection:
            kept = await self._by_preferences(connection, token)
            return await reader_records.export(connection, self.readership, kept)

    async def erase(self, token: str) -> None:
        """Forget a reader; afterwards his links are no good any more, but leaving stays possible."""
        async with self.readership.database.begin() as connection:
            kept = await self._by_preferences(connection, token, lock=True)
            await reader_records.erase(connection, self.readership, kept)

    async def _by_preferences(self, connection: AsyncConnection, token: str, *, lock: bool = False) -> Kept:
        public_id = self.signer.read_preferences(token)
        kept = await find_by_public_id(connection, public_id, lock=lock)
        if kept is None or kept.subscriber.state is SubscriberState.ERASED:
            raise TokenError("nothing is kept about this reader any more")
        return kept
