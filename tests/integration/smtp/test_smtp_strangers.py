"""A server that others wrote takes our messages."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from syndicate.errors import TransportError
from syndicate.model import Outcome
from syndicate.transports.smtp import SmtpTransport
from tests.integration.smtp.test_smtp_roads import letter, outcomes


class Inbox(Sink):
    """Keep what came, refuse the one who is not here."""

    def __init__(self) -> None:
        super().__init__()
        self.accepted: list[tuple[str, bytes]] = []

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Know everybody but r7."""
        if address.startswith("r7@"):
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        """Keep it."""
        assert isinstance(envelope.original_content, bytes)
        self.accepted += [(address, envelope.original_content) for address in envelope.rcpt_tos]
        return "250 2.0.0 kept"


def know(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
    """Let the newsroom in."""
    right = LoginPassword(login=b"newsroom", password=b"open sesame")
    return AuthResult(success=data == right, handled=False)


@asynccontextmanager
async def aiosmtpd(factory: Callable[[], SMTP]) -> AsyncIterator[int]:
    """The server in this loop → its port."""
    server = await asyncio.get_running_loop().create_server(factory, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def test_aiosmtpd_gets_every_message_whole() -> None:
    """Its own un-stuffing gives back our bytes, and its refusal reaches the right reader."""
    inbox, letters = Inbox(), [letter(number) for number in range(60)]
    async with aiosmtpd(lambda: SMTP(inbox, hostname="stranger", enable_SMTPUTF8=True)) as port:
        transport = SmtpTransport(name="relay", settings={"port": port, "connections": 3})
        receipts = await transport.send(letters)
        await transport.close()

    assert [number for number, receipt in enumerate(receipts) if receipt.outcome is not Outcome.ACCEPTED] == [7]
    assert receipts[7].enhanced == "5.1.1"
    assert sorted(inbox.accepted) == sorted(
        (each.recipient, b"".join(each.parts)) for each in letters if each is not letters[7]
    )


@pytest.mark.parametrize("password", ["open sesame", "wrong"])
async def test_login(password: str) -> None:
    """The right password sends; with the wrong one nothing leaves, and the doctor says so."""
    inbox = Inbox()
    factory = lambda: SMTP(inbox, hostname="stranger", authenticator=know, auth_require_tls=False, auth_required=True)  # noqa: E731
    async with aiosmtpd(factory) as port:
        settings = {"port": port, "connections": 1, "username": "newsroom", "password": password}
        transport = SmtpTransport(name="relay", settings=settings)
        if password == "wrong":
            with pytest.raises(TransportError, match="535"):
                await transport.check()
        else:
            assert "logged in as newsroom" in await transport.check()
        receipts = await transport.send([letter(1)])
        await transport.close()

    assert outcomes(receipts) == [Outcome.UNSENT if password == "wrong" else Outcome.ACCEPTED]
    assert "sesame" not in repr(transport.__dict__)
