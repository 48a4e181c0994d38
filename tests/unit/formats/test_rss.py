"""What RSS 2.0 says of a channel and an item."""

from datetime import timedelta
from email.utils import parsedate_to_datetime

from syndicate.model import Image
from tests.feed_newsroom import NOON, article, rich_article, world_feed, write
from tests.feed_xml import CONTENT, MEDIA, A, channel, links


def test_rss_channel() -> None:
    """The channel links to the section's page, names itself and its hub, and is dated by its newest article."""
    feed = world_feed(article(1), rich_article(), archives=2)
    root = channel(write(feed, "rss"))

    assert root.findtext("link") == "https://feeds.news.example/world/"
    assert root.findtext("language") == "en"
    assert parsedate_to_datetime(str(root.findtext("lastBuildDate"))) == NOON - timedelta(hours=1)
    assert [link["href"] for link in links(root, "self")] == ["https://feeds.news.example/world.xml"]
    assert [link["href"] for link in links(root, "hub")] == ["https://hub.example/"]
    assert [link["href"] for link in links(root, "prev-archive")] == ["https://feeds.news.example/world/archive/2.xml"]
    assert int(str(root.findtext("ttl"))) == feed.ttl_minutes
    assert [child.tag for child in root].index("item") == len(root) - 2


def test_rss_item() -> None:
    """The summary is HTML and stands before the full text; the image has all that is known of it."""
    one = rich_article()
    item = channel(write(world_feed(one), "rss"))[-1]
    tags = [child.tag for child in item]

    assert item.findtext("description") == "Water &lt;rose&gt; &amp; fell."
    assert tags.index("description") < tags.index(CONTENT)
    assert "author" not in tags
    assert [guid.get("isPermaLink") for guid in item.findall("guid")] == ["false"]
    assert [dict(found.attrib) for found in item.findall("enclosure")] == [
        {"url": "https://images.news.example/mill.jpg", "length": "98765", "type": "image/jpeg"}
    ]
    media = item.findall(f"{MEDIA}content")
    assert [(found.get("medium"), found.get("type"), found.get("width")) for found in media] == [
        ("image", "image/jpeg", "1200")
    ]
    assert media[0].findtext(f"{MEDIA}credit") == "Ann Lens"
    assert media[0].findtext(f"{MEDIA}description") == "The mill & its weir"
    assert item.findtext(f"{A}updated") == "2026-03-01T11:00:00+00:00"
    assert links(item, "related") == [
        {"href": "https://news.example/1?q=a&b", "rel": "related", "type": "text/html", "title": "Rain & shine"}
    ]
    assert {found.get("domain") for found in item.findall("category")} == {"https://feeds.news.example/#tags"}


def test_an_enclosure_needs_length_and_type() -> None:
    """Of an image whose length nobody knows there is media:content and no enclosure."""
    image = Image(url="https://images.news.example/x.png?v=2", alt="X")
    content = write(world_feed(article(1, image=image)), "rss")
    item = channel(content)[-1]

    assert item.find("enclosure") is None
    assert [found.get("type") for found in item.findall(f"{MEDIA}content")] == ["image/png"]


def test_an_item_without_text_has_no_description() -> None:
    """Its title is enough for RSS, and not said twice."""
    item = channel(write(world_feed(article(1, body="", summary="", standfirst="")), "rss"))[-1]

    assert item.findtext("title")
    assert item.find("description") is None
    assert item.find(CONTENT) is None
