"""Write the list of all feeds as OPML 2.0."""

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from syndicate.formats import legal
from syndicate.formats.document import DECLARATION, serialise

CONTENT_TYPE = "text/x-opml; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """One section's feed in the list."""

    title: str
    feed_url: str
    home_url: str
    description: str = ""
    language: str = ""


def write(*, title: str, outlines: Sequence[Outline]) -> bytes:
    """Return the list in the given order, one RSS feed a section: with all three formats, readers would subscribe three times."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = legal.line(title)
    body = etree.SubElement(root, "body")
    for outline in outlines:
        name = legal.line(outline.title)
        attributes = {
            "type": "rss",
            "text": name,
            "title": name,
            "xmlUrl": outline.feed_url,
            "htmlUrl": outline.home_url,
            "description": legal.line(outline.description),
            "language": outline.language,
            "version": "RSS2",
        }
        etree.SubElement(body, "outline", {key: value for key, value in attributes.items() if value})
    return DECLARATION + serialise(root) + b"\n"
