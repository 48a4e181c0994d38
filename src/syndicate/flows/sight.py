"""See, as of one moment of the database, what the documents of a section are made of."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.core.feed import (
    MAX_ITEMS,
    FeedSettings,
    Subscription,
    choose_subscription,
    choose_window,
    next_change,
    open_page,
)
from syndicate.flows.built import Built
from syndicate.model import Article, Section, Tombstone
from syndicate.storage import feeds
from syndicate.storage.articles import load_articles

MAX_TOMBSTONES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one consistent look at the database told of a section."""

    section: Section
    version: feeds.Version
    total: int
    window: tuple[Article, ...]
    until: datetime | None
    subscription: Subscription
    tombstones: tuple[Tombstone, ...]


async def look(connection: AsyncConnection, section: Section, *, settings: FeedSettings, now: datetime) -> Seen:
    """Return what the subscription document of a section is made of, as of one moment of the database."""
    slug, size = section.slug, settings.archive_items
    version_ = (await feeds.load_versions(connection)).get(slug, feeds.Version(seq=0, changed=None))
    dated = await feeds.newest(connection, slug, limit=MAX_ITEMS + settings.items)
    near = [row.key for at, row in enumerate(dated) if at < settings.items or row.published >= now - settings.keep]
    loaded = await load_articles(connection, near, body=True)
    window = choose_window(loaded.values(), items=settings.items, keep=settings.keep, now=now)
    total = await feeds.count_entered(connection, slug)
    lowest = await feeds.lowest_place(connection, slug, [article.key for article in window])
    first = max(open_page(lowest=lowest, total=total, size=size) * size, (total - MAX_ITEMS) // size * size, 0)
    tail = await feeds.load_entered(connection, slug, place=first, limit=MAX_ITEMS + size)
    since = min(window[-1].published, now - settings.keep) if window else now - settings.keep
    return Seen(
        section=section,
        version=version_,
        total=total,
        window=window,
        until=next_change(loaded.values(), items=settings.items, keep=settings.keep, now=now),
        subscription=choose_subscription(window=window, tail=tail, total=total, items=settings.items, size=size),
        tombstones=await feeds.load_tombstones(connection, slug, since=since, limit=MAX_TOMBSTONES),
    )


async def due_pages(connection: AsyncConnection, seen: Seen, built: Built | None, *, size: int) -> list[int]:
    """Return the archive documents to write: the new ones, and those whose articles were revised or withdrawn."""
    archives = seen.subscription.archives
    if built is None or built.changed is None:
        return list(range(1, archives + 1))
    below = min(built.archives, archives) * size
    changed = (
        await feeds.changed_places(connection, seen.section.slug, since=built.changed, below=below) if below else []
    )
    return sorted({place // size + 1 for place in changed} | set(range(built.archives + 1, archives + 1)))
