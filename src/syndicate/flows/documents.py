"""Render documents and put them on the shelf; what fails for one article or document is reported and costs no other its place."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from types import ModuleType

from syndicate.core.feed import FeedSettings, document_name, document_urls
from syndicate.errors import ShelfError
from syndicate.formats import atom, jsonfeed, opml, rss, sitemap, stylesheet
from syndicate.formats.cache import EntryCache
from syndicate.formats.entry import EntrySettings, entry_settings
from syndicate.model import Article, Feed, Section
from syndicate.storage.shelf import Shelf

FORMATS: dict[str, ModuleType] = {"rss": rss, "atom": atom, "json": jsonfeed}
LISTS = ("feed.css", "feeds.opml", "news-sitemap.xml")


@dataclass(slots=True, kw_only=True)
class Shelving:
    """A run's way to the shelf, and what it did there."""

    shelf: Shelf
    cache: EntryCache
    written: list[str] = field(default_factory=list)
    unchanged: int = 0
    removed: int = 0
    troubles: list[str] = field(default_factory=list)


def put_feed(shelving: Shelving, feed: Feed, *, archive: int | None) -> bool:
    """Write a feed in the three formats; tell whether all are on the shelf. A failure leaves the last good bytes there."""
    settings = entry_settings(feed)
    rendered = [entries for article in feed.articles if (entries := _render(shelving, article, settings)) is not None]
    complete = True
    for format, module in FORMATS.items():
        name = document_name(feed.section.slug, format, archive=archive)
        try:
            _put(shelving, name, module.write(feed, [entries[format] for entries in rendered]))
        except ShelfError as error:
            complete = False
            shelving.troubles.append(str(error))
        except Exception as error:  # whatever a writer stumbles over, the other documents are due
            complete = False
            shelving.troubles.append(f"feed {name}: cannot be written ({error}); its last good bytes stay served")
    return complete


def _render(shelving: Shelving, article: Article, settings: EntrySettings) -> dict[str, bytes] | None:
    """Return the article's entry in each format, or None when one cannot be made: then it stands in none."""
    try:
        return {
            format: shelving.cache.entry(article, settings, format=format, render=module.render_entry)
            for format, module in FORMATS.items()
        }
    except Exception as error:  # whatever one article holds, the others keep their feed
        shelving.troubles.append(f"article {article.id}: left out of the feeds ({error}); mend it in {article.source}")
        return None


def put_lists(
    shelving: Shelving,
    *,
    sections: Iterable[Section],
    recent: Iterable[Article] | None,
    settings: FeedSettings,
    now: datetime,
) -> None:
    """Write the list of all feeds, the stylesheet and, given recent articles, the news sitemap. Raises ShelfError."""
    _put(shelving, "feed.css", stylesheet.STYLESHEET)
    root = settings.public_url.rstrip("/") + "/"
    outlines = [
        opml.Outline(
            title=section.title,
            feed_url=document_urls(root, section.slug)["rss"],
            home_url=f"{root}{section.slug}/",
            language=settings.language,
        )
        for section in sections
    ]
    _put(shelving, "feeds.opml", opml.write(title=settings.site_title, outlines=outlines))
    if recent is not None:
        content = sitemap.write(recent, now=now, site_title=settings.site_title, language=settings.language)
        _put(shelving, "news-sitemap.xml", content)


def remove_section(shelving: Shelving, slug: str) -> None:
    """Take the documents of a section that is no more off the shelf, and nothing else that may lie there. Raises ShelfError."""
    names = [document_name(slug, format) for format in FORMATS]
    for name in (*names, *shelving.shelf.names(f"{slug}/archive")):
        if shelving.shelf.remove(name):
            shelving.removed += 1


def documents_of(sections: Iterable[str]) -> list[str]:
    """Return the names of what the shelf shows for these sections, without archives."""
    return sorted((*LISTS, *(document_name(slug, format) for slug in sections for format in FORMATS)))


def _put(shelving: Shelving, name: str, content: bytes) -> None:
    if shelving.shelf.put(name, content) == "written":
        shelving.written.append(name)
    else:
        shelving.unchanged += 1
