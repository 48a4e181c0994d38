"""Nothing leaves this machine in the clear or to a stranger."""

import datetime
import ssl
from collections.abc import Mapping
from pathlib import Path

import pytest
import trustme

from syndicate.errors import TransportError
from syndicate.model import Outcome
from syndicate.transports.smtp import SmtpTransport
from tests.integration.smtp.test_smtp_roads import letter, outcomes, transport_to
from tests.integration.smtp_servers import SmtpServer

LONG_AGO = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
AUTHORITY = trustme.CA()


def certified(*names: str, authority: trustme.CA = AUTHORITY, expired: bool = False) -> ssl.SSLContext:
    """What a server shows that is certified for these names."""
    until = LONG_AGO + datetime.timedelta(days=30) if expired else None
    certificate = authority.issue_cert(*names, not_before=LONG_AGO, not_after=until)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


@pytest.fixture
def ca_file(tmp_path: Path) -> str:
    """The authority we trust, as a file."""
    path = tmp_path / "ca.pem"
    AUTHORITY.cert_pem.write_to_path(str(path))
    return str(path)


def server_with(kind: str, context: ssl.SSLContext) -> SmtpServer:
    """A server for `tls = kind`."""
    return SmtpServer(tls=context) if kind == "tls" else SmtpServer(starttls=context)


kinds = pytest.mark.parametrize("kind", ["tls", "starttls"])


@kinds
async def test_messages_travel_encrypted(kind: str, ca_file: str) -> None:
    """A relay with a good certificate gets everything, pipelined, over TLS."""
    letters = [letter(number) for number in range(150)]
    async with server_with(kind, certified("127.0.0.1")) as server:
        async with transport_to(server, tls=kind, connections=2, **{"ca-file": ca_file}) as transport:
            line = await transport.check()
            receipts = await transport.send(letters)

        assert "TLSv1.3" in line
        assert set(outcomes(receipts)) == {Outcome.ACCEPTED}
        assert sorted(server.accepted) == sorted((each.recipient, b"".join(each.parts)) for each in letters)


@kinds
@pytest.mark.parametrize(
    ("names", "options", "trouble"),
    [
        (("other.example",), {}, "IP address mismatch"),
        (("127.0.0.1",), {"expired": True}, "expired"),
        (("127.0.0.1",), {"authority": trustme.CA()}, "unable to get local issuer|self.signed"),
    ],
    ids=["wrong name", "expired", "unknown authority"],
)
async def test_a_bad_certificate_ends_it(
    kind: str, names: tuple[str, ...], options: Mapping[str, bool], trouble: str, ca_file: str
) -> None:
    """The doctor says what is wrong with it, and messages stay here."""
    async with server_with(kind, certified(*names, **options)) as server:  # type: ignore[arg-type]  # a mixture for three cases
        async with transport_to(server, tls=kind, **{"ca-file": ca_file}) as transport:
            with pytest.raises(TransportError, match=f"certificate is not accepted: .*({trouble})"):
                await transport.check()
            receipts = await transport.send([letter(1), letter(2)])

        assert outcomes(receipts) == [Outcome.UNSENT, Outcome.UNSENT]
        assert "certificate" in receipts[0].text
        assert server.accepted == []


async def test_a_stripped_starttls_is_refused(ca_file: str) -> None:
    """Someone on the way hides STARTTLS: nothing is sent in the clear."""
    async with SmtpServer() as server, transport_to(server, tls="starttls", **{"ca-file": ca_file}) as transport:
        with pytest.raises(TransportError, match="does not offer STARTTLS"):
            await transport.check()
        receipts = await transport.send([letter(1)])

        assert outcomes(receipts) == [Outcome.UNSENT]
        assert not any(line.startswith("MAIL") for session in server.sessions for line in session.transcript)


async def test_a_plain_server_on_the_tls_port_is_an_error(ca_file: str) -> None:
    """A relay that speaks first where TLS is due is not talked to."""
    settings = {"ca-file": ca_file, "connect-timeout": "2s"}
    async with SmtpServer() as server, transport_to(server, tls="tls", **settings) as transport:
        with pytest.raises(TransportError, match=r"relay 127\.0\.0\.1"):
            await transport.check()


async def test_a_missing_ca_file_is_said_at_the_start() -> None:
    """An operator's slip is found by `open`."""
    transport = SmtpTransport(name="relay", settings={"tls": "tls", "ca-file": "nowhere.pem"})

    with pytest.raises(TransportError, match=r"ca-file nowhere\.pem"):
        await transport.open()


@pytest.mark.parametrize("host", ["relay.example", "192.0.2.1", "2001:db8::1", "localhost.example"])
def test_no_tls_is_for_this_machine_only(host: str) -> None:
    """`tls = "none"` off loopback is refused before anything is opened."""
    with pytest.raises(TransportError, match="needs TLS"):
        SmtpTransport(name="relay", settings={"host": host, "tls": "none"})
