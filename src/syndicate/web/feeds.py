"""Answer the feed paths straight from memory, in front of the site."""

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from syndicate.clock import Clock
from syndicate.core.feed import EXTENSIONS
from syndicate.web.conditions import best_encoding, not_modified
from syndicate.web.memory import PUBLIC, FeedMemory, Headers, Prepared

Message = MutableMapping[str, Any]  # Any: an ASGI message holds bytes, numbers, lists
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]
ReadArchive = Callable[[str], Awaitable[Prepared | None]]

_FEED = re.compile(
    rf"/(?P<slug>[a-z0-9-]+)(?:/archive/(?P<number>[1-9][0-9]{{0,8}}))?\.(?P<ending>{'|'.join(EXTENSIONS.values())})"
)
_METHODS = b"GET, HEAD, OPTIONS"
_RETRY_SECONDS = b"5"


class FeedApp:
    """An ASGI application that answers every path shaped like a feed's, and leaves the rest to the next one.

    `read_archive` reads an archive document that is not in memory, by its path. The server adds the Date.
    """

    def __init__(
        self, memory: FeedMemory, next_app: App, *, clock: Clock, read_archive: ReadArchive | None = None
    ) -> None:
        self._memory = memory
        self._next = next_app
        self._clock = clock
        self._read_archive = read_archive

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._next(scope, receive, send)
            return
        path: str = scope["path"]
        shape = _FEED.fullmatch(path)
        found = self._memory.find(path)
        if found is None and shape is None:
            await self._next(scope, receive, send)
            return
        if found is None and shape is not None and shape["number"] is not None:
            found = await self._archive(path)
        if found is not None:
            await self._answer(found, scope, send)
        elif shape is not None:
            await self._explain(shape, scope, send)

    async def _archive(self, path: str) -> Prepared | None:
        if self._read_archive is None:
            return None
        found = await self._read_archive(path)
        if found is not None:
            self._memory.keep_archive(found)
        return found

    async def _answer(self, document: Prepared, scope: Message, send: Send) -> None:
        method = scope["method"]
        if method == "OPTIONS":
            await _send(send, 204, _preflight())
            return
        if method not in ("GET", "HEAD"):
            await _say(send, 405, "Feeds are read with GET.", extra=[(b"allow", _METHODS)])
            return
        headers = _headers(scope)
        variant = document.variants[best_encoding(headers.get(b"accept-encoding", ""))]
        if not_modified(headers, tag=document.tag, modified=document.modified, now=self._clock.now()):
            await _send(send, 304, variant.unmodified)
        else:
            await _send(send, 200, variant.headers, b"" if method == "HEAD" else variant.body)

    async def _explain(self, shape: re.Match[str], scope: Message, send: Send) -> None:
        """Say why there is no such document."""
        memory, slug = self._memory, shape["slug"]
        if slug in memory.moved:
            tail = scope["path"][len(slug) + 1 :]
            await _say(
                send, 301, "This feed has moved.", extra=[(b"location", f"/{memory.moved[slug]}{tail}".encode())]
            )
        elif slug in memory.gone:
            await _say(send, 410, "This feed was given up.")
        elif not memory.ready:
            await _say(send, 503, "The feeds are being loaded.", extra=[(b"retry-after", _RETRY_SECONDS)])
        elif await self._is_next_archive(shape):
            # The newest archive document names its successor before that is complete; until then its articles stand here.
            place = f"/{slug}.{shape['ending']}".encode()
            await _say(send, 307, "This archive is not complete yet.", extra=[(b"location", place)])
        else:
            await _say(send, 404, "There is no such feed.")

    async def _is_next_archive(self, shape: re.Match[str]) -> bool:
        slug, number, ending = shape["slug"], shape["number"], shape["ending"]
        if number is None or int(number) < 2 or self._memory.find(f"/{slug}.{ending}") is None:
            return False
        before = f"/{slug}/archive/{int(number) - 1}.{ending}"
        return self._memory.find(before) is not None or await self._archive(before) is not None


def _headers(scope: Message) -> dict[bytes, str]:
    found: dict[bytes, str] = {}
    for name, value in scope["headers"]:
        text = value.decode("latin-1")
        found[name] = f"{found[name]}, {text}" if name in found else text
    return found


def _preflight() -> Headers:
    return [
        *PUBLIC,
        (b"access-control-allow-methods", _METHODS),
        (b"access-control-allow-headers", b"If-None-Match, If-Modified-Since, Cache-Control"),
        (b"access-control-max-age", b"86400"),
        (b"allow", _METHODS),
    ]


async def _say(send: Send, status: int, words: str, *, extra: Headers | None = None) -> None:
    body = f"{words}\n".encode()
    cache = b"no-store" if status in (405, 503) else b"public, max-age=60"
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", cache),
    ]
    await _send(send, status, [*headers, *PUBLIC, *(extra or [])], body)


async def _send(send: Send, status: int, headers: Headers, body: bytes = b"") -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
