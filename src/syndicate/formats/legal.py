"""Make text and addresses legal in every format, whatever they hold; a writer never raises for a character."""

from syndicate.core.legal import legal
from syndicate.core.urls import absolute


def text(value: str) -> str:
    """Return text in the characters that XML allows, with line feeds as line ends."""
    return legal(value)


def line(value: str) -> str:
    """Return legal text on one line."""
    return " ".join(legal(value).split())


def address(url: str) -> str | None:
    """Return an absolute http(s) URL in ASCII, or None when the text is none."""
    return absolute(url, base="")
