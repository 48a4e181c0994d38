"""Measure building one section's three feeds of 50 full-text entries against plain lxml and json in the same run."""

import gc
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from lxml import etree

from syndicate.core.feed import FeedSettings, build_feed
from syndicate.formats import atom, jsonfeed, rss
from syndicate.formats.cache import EntryCache
from syndicate.formats.entry import entry_settings
from syndicate.model import Article, ArticleKey, ArticleState, Feed, Section

ENTRIES = 50
ROUNDS = 40
PARAGRAPH = "<p>The council met on Tuesday &amp; agreed to mend the old bridge before the winter, at a cost still to be found.</p>"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FORMATS = {"rss": rss, "atom": atom, "json": jsonfeed}
A, DC = "http://www.w3.org/2005/Atom", "http://purl.org/dc/elements/1.1/"
CONTENT = "http://purl.org/rss/1.0/modules/content/"


def main() -> None:
    """Print how long the three feeds of a section take, as a ratio to plain lxml and json."""
    feed = build_feed(
        section=Section(slug="world", title="World"),
        articles=[_article(number) for number in range(ENTRIES)],
        settings=FeedSettings(
            site_title="The Daily Example",
            site_url="https://news.example/",
            public_url="https://feeds.news.example/",
            language="en",
            established=NOON,
        ),
    )
    cache = EntryCache()
    _ours(feed, cache)
    plain = _best(lambda: _plainly(feed))
    cold = _best(lambda: _ours(feed, EntryCache()))
    warm = _best(lambda: _ours(feed, cache))
    print(f"three feeds of {ENTRIES} full-text entries, plain lxml and json: {plain * 1e3:.2f} ms")
    print(f"  ours, all entries rendered anew: {cold * 1e3:.2f} ms, {cold / plain:.2f} of plain")
    print(f"  ours, entries rendered before: {warm * 1e3:.2f} ms, {warm / plain:.3f} of plain")


def _best(build: Callable[[], int]) -> float:
    times = []
    gc.collect()
    for _ in range(ROUNDS):
        start = time.perf_counter()
        build()
        times.append(time.perf_counter() - start)
    return min(times)


def _ours(feed: Feed, cache: EntryCache) -> int:
    common = entry_settings(feed)
    size = 0
    rendered = [
        {
            format: cache.entry(one, common, format=format, render=module.render_entry)
            for format, module in FORMATS.items()
        }
        for one in feed.articles
    ]
    for format, module in FORMATS.items():
        size += len(module.write(feed, [entries[format] for entries in rendered]))
    return size


def _plainly(feed: Feed) -> int:
    """Write what every feed has in common, the ordinary way."""
    return len(_plain_rss(feed)) + len(_plain_atom(feed)) + len(_plain_json(feed))


def _plain_rss(feed: Feed) -> bytes:
    root = etree.Element("rss", version="2.0", nsmap={"atom": A, "dc": DC, "content": CONTENT})
    channel = etree.SubElement(root, "channel")
    for tag, text in (("title", feed.title), ("link", feed.home_url), ("description", feed.description)):
        etree.SubElement(channel, tag).text = text
    for one in feed.articles:
        item = etree.SubElement(channel, "item")
        for tag, text in (
            ("title", one.title),
            ("link", one.url),
            ("description", one.summary),
            (f"{{{CONTENT}}}encoded", one.body),
        ):
            etree.SubElement(item, tag).text = text
        etree.SubElement(item, "guid", isPermaLink="false").text = one.id
        for author in one.authors:
            etree.SubElement(item, f"{{{DC}}}creator").text = author
        etree.SubElement(item, "category").text = "World"
        etree.SubElement(item, "pubDate").text = format_datetime(one.published, usegmt=True)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _plain_atom(feed: Feed) -> bytes:
    root = etree.Element("feed", xmlns=A)
    for tag, text in (("id", feed.id), ("title", feed.title), ("updated", feed.updated.isoformat())):
        etree.SubElement(root, tag).text = text
    for one in feed.articles:
        entry = etree.SubElement(root, "entry")
        for tag, text in (
            ("id", one.id),
            ("title", one.title),
            ("summary", one.summary),
            ("published", one.published.isoformat()),
            ("updated", one.updated.isoformat()),
        ):
            etree.SubElement(entry, tag).text = text
        etree.SubElement(entry, "content", type="html").text = one.body
        etree.SubElement(entry, "link", rel="alternate", href=one.url)
        for author in one.authors:
            etree.SubElement(etree.SubElement(entry, "author"), "name").text = author
        etree.SubElement(entry, "category", term="world", label="World")
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _plain_json(feed: Feed) -> bytes:
    items = [
        {
            "id": one.id,
            "url": one.url,
            "title": one.title,
            "summary": one.summary,
            "content_html": one.body,
            "date_published": one.published.isoformat(),
            "date_modified": one.updated.isoformat(),
            "authors": [{"name": author} for author in one.authors],
            "tags": ["World"],
        }
        for one in feed.articles
    ]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": feed.title, "items": items}).encode()


def _article(number: int) -> Article:
    published = NOON - timedelta(minutes=number)
    return Article(
        key=ArticleKey(number),
        id=f"tag:news.example,2026-03-01:newsroom/{number}",
        source="newsroom",
        source_id=str(number),
        url=f"https://news.example/{number}",
        title=f"Headline number {number}",
        sections=("world",),
        authors=("Ada Writer", "Ben Reporter"),
        language="en",
        tags=(),
        body=PARAGRAPH * 30,
        summary="The council agreed to mend the old bridge before the winter.",
        standfirst="The bridge will be mended.",
        minutes=2,
        image=None,
        published=published,
        updated=published,
        state=ArticleState.PUBLISHED,
        revision=1,
    )


if __name__ == "__main__":
    main()
