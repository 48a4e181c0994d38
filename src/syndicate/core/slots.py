"""Mark the places in a rendered template that are filled later: once per message, or once per reader."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from html import escape

# Noncharacters: they survive HTML parsers, and core.characters removes them from everything that comes from outside.
_OPEN, _CLOSE, _IF, _END = "\ufdd0", "\ufdd1", "\ufdd2", "\ufdd3"
_MARK = re.compile(f"{_IF}([^{_IF}{_END}]*){_OPEN}([a-z_]+){_CLOSE}([^{_IF}{_END}]*){_END}|{_OPEN}([a-z_]+){_CLOSE}")

MARKUP_SLOTS = frozenset({"correction_html"})


class Form(StrEnum):
    """How a value must be written where its slot stands."""

    HEADER = "header"
    HTML = "html"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A place for one reader's value. `before` and `after` stand around it, encoded, unless the value is empty."""

    name: str
    form: Form
    before: bytes = b""
    after: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A mark found in rendered text, with the text that goes with it when its value is not empty."""

    name: str
    before: str = ""
    after: str = ""


def mark(name: str) -> str:
    """Return the mark to render where the value called `name` belongs."""
    return f"{_OPEN}{name}{_CLOSE}"


def only_if_given(text: str) -> str:
    """Return text around one mark so that it is left out where the value is empty."""
    return f"{_IF}{text}{_END}"


def split(text: str) -> Iterator[str | Mark]:
    """Yield the pieces of rendered text and the marks between them, in order; empty pieces are left out."""
    at = 0
    for found in _MARK.finditer(text):
        if found.start() > at:
            yield text[at : found.start()]
        before, guarded, after, plain = found.groups()
        yield Mark(name=plain) if guarded is None else Mark(name=guarded, before=before, after=after)
        at = found.end()
    if at < len(text):
        yield text[at:]


def replace(text: str, write: Callable[[str], str | None]) -> str:
    """Return text with each mark replaced by what `write` gives for its name; None leaves the mark standing."""

    def one(found: re.Match[str]) -> str:
        before, guarded, after, plain = found.groups()
        written = write(plain or guarded)
        if written is None:
            return found.group()
        return written if guarded is None else f"{before}{written}{after}" if written else ""

    return _MARK.sub(one, text)


def filled(text: str, values: Mapping[str, str], form: Form) -> str:
    """Return text with its marks replaced by one reader's values, escaped for HTML where that is the form."""

    def write(name: str) -> str:
        value = values.get(name, "")
        return escape(value) if form is Form.HTML and name not in MARKUP_SLOTS else value

    return replace(text, write)
