"""Put one reader's values into a prepared message."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from syndicate.core.characters import clean, one_line
from syndicate.core.frames import Places, Route
from syndicate.core.headers import line_safe
from syndicate.core.quoted import PLAIN, encode
from syndicate.core.slots import MARKUP_SLOTS, Form, Slot, filled

OPTIONAL_SLOTS = frozenset({"name", "web_url", "correction_html", "correction_text", "preferences_url"})
_BLOCKS = frozenset({"correction_html", "correction_text"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedMessage:
    """A message for many readers, encoded but for their slots. The first `head` parts are its headers.

    `html` and `text` are the same bodies as texts, with their slots marked, for `preview`; `html` is empty in a plain message.
    """

    parts: tuple[bytes | Slot, ...]
    head: int
    routes: tuple[Route, ...]
    subject: str
    html: str
    text: str


def fill(prepared: PreparedMessage, values: Mapping[str, str]) -> tuple[bytes, ...]:
    """Return the bytes of one reader's message in parts, the first `prepared.head` of them its headers.

    `values`, as plain text: `to` (from headers.mailbox), `date` (heads.date_header), `message_id` (heads.message_id), `unsubscribe_url`,
    `preferences_url`, and if there are any `unsubscribe_mailto` (a mailto: address), `web_url`, `name`, `correction_html` and `correction_text`
    (from Letters.correction); a confirmation has `confirm_url` instead. Raises KeyError for a missing one.
    """
    parts: list[bytes | Slot] = list(prepared.parts)
    for route in prepared.routes:
        name = route.name
        if name == "list_unsubscribe":
            parts[route.header[0][0]] = _list_unsubscribe(
                values["unsubscribe_url"], values.get("unsubscribe_mailto", "")
            )
            continue
        value = values.get(name, "") if name in OPTIONAL_SLOTS else values[name]
        if route.header:
            _put(parts, route.header, _header(value))
        elif PLAIN.fullmatch(value):
            encoded = value.encode("ascii") + b"=\r\n"
            _put(parts, route.html, encoded)
            _put(parts, route.text, encoded)
        else:
            value = clean(value) if name in _BLOCKS else one_line(value)
            _put(parts, route.html, encode(value if name in MARKUP_SLOTS else escape(value)))
            _put(parts, route.text, encode(value))
    return tuple(parts)  # type: ignore[arg-type]  # every slot has a route, so that only bytes are left


def preview(prepared: PreparedMessage, values: Mapping[str, str]) -> tuple[str, str]:
    """Return one reader's message as (html, text), decoded."""
    return filled(prepared.html, values, Form.HTML), filled(prepared.text, values, Form.TEXT)


def _put(parts: list[bytes | Slot], places: Places, encoded: bytes) -> None:
    for position, before, after in places:
        parts[position] = before + encoded + after if encoded else b""


def _header(value: str) -> bytes:
    return (value if value.isprintable() else line_safe(value)).encode()


def _list_unsubscribe(url: str, mailto: str) -> bytes:
    """Return the header that mail clients make their button of: never encoded, folded only at its comma."""
    start = "List-Unsubscribe: <" if len(url) <= 57 else "List-Unsubscribe:\r\n <"
    value = f"{start}{_bare(url)}>,\r\n <{_bare(mailto)}>\r\n" if mailto else f"{start}{_bare(url)}>\r\n"
    return value.encode("ascii", "replace")


def _bare(url: str) -> str:
    return (
        url
        if url.isprintable() and ">" not in url and " " not in url
        else one_line(url).replace(" ", "").replace(">", "")
    )
