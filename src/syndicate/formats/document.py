"""Put an XML feed together: declaration, stylesheet, feedgen's head, and the entries' own bytes."""

from collections.abc import Sequence

from lxml import etree

from syndicate.formats import legal

DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'


def serialise(element: etree._Element) -> bytes:
    """Return an element's bytes in UTF-8, without a declaration."""
    return etree.tostring(element, encoding="UTF-8", xml_declaration=False)


def cut_out(child: etree._Element, *, carrier: etree._Element) -> bytes:
    """Return a child's bytes as they stand below a root that declares the carrier's namespaces."""
    whole_of_carrier = serialise(carrier)
    carrier.append(child)
    opening = whole_of_carrier.removesuffix(b"/>") + b">"
    return serialise(carrier)[len(opening) : -len(f"</{carrier.tag}>")]


def splice(head: bytes, entries: Sequence[bytes], *, ending: bytes, public_url: str) -> bytes:
    """Return the document whose head, made without entries, ends with `ending`; the stylesheet makes it readable in browsers."""
    if not head.endswith(ending):
        raise AssertionError(f"feedgen's document does not end with {ending!r}")
    css = (legal.address(f"{public_url}feed.css") or "").replace("&", "&amp;").replace('"', "%22").encode()
    stylesheet = b'<?xml-stylesheet type="text/css" href="' + css + b'"?>\n'
    return b"\n".join([DECLARATION + stylesheet + head.removesuffix(ending), *entries, ending, b""])
