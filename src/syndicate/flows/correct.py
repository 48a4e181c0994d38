"""Correct an article, or take it back: feeds and open editions follow, and who received it wrong will be told."""

from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.clock import Clock
from syndicate.core.related import RelatedIndex
from syndicate.errors import UsageError
from syndicate.model import ArticleKey
from syndicate.storage import collected, corrections, editions, neighbours, placings
from syndicate.storage.counter import take_numbers
from syndicate.storage.database import Database

log = structlog.get_logger(__name__)

JUST_MENDED = timedelta(hours=24)  # a revision that came in this span before a correction is taken for what it corrects


@dataclass(frozen=True, slots=True, kw_only=True)
class Correcting:
    """Carries out an editor's word on one article. `index` is the one that collecting keeps."""

    database: Database
    clock: Clock
    index: RelatedIndex

    async def correct(self, key: ArticleKey, *, note: str, wrong_to: int | None = None) -> int:
        """Record a correction, and return the last revision that was wrong. Raises UsageError.

        `wrong_to` is that revision where the caller knows it. Else an article whose newest revision came a short while ago was mended by
        that one, and the ones before were wrong; any other is wrong as it stands, and will be mended.
        """
        now = self.clock.now()
        async with self.database.begin() as connection:
            standing = await corrections.standing_of(connection, key)
            if wrong_to is not None and not 1 <= wrong_to <= standing.revision:
                raise UsageError(f"revision {wrong_to}: there is none; the article has 1 to {standing.revision}")
            if wrong_to is None:
                mended = standing.revision > 1 and standing.changed > now - JUST_MENDED
                wrong_to = standing.revision - 1 if mended else standing.revision
            await self._add(connection, key, note, wrong_to)
        log.info("article_corrected", article=key, wrong_to=wrong_to)
        return wrong_to

    async def withdraw(self, key: ArticleKey, *, note: str = "", tell: bool = True) -> None:
        """Take an article back: its store cannot bring it back. Who received it is told, with the note if there is one, unless `tell` is off."""
        now = self.clock.now()
        async with self.database.begin() as connection:
            standing = await corrections.standing_of(connection, key)
            again = not note and await corrections.is_withdrawn(connection, key)
            await collected.withdraw(connection, [key], by="operator", now=now)
            revision = standing.revision
            if tell and not again and not await corrections.is_kept(connection, key, wrong_to=revision, note=note):
                await self._add(connection, key, note, revision)
            else:
                await self._tell_builders(connection, key)
        self.index.remove(key)
        log.info("article_withdrawn", article=key)

    async def _add(self, connection: AsyncConnection, key: ArticleKey, note: str, wrong_to: int) -> None:
        seq = await take_numbers(connection, 1)
        await corrections.add_correction(connection, key, wrong_to=wrong_to, note=note, seq=seq, now=self.clock.now())
        await self._tell_builders(connection, key)

    async def _tell_builders(self, connection: AsyncConnection, key: ArticleKey) -> None:
        """Have the feeds of its sections, and of those that link to it, built again, and open editions composed again."""
        linking = await neighbours.neighbours_of(connection, [key])
        places = await placings.load_places(connection, [key, *linking])
        touched = {slug for one in places.values() for slug in one}
        await collected.bump_versions(connection, touched, seq=await take_numbers(connection, 1), now=self.clock.now())
        await editions.revise_open_editions(connection)
