"""Write a feed as JSON Feed 1.1."""

from collections.abc import Sequence

import msgspec

from syndicate.core.plain import text_of
from syndicate.formats import legal
from syndicate.formats.entry import Entry
from syndicate.model import Feed

CONTENT_TYPE = "application/feed+json; charset=utf-8"


def render_entry(entry: Entry) -> bytes:
    """Return the item of an article, which belongs into the list of items that `write` makes."""
    item: dict[str, object] = {"id": entry.id}
    if entry.url is not None:
        item["url"] = entry.url
    item["title"] = entry.title
    if entry.summary:
        item["summary"] = entry.summary
    if entry.body is not None:
        item["content_html"] = entry.body
    text = (text_of(entry.body) if entry.body is not None else "") or entry.summary
    if text or entry.body is None:  # an item has content
        item["content_text"] = text or entry.title
    item["date_published"] = entry.published.isoformat()
    item["date_modified"] = entry.updated.isoformat()
    item["authors"] = [{"name": author} for author in entry.authors]
    item["tags"] = [category.label for category in entry.categories]
    item["language"] = entry.language
    item |= _image(entry)
    item["_syndicate"] = _own(entry)
    return msgspec.json.encode(item)


def write(feed: Feed, entries: Sequence[bytes]) -> bytes:
    """Return the document with these items, which `render_entry` made of the feed's articles."""
    head: dict[str, object] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": legal.line(feed.title),
        "home_page_url": feed.home_url,
        "feed_url": feed.self_urls["json"],
        "description": legal.line(feed.description),
        "language": feed.language,
        "authors": [{"name": legal.line(feed.site_title), "url": feed.public_url}],
    }
    if feed.icon_url is not None:
        head["icon"] = feed.icon_url
    if feed.hubs:
        head["hubs"] = [{"type": "WebSub", "url": hub} for hub in feed.hubs]
    if feed.prev_archive_urls is not None:
        head["next_url"] = feed.prev_archive_urls["json"]
    if feed.archive:
        head["_syndicate"] = {
            "archive": True,
            **({"current": feed.current_urls["json"]} if feed.current_urls else {}),
            **({"next_archive": feed.next_archive_urls["json"]} if feed.next_archive_urls else {}),
        }
    opening = msgspec.json.encode(head)[:-1] + b',"items":[\n'
    return b"".join([opening, b",\n".join(entries), b"\n]}\n"])


def _image(entry: Entry) -> dict[str, object]:
    image = entry.image
    if image is None:
        return {}
    found: dict[str, object] = {"image": image.url}
    if image.type is not None:
        attachment: dict[str, object] = {"url": image.url, "mime_type": image.type}
        if image.alt:
            attachment["title"] = image.alt
        if image.length is not None:
            attachment["size_in_bytes"] = image.length
        found["attachments"] = [attachment]
    return found


def _own(entry: Entry) -> dict[str, object]:
    own: dict[str, object] = {"minutes": entry.minutes} if entry.minutes > 0 else {}
    own["related"] = [{"id": link.id, "url": link.url, "title": link.title} for link in entry.related]
    if entry.correction is not None:
        own["corrections"] = [entry.correction]
    return own
