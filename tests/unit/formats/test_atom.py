"""What Atom 1.0 says of a feed and an entry."""

from lxml import etree

from syndicate.model import Tombstone
from tests.feed_newsroom import NOON, article, rich_article, world_feed, write
from tests.feed_xml import A, links


def test_atom_feed_and_entry() -> None:
    """Every link keeps its rel, type and title, and there is one alternate."""
    root = etree.fromstring(write(world_feed(rich_article()), "atom"))
    entry = root.find(f"{A}entry")
    assert entry is not None

    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
    assert root.findtext(f"{A}author/{A}name") == "The Daily Example"
    assert [link["href"] for link in links(root, "alternate")] == ["https://feeds.news.example/world/"]
    assert [link["type"] for link in links(root, "self")] == ["application/atom+xml"]
    assert links(entry, "alternate") == [
        {"href": "https://news.example/mills?a=1&b=2", "rel": "alternate", "type": "text/html"}
    ]
    assert [(link["type"], link["length"]) for link in links(entry, "enclosure")] == [("image/jpeg", "98765")]
    assert [link["title"] for link in links(entry, "related")] == ["Rain & shine"]
    assert [c.get("label") for c in entry.findall(f"{A}category")] == [
        "Rivers & lakes",
        "R&D",
    ]
    assert entry.findtext(f"{A}summary") == "Water <rose> & fell."
    title = entry.find(f"{A}title")
    assert title is not None
    assert title.get("type") is None


def test_atom_tells_what_was_withdrawn() -> None:
    """RFC 6721: readers can take a withdrawn article away; the namespace is declared only then."""
    at = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
    plain = write(world_feed(article(1)), "atom")
    told_of = etree.fromstring(write(world_feed(article(1), tombstones=(Tombstone(id="tag:x", at=NOON),)), "atom"))

    assert b"tombstones" not in plain
    assert [dict(found.attrib) for found in told_of.findall(at)] == [
        {"ref": "tag:x", "when": "2026-03-01T12:00:00+00:00"}
    ]


def test_an_entry_without_text_has_a_link_or_content() -> None:
    """RFC 4287: its summary may be missing; without an address the title is its content."""
    found = []
    for url in ("https://news.example/1", ""):
        one = article(1, body="", summary="", standfirst="", url=url)
        entry = etree.fromstring(write(world_feed(one), "atom")).find(f"{A}entry")
        assert entry is not None
        assert entry.find(f"{A}summary") is None
        found.append((len(links(entry, "alternate")), entry.findtext(f"{A}content") == one.title))

    assert found == [(1, False), (0, True)]
