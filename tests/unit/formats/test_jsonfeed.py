"""What JSON Feed 1.1 says of a feed and an item."""

import json

from syndicate.core.feed import build_archive
from tests.feed_newsroom import SETTINGS, WORLD, article, rich_article, world_feed, write


def test_json_feed() -> None:
    """All that JSON Feed 1.1 has a name for, and our own under one key."""
    document = json.loads(write(world_feed(rich_article(), archives=4), "json"))
    (item,) = document["items"]

    assert document["version"] == "https://jsonfeed.org/version/1.1"
    assert document["next_url"] == "https://feeds.news.example/world/archive/4.json"
    assert document["hubs"] == [{"type": "WebSub", "url": "https://hub.example/"}]
    assert item["content_text"] == "Water ]]> rose & fell. More\nZwei – 二"
    assert item["image"] == "https://images.news.example/mill.jpg"
    assert item["attachments"] == [
        {
            "url": "https://images.news.example/mill.jpg",
            "mime_type": "image/jpeg",
            "title": "A mill by a river",
            "size_in_bytes": 98765,
        }
    ]
    assert item["_syndicate"] == {
        "minutes": 2,
        "related": [{"id": "tag:x,2026:1", "url": "https://news.example/1?q=a&b", "title": "Rain & shine"}],
        "corrections": ["An earlier version misstated the level."],
    }


def test_json_archives_are_a_chain() -> None:
    """`next_url` leads to the older archive, and the oldest has none."""
    older = json.loads(write(build_archive(section=WORLD, number=1, articles=[article(1)], settings=SETTINGS), "json"))
    newer = json.loads(write(build_archive(section=WORLD, number=2, articles=[article(2)], settings=SETTINGS), "json"))

    assert newer["next_url"] == older["feed_url"]
    assert "next_url" not in older
    assert newer["_syndicate"]["current"] == "https://feeds.news.example/world.json"


def test_an_item_without_text_has_its_title_as_content() -> None:
    """JSON Feed wants content; the summary may be missing, and so is what takes no time to read."""
    one = article(1, body="", summary="", standfirst="", minutes=0)
    (item,) = json.loads(write(world_feed(one), "json"))["items"]

    assert item["content_text"] == one.title
    assert not {"summary", "content_html"} & set(item)
    assert "minutes" not in item["_syndicate"]


def test_a_picture_alone_is_content_enough() -> None:
    """The title does not stand beside it."""
    one = article(1, body='<p><img src="https://images.news.example/x.png" alt=""></p>', summary="", standfirst="")
    (item,) = json.loads(write(world_feed(one), "json"))["items"]

    assert "content_html" in item
    assert not {"summary", "content_text"} & set(item)
