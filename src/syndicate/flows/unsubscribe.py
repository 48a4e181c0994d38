"""Let readers go: what the unsubscribe links of the mails do."""

from dataclasses import dataclass
from enum import StrEnum

from msgspec import structs
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.core.links import Leaving, Signer
from syndicate.core.readers import Catalogue, Reader, digests_of, without_digests, without_section
from syndicate.errors import UsageError
from syndicate.flows.readership import Readership
from syndicate.model import Choice, SubscriberState
from syndicate.storage.consents import ConsentKind
from syndicate.storage.subscribers import Kept, change_subscriber, find_by_public_id


class Scope(StrEnum):
    """What a reader leaves: the digest that the mail belonged to, one section in every digest, or everything."""

    DIGEST = "digest"
    SECTION = "section"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """Who leaves which digest. `reader` is None when nothing is kept about him any more; leaving is then done already."""

    digest: str
    reader: Reader | None
    catalogue: Catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsubscribing:
    """What readers do by the unsubscribe link of a mail, which never expires. A forged one raises TokenError."""

    readership: Readership
    signer: Signer

    async def departure(self, token: str) -> Departure:
        """Look at who would leave what."""
        leaving = self.signer.read_unsubscribe(token)
        async with self.readership.database.read() as connection:
            return await self._departure(connection, leaving)

    async def unsubscribe(
        self, token: str, *, scope: Scope = Scope.DIGEST, section: str | None = None, source: str = "link"
    ) -> Departure:
        """Leave the digest that the mail belonged to, or one section, or everything; it holds from the next claim on.

        Doing it again changes nothing and is no error, even when nothing is kept about the reader any more.
        """
        leaving = self.signer.read_unsubscribe(token)
        if scope is Scope.SECTION and not section:
            raise UsageError("unsubscribe: name the section to leave")
        async with self.readership.database.begin() as connection:
            kept = await find_by_public_id(connection, leaving.public_id, lock=True)
            if kept is not None and kept.subscriber.state is not SubscriberState.ERASED:
                await self._leave(connection, kept, leaving, scope=scope, section=section, source=source)
            return await self._departure(connection, leaving)

    async def _leave(
        self,
        connection: AsyncConnection,
        kept: Kept,
        leaving: Leaving,
        *,
        scope: Scope,
        section: str | None,
        source: str,
    ) -> None:
        reader = await self.readership.reader(connection, kept)
        choice = _rest(reader.choice, leaving, scope=scope, section=section)
        if not reader.kept or choice == reader.choice:
            return
        rhythms = {one.digest: one.rhythm for one in reader.kept}
        await self.readership.choose(connection, reader, choice, rhythms=rhythms, state=reader.kept[0].state)
        await change_subscriber(connection, kept.subscriber.id, {"chose_at": self.readership.clock.now()})
        text = {Scope.DIGEST: f"digest {leaving.digest}", Scope.SECTION: f"section {section}", Scope.ALL: "everything"}[
            scope
        ]
        if digests_of(choice):
            await self.readership.note(connection, kept, ConsentKind.LEFT, source=source, text=text)
        else:
            # whoever leaves with one click in his mail program has his answer there; a letter would only annoy
            goodbye = [one.digest for one in reader.kept] if scope is Scope.ALL else []
            await self.readership.let_go(connection, kept, source=source, text=text, goodbye=goodbye)

    async def _departure(self, connection: AsyncConnection, leaving: Leaving) -> Departure:
        kept = await find_by_public_id(connection, leaving.public_id)
        gone = kept is None or kept.subscriber.state is SubscriberState.ERASED
        reader = None if kept is None or gone else await self.readership.reader(connection, kept)
        catalogue = await self.readership.catalogue(connection)
        return Departure(digest=leaving.digest, reader=reader, catalogue=catalogue)


def _rest(choice: Choice, leaving: Leaving, *, scope: Scope, section: str | None) -> Choice:
    """Return what is left of a choice."""
    if scope is Scope.DIGEST:
        return without_digests(choice, [leaving.digest])
    if scope is Scope.SECTION:
        return without_section(choice, section or "")
    return structs.replace(choice, sections=())
