"""Decide what a section's feed documents say: which articles, in which order, under which addresses."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from syndicate.model import Article, ArticleState, Feed, Section, Tombstone

MAX_ITEMS = 300
MAX_BYTES = 2_000_000
PAGE_SIZE = 50
LONGEST_BODY = 250_000  # bytes: a longer body is shown as its summary, or one article would cost the others their place
EXTENSIONS = {"rss": "xml", "atom": "atom", "json": "json"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSettings:
    """What the operator says of all feeds. `content` is "full" or "summary"; `established` dates a feed without articles."""

    site_title: str
    site_url: str
    public_url: str
    language: str
    established: datetime
    hubs: tuple[str, ...] = ()
    content: str = "full"
    items: int = 50
    keep: timedelta = timedelta(hours=72)
    icon_url: str | None = None
    description: str = ""
    archive_items: int = PAGE_SIZE
    section_titles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """An article at its place among all that ever entered a section (0 is the first); None when it is not shown any more."""

    place: int
    article: Article | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """What the subscription document shows, newest first, and how many archive documents stand behind it."""

    articles: tuple[Article, ...]
    archives: int


def newest_first(articles: Iterable[Article]) -> tuple[Article, ...]:
    """Return articles by date of publication, newest first, ties by id."""
    by_id = sorted(articles, key=lambda article: article.id)
    return tuple(sorted(by_id, key=lambda article: article.published, reverse=True))


def weight(article: Article) -> int:
    """Return about how many bytes an article adds to a feed."""
    body = len(article.body.encode("utf-8", "replace"))
    return 1_000 + len(article.summary) + (body if body <= LONGEST_BODY else 0)


def choose_window(
    articles: Iterable[Article],
    *,
    items: int,
    keep: timedelta,
    now: datetime,
    max_items: int = MAX_ITEMS,
    max_bytes: int = MAX_BYTES,
) -> tuple[Article, ...]:
    """Return the articles a feed must show: the newest `items` and all of the last `keep`, within the caps; none from the future."""
    shown = [a for a in articles if a.published <= now and a.state is ArticleState.PUBLISHED]
    chosen: list[Article] = []
    total = 0
    for article in newest_first(shown):
        total += weight(article)
        old = len(chosen) >= items and article.published < now - keep
        if old or len(chosen) >= max_items or (chosen and total > max_bytes):
            break
        chosen.append(article)
    return tuple(chosen)


def next_change(articles: Iterable[Article], *, items: int, keep: timedelta, now: datetime) -> datetime | None:
    """Return the next moment at which time alone changes the window: an article leaves it, or one from the future enters."""
    ordered = newest_first(articles)
    entering = [a.published for a in ordered if a.published > now]
    past = [a for a in ordered if a.published <= now]
    # an article whose age is exactly `keep` is still shown
    leaving = [a.published + keep + timedelta(microseconds=1) for a in past[items:] if a.published >= now - keep]
    return min((*entering, *leaving), default=None)


def open_page(*, lowest: int | None, total: int, size: int = PAGE_SIZE) -> int:
    """Return how many archive documents can stand behind a window whose earliest-entered article has the place `lowest`."""
    return (total if lowest is None else min(lowest, total)) // size


def choose_subscription(
    *,
    window: Sequence[Article],
    tail: Sequence[Entered],
    total: int,
    items: int,
    size: int = PAGE_SIZE,
    max_items: int = MAX_ITEMS,
    max_bytes: int = MAX_BYTES,
) -> Subscription:
    """Return the subscription document for a window: with the archives it holds each article exactly once where that can be.

    Under the caps it may show less than the window, but not less than its newest `items`. `total` articles entered the section, of which `tail` holds the last ones, in order; it reaches back at least to the page of the
    window's first article, or `max_items + size` far. See docs/decisions/0003-archives.md.
    """
    full = total // size
    shown = {article.id for article in window}
    places = [row.place for row in tail if row.article is not None and row.article.id in shown]
    complete = len(places) == len(shown)  # the tail reaches back to the whole window
    reach = -(-tail[0].place // size) if tail else full
    first = max(open_page(lowest=min(places, default=None), total=total, size=size) if complete else 0, reach)
    for archives in range(first, full + 1):
        rest = [row.article for row in tail if row.place >= archives * size and row.article is not None]
        small = len(rest) <= max_items and (archives == full or sum(map(weight, rest)) <= max_bytes)
        if small and _is_newest(rest, window, items=items):
            return Subscription(articles=newest_first(rest), archives=archives)
    # Old articles entered after the window's: show both, readers recognise the ids that an archive repeats.
    unarchived = {row.article.id: row.article for row in tail if row.place >= full * size and row.article is not None}
    archived = [article for article in window if article.id not in unarchived][: max_items - len(unarchived)]
    return Subscription(articles=newest_first((*unarchived.values(), *archived)), archives=full)


def _is_newest(rest: Sequence[Article], window: Sequence[Article], *, items: int) -> bool:
    """Tell whether `rest` shows the newest `items` of the window, and leaves out only such as are older than all it shows."""
    held = {article.id for article in rest}
    kept = [article.id in held for article in window]
    return all(kept[:items]) and sorted(kept, reverse=True) == kept


def ttl_minutes(published: Iterable[datetime]) -> int:
    """Return how long a feed stays fresh, 1 to 15 minutes: half the usual pause between its newest twenty articles."""
    moments = sorted(published)[-20:]
    if len(moments) < 2:
        return 15
    pause = (moments[-1] - moments[0]).total_seconds() / (len(moments) - 1)
    return int(min(max(pause / 120, 1), 15))


def max_age(feed: Feed) -> int:
    """Return the seconds a cache may keep a feed, equal to the ttl it states."""
    return feed.ttl_minutes * 60


def document_name(section: str, format: str, *, archive: int | None = None) -> str:
    """Return the path of a feed document, below the public URL and on the shelf."""
    place = section if archive is None else f"{section}/archive/{archive}"
    return f"{place}.{EXTENSIONS[format]}"


def document_urls(public_url: str, section: str, *, archive: int | None = None) -> dict[str, str]:
    """Return the addresses of a feed document in the three formats."""
    root = public_url.rstrip("/") + "/"
    return {format: root + document_name(section, format, archive=archive) for format in EXTENSIONS}


def build_feed(
    *,
    section: Section,
    articles: Iterable[Article],
    settings: FeedSettings,
    tombstones: Iterable[Tombstone] = (),
    archives: int = 0,
    moments: Iterable[datetime] | None = None,
) -> Feed:
    """Return the subscription document of a section, with `archives` archive documents behind it."""
    ordered = newest_first(articles)
    oldest_shown = ordered[-1].published if ordered else None
    return _feed(
        section=section,
        ordered=ordered,
        settings=settings,
        tombstones=tuple(sorted(tombstones, key=lambda t: (-t.at.timestamp(), t.id))) if oldest_shown else (),
        ttl=ttl_minutes(moments if moments is not None else (a.published for a in ordered)),
        archive=None,
        previous=archives or None,
    )


def build_archive(*, section: Section, number: int, articles: Iterable[Article], settings: FeedSettings) -> Feed:
    """Return the archive document of a section with this number, 1 being the oldest.

    Its next-archive is stated from the first day on, so that its bytes need not change when the next one is complete.
    """
    return _feed(
        section=section,
        ordered=newest_first(articles),
        settings=settings,
        tombstones=(),
        ttl=15,
        archive=number,
        previous=number - 1 or None,
    )


def _feed(
    *,
    section: Section,
    ordered: tuple[Article, ...],
    settings: FeedSettings,
    tombstones: tuple[Tombstone, ...],
    ttl: int,
    archive: int | None,
    previous: int | None,
) -> Feed:
    public = settings.public_url.rstrip("/") + "/"

    def urls(number: int | None) -> dict[str, str]:
        return document_urls(public, section.slug, archive=number)

    return Feed(
        id=f"tag:{urlsplit(settings.site_url).hostname or 'localhost'},2024:{section.slug}",
        section=section,
        title=f"{settings.site_title} – {section.title}" if section.title != settings.site_title else section.title,
        description=settings.description or f"{section.title}: {settings.site_title}",
        language=settings.language,
        home_url=f"{public}{section.slug}/",
        site_title=settings.site_title,
        self_urls=urls(archive),
        icon_url=settings.icon_url,
        hubs=settings.hubs,
        updated=max((article.updated for article in ordered), default=settings.established),
        articles=ordered,
        tombstones=tombstones,
        content=settings.content,
        ttl_minutes=ttl,
        section_titles=dict(settings.section_titles),
        public_url=public,
        archive=archive is not None,
        current_urls=urls(None) if archive is not None else None,
        prev_archive_urls=urls(previous) if previous is not None else None,
        next_archive_urls=urls(archive + 1) if archive is not None else None,
    )
