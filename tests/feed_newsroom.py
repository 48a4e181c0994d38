"""Make articles and feeds for the tests of everything between a Feed and its bytes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from syndicate.core.feed import FeedSettings, build_feed
from syndicate.formats import atom, jsonfeed, rss
from syndicate.formats.entry import describe, entry_settings
from syndicate.model import Article, ArticleKey, ArticleState, Feed, Image, RelatedLink, Section, Tombstone

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
WORLD = Section(slug="world", title="World")
SETTINGS = FeedSettings(
    site_title="The Daily Example",
    site_url="https://news.example/",
    public_url="https://feeds.news.example/",
    language="en",
    established=datetime(2024, 1, 1, tzinfo=UTC),
    hubs=("https://hub.example/",),
    section_titles={"world": "World", "uk": "United Kingdom"},
    icon_url="https://news.example/icon.png",
)
FORMATS = {"rss": rss, "atom": atom, "json": jsonfeed}


def article(number: int, **changes: Any) -> Article:  # Any: whichever fields a test changes
    """Return the article that entered as number `number`, an hour older with each."""
    plain = Article(
        key=ArticleKey(number),
        id=f"tag:news.example,2026-03-01:newsroom/{number:05}",
        source="newsroom",
        source_id=str(number),
        url=f"https://news.example/{number}",
        title=f"Headline {number}",
        sections=("world",),
        authors=("Ada Writer",),
        language="en",
        tags=("Rivers",),
        body=f"<p>The body of number {number}.</p>",
        summary=f"The summary of number {number}.",
        standfirst="The summary.",
        minutes=2,
        image=None,
        published=NOON - timedelta(hours=number),
        updated=NOON - timedelta(hours=number),
        state=ArticleState.PUBLISHED,
        revision=1,
    )
    return replace(plain, **changes)


def rich_article(**changes: Any) -> Article:  # Any: whichever fields a test changes
    """Return an article with everything an article can have, and characters that break careless writers."""
    full = article(
        7,
        title='Mills & Sons: "5 < 6" – ]]> <b>not bold</b>',
        url="https://news.example/mills?a=1&b=2",
        sections=("world", "uk"),
        authors=("Ada Writer", "Jürgen Groß", "川端 花"),
        tags=("Rivers & lakes", "R&D"),
        body='<p>Water ]]> rose &amp; fell. <a href="https://news.example/?x=1&amp;y=2">More</a></p><p>Zwei – 二</p>',
        summary="Water <rose> & fell.",
        image=Image(
            url="https://images.news.example/mill.jpg",
            alt="A mill by a river",
            caption="The mill & its weir",
            credit="Ann Lens",
            type="image/jpeg",
            width=1200,
            height=800,
            length=98765,
        ),
        updated=NOON - timedelta(hours=1),
        revision=3,
        related=(RelatedLink(id="tag:x,2026:1", url="https://news.example/1?q=a&b", title="Rain & shine", score=0.9),),
        correction="An earlier version misstated the level.",
    )
    return replace(full, **changes)


def world_feed(*articles: Article, archives: int = 0, tombstones: tuple[Tombstone, ...] = ()) -> Feed:
    """Return section World's subscription document."""
    return build_feed(section=WORLD, articles=articles, settings=SETTINGS, archives=archives, tombstones=tombstones)


def write(feed: Feed, format: str) -> bytes:
    """Return a feed's bytes, every entry rendered anew."""
    module = FORMATS[format]
    settings = entry_settings(feed)
    content: bytes = module.write(feed, [module.render_entry(describe(one, settings)) for one in feed.articles])
    return content
