"""Place articles: put them in their sections, number them there, and tell which sections changed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.core.sections import SectionRule, assign, label_key
from syndicate.flows.judging import Still, is_shown
from syndicate.model import ArticleKey, Section
from syndicate.storage import collected, editions, neighbours, placings, sections
from syndicate.storage.articles import NOWHERE
from syndicate.storage.collected import Prepared
from syndicate.storage.counter import take_numbers
from syndicate.storage.database import Database
from syndicate.storage.placings import Place

log = structlog.get_logger(__name__)

RELEASE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """Places articles by the configured rules. `max_age`: what is older than this when it arrives is backlog."""

    rules: tuple[SectionRule, ...]
    auto: bool
    max_age: timedelta

    async def place(
        self, connection: AsyncConnection, changed: Sequence[Prepared], withdrawn: Sequence[int], *, now: datetime
    ) -> None:
        """Put articles in their sections, number them, and tell which sections changed."""
        shown = sorted(
            (one for one in changed if is_shown(one)), key=lambda one: (one.cleaned.published, one.cleaned.guid)
        )
        known = await sections.automatic_slugs(connection)
        wanted = {one.key: await self._sections(connection, one.cleaned.labels, known) for one in shown}
        published = {one.key: one.cleaned.published for one in shown}
        returned = {one.key for one in shown if one.returned}
        touched = await self._enter(connection, wanted, published, returned, now=now)
        revised = [one.key for one in changed if one.revision > 1]
        if withdrawn:
            await collected.withdraw(connection, withdrawn, by="source", now=now)
        # those who link to what was withdrawn change too: a headline that was taken back is printed nowhere
        linking = await neighbours.neighbours_of(connection, withdrawn)
        places = await placings.load_places(connection, [*withdrawn, *revised, *linking])
        touched |= {slug for one in places.values() for slug in one}
        if touched:
            await collected.bump_versions(connection, touched, seq=await take_numbers(connection, 1), now=now)
        if withdrawn or revised:
            await editions.revise_open_editions(connection)

    async def place_again(self, connection: AsyncConnection, still: Sequence[Still], *, now: datetime) -> None:
        """Put articles that did not change where the rules want them now, in case those did."""
        shown = sorted((one for one in still if one.shown), key=lambda one: (one.published, one.key))
        known = await sections.automatic_slugs(connection)
        wanted = {one.key: await self._sections(connection, one.labels, known) for one in shown}
        touched = await self._enter(connection, wanted, {one.key: one.published for one in shown}, now=now)
        if touched:
            await collected.bump_versions(connection, touched, seq=await take_numbers(connection, 1), now=now)

    async def _enter(
        self,
        connection: AsyncConnection,
        wanted: dict[ArticleKey, list[str]],
        published: dict[ArticleKey, datetime],
        returned: Collection[ArticleKey] = (),
        *,
        now: datetime,
    ) -> set[str]:
        """Store the places of articles in sections; return the sections that gained or lost one.

        What comes back, to a section or (`returned`) from having been taken back, gets another number for readers' marks: an edition may have
        gone by meanwhile. Whoever had it does not get it again: where an article had been shown before, the ledger is asked.
        """
        places = await placings.load_places(connection, list(wanted))
        standing = {(key, slug) for key, there in places.items() for slug, was in there.items() if not was.removed}
        entering = [
            (key, slug)
            for key, slugs in wanted.items()
            for slug in _news_first(slugs, places.get(key, {}))
            if key in returned or (slug in slugs and (key, slug) not in standing)
        ]
        first = await take_numbers(connection, len(entering)) if entering else 0
        numbers = {entry: number for number, entry in enumerate(entering, first)}
        fresh = [
            self._entry(key, slug, wanted[key].index(slug), number, published[key], now, again=key in places)
            for (key, slug), number in numbers.items()
            if slug not in places.get(key, {})
        ]
        await placings.enter_sections(connection, fresh)
        moved = await self._move(connection, places, wanted, numbers, now=now)
        return moved | {slug for key, slug in numbers if slug not in places.get(key, {})}

    async def _move(
        self,
        connection: AsyncConnection,
        places: Mapping[int, Mapping[str, Place]],
        wanted: Mapping[ArticleKey, list[str]],
        numbers: Mapping[tuple[ArticleKey, str], int],
        *,
        now: datetime,
    ) -> set[str]:
        """Change the places that articles had already; return the sections that gained or lost one."""
        touched, leaving = set(), set()
        for number, there in places.items():
            key = ArticleKey(number)
            slugs = wanted[key]
            for place in there.values():
                position = slugs.index(place.section) if place.section in slugs else place.position
                now_there = replace(place, position=position, removed=place.section not in slugs)
                again = numbers.get((key, place.section))
                if now_there == place and again is None:
                    continue
                await placings.change_place(connection, key, now_there, again=again, now=now)
                if not (place.removed and now_there.removed):
                    touched.add(place.section)
                if now_there.removed and not place.removed:
                    leaving.add(key)
        if leaving:
            await placings.note_shown_before(connection, leaving)
        return touched

    def _entry(
        self, key: ArticleKey, slug: str, position: int, number: int, published: datetime, now: datetime, *, again: bool
    ) -> dict[str, object]:
        """Return the row of an article that enters a section for the first time."""
        backlog = now - published > self.max_age
        return {
            "article": key,
            "section": slug,
            "position": position,
            "seq": number,
            "visible_at": published if backlog else now,
            "backlog": backlog,
            "again_seq": number if again else None,
        }

    async def _sections(self, connection: AsyncConnection, labels: tuple[str, ...], known: dict[str, str]) -> list[str]:
        """Return the slugs of an article with these labels; automatic sections that are new are stored, and known from then on."""
        found: Sequence[Section] = assign(labels, rules=self.rules, auto=self.auto, known_auto=known)
        stored = {rule.section.slug for rule in self.rules} | set(known.values())
        by_title = {label_key(label) for label in labels}
        for one in found:
            if one.slug not in stored and label_key(one.title) in by_title:
                known[label_key(one.title)] = one.slug
                await sections.add_automatic(connection, slug=one.slug, title=one.title, label=label_key(one.title))
                log.info("section_appeared", section=one.slug)
        return [one.slug for one in found] or [NOWHERE]

    async def release(self, database: Database, *, now: datetime) -> int:
        """Show the embargoed articles whose hour has come; return how many."""
        count = 0
        while True:
            async with database.read() as connection:
                if not await collected.due_embargoes(connection, now=now, most=1):
                    return count
            async with database.begin() as connection:
                await take_numbers(connection, 0)
                due = await collected.due_embargoes(connection, now=now, most=RELEASE)
                known = await sections.automatic_slugs(connection)
                wanted = {ArticleKey(key): await self._sections(connection, labels, known) for key, labels, _ in due}
                await collected.show(connection, [key for key, _, _ in due], now=now)
                published = {ArticleKey(key): at for key, _, at in due}
                # one that has a place already was shown before its hour was put off
                touched = await self._enter(connection, wanted, published, set(wanted), now=now)
                await collected.bump_versions(connection, touched, seq=await take_numbers(connection, 1), now=now)
                count += len(due)


def _news_first(slugs: Sequence[str], there: Mapping[str, Place]) -> list[str]:
    """Return where an article stands and stood: of the numbers it gets at once the least counts, and it shall be that of a place where it is news."""
    return sorted(dict.fromkeys((*slugs, *there)), key=lambda slug: slug in there and there[slug].backlog)
