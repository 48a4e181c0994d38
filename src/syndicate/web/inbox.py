"""Show a local Maildir in the browser: the demo's inbox."""

import asyncio
import email
import email.policy
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from syndicate.core.characters import one_line
from syndicate.web.desk import desk_of
from syndicate.web.rendering import Policy

SHOWN = 200  # messages on the list
_ROOMS = ("new", "cur")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A message on the list."""

    link: str
    subject: str
    sender: str
    recipient: str
    date: str


def build_inbox(maildir: Path) -> tuple[Route, ...]:
    """Return the pages at /inbox/ that show a Maildir's messages, to be `extra` routes of build_site."""

    async def slashed(request: Request) -> Response:
        return RedirectResponse(f"{desk_of(request).renderer.masthead.root}inbox/", status_code=301)

    async def listed(request: Request) -> Response:
        lines, count = await asyncio.to_thread(_lines, maildir)
        return desk_of(request).renderer.page("inbox", policy=Policy.LIST, lines=lines, count=count)

    async def message(request: Request) -> Response:
        found = await _message(maildir, request)
        html, text = _part(found, "html"), _part(found, "plain")
        return desk_of(request).renderer.page(
            "message",
            policy=Policy.FRAME,
            line=_line(quote(request.path_params["name"], safe=""), found),
            has_html=bool(html),
            text=text,
        )

    async def letter(request: Request) -> Response:
        html = _part(await _message(maildir, request), "html")
        if not html:
            raise HTTPException(404)
        html = html.replace("<head>", '<head><base target="_blank">', 1)
        return HTMLResponse(html, headers={"content-security-policy": Policy.LETTER})

    async def source(request: Request) -> Response:
        return PlainTextResponse(await asyncio.to_thread(_read, maildir, request.path_params["name"]))

    return (
        Route("/inbox", slashed),
        Route("/inbox/", listed),
        Route("/inbox/{name}/", message),
        Route("/inbox/{name}/letter.html", letter),
        Route("/inbox/{name}/source.txt", source),
    )


def _files(maildir: Path) -> Sequence[Path]:
    """Return the messages of a Maildir, newest first."""
    found = [path for room in _ROOMS if (maildir / room).is_dir() for path in (maildir / room).iterdir()]
    return sorted(found, key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)


def _lines(maildir: Path) -> tuple[list[Line], int]:
    """Return the newest messages, and how many there are in all."""
    files = _files(maildir)
    return [_line(quote(path.name, safe=""), _parse(path.read_bytes())) for path in files[:SHOWN]], len(files)


def _read(maildir: Path, name: str) -> bytes:
    """Return a message by its file's name, which has to be on the list: no path leads out of the Maildir."""
    found = next((path for path in _files(maildir) if path.name == name), None)
    if found is None:
        raise HTTPException(404)
    return found.read_bytes()


async def _message(maildir: Path, request: Request) -> EmailMessage:
    return _parse(await asyncio.to_thread(_read, maildir, request.path_params["name"]))


def _parse(content: bytes) -> EmailMessage:
    return email.message_from_bytes(content, policy=email.policy.default)


def _line(link: str, message: EmailMessage) -> Line:
    return Line(
        link=link,
        subject=one_line(str(message["subject"] or "")) or "…",
        sender=one_line(str(message["from"] or "")),
        recipient=one_line(str(message["to"] or "")),
        date=one_line(str(message["date"] or "")),
    )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return "" if part is None else str(part.get_content())
