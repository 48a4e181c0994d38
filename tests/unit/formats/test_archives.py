"""What archive documents say of themselves and each other."""

import pytest
from lxml import etree

from syndicate.core.feed import build_archive
from tests.feed_newsroom import SETTINGS, WORLD, article, write
from tests.feed_xml import FH, links


@pytest.mark.parametrize("format", ["rss", "atom"])
def test_archive_documents_say_what_they_are(format: str) -> None:
    """RFC 5005: marked as an archive, linked to both neighbours and the subscription document."""
    archive = build_archive(section=WORLD, number=2, articles=[article(1)], settings=SETTINGS)
    root = etree.fromstring(write(archive, format))
    parent = root.find("channel") if format == "rss" else root
    assert parent is not None
    ending = "xml" if format == "rss" else "atom"

    assert len(parent.findall(f"{FH}archive")) == 1
    assert [link["href"] for link in links(parent, "current")] == [f"https://feeds.news.example/world.{ending}"]
    assert [link["href"] for link in links(parent, "prev-archive")] == [
        f"https://feeds.news.example/world/archive/1.{ending}"
    ]
    assert [link["href"] for link in links(parent, "next-archive")] == [
        f"https://feeds.news.example/world/archive/3.{ending}"
    ]
