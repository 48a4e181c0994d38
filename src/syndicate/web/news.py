"""Know the latest headlines of each section, read again only when something was published."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.clock import Clock
from syndicate.core.cards import headline, safe_url
from syndicate.core.characters import one_line, shorten
from syndicate.core.wording import direction
from syndicate.model import Article, Image, Section
from syndicate.storage.articles import load_articles
from syndicate.storage.database import Database
from syndicate.storage.feeds import load_versions, newest
from syndicate.storage.sections import list_sections

EACH = 4  # headlines of a section on the front page
MOST_SECTIONS = 24  # sections with headlines there; the rest are named
LISTED = 30  # headlines on a section's page
LOOK_AGAIN = 1.0  # seconds between looks at the versions
STALE_AFTER = 60.0  # seconds after which everything is read again


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An article as a list of headlines shows it; `url` is empty when it has no address to link to."""

    key: int
    title: str
    url: str
    standfirst: str
    lang: str
    dir: str
    published: datetime
    minutes: int
    image: Image | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """A section with its latest stories."""

    section: Section
    stories: tuple[Story, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """What the front page shows: the lead story, which no section repeats, and every section; all of `sections` are listed in order."""

    lead: Story | None
    sections: tuple[Department, ...]


@dataclass(slots=True, kw_only=True)
class News:
    """Reads headlines. One look at the versions each second at most, however many ask."""

    database: Database
    clock: Clock
    _looked: float = -1e9
    _read: float = -1e9
    _versions: Mapping[str, int] = field(default_factory=dict)
    _front: Front | None = None
    _sections: dict[str, Department] = field(default_factory=dict)
    _known: tuple[Section, ...] = ()
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def front(self) -> Front:
        """Return what the front page shows."""
        async with self._lock:
            if self._front is not None and self._is_fresh():
                return self._front
            async with self.database.read() as connection:
                await self._look(connection)
                if self._front is None:
                    self._front = await self._load_front(connection)
            return self._front

    async def section(self, slug: str) -> Department | None:
        """Return a section with its latest stories, or None when there is none of that name."""
        async with self._lock:
            if slug in self._sections and self._is_fresh():
                return self._sections[slug]
            async with self.database.read() as connection:
                await self._look(connection)
                found = next((one for one in self._known if one.slug == slug), None)
                if found is not None and slug not in self._sections:
                    stories = await self._stories(connection, slug, count=LISTED)
                    self._sections[slug] = Department(section=found, stories=stories)
            return self._sections.get(slug)

    async def sections(self) -> tuple[Section, ...]:
        """Return all sections in order."""
        return tuple(one.section for one in (await self.front()).sections)

    def _is_fresh(self) -> bool:
        return self.clock.monotonic() - self._looked < LOOK_AGAIN

    async def _look(self, connection: AsyncConnection) -> None:
        """Forget what was read when anything was published since."""
        now = self.clock.monotonic()
        versions = {slug: one.seq for slug, one in (await load_versions(connection)).items()}
        known = tuple(await list_sections(connection))
        if versions != self._versions or known != self._known or now - self._read >= STALE_AFTER:
            self._front, self._sections, self._read = None, {}, now
        self._versions, self._known, self._looked = versions, known, now

    async def _load_front(self, connection: AsyncConnection) -> Front:
        found = []
        for place, section in enumerate(self._known):
            stories = await self._stories(connection, section.slug, count=EACH + 1) if place < MOST_SECTIONS else ()
            found.append(Department(section=section, stories=stories))
        lead = _lead(story for one in found for story in one.stories)
        taken = {lead.key} if lead is not None else set()
        return Front(lead=lead, sections=tuple(_without(one, taken) for one in found))

    async def _stories(self, connection: AsyncConnection, slug: str, *, count: int) -> tuple[Story, ...]:
        now = self.clock.now()
        dated = await newest(connection, slug, limit=count)
        keys = [one.key for one in dated if one.published <= now]
        articles = await load_articles(connection, keys)
        return tuple(_story(articles[key]) for key in keys if key in articles)


def _story(article: Article) -> Story:
    return Story(
        key=article.key,
        title=headline(article.title),
        url=safe_url(article.url) or "",
        standfirst=shorten(one_line(article.standfirst), limit=300),
        lang=article.language,
        dir=direction(article.language),
        published=article.published,
        minutes=article.minutes,
        image=article.image if article.image is not None and safe_url(article.image.url) else None,
    )


def _lead(stories: Iterable[Story]) -> Story | None:
    """Return the newest story, or rather the newest with a picture where that is among the newest of all."""
    ordered = sorted(stories, key=lambda one: one.published, reverse=True)
    return next((one for one in ordered[:12] if one.image is not None), ordered[0] if ordered else None)


def _without(one: Department, taken: set[int]) -> Department:
    """Return a section without the stories that stand above it already; what a second section repeats stays out of it too."""
    stories: Sequence[Story] = [story for story in one.stories if story.key not in taken][:EACH]
    taken.update(story.key for story in stories)
    return Department(section=one.section, stories=tuple(stories))
