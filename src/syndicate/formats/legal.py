"""Make text and addresses legal in every format, whatever they hold; a writer never raises for a character."""

from syndicate.core.legal import legal
from syndicate.core.urls import absolute


def text(value: str) -> str:
    """Return text in the characters that XML allows, with line feeds as line ends."""
    # whatever is not legal is not printable, and asking that is ten times faster
    return value if value.replace("\n", "").isprintable() else legal(value)


def line(value: str) -> str:
    """Return legal text on one line."""
    return " ".join(text(value).split())


def address(url: str) -> str | None:
    """Return an absolute http(s) URL in ASCII, or None when the text is none."""
    return absolute(url, base="")
