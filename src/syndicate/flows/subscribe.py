"""Let readers come: a request by form, a letter, a confirming click."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.core.addresses import check_address
from syndicate.core.links import Signer
from syndicate.core.readers import Change, Person, Reader, SubscriptionState, offered_with
from syndicate.errors import TokenError
from syndicate.flows.readership import Readership
from syndicate.model import Choice, SubscriberState
from syndicate.storage.consents import ConsentKind
from syndicate.storage.letters import Letter, LetterKind, queue_letters
from syndicate.storage.subscribers import (
    Kept,
    NewSubscriber,
    add_subscribers,
    change_subscriber,
    find_by_key,
    find_by_public_id,
    new_nonce,
)
from syndicate.storage.suppressions import ERASED, find_reasons

SILENT = (SubscriberState.SUPPRESSED, SubscriberState.BOUNCED)  # they get our usual answer, and no letter


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUp:
    """The answer to a sign-up: it is the same whether the address is new, known or suppressed."""

    email: str
    sections: tuple[str, ...]
    digests: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """A reader has confirmed; `again` when he had before."""

    reader: Reader
    again: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribing:
    """What the sign-up form and the links of confirmation letters do.

    A link that is forged, too old, used up or withdrawn raises TokenError; choices that are not on offer raise UsageError naming what is;
    a bad address raises AddressError.
    """

    readership: Readership
    signer: Signer

    async def sign_up(
        self,
        *,
        email: str,
        sections: Sequence[str],
        digests: Sequence[str],
        timezone: str = "",
        language: str = "",
        name: str = "",
        source: str = "form",
        ip: str | None = None,
    ) -> SignUp:
        """Ask for digests: a letter asks a new address to confirm, and tells a known one that it is subscribed already.

        Nothing of a confirmed reader changes, nobody hears more than once in 24 hours, and suppressed addresses hear nothing. Who was
        erased may come back so.
        """
        address = check_address(email).text
        async with self.readership.database.begin() as connection:
            catalogue = await self.readership.catalogue(connection)
            slugs, names = catalogue.find(sections=sections, digests=digests)
            change = Change(
                sections=offered_with(slugs, names), timezone=timezone, language=language, name=name or None
            )
            await self._ask(connection, address, change, source=source, ip=ip)
        return SignUp(email=address, sections=slugs, digests=names)

    async def _ask(
        self, connection: AsyncConnection, address: str, change: Change, *, source: str, ip: str | None
    ) -> None:
        key = self.readership.key.email(address)
        person = self.readership.person(change)
        reason = (await find_reasons(connection, [key])).get(key)
        kept = await find_by_key(connection, key, lock=True)
        if reason not in (None, ERASED) or (kept is not None and kept.subscriber.state in SILENT):
            return
        if kept is None:
            new = NewSubscriber(email=address, email_key=key, state=SubscriberState.PENDING, person=person)
            await add_subscribers(connection, [new], now=self.readership.clock.now())
            kept = await find_by_key(connection, key, lock=True)
            assert kept is not None
        if kept.subscriber.state is SubscriberState.CONFIRMED:
            await self._write(connection, LetterKind.ALREADY, kept, change)
            return
        person = self.readership.person(change, kept=kept)
        await self._await_confirmation(connection, kept, change, person)
        if await self._write(connection, LetterKind.CONFIRMATION, kept, change):
            text = self.readership.consent_text(self.readership.language)
            await self.readership.note(connection, kept, ConsentKind.ASKED, source=source, text=text, ip=ip)

    async def _await_confirmation(
        self, connection: AsyncConnection, kept: Kept, change: Change, person: Person
    ) -> None:
        """Note what shall begin once it is confirmed; a link that is under way stays good."""
        now = self.readership.clock.now()
        values: dict[str, object] = {
            "state": SubscriberState.PENDING,
            "nonce": kept.nonce or new_nonce(),
            "asked_at": now,
        }
        await change_subscriber(connection, kept.subscriber.id, values | person.columns())
        choice = Choice(sections=change.sections or (), language=person.language, format=person.format)
        reader = await self.readership.reader(connection, kept)
        rhythms = self.readership.rhythms(choice, zone=person.timezone, reader=reader)
        await self.readership.choose(connection, reader, choice, rhythms=rhythms, state=SubscriptionState.PENDING)

    async def _write(self, connection: AsyncConnection, kind: LetterKind, kept: Kept, change: Change) -> bool:
        letter = Letter(
            kind=kind,
            subscriber=kept.subscriber.id,
            email_key=kept.email_key,
            sections=tuple(slug for slug, _ in change.sections or ()),
            digests=tuple(dict.fromkeys(name for _, names in change.sections or () for name in names)),
        )
        return await queue_letters(connection, [letter], now=self.readership.clock.now()) > 0

    async def awaiting(self, token: str) -> Confirmed:
        """Look at what a confirmation link would confirm."""
        async with self.readership.database.read() as connection:
            kept, again = await self._confirmable(connection, token, lock=False)
            return Confirmed(reader=await self.readership.reader(connection, kept), again=again)

    async def confirm(self, token: str, *, source: str = "link", ip: str | None = None) -> Confirmed:
        """Begin what was asked for. A link works once; a second click on it finds everything done."""
        async with self.readership.database.begin() as connection:
            kept, again = await self._confirmable(connection, token, lock=True)
            if not again:
                await self.readership.activate(connection, kept)
                text = self.readership.consent_text(kept.subscriber.language)
                await self.readership.note(connection, kept, ConsentKind.CONFIRMED, source=source, text=text, ip=ip)
            return await self._confirmed(connection, kept, again=again)

    async def _confirmed(self, connection: AsyncConnection, kept: Kept, *, again: bool) -> Confirmed:
        fresh = await find_by_public_id(connection, kept.subscriber.public_id)
        assert fresh is not None
        return Confirmed(reader=await self.readership.reader(connection, fresh), again=again)

    async def _confirmable(self, connection: AsyncConnection, token: str, *, lock: bool) -> tuple[Kept, bool]:
        found = self.signer.read_confirmation(token, now=self.readership.clock.now())
        kept = await find_by_public_id(connection, found.public_id, lock=lock)
        if kept is not None and kept.subscriber.state is SubscriberState.PENDING and kept.nonce == found.nonce:
            return kept, False
        if kept is not None and kept.subscriber.state is SubscriberState.CONFIRMED:
            return kept, True
        raise TokenError("this link was used already, or belongs to a request that was withdrawn")
