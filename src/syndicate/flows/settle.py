"""Let what is stored follow the configuration: the public address, the sections and their names, the digests as they are offered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec
import structlog

from syndicate.core.readers import Offer, followed
from syndicate.model import Rhythm, Section
from syndicate.storage import sections, settings
from syndicate.storage.choices import intern_rhythms
from syndicate.storage.counter import take_numbers
from syndicate.storage.database import Database
from syndicate.storage.editions import list_rhythms
from syndicate.storage.own_pages import move_own_pages
from syndicate.storage.renamed import rename_section
from syndicate.storage.subscriptions import move_rhythm

log = structlog.get_logger(__name__)

AT_ONCE = 5_000  # readers of a transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Settling:
    """What the configuration says of what is stored. `renamed` maps old slugs of sections to their slugs now."""

    database: Database
    public_url: str
    sections: Sequence[Section]
    renamed: Mapping[str, str]
    offers: Sequence[Offer]

    async def settle(self, *, now: datetime) -> datetime:
        """Make what is stored follow, where it does not yet; return when the installation was set up. Repeating it is harmless."""
        offers, renamed = self._offers(), msgspec.json.encode(self.renamed, order="sorted").decode()
        wanted = {settings.PUBLIC_URL: self.public_url, settings.RENAMED: renamed, settings.OFFERS: offers}
        async with self.database.read() as connection:
            before = await settings.read_settings(connection)
            same = not await sections.differs(connection, self.sections)
        if same and settings.ESTABLISHED in before and wanted.items() <= before.items():
            return datetime.fromisoformat(before[settings.ESTABLISHED])
        async with self.database.begin() as connection:
            await take_numbers(connection, 0)  # first, as collectors do; and no article is placed meanwhile
            established = await settings.established(connection, now=now)
            await sections.store_configured(connection, self.sections)
            if (was := before.get(settings.PUBLIC_URL, self.public_url)) != self.public_url:
                await move_own_pages(connection, before=was, now=self.public_url)
            if before.get(settings.RENAMED) != renamed:
                former = set(msgspec.json.decode(before.get(settings.RENAMED, "{}"), type=dict[str, str]).values())
                # what was a section until now goes first: what is left of those before it must not keep it from its place
                for old, new in sorted(self.renamed.items(), key=lambda names: names[0] not in former):
                    await rename_section(connection, old=old, new=new)
            for name in (settings.PUBLIC_URL, settings.RENAMED):
                await settings.replace_setting(connection, name, wanted[name])
        if before.get(settings.OFFERS) != offers:
            await self._offer(before.get(settings.OFFERS, "[]"))
        return established

    async def _offer(self, before: str) -> None:
        """Let readers who have a digest as it was offered have it as it is offered now."""
        known = {one.name: one for one in msgspec.json.decode(before, type=list[Offer])}
        for offer in self.offers:
            if offer.name in known:
                await self._move(known[offer.name], offer)
        async with self.database.begin() as connection:
            await settings.replace_setting(connection, settings.OFFERS, self._offers())

    async def _move(self, before: Offer, offer: Offer) -> None:
        async with self.database.read() as connection:
            rhythms = await list_rhythms(connection)
        number = 0
        for old, rhythm in rhythms.items():
            after = followed(rhythm, before=before, now=offer)
            while after != rhythm and (moved := await self._move_some(offer.name, old, after)):
                number += moved
        if number:
            log.info("digest_moved", digest=offer.name, readers=number)

    async def _move_some(self, digest: str, old: int, rhythm: Rhythm) -> int:
        async with self.database.begin() as connection:
            new = (await intern_rhythms(connection, [rhythm]))[rhythm]
            return await move_rhythm(connection, digest=digest, old=old, new=new, most=AT_ONCE)

    def _offers(self) -> str:
        """Return the offers as they are remembered: without their titles, which move nothing."""
        return msgspec.json.encode([replace(one, title="") for one in self.offers]).decode()
