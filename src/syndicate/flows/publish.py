"""Publish: rebuild the feed files of the sections that changed, and leave the others alone."""

import asyncio
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from importlib.metadata import version

from msgspec import structs

from syndicate.clock import Clock
from syndicate.core.feed import (
    FeedSettings,
    build_archive,
    build_feed,
    document_name,
    max_age,
)
from syndicate.errors import NotFoundError, ShelfError
from syndicate.flows.built import Built, Notes, is_due, own_notes, read_notes, write_notes
from syndicate.flows.documents import FORMATS, Shelving, put_feed, put_lists, remove_section
from syndicate.flows.sight import Seen, due_pages, look
from syndicate.formats.cache import EntryCache
from syndicate.model import Article, Feed, Section
from syndicate.storage import feeds
from syndicate.storage.articles import NOWHERE
from syndicate.storage.database import Database
from syndicate.storage.sections import list_sections
from syndicate.storage.shelf import Shelf


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What a run of publish did.

    `changed` names the sections with new bytes; `troubles` what could not be shown or written; `given_up` the sections that had feeds
    and are no more. It is `complete` when each section that was asked for has its feeds on the shelf, if only older ones.
    """

    written: tuple[str, ...]
    unchanged: int
    removed: int
    changed: tuple[str, ...]
    troubles: tuple[str, ...]
    given_up: frozenset[str]
    complete: bool


@dataclass(slots=True, kw_only=True)
class _Run:
    shelving: Shelving
    database: Database
    settings: FeedSettings
    recipe: str
    now: datetime
    changed: list[str] = field(default_factory=list)

    def notes(self) -> Notes:
        """Return what this publication has built on the shelf."""
        return own_notes(read_notes(self.shelving.shelf), self.publication)

    @property
    def publication(self) -> str:
        """Return what tells this publication's notes from another's."""
        return self.settings.established.isoformat()


async def publish(
    *,
    database: Database,
    shelf: Shelf,
    settings: FeedSettings,
    clock: Clock,
    cache: EntryCache,
    sections: Sequence[str] | None = None,
) -> Published:
    """Bring the shelf up to date with the database, for these sections or for all. Raises NotFoundError, ServiceUnavailableError.

    A build is due when the section's number moved, when the settings or the program changed, or when an article grew too old for
    the window. What fails for one article or one section is reported, and costs no other its place.
    """
    now = clock.now()
    async with database.read() as connection:
        known = (Section(slug=feeds.ALL, title=settings.site_title), *await list_sections(connection))
        versions = await feeds.load_versions(connection)
    wanted = _choose(known, sections)
    settings = replace(settings, section_titles={section.slug: section.title for section in known})
    run = _Run(
        shelving=Shelving(shelf=shelf, cache=cache),
        database=database,
        settings=settings,
        recipe=recipe_of(settings),
        now=now,
    )
    found = await asyncio.to_thread(read_notes, shelf)
    notes = own_notes(found, run.publication)
    if found.publication != notes.publication:
        run.shelving.troubles.append(
            f"{shelf.directory}: another database's feeds lie there, and stay; give each publication a [feeds] directory of its own"
        )
    for section in wanted:
        seq = versions[section.slug].seq if section.slug in versions else 0
        built = notes.sections.get(section.slug)
        if is_due(built, seq=seq, recipe=run.recipe, now=now) or await asyncio.to_thread(
            _is_missing, shelf, section.slug
        ):
            await _publish_section(run, section, built)
        else:
            run.shelving.unchanged += len(FORMATS)
    if sections is None:
        await _publish_lists(run, known, notes, seq=versions[feeds.ALL].seq if versions else 0)
    return Published(
        written=tuple(run.shelving.written),
        unchanged=run.shelving.unchanged,
        removed=run.shelving.removed,
        changed=tuple(run.changed),
        troubles=tuple(dict.fromkeys(run.shelving.troubles)),
        given_up=frozenset(versions) - {section.slug for section in known} - {NOWHERE},
        complete=await asyncio.to_thread(_are_all_there, shelf, wanted),
    )


def _are_all_there(shelf: Shelf, wanted: Sequence[Section]) -> bool:
    return not any(_is_missing(shelf, section.slug) for section in wanted)


def _is_missing(shelf: Shelf, slug: str) -> bool:
    return any(shelf.modified(document_name(slug, format)) is None for format in FORMATS)


def recipe_of(settings: FeedSettings) -> str:
    """Return what stands for the settings and the program that writes, so that a change of either makes a build due."""
    told = replace(settings, section_titles=dict(sorted(settings.section_titles.items())))
    return hashlib.sha256(f"{version('syndicate')} {told!r}".encode()).hexdigest()[:16]


def _choose(known: Sequence[Section], wanted: Sequence[str] | None) -> tuple[Section, ...]:
    if wanted is None:
        return tuple(known)
    by_slug = {section.slug: section for section in known}
    for slug in wanted:
        if slug not in by_slug:
            raise NotFoundError(f"section {slug}: there is none; `syndicate feeds list` shows them")
    return tuple(by_slug[slug] for slug in wanted)


async def _publish_section(run: _Run, section: Section, built: Built | None) -> None:
    before = len(run.shelving.written)
    fresh = None if built is None or built.recipe != run.recipe else built
    async with run.database.read() as connection:
        seen = await look(connection, section, settings=run.settings, now=run.now)
        pages = await due_pages(connection, seen, fresh, size=run.settings.archive_items)
    feed = build_feed(
        section=section,
        articles=seen.subscription.articles,
        settings=run.settings,
        tombstones=seen.tombstones,
        archives=seen.subscription.archives,
        moments=[article.published for article in seen.window],
    )
    now_built = Built(
        seq=seen.version.seq,
        recipe=run.recipe,
        changed=seen.version.changed,
        until=seen.until,
        archives=seen.subscription.archives,
        max_age=max_age(feed),
    )
    # archives first: the subscription document names them
    complete = await _publish_archives(run, seen, pages, now_built)
    await asyncio.to_thread(_finish, run, feed, now_built, complete)
    if len(run.shelving.written) > before:
        run.changed.append(section.slug)


def _finish(run: _Run, feed: Feed, built: Built, complete: bool) -> None:
    """Put the subscription documents on the shelf and note what they were built from."""
    shelf, slug = run.shelving.shelf, feed.section.slug
    try:
        with shelf.locked():
            notes = run.notes()
            if _is_overtaken(notes, slug, built):
                run.shelving.unchanged += len(FORMATS)
                return
            complete &= put_feed(run.shelving, feed, archive=None)
            if complete:
                notes.sections[slug] = built
            else:  # what could be written is shown, and the rest is due again
                notes.sections.setdefault(slug, structs.replace(built, recipe=""))
            write_notes(shelf, notes)
    except ShelfError as error:
        run.shelving.troubles.append(str(error))


def _finish_archive(run: _Run, feed: Feed, number: int, built: Built) -> bool:
    """Put an archive document on the shelf; tell whether it is there."""
    try:
        with run.shelving.shelf.locked():
            if _is_overtaken(run.notes(), feed.section.slug, built):
                return True
            return put_feed(run.shelving, feed, archive=number)
    except ShelfError as error:
        run.shelving.troubles.append(str(error))
        return False


def _is_overtaken(notes: Notes, slug: str, built: Built) -> bool:
    """Tell whether another process of this machine has built from later rows meanwhile; its bytes are not replaced."""
    there = notes.sections.get(slug)
    return there is not None and there.recipe == built.recipe and there.seq > built.seq


async def _publish_archives(run: _Run, seen: Seen, pages: Iterable[int], built: Built) -> bool:
    size, slug = run.settings.archive_items, seen.section.slug
    complete = True
    for number in pages:
        async with run.database.read() as connection:
            rows = await feeds.load_entered(connection, slug, place=(number - 1) * size, limit=size)
        feed = build_archive(
            section=seen.section,
            number=number,
            articles=[row.article for row in rows if row.article is not None],
            settings=run.settings,
        )
        complete &= await asyncio.to_thread(_finish_archive, run, feed, number, built)
    return complete


async def _publish_lists(run: _Run, known: Sequence[Section], notes: Notes, *, seq: int) -> None:
    """Write OPML, sitemap and stylesheet, and take the files of sections that are no more off the shelf."""
    recent: list[Article] | None = None
    built = notes.lists.get("news-sitemap")
    if is_due(built, seq=seq, recipe=run.recipe, now=run.now):
        async with run.database.read() as connection:
            recent = await feeds.load_recent(connection, since=run.now - timedelta(days=2), limit=1_000)
        until = min((a.published for a in recent), default=None)
        built = Built(seq=seq, recipe=run.recipe, until=until + timedelta(days=2, microseconds=1) if until else None)
    await asyncio.to_thread(_finish_lists, run, known, recent, built)


def _finish_lists(run: _Run, known: Sequence[Section], recent: list[Article] | None, built: Built | None) -> None:
    shelf = run.shelving.shelf
    try:
        with shelf.locked():
            put_lists(run.shelving, sections=known, recent=recent, settings=run.settings, now=run.now)
            notes = run.notes()
            gone = notes.sections.keys() - {section.slug for section in known}
            for slug in gone:
                remove_section(run.shelving, slug)
            if recent is not None and built is not None:
                notes.lists["news-sitemap"] = built
            for slug in gone:
                notes.sections.pop(slug, None)
            if gone or recent is not None:
                write_notes(shelf, notes)
    except ShelfError as error:
        run.shelving.troubles.append(str(error))
