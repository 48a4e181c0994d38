"""Put the application together: from a Config to opened ports and flows."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from syndicate.clock import Clock
from syndicate.composition.content import Content
from syndicate.composition.sending import Sending
from syndicate.options import Config


class App(Content, Sending):
    """Everything a command may need, opened on first use and closed in reverse."""

    def refuse_impossible(self) -> None:
        """Raise ConfigurationError for kinds that are not installed and addresses that are none, before anything starts."""
        for source in self.document.source:
            self._installed("source", source.kind)
        for transport in self.document.transport:
            self._installed("transport", transport.kind)
        if self.document.summariser.kind:
            self._installed("summariser", self.document.summariser.kind)
        mail = self.document.mail
        for key, text in (("from", mail.from_), ("owner", mail.owner), ("reply-to", mail.reply_to)):
            if text:
                self._mailbox(key, text)


@asynccontextmanager
async def opened(config: Config, *, clock: Clock | None = None) -> AsyncIterator[App]:
    """Open an App on its database and close it again."""
    app = App(config, clock=clock)
    try:
        app.refuse_impossible()
        await app.open()
        yield app
    finally:
        await app.close()
