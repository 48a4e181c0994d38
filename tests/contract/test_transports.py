"""What every transport must do, ours and other people's."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from syndicate.model import Envelope, Outcome
from syndicate.ports import Transport
from syndicate.transports.console import ConsoleTransport
from syndicate.transports.maildir import MaildirTransport
from syndicate.transports.smtp import SmtpTransport
from tests.integration.smtp_servers import SmtpServer

PARTS = (b"Subject: one\r\n\r\n.dot\r\n", b"..\r\n", b".", b"\r\nend\r\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A transport and a look at what it let out: each message's text as it can be found at the other end."""

    transport: Transport
    arrived: Callable[[], list[str]]


def letter(number: int, *, recipient: str | None = None) -> Envelope:
    """A message for reader `number`."""
    return Envelope(
        sender="bounce@news.example",
        recipient=f"r{number}@readers.example" if recipient is None else recipient,
        parts=(b"X-Number: %d\r\n" % number, *PARTS),
        message_id=f"<{number}@news.example>",
    )


def text(envelope: Envelope) -> str:
    """A message as text."""
    return b"".join(envelope.parts).decode().replace("\r\n", "\n")


@pytest.fixture(params=["smtp", "maildir", "console"])
async def subject(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Subject]:
    """Each transport in turn, open."""
    transport: Transport
    if request.param == "smtp":
        async with SmtpServer() as server:
            transport = SmtpTransport(name="out", settings={"host": "127.0.0.1", "port": server.port, "tls": "none"})
            await transport.open()
            yield Subject(
                transport=transport,
                arrived=lambda: [body.decode().replace("\r\n", "\n") for _, body in server.accepted],
            )
            await transport.close()
        return
    if request.param == "maildir":
        transport = MaildirTransport(name="out", settings={"path": str(tmp_path / "box")})
        new = tmp_path / "box" / "new"

        def arrived() -> list[str]:
            return [file.read_bytes().split(b"\r\n", 2)[2].decode().replace("\r\n", "\n") for file in new.iterdir()]
    else:
        stream = io.StringIO()
        transport = ConsoleTransport(name="out", settings={}, stream=stream)

        def arrived() -> list[str]:
            return [shown.partition("\n")[2][:-1] for shown in stream.getvalue().split("--- from ")[1:]]

    await transport.open()
    yield Subject(transport=transport, arrived=arrived)
    await transport.close()


async def test_every_message_gets_its_receipt_in_order(subject: Subject) -> None:
    """Good and impossible recipients are told apart, place by place, and the good ones arrive whole."""
    letters = [letter(1), letter(2, recipient="a@b.example>\r\nDATA"), letter(3), letter(4, recipient=""), letter(5)]
    receipts = await subject.transport.send(letters)

    good = [Outcome.ACCEPTED, Outcome.REFUSED, Outcome.ACCEPTED, Outcome.REFUSED, Outcome.ACCEPTED]
    assert [receipt.outcome for receipt in receipts] == good
    assert sorted(subject.arrived()) == [text(letter(1)), text(letter(3)), text(letter(5))]


async def test_nothing_to_send_is_nothing(subject: Subject) -> None:
    """An empty batch has no receipts."""
    assert await subject.transport.send([]) == []


async def test_many_tasks_share_a_transport(subject: Subject) -> None:
    """Concurrent calls each get their own receipts."""
    batches = [[letter(10 * batch + number) for number in range(10)] for batch in range(8)]
    results = await asyncio.gather(*(subject.transport.send(batch) for batch in batches))

    assert {receipt.outcome for receipts in results for receipt in receipts} == {Outcome.ACCEPTED}
    assert sorted(subject.arrived()) == sorted(text(each) for batch in batches for each in batch)


async def test_check_answers_in_one_line(subject: Subject) -> None:
    """The doctor prints a row."""
    line = await subject.transport.check()

    assert line
    assert "\n" not in line


async def test_closing_twice_is_harmless(subject: Subject) -> None:
    """Whoever opens closes, and the exit stack may too."""
    await subject.transport.send([letter(1)])
    await subject.transport.close()
    await subject.transport.close()

    assert subject.arrived() == [text(letter(1))]


def test_ours_come_in_by_the_door_for_everyone() -> None:
    """The three kinds are entry points, and what they name is what is tested here."""
    found = {point.name: point.load() for point in entry_points(group="syndicate.transports")}

    assert found["smtp"] is SmtpTransport
    assert found["maildir"] is MaildirTransport
    assert found["console"] is ConsoleTransport
