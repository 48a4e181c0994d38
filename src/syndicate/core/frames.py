"""Build what surrounds the articles of a message: headers, MIME parts and the page around them, encoded, with holes and slots."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from syndicate.core.headers import structured
from syndicate.core.quoted import encode
from syndicate.core.slots import Form, Mark, Slot, mark, split


class Hole(StrEnum):
    """A place that is filled once for each message that is composed, before any reader's values are known."""

    SUBJECT_HEADER = "subject_header"
    SUBJECT = "subject"
    INTRO_TEXT = "intro_text"
    CONTENT_TEXT = "content_text"
    INTRO_HTML = "intro_html"
    CONTENT_HTML = "content_html"


Part = bytes | Slot | Hole

# (position, what stands before it, what stands after it) of every place that one value goes to
Places = tuple[tuple[int, bytes, bytes], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Where one reader's value goes in a message."""

    name: str
    header: Places
    html: Places
    text: Places
    body: Places


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A message without its articles. `head` is how many of the parts are headers.

    `size` counts the encoded page, or the encoded text where there is none, with what stands around readers' values but without those. `html` and `text` are the bodies before they were encoded, their slots marked, in pieces between holes.
    """

    parts: tuple[Part, ...]
    head: int
    routes: tuple[Route, ...]
    html: tuple[str, ...]
    text: tuple[str, ...]
    size: int

    def with_holes(self, fillings: Mapping[Hole, bytes]) -> tuple[bytes, ...]:
        """Return the parts with what fills each hole in its place, and nothing in the slots."""
        return tuple([_plain(part, fillings) for part in self.parts])


def build_frame(head: Iterable[Part], *, text: str, html: str, boundary: str) -> Frame:
    """Return the frame of a message in both forms, or of a plain text when `html` is empty."""
    header = [*head, structured("MIME-Version", "1.0")]
    text_parts, html_parts = list(_parts(text, Form.TEXT)), list(_parts(html, Form.HTML))
    if html:
        header.append(structured("Content-Type", "multipart/alternative;", f'boundary="{boundary}"') + b"\r\n")
        line = f"--{boundary}\r\n".encode("ascii")
        body = [line + _part_head("plain"), *text_parts, b"\r\n" + line + _part_head("html"), *html_parts]
        body.append(f"\r\n--{boundary}--\r\n".encode("ascii"))
    else:
        header.append(_part_head("plain"))
        body = text_parts
    parts = tuple(_joined([*header, *body], at=len(header)))
    head_length = next(i for i, part in enumerate(parts) if part is None)
    kept = tuple(part for part in parts if part is not None)
    return Frame(
        parts=kept,
        head=head_length,
        routes=_routes(kept),
        html=between_holes(html),
        text=between_holes(text),
        size=sum(map(_length, html_parts or text_parts)),
    )


def between_holes(rendered: str) -> tuple[str, ...]:
    """Return rendered text in pieces, each hole a piece of its own: its mark."""
    return tuple(piece for piece in _HOLE.split(rendered) if piece)


def plugged(pieces: Iterable[str], fillings: Mapping[str, str]) -> tuple[str, ...]:
    """Return the pieces with what fills each hole in its place."""
    return tuple([fillings.get(piece, piece) for piece in pieces])


def _part_head(subtype: str) -> bytes:
    encoding = structured("Content-Transfer-Encoding", "quoted-printable")
    return structured("Content-Type", f"text/{subtype};", "charset=utf-8") + encoding + b"\r\n"


def _parts(rendered: str, form: Form) -> Iterator[Part]:
    """Yield the encoded pieces, the slots and the holes of rendered text."""
    for piece in split(rendered):
        if isinstance(piece, str):
            yield encode(piece)
        elif piece.name in _HOLES:
            yield Hole(piece.name)
        else:
            yield _slot(piece, form)


def _plain(part: Part, fillings: Mapping[Hole, bytes]) -> bytes:
    if isinstance(part, Slot):
        return b""
    return part if isinstance(part, bytes) else fillings[part]


def _length(part: Part) -> int:
    if isinstance(part, Slot):
        return len(part.before) + len(part.after)
    return len(part) if isinstance(part, bytes) else 0


def _slot(found: Mark, form: Form) -> Slot:
    return Slot(name=found.name, form=form, before=encode(found.before), after=encode(found.after))


_HOLES = {hole.value: mark(hole.value) for hole in Hole}
_HOLE = re.compile(f"({'|'.join(_HOLES.values())})")


def _joined(parts: list[Part], *, at: int) -> Iterator[Part | None]:
    """Yield parts with neighbouring bytes joined, and None where the body begins."""
    held = b""
    for position, part in enumerate(parts):
        if position == at:
            yield held
            yield None
            held = b""
        if isinstance(part, bytes):
            held += part
            continue
        if held:
            yield held
        yield part
        held = b""
    if held:
        yield held


def _routes(parts: tuple[Part, ...]) -> tuple[Route, ...]:
    names = dict.fromkeys(part.name for part in parts if isinstance(part, Slot))
    return tuple(_route(name, parts) for name in names)


def _route(name: str, parts: tuple[Part, ...]) -> Route:
    places: dict[Form, Places] = dict.fromkeys(Form, ())
    for position, part in enumerate(parts):
        if isinstance(part, Slot) and part.name == name:
            places[part.form] += ((position, part.before, part.after),)
    html, text = places[Form.HTML], places[Form.TEXT]
    return Route(name=name, header=places[Form.HEADER], html=html, text=text, body=html + text)
