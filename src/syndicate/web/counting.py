"""Count the answers that the web server gives."""

from collections.abc import Callable

from syndicate.web.feeds import App, Message, Receive, Send

FEEDS = (".xml", ".atom", ".json", ".opml")


class CountingApp:
    """An ASGI application that tells `count` the kind and the status of each answer: feed, or page."""

    def __init__(self, next_app: App, *, count: Callable[[str, int], None]) -> None:
        self._next, self._count = next_app, count

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._next(scope, receive, send)
            return
        kind = "feed" if scope["path"].endswith(FEEDS) else "page"

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._count(kind, message["status"])
            await send(message)

        await self._next(scope, receive, counted)
