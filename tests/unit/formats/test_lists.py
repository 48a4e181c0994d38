"""What OPML, the news sitemap and the pieces below the writers do."""

from datetime import timedelta

import pytest
from lxml import etree

from syndicate.formats import legal, opml, sitemap
from syndicate.formats.cache import EntryCache
from syndicate.formats.entry import Entry, entry_settings
from tests.feed_newsroom import NOON, article, world_feed

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"


def test_opml_lists_one_feed_a_section() -> None:
    """A reader that imports the list follows each section once."""
    world = opml.Outline(
        title="World & all", feed_url="https://f.example/world.xml", home_url="https://f.example/world/"
    )

    root = etree.fromstring(opml.write(title="The Daily Example", outlines=[world]))

    assert root.get("version") == "2.0"
    assert root.findtext("head/title") == "The Daily Example"
    assert [(o.get("type"), o.get("text"), o.get("xmlUrl")) for o in root.iter("outline")] == [
        ("rss", "World & all", "https://f.example/world.xml")
    ]


def test_sitemap_has_two_days_and_a_thousand_articles() -> None:
    """What is older, in the future, or too much is left out; the newest stay."""
    minute = timedelta(minutes=1)
    many = [article(n, published=NOON - n * minute) for n in range(1_200)]
    old = article(5_000, published=NOON - timedelta(days=2, seconds=1))
    future = article(5_001, published=NOON + minute)

    root = etree.fromstring(
        sitemap.write([old, future, *many], now=NOON, site_title="The Daily Example", language="en")
    )

    places = [str(place.text) for place in root.iter(f"{SITEMAP}loc")]
    assert places == [f"https://news.example/{n}" for n in range(1_000)]


def test_sitemap_names_publication_and_language() -> None:
    """Each article states who publishes it, in which language, when and under which title."""
    chinese = article(1, language="zh-Hant", title="A & B")

    root = etree.fromstring(sitemap.write([chinese], now=NOON, site_title="The Daily Example", language="en"))

    assert root.findtext(f".//{NEWS}name") == "The Daily Example"
    assert root.findtext(f".//{NEWS}language") == "zh-tw"
    assert root.findtext(f".//{NEWS}title") == "A & B"
    assert root.findtext(f".//{NEWS}publication_date") == "2026-03-01T11:00:00+00:00"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://news.example/a?b=1&c=2#d", "https://news.example/a?b=1&c=2#d"),
        ("https://bücher.example/straße", "https://xn--bcher-kva.example/stra%C3%9Fe"),
        ("https://news.example/100%25 sure", "https://news.example/100%25%20sure"),
        ('https://news.example/"<>', "https://news.example/%22%3C%3E"),
        ("javascript:alert(1)", None),
        ("/relative", None),
        ("http://[broken", None),
    ],
)
def test_addresses_are_absolute_and_ascii(url: str, expected: str | None) -> None:
    """What is no http(s) address is none at all."""
    assert legal.address(url) == expected


def test_an_entry_is_rendered_once_per_revision() -> None:
    """The same facts are rendered once; a revision, other links or another text mode anew."""
    calls: list[str] = []

    def render(one: Entry) -> bytes:
        calls.append(one.id)
        return b"<item/>"

    cache = EntryCache(capacity=10)
    common = entry_settings(world_feed())

    for one in (article(1), article(1), article(1, revision=2), article(1, correction="It was not so.")):
        cache.entry(one, common, format="rss", render=render)

    assert len(calls) == 3


def test_the_cache_forgets_what_was_not_asked_for() -> None:
    """Its size is bounded; the least recently used entry goes first."""
    rendered: list[int] = []

    def render(one: Entry) -> bytes:
        rendered.append(int(one.id[-5:]))
        return b"<item/>"

    cache = EntryCache(capacity=2)
    common = entry_settings(world_feed())
    for number in (1, 2, 1, 3, 1, 2):
        cache.entry(article(number), common, format="rss", render=render)

    assert rendered == [1, 2, 3, 2]
    assert len(cache) == 2
