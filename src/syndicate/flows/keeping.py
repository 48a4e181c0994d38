"""Keep a judged page: store its articles, their places and neighbours, and the bookmark, in one transaction."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.core.legal import legal
from syndicate.core.related import RelatedIndex
from syndicate.flows.judging import Judged, is_shown
from syndicate.flows.placing import Placing
from syndicate.model import ArticleKey, RelatedLink
from syndicate.storage import collected, neighbours, sources
from syndicate.storage.collected import Prepared, Stored
from syndicate.storage.counter import take_numbers
from syndicate.storage.database import Database

LONGEST_KEY = 2_000  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """Stores what was judged of one source, but for what another process was faster with."""

    source: str
    database: Database
    placing: Placing
    index: RelatedIndex

    async def keep(self, judged: Judged, stored: Mapping[str, Stored], *, bookmark: str | None, now: datetime) -> None:
        """Store a judged page; what is left out of `judged` then was not stored."""
        async with self.database.begin() as connection:
            # one collector at a time writes, so that none waits for another in a circle
            await take_numbers(connection, 0)
            await sources.open_source(connection, self.source)
            await self._drop_changed(connection, judged, stored)
            await self._drop_taken(connection, judged)
            changed = [*judged.added, *judged.revised]
            links = await self._links(connection, changed)
            await collected.insert_articles(connection, judged.added, now=now)
            for one in judged.revised:
                await collected.update_article(connection, one, now=now)
            await collected.insert_revisions(connection, changed, links)
            await neighbours.replace_neighbours(
                connection,
                {one.key: one.matches for one in changed},
                revised=[one.key for one in judged.revised if one.significant],  # a typo mended changes no neighbours
            )
            await collected.note_unchanged(connection, {one.key: one.fingerprint for one in judged.unchanged})
            await self.placing.place(connection, changed, judged.withdrawn, now=now)
            await self.placing.place_again(connection, judged.unchanged, now=now)
            await sources.replace_rejections(
                connection, self.source, mended=judged.mended, rejected=judged.rejected, now=now
            )
            await sources.move_bookmark(connection, self.source, bookmark)

    async def _drop_taken(self, connection: AsyncConnection, judged: Judged) -> None:
        """Leave out what another process stored meanwhile, and reject ids that another article has."""
        there = await collected.load_stored(connection, self.source, [one.cleaned.source_id for one in judged.added])
        guids: dict[str, ArticleKey] = {}
        kept = []
        taken = await collected.taken_guids(connection, {one.cleaned.guid: one.key for one in judged.added})
        for one in judged.added:
            if one.cleaned.source_id in there:
                judged.ignored += 1
            elif not is_storable(one.cleaned.guid):
                judged.rejected[one.cleaned.source_id] = (one.fingerprint, "its id is too long")
                judged.mended.discard(one.cleaned.source_id)
            elif one.cleaned.guid in taken or one.cleaned.guid in guids:
                judged.rejected[one.cleaned.source_id] = (
                    one.fingerprint,
                    f"its guid {one.cleaned.guid[:80]!r} belongs to another article",
                )
                judged.mended.discard(one.cleaned.source_id)
            else:
                guids[one.cleaned.guid] = one.key
                kept.append(one)
        gone = {one.key for one in judged.added} - set(guids.values())
        for key in gone:
            self.index.remove(key)
        judged.added = [_without(one, gone) for one in kept]
        judged.revised = [_without(one, gone) for one in judged.revised]

    async def _drop_changed(self, connection: AsyncConnection, judged: Judged, stored: Mapping[str, Stored]) -> None:
        """Leave out the articles that another process changed after we had read what is stored of them."""
        keys = {*(one.key for one in judged.revised), *judged.withdrawn}
        now = await collected.load_stored(
            connection, self.source, [one for one, was in stored.items() if was.key in keys]
        )
        changed = {was.key for one, was in stored.items() if one in now and now[one].fingerprint != was.fingerprint}
        judged.ignored += len(changed & keys)
        judged.revised = [one for one in judged.revised if one.key not in changed]
        judged.withdrawn = [key for key in judged.withdrawn if key not in changed]

    async def _links(
        self, connection: AsyncConnection, articles: Sequence[Prepared]
    ) -> dict[int, tuple[RelatedLink, ...]]:
        """Return the related links that stand now, for the feeds."""
        keys = {match.key for one in articles for match in one.matches if not match.same_story}
        shown = await collected.load_links(connection, keys)
        shown |= {one.key: (one.cleaned.guid, one.url, one.cleaned.title) for one in articles if is_shown(one)}
        found: dict[int, tuple[RelatedLink, ...]] = {}
        for one in articles:
            links = [
                RelatedLink(
                    id=shown[match.key][0],
                    url=shown[match.key][1],
                    title=shown[match.key][2],
                    score=round(match.score, 4),
                )
                for match in one.matches
                if not match.same_story and match.key in shown
            ]
            found[one.key] = tuple(links[: collected.FROZEN_LINKS])
        return found


def is_storable(name: str) -> bool:
    """Tell whether a database can keep a text as a key: legal characters, and few enough bytes for an index."""
    return legal(name) == name and len(name.encode()) <= LONGEST_KEY


def _without(one: Prepared, gone: Collection[int]) -> Prepared:
    """Return an article without its ties to others that are not stored after all."""
    if not any(match.key in gone for match in one.matches):
        return one
    return replace(one, matches=tuple(match for match in one.matches if match.key not in gone))
