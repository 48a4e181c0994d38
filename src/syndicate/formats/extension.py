"""Mend what feedgen leaves out or gets wrong, as an extension of it; docs/decisions/0004-feedgen.md lists each."""

from email.utils import format_datetime

from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from syndicate.formats import legal
from syndicate.formats.entry import Entry, moment
from syndicate.model import Feed, Image

ATOM = "http://www.w3.org/2005/Atom"
DC = "http://purl.org/dc/elements/1.1/"
HISTORY = "http://purl.org/syndication/history/1.0"
MEDIA = "http://search.yahoo.com/mrss/"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
NAME = "syndicate"
FEED_TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}


def new_feed(feed: Feed, *, format: str) -> FeedGenerator:
    """Return feedgen's feed without entries, with what RSS and Atom have in common."""
    generator = FeedGenerator()
    # feedgen writes the time of the build here unless told otherwise, and formats dates by setlocale, which other threads would feel
    generator._FeedGenerator__rss_lastBuildDate = None
    generator.id(feed.id)
    generator.title(legal.line(feed.title) or feed.section.slug)
    generator.generator("syndicate")
    generator.language(feed.language)
    generator.register_extension(NAME, FeedExtension, EntryExtension)
    generator.syndicate.feed = feed
    generator.syndicate.format = format
    return generator


def new_entry(entry: Entry) -> FeedEntry:
    """Return feedgen's entry with what the formats have in common."""
    generator = FeedEntry()
    generator.id(entry.id)
    generator.title(entry.title)
    if entry.url is not None:
        generator.link(href=entry.url, rel="alternate")
    for category in entry.categories:
        generator.category(term=category.term, scheme=category.scheme, label=category.label)
    generator.register_extension(NAME, EntryExtension)
    generator.syndicate.entry = entry
    return generator


class EntryExtension(BaseEntryExtension):  # type: ignore[misc]  # feedgen has no types
    """Adds to an entry what feedgen does not write."""

    entry: Entry

    def extend_rss(self, item: etree._Element) -> etree._Element:
        """Add authors by name, dates without setlocale, the image, related links and the language to an item."""
        entry = self.entry
        for author in entry.authors:
            etree.SubElement(item, f"{{{DC}}}creator").text = author
        etree.SubElement(item, "pubDate").text = format_datetime(entry.published, usegmt=True)
        etree.SubElement(item, f"{{{ATOM}}}updated").text = entry.updated.isoformat()
        for link in entry.related:
            _link(item, f"{{{ATOM}}}link", href=link.url, rel="related", type="text/html", title=link.title)
        if entry.image is not None:
            _media(item, entry.image)
        if entry.is_foreign:
            etree.SubElement(item, f"{{{DC}}}language").text = entry.language
        return item

    def extend_atom(self, entry_element: etree._Element) -> etree._Element:
        """Give links their rel, type, title and length, which feedgen loses, and add the image and the language."""
        entry = self.entry
        for link in entry_element.findall("link"):
            link.set("rel", "alternate")
            link.set("type", "text/html")
        image = entry.enclosure
        if image is not None:
            _link(
                entry_element,
                "link",
                href=image.url,
                rel="enclosure",
                type=image.type,
                length=str(image.length),
                title=image.alt,
            )
        for related in entry.related:
            _link(entry_element, "link", href=related.url, rel="related", type="text/html", title=related.title)
        if entry.image is not None:
            _media(entry_element, entry.image)
        if entry.is_foreign:
            entry_element.set(XML_LANG, entry.language)
        return entry_element


class FeedExtension(BaseExtension):  # type: ignore[misc]  # feedgen has no types
    """Adds to a feed what feedgen does not write, and takes the links out of its hands."""

    feed: Feed
    format: str

    def extend_ns(self) -> dict[str, str]:
        """Return the namespaces that the root declares; that of tombstones only where there are some."""
        spaces = {"dc": DC, "fh": HISTORY, "media": MEDIA}
        return spaces | {"at": TOMBSTONES} if self.format == "atom" and self.feed.tombstones else spaces

    def extend_rss(self, root: etree._Element) -> etree._Element:
        """Add the links, the date and the mark of an archive to a channel."""
        channel = root[0]
        _insert_after(channel, "language", "lastBuildDate", format_datetime(moment(self.feed.updated), usegmt=True))
        self._links(channel, f"{{{ATOM}}}link")
        return root

    def extend_atom(self, root: etree._Element) -> etree._Element:
        """Add the links, the mark of an archive and the tombstones to a feed."""
        _link(root, "link", href=self.feed.home_url, rel="alternate", type="text/html")
        self._links(root, "link")
        for tombstone in self.feed.tombstones:
            etree.SubElement(
                root,
                f"{{{TOMBSTONES}}}deleted-entry",
                {"ref": legal.line(tombstone.id), "when": moment(tombstone.at).isoformat()},
            )
        return root

    def _links(self, parent: etree._Element, tag: str) -> None:
        feed, format = self.feed, self.format
        _link(parent, tag, href=feed.self_urls[format], rel="self", type=FEED_TYPES[format])
        for hub in feed.hubs:
            _link(parent, tag, href=hub, rel="hub")
        if feed.archive:
            etree.SubElement(parent, f"{{{HISTORY}}}archive")
        for rel, urls in (
            ("current", feed.current_urls),
            ("prev-archive", feed.prev_archive_urls),
            ("next-archive", feed.next_archive_urls),
        ):
            if urls is not None:
                _link(parent, tag, href=urls[format], rel=rel, type=FEED_TYPES[format])


def _link(parent: etree._Element, tag: str, **attributes: str | None) -> None:
    etree.SubElement(parent, tag, {key: value for key, value in attributes.items() if value})


def _insert_after(parent: etree._Element, sibling: str, tag: str, text: str) -> None:
    element = etree.Element(tag)
    element.text = text
    found = parent.find(sibling)
    if found is None:
        parent.append(element)
    else:
        found.addnext(element)


def _media(parent: etree._Element, image: Image) -> None:
    sizes = {"width": image.width, "height": image.height, "fileSize": image.length}
    attributes = {"url": image.url, "medium": "image"}
    if image.type is not None:
        attributes["type"] = image.type
    attributes |= {key: str(value) for key, value in sizes.items() if value is not None}
    content = etree.SubElement(parent, f"{{{MEDIA}}}content", attributes)
    words = image.caption or image.alt
    if words:
        etree.SubElement(content, f"{{{MEDIA}}}description", {"type": "plain"}).text = words
    if image.credit:
        etree.SubElement(content, f"{{{MEDIA}}}credit").text = image.credit
