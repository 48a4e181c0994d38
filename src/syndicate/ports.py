"""State what others may plug in: sources, transports, summarisers."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from syndicate.model import Envelope, Page, Receipt


class Source(Protocol):
    """A content store, read and never written. Synchronous: flows call it in a thread.

    A source is made with (name, settings, context) by its entry point in the group `syndicate.sources`.
    """

    name: str

    def fetch(self, bookmark: str | None, *, full: bool) -> Iterator[Page]:
        """Yield pages of candidates: those changed since the opaque bookmark, or with `full` every article there is.

        Each page carries the bookmark to store once the page is dealt with; repeating a pass is harmless. A store without a way to
        tell what changed yields everything and sets `always_full`. Raises SourceError.
        """

    @property
    def always_full(self) -> bool:
        """Whether every pass yields every article, so that a missing one is a deleted one."""

    def check(self) -> str:
        """Reach the store and return one line on what was found, for the doctor. Raises SourceError."""

    def close(self) -> None:
        """Let go of connections."""


class Transport(Protocol):
    """A way out for messages, opened once and used by many tasks at a time."""

    name: str

    async def open(self) -> None:
        """Get ready; connections may be made later. Raises TransportError."""

    async def send(self, envelopes: Sequence[Envelope]) -> list[Receipt]:
        """Send each message to its one recipient and return the receipts in the same order. Never raises for a message.

        Concurrent calls share the pool of connections. When cancelled, what was not begun is not sent.
        """

    async def check(self) -> str:
        """Connect, say hello, log in, and return one line on what was found. Raises TransportError."""

    async def close(self) -> None:
        """Finish what is in flight and close the connections."""


class Summariser(Protocol):
    """A writer of summaries other than our own; what it returns is checked before it is used.

    Synchronous: flows call it in several threads at a time. It is made with (name, settings) by its entry point in the group `syndicate.summarisers`.
    """

    name: str

    def summarise(self, *, title: str, text: str, language: str, words: int) -> str | None:
        """Return a summary in plain text, or None to leave it to ours."""

    def close(self) -> None:
        """Let go of connections."""
