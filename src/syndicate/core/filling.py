"""Put one reader's values into a prepared message."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from syndicate.core.cards import label
from syndicate.core.characters import clean, one_line
from syndicate.core.frames import Places, Route
from syndicate.core.headers import line_safe
from syndicate.core.quoted import encode, encode_plain
from syndicate.core.slots import MARKUP_SLOTS, Form, filled
from syndicate.model import ArticleKey

OPTIONAL_SLOTS = frozenset(
    {"name", "web_url", "correction_html", "correction_text", "preferences_url", "unsubscribe_mailto"}
)
_ADDRESSES = frozenset({"unsubscribe_url", "unsubscribe_mailto"})
_LONGEST_NAME = 80
_BLOCKS = frozenset({"correction_html", "correction_text"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedMessage:
    """A message for many readers, encoded, its slots left empty. The first `head` parts are its headers.

    `room` is how many encoded bytes one reader's corrections may take in it; None = any number. `dropped` are the digest's articles for which
    there was no room.
    """

    parts: tuple[bytes, ...]
    head: int
    routes: tuple[Route, ...]
    subject: str
    html_pieces: tuple[str, ...]
    text_pieces: tuple[str, ...]
    room: int | None = None
    dropped: frozenset[ArticleKey] = frozenset()

    @property
    def html(self) -> str:
        """Return the page as it was before it was encoded, its slots still marked; empty in a plain message."""
        return "".join(self.html_pieces)

    @property
    def text(self) -> str:
        """Return the text part as it was before it was encoded, its slots still marked."""
        return "".join(self.text_pieces)


def fill(prepared: PreparedMessage, values: Mapping[str, str]) -> tuple[bytes, ...]:
    """Return the bytes of one reader's message in parts, the first `prepared.head` of them its headers.

    `values`, as plain text: `to` (from headers.mailbox), `date` (heads.date_header), `message_id` (heads.message_id), `unsubscribe_url`,
    `preferences_url`, and if there are any `unsubscribe_mailto` (a mailto: address), `web_url`, `name`, `correction_html` and `correction_text`
    (from Letters.correction); a confirmation has `confirm_url` instead. Raises KeyError for a missing one.
    """
    parts = list(prepared.parts)
    for route in prepared.routes:
        name = route.name
        value = values.get(name, "") if name in OPTIONAL_SLOTS else values[name]
        if not value:
            continue
        if route.header:
            _put(parts, route.header, _header(name, value))
        if route.body:
            plain = encode_plain(value) if name != "name" or _is_short(value) else None
            if plain is None:
                _put_body(parts, route, name, value)
            else:
                _put(parts, route.body, plain)
    return tuple(parts)


def preview(prepared: PreparedMessage, values: Mapping[str, str]) -> tuple[str, str]:
    """Return one reader's message as (html, text), decoded."""
    return filled(prepared.html, values, Form.HTML), filled(prepared.text, values, Form.TEXT)


def _put(parts: list[bytes], places: Places, encoded: bytes) -> None:
    for position, before, after in places:
        parts[position] = before + encoded + after if encoded else encoded


def _is_short(name: str) -> bool:
    """Tell whether a name can stand as it is, unlike one that is too long or is nothing but a space."""
    return len(name) <= _LONGEST_NAME and name.strip() == name


def _put_body(parts: list[bytes], route: Route, name: str, value: str) -> None:
    value = clean(value) if name in _BLOCKS else label(value) if name == "name" else one_line(value)
    if route.html:
        _put(parts, route.html, encode(value if name in MARKUP_SLOTS else escape(value)))
    if route.text:
        _put(parts, route.text, encode(value))


def _header(name: str, value: str) -> bytes:
    """Return a value for a header: what was folded stays so, and an address on the web cannot end its brackets early."""
    if name in _ADDRESSES:
        value = value.replace(" ", "%20").replace(">", "%3E").replace("<", "%3C")
    return (value if value.isprintable() else line_safe(value)).encode()
