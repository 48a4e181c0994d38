"""Write a feed as Atom 1.0."""

from collections.abc import Sequence

from lxml import etree

from syndicate.formats import legal
from syndicate.formats.document import cut_out, splice
from syndicate.formats.entry import EntrySettings, describe, moment
from syndicate.formats.extension import ATOM, DC, HISTORY, MEDIA, new_entry, new_feed
from syndicate.model import Article, Feed

CONTENT_TYPE = "application/atom+xml; charset=utf-8"
_SPACES = {"dc": DC, "fh": HISTORY, "media": MEDIA}


def render_entry(article: Article, settings: EntrySettings) -> bytes:
    """Return the article's <entry>; it belongs below a root that `write` makes."""
    facts = describe(article, settings)
    entry = new_entry(facts)
    entry.updated(facts.updated)
    entry.published(facts.published)
    for author in facts.authors:
        entry.author(name=author)
    entry.summary(facts.summary)
    if facts.body is not None or facts.url is None:
        entry.content(facts.body or facts.summary, type="html" if facts.body is not None else "text")
    # feedgen declares Atom's namespace as if it were an attribute of the root; its elements have none
    return cut_out(entry.atom_entry(), carrier=etree.Element("feed", {"xmlns": ATOM}, nsmap=_SPACES))


def write(feed: Feed, entries: Sequence[bytes]) -> bytes:
    """Return the document with these entries, which `render_entry` made of the feed's articles."""
    document = new_feed(feed, format="atom")
    document.updated(moment(feed.updated))
    document.author(name=legal.line(feed.site_title) or feed.section.slug)
    document.subtitle(legal.line(feed.description))
    if feed.icon_url is not None:
        document.icon(feed.icon_url)
    return splice(document.atom_str(xml_declaration=False), entries, ending=b"</feed>", public_url=feed.public_url)
