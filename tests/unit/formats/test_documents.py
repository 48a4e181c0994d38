"""What RSS, Atom and JSON Feed say, read back with strangers' parsers."""

import json
import locale
from calendar import timegm
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import fastfeedparser
import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from syndicate.formats import atom, jsonfeed, rss
from syndicate.formats.entry import describe, entry_settings
from syndicate.model import Article, Image, RelatedLink, Tombstone
from tests.feed_newsroom import FORMATS, NOON, article, rich_article, world_feed, write
from tests.feed_xml import DC, A, channel

GOLDEN = Path(__file__).parents[2] / "golden" / "feeds"


def sample() -> list[Article]:
    """Return a plain article and one with everything."""
    return [article(1), rich_article()]


@pytest.mark.parametrize(("format", "name"), [("rss", "world.xml"), ("atom", "world.atom"), ("json", "world.json")])
def test_bytes_are_those_we_looked_at(format: str, name: str) -> None:
    """The golden files change knowingly or not at all."""
    tombstone = Tombstone(id="tag:news.example,2026-02-28:newsroom/99", at=NOON)

    content = write(world_feed(*sample(), archives=2, tombstones=(tombstone,)), format)

    assert content == (GOLDEN / name).read_bytes()


@pytest.mark.parametrize("format", FORMATS)
def test_same_facts_give_the_same_bytes(format: str) -> None:
    """Neither the order of rows nor a spelling of the same moments shows."""
    elsewhere = timezone(timedelta(hours=5))
    moved = [article(n, published=article(n).published.astimezone(elsewhere)) for n in range(20)]

    assert write(world_feed(*(article(n) for n in range(20))), format) == write(world_feed(*reversed(moved)), format)


@pytest.mark.parametrize("format", ["rss", "atom"])
def test_xml_begins_as_strict_parsers_want(format: str) -> None:
    """The first byte is `<`, the declaration is first, and nothing of a DTD, an entity or a raw `]]>` is there."""
    content = write(world_feed(*sample()), format)

    assert content.startswith(
        b'<?xml version="1.0" encoding="UTF-8"?>\n<?xml-stylesheet type="text/css" href="https://'
    )
    assert b"<!" not in content
    assert b"]]>" not in content
    assert b"&nbsp;" not in content
    assert content.count(b"xmlns") == content.split(b">", 3)[2].count(b"xmlns")


def read_feedparser(content: bytes) -> list[dict[str, Any]]:
    """Return the entries as feedparser reads them."""
    parsed = feedparser.parse(content, sanitize_html=False, resolve_relative_uris=False)
    assert not parsed.bozo
    return [
        {
            "id": entry.id,
            "title": entry.title,
            "link": entry.link,
            "published": datetime.fromtimestamp(timegm(entry.published_parsed), UTC),
            "authors": [author.name for author in entry.authors if author.get("name")],
            "tags": [tag.get("label") or tag.term for tag in entry.tags],
            "body": entry.content[0].value,
        }
        for entry in parsed.entries
    ]


def read_json(content: bytes) -> list[dict[str, Any]]:
    """Return the entries as the JSON Feed specification has them."""
    return [
        {
            "id": item["id"],
            "title": item["title"],
            "link": item["url"],
            "published": datetime.fromisoformat(item["date_published"]),
            "authors": [author["name"] for author in item["authors"]],
            "tags": item["tags"],
            "body": item["content_html"],
        }
        for item in json.loads(content)["items"]
    ]


def told(one: Article) -> dict[str, Any]:
    """Return what every reader must find of an article."""
    return {
        "id": one.id,
        "title": one.title,
        "link": one.url,
        "published": one.published,
        "authors": list(one.authors),
        "tags": list(one.tags),
        "body": one.body,
    }


@pytest.mark.parametrize("format", ["atom", "json"])
def test_strangers_read_every_field(format: str) -> None:
    """What a reader finds is what the article says."""
    content = write(world_feed(*sample()), format)

    found = read_json(content) if format == "json" else read_feedparser(content)

    assert found == [told(one) for one in sample()]


def test_strangers_read_every_field_of_rss() -> None:
    """What a reader finds in RSS is what the article says; feedparser joins several dc:creator, so those are read with lxml."""
    content = write(world_feed(*sample()), "rss")

    found = read_feedparser(content)
    creators = [[str(one.text) for one in item.findall(f"{DC}creator")] for item in channel(content).findall("item")]

    assert [one | {"authors": names} for one, names in zip(found, creators, strict=True)] == [
        told(one) for one in sample()
    ]


@pytest.mark.parametrize("format", FORMATS)
def test_another_stranger_agrees(format: str) -> None:
    """fastfeedparser finds the same ids, titles, links and dates."""
    parsed = fastfeedparser.parse(write(world_feed(*sample()), format))

    found = [(entry.id, entry.title, entry.link, datetime.fromisoformat(entry.published)) for entry in parsed.entries]

    assert found == [(one.id, one.title, one.url, one.published) for one in sample()]


@pytest.mark.parametrize("format", FORMATS)
def test_a_summary_feed_keeps_the_text_to_itself(format: str) -> None:
    """With content = summary no body leaves the house, and the entry is still whole."""
    feed = replace(world_feed(rich_article()), content="summary")

    content = write(feed, format)

    assert b"Zwei" not in content
    assert "二".encode() not in content
    assert b"Water" in content


@pytest.mark.parametrize("format", FORMATS)
def test_an_empty_section_has_a_feed(format: str) -> None:
    """A section without articles is a valid feed with no entries."""
    content = write(world_feed(), format)

    assert fastfeedparser.parse(content).entries == [] if format != "json" else json.loads(content)["items"] == []


def test_another_language_is_stated() -> None:
    """An article in another language than the feed's says so in every format."""
    german = article(1, language="de")

    root = etree.fromstring(write(world_feed(german), "atom"))
    assert [e.get("{http://www.w3.org/XML/1998/namespace}lang") for e in root.findall(f"{A}entry")] == ["de"]
    assert channel(write(world_feed(german), "rss"))[-1].findtext(f"{DC}language") == "de"
    assert json.loads(write(world_feed(german), "json"))["items"][0]["language"] == "de"


UGLY = [
    "\x00",
    "\x0b",
    "\ufffe",
    "\uffff",
    "\ud800",
    "\udfff",
    "]]>",
    "&",
    "<",
    "\r",
    "\n",
    " ",
    "\u2028",
    "\u202e",
    "é",
    "二",
]
ugly = st.lists(st.one_of(st.characters(), st.sampled_from(UGLY)), max_size=20).map("".join)


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(ugly, min_size=14, max_size=14), year=st.sampled_from([1, 1969, 2026, 2100, 9999]))
def test_no_character_makes_a_writer_fail(texts: list[str], year: int) -> None:
    """Whatever an article holds, all formats are written and read back alike by their own standard's parser."""
    t = iter(texts)
    moment = datetime(year, 6, 1, tzinfo=UTC)
    dirty = article(
        1,
        title=next(t),
        summary=next(t),
        standfirst=next(t),
        body=next(t),
        authors=(next(t), next(t)),
        tags=(next(t),),
        sections=("world",),
        url="https://news.example/" + next(t),
        image=Image(url="http://" + next(t), alt=next(t), caption=next(t), credit=next(t), type="image/png"),
        related=(RelatedLink(id="r", url=next(t), title=next(t), score=0.5),),
        published=moment,
        updated=moment,
    )
    feed = world_feed(article(2), dirty)

    items = channel(write(feed, "rss")).findall("item")
    entries = etree.fromstring(write(feed, "atom")).findall(f"{A}entry")
    objects = json.loads(write(feed, "json"))["items"]

    titles = [
        [one.findtext("title") for one in items],
        [one.findtext(f"{A}title") for one in entries],
        [o["title"] for o in objects],
    ]
    assert titles[0] == titles[1] == titles[2]
    assert len(titles[0]) == 2
    assert all(titles[0])
    assert [one.findtext("link") for one in items] == [one.get("url") for one in objects]
    assert all((one.findtext("link") or "").isascii() for one in items)


def test_writers_ask_no_clock_and_no_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    """feedgen formats dates by setlocale, which other threads would feel; ours never get that far."""

    def refuse(*_: object) -> None:
        raise AssertionError("setlocale was called")

    monkeypatch.setattr(locale, "setlocale", refuse)

    assert all(write(world_feed(*sample()), format) for format in FORMATS)


def test_entries_are_spliced_as_they_are() -> None:
    """A feed holds exactly the bytes that were made once for each entry."""
    feed = world_feed(*sample())
    common = entry_settings(feed)

    for module in (rss, atom, jsonfeed):
        rendered: Iterable[bytes] = [module.render_entry(describe(one, common)) for one in feed.articles]
        assert all(entry in module.write(feed, list(rendered)) for entry in rendered)
