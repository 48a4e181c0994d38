"""Show messages on a terminal instead of sending them."""

import sys
from collections.abc import Mapping, Sequence
from typing import TextIO

from syndicate.errors import TransportError
from syndicate.model import Envelope, Outcome, Receipt
from syndicate.transports.address import is_safe

STREAMS = ("stderr", "stdout")


class ConsoleTransport:
    """A terminal, or any text stream given. Settings: stream ("stderr", the default, because standard output holds JSON, or "stdout")."""

    def __init__(self, *, name: str, settings: Mapping[str, object], stream: TextIO | None = None) -> None:
        self.name = name
        self._chosen = settings.get("stream") or "stderr"
        if self._chosen not in STREAMS:
            raise TransportError(f"transport {name}: stream = {self._chosen!r} is not one of {', '.join(STREAMS)}")
        self._stream = stream

    async def open(self) -> None:
        """Nothing to get ready."""

    async def send(self, envelopes: Sequence[Envelope]) -> list[Receipt]:
        """Write each message as text."""
        return [self._show(envelope) for envelope in envelopes]

    async def check(self) -> str:
        """Say where messages are shown."""
        return f"console: messages are written to {self._chosen}"

    async def close(self) -> None:
        """Nothing is kept open."""

    def _show(self, envelope: Envelope) -> Receipt:
        if not is_safe(envelope):
            return Receipt(outcome=Outcome.REFUSED, code=553, enhanced="5.1.3", text="not an address")
        stream = self._stream or (sys.stdout if self._chosen == "stdout" else sys.stderr)
        text = b"".join(envelope.parts).decode("utf-8", "backslashreplace").replace("\r\n", "\n")
        rim = f"--- from <{envelope.sender}> to <{envelope.recipient}> "
        try:
            stream.write(f"{rim:-<100}\n{_printable(text)}\n")
            stream.flush()
        except (OSError, ValueError) as error:
            return Receipt(outcome=Outcome.DEFERRED, code=452, enhanced="4.3.0", text=f"not shown: {error}")
        return Receipt(outcome=Outcome.ACCEPTED, code=250, enhanced="2.0.0", text="shown")


def _printable(text: str) -> str:
    """Replace what could drive a terminal."""
    return "".join(
        character if character.isprintable() or character in "\n\t" else "\N{REPLACEMENT CHARACTER}"
        for character in text
    )
