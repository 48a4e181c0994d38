"""Write a feed as RSS 2.0."""

import html
from collections.abc import Sequence

from lxml import etree

from syndicate.formats import legal
from syndicate.formats.document import cut_out, splice
from syndicate.formats.entry import Entry
from syndicate.formats.extension import ATOM, DC, HISTORY, MEDIA, new_entry, new_feed
from syndicate.model import Feed

CONTENT_TYPE = "application/rss+xml; charset=utf-8"
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_SPACES = {"atom": ATOM, "content": _CONTENT, "dc": DC, "fh": HISTORY, "media": MEDIA}


def render_entry(entry: Entry) -> bytes:
    """Return the <item> of an article; it belongs below a root that `write` makes."""
    item = new_entry(entry)
    if entry.summary:
        item.description(html.escape(entry.summary, quote=False), isSummary=True)
    if entry.body is not None:
        item.content(entry.body, type="html")
    image = entry.enclosure
    if image is not None:
        item.enclosure(image.url, str(image.length), image.type)
    return cut_out(item.rss_entry(), carrier=etree.Element("rss", nsmap=_SPACES))


def write(feed: Feed, entries: Sequence[bytes]) -> bytes:
    """Return the document with these entries, which `render_entry` made of the feed's articles."""
    channel = new_feed(feed, format="rss")
    channel.link(href=feed.home_url, rel="alternate")
    channel.description(legal.line(feed.description) or feed.section.slug)
    channel.ttl(feed.ttl_minutes)
    if feed.icon_url is not None:
        channel.image(url=feed.icon_url, title=legal.line(feed.title), link=feed.home_url)
    return splice(
        channel.rss_str(xml_declaration=False), entries, ending=b"</channel></rss>", public_url=feed.public_url
    )
