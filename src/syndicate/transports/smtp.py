"""Hand messages to an SMTP relay: pipelined where it can be, one command at a time where it must be."""

from collections.abc import Mapping, Sequence

from syndicate.model import Envelope, Receipt
from syndicate.transports.dial import Dialler
from syndicate.transports.flight import Batch, Flight
from syndicate.transports.pool import Pool
from syndicate.transports.smtp_settings import read_settings


class SmtpTransport:
    """A relay behind a pool of connections, at most 50 messages in flight over all of them.

    Settings: host port tls username password ca-file hello connections recycle idle connect-timeout reply-timeout
    final-timeout back-off.
    The pace (rate) is kept by whoever calls `send`, over all processes.
    """

    def __init__(self, *, name: str, settings: Mapping[str, object]) -> None:
        self.name = name
        self._settings = read_settings(name, settings)
        self._dialler = Dialler(name=name, settings=self._settings)
        self._pool: Pool | None = None

    async def open(self) -> None:
        """Load certificates; the relay is first dialled when there is something to send."""
        await self._dialler.prepare()
        if self._pool is None:
            self._pool = Pool(settings=self._settings, dial=self._dialler.dial)

    async def send(self, envelopes: Sequence[Envelope]) -> list[Receipt]:
        """Send each message once and return what became of it, in the same order."""
        if not envelopes:
            return []
        if self._pool is None:
            await self.open()
            assert self._pool is not None
        batch = Batch(len(envelopes))
        self._pool.submit(
            Flight(envelope=envelope, batch=batch, index=index, message=b"".join(envelope.parts))
            for index, envelope in enumerate(envelopes)
        )
        await batch.settled
        return batch.receipts()

    async def check(self) -> str:
        """Dial the relay, say hello, log in, and tell what it offers."""
        line = await self._dialler.dial()
        line.transport.write(b"QUIT\r\n")
        line.transport.close()
        who = f", logged in as {self._settings.username}" if self._settings.username is not None else ""
        return f"smtp {self._settings.host}:{self._settings.port}: {line.secured}{who}, {line.offer}"

    async def close(self) -> None:
        """Let what is in flight be answered, then say goodbye."""
        if self._pool is not None:
            await self._pool.close()
