"""Write a feed as Atom 1.0."""

from collections.abc import Sequence

from lxml import etree

from syndicate.formats import legal
from syndicate.formats.document import cut_out, splice
from syndicate.formats.entry import Entry, moment
from syndicate.formats.extension import ATOM, DC, HISTORY, MEDIA, new_entry, new_feed
from syndicate.model import Feed

CONTENT_TYPE = "application/atom+xml; charset=utf-8"
_SPACES = {"dc": DC, "fh": HISTORY, "media": MEDIA}


def render_entry(entry: Entry) -> bytes:
    """Return the <entry> of an article; it belongs below a root that `write` makes."""
    element = new_entry(entry)
    element.updated(entry.updated)
    element.published(entry.published)
    for author in entry.authors:
        element.author(name=author)
    if entry.summary:
        element.summary(entry.summary)
    if entry.body is not None:
        element.content(entry.body, type="html")
    elif entry.url is None:  # an entry has a link or content
        element.content(entry.summary or entry.title, type="text")
    # feedgen declares Atom's namespace as if it were an attribute of the root; its elements have none
    return cut_out(element.atom_entry(), carrier=etree.Element("feed", {"xmlns": ATOM}, nsmap=_SPACES))


def write(feed: Feed, entries: Sequence[bytes]) -> bytes:
    """Return the document with these entries, which `render_entry` made of the feed's articles."""
    document = new_feed(feed, format="atom")
    document.updated(moment(feed.updated))
    document.author(name=legal.line(feed.site_title) or feed.section.slug)
    document.subtitle(legal.line(feed.description))
    if feed.icon_url is not None:
        document.icon(feed.icon_url)
    return splice(document.atom_str(xml_declaration=False), entries, ending=b"</feed>", public_url=feed.public_url)
