"""Read RSS and Atom back with lxml."""

from lxml import etree

A = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
FH = "{http://purl.org/syndication/history/1.0}"
MEDIA = "{http://search.yahoo.com/mrss/}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"


def channel(content: bytes) -> etree._Element:
    """Return the channel of an RSS document."""
    found = etree.fromstring(content).find("channel")
    assert found is not None
    return found


def links(parent: etree._Element, rel: str) -> list[dict[str, str]]:
    """Return the attributes of the Atom links with this rel."""
    return [
        {str(k): str(v) for k, v in link.attrib.items()}
        for link in parent.findall(f"{A}link")
        if link.get("rel") == rel
    ]
