"""Reports handed over by real clients, well and badly behaved."""

import asyncio
import smtplib
from collections.abc import Callable

import pytest

from syndicate.errors import ServiceUnavailableError
from syndicate.mailin.dialogue import MOST_BYTES
from syndicate.mailin.receiver import receiving

MESSAGE = b"From: MAILER-DAEMON@x.example\r\nSubject: failure\r\n\r\n..dot\r\nbody\r\n"


class Box:
    """Keeps what it is given, unless it is told to fail."""

    def __init__(self, *, works: bool = True) -> None:
        self.works = works
        self.kept: list[bytes] = []

    async def take(self, message: bytes) -> bool:
        """Keep a message."""
        if not self.works:
            raise OSError("disk full")
        self.kept.append(message)
        return True


async def hand_over(box: Box, work: Callable[[int], object]) -> object:
    """Run a client that blocks against a receiver on a free port."""
    async with receiving("127.0.0.1:0", take=box.take, name="mx.news.example") as server:
        return await asyncio.to_thread(work, server.sockets[0].getsockname()[1])


def by(kind: type[smtplib.SMTP], *, to: tuple[str, ...] = ("b-1@bounces.example",)) -> Callable[[int], object]:
    """Return a client that sends one report."""

    def work(port: int) -> object:
        with kind("127.0.0.1", port) as client:
            return client.sendmail("", list(to), MESSAGE)

    return work


@pytest.mark.parametrize("kind", [smtplib.SMTP, smtplib.LMTP])
async def test_a_report_is_taken_with_its_recipient(kind: type[smtplib.SMTP]) -> None:
    """The envelope's recipient, which may be a return path of ours, stands on top."""
    box = Box()
    await hand_over(box, by(kind))

    assert box.kept == [b"X-Original-To: b-1@bounces.example\r\n" + MESSAGE]


@pytest.mark.parametrize("kind", [smtplib.SMTP, smtplib.LMTP])
async def test_what_cannot_be_kept_stays_with_the_other_side(kind: type[smtplib.SMTP]) -> None:
    """It is told to try again."""
    with pytest.raises(smtplib.SMTPException) as caught:
        await hand_over(Box(works=False), by(kind))

    assert "451" in str(caught.value)


async def talk(box: Box, said: bytes) -> list[bytes]:
    """Say some bytes at once and return the codes of the answers."""
    async with receiving("127.0.0.1:0", take=box.take, name="mx") as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.sockets[0].getsockname()[1])
        writer.write(said)
        writer.write_eof()
        answers = await reader.read()
        writer.close()
    return [line[:3] for line in answers.split(b"\r\n") if line[3:4] == b" "]


async def test_commands_may_come_all_at_once() -> None:
    """PIPELINING, RFC 2920."""
    box = Box()
    said = b"EHLO x\r\nMAIL FROM:<> SIZE=9\r\nRCPT TO:<a@x.example>\r\nDATA\r\nhello\r\n.\r\nNOOP\r\nQUIT\r\n"

    assert await talk(box, said) == [b"220", b"250", b"250", b"250", b"354", b"250", b"250", b"221"]
    assert box.kept == [b"X-Original-To: a@x.example\r\nhello\r\n"]


async def test_lmtp_answers_for_each_recipient() -> None:
    """And the message is taken once."""
    box = Box()
    said = b"LHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<a@x.example>\r\nRCPT TO:<b@x.example>\r\nDATA\r\nhello\r\n.\r\n"

    assert await talk(box, said) == [b"220", b"250", b"250", b"250", b"250", b"354", b"250", b"250"]
    assert box.kept == [b"X-Original-To: a@x.example\r\nX-Original-To: b@x.example\r\nhello\r\n"]


@pytest.mark.parametrize("length", range(4_090, 4_100))
async def test_a_dot_after_a_long_line_ends_nothing(length: int) -> None:
    """Where a long line is cut into pieces, a piece is no line."""
    box = Box()
    line = b"y" * length + b".\r\n"
    said = b"EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<a@x>\r\nDATA\r\n" + line + b"more\r\n.\r\nQUIT\r\n"

    assert await talk(box, said) == [b"220", b"250", b"250", b"250", b"354", b"250", b"221"]
    assert box.kept[0].endswith(line + b"more\r\n")


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        (b"MAIL FROM:<>\r\n", [b"220", b"503"]),
        (b"EHLO x\r\nDATA\r\n", [b"220", b"250", b"503"]),
        (b"EHLO x\r\nMAIL nonsense\r\n", [b"220", b"250", b"501"]),
        (b"EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<>\r\n", [b"220", b"250", b"250", b"501"]),
        (b"EHLO x\r\nMAIL FROM:<>\r\nRSET\r\nRCPT TO:<a@x>\r\n", [b"220", b"250", b"250", b"250", b"503"]),
        (b"VRFY ann\r\nSTARTTLS\r\n", [b"220", b"502", b"502"]),
        (b"x" * 100_000 + b"\r\nQUIT\r\n", None),
        (b"?\r\n" * 40, [b"220"] + [b"502"] * 20 + [b"421"]),
        (b"\0\xff\r\n", [b"220", b"502"]),
    ],
)
async def test_mistakes(said: bytes, codes: list[bytes] | None) -> None:
    """They are answered, and too many end the talk."""
    box = Box()
    answers = await talk(box, said)

    assert codes is None or answers == codes
    assert answers[0] == b"220"
    assert not box.kept


async def test_a_message_cut_off_is_not_taken() -> None:
    """The other side has it still, and will hand it over again."""
    box = Box()
    await talk(box, b"EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<a@x>\r\nDATA\r\nhalf of")

    assert not box.kept


async def test_who_is_connected_at_the_end_is_told(caplog: pytest.LogCaptureFixture) -> None:
    """With 421 (RFC 5321 3.8), wherever the dialogue is; nothing is taken, and nothing is logged as a fault."""
    box = Box()
    async with asyncio.timeout(10):
        async with receiving("127.0.0.1:0", take=box.take, name="mx.news.example") as server:
            port = server.sockets[0].getsockname()[1]
            idle, idle_writer = await asyncio.open_connection("127.0.0.1", port)
            busy, busy_writer = await asyncio.open_connection("127.0.0.1", port)
            busy_writer.write(b"LHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<b-1@bounces.example>\r\nDATA\r\nhalf of it\r\n")
            assert (await idle.readline()).startswith(b"220 ")
            while not (await busy.readline()).startswith(b"354 "):
                pass
        assert await idle.read() == await busy.read() == b"421 4.3.2 mx.news.example is closing\r\n"
    for writer in (idle_writer, busy_writer):
        writer.close()
    assert box.kept == []
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


async def test_long_lines_of_a_message_are_kept() -> None:
    """Whatever RFC 5321 says of them."""
    box = Box()
    await talk(box, b"EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<a@x>\r\nDATA\r\n" + b"y" * 50_000 + b"\r\n.\r\nQUIT\r\n")

    assert len(box.kept[0]) > 50_000


async def test_an_address_that_is_taken() -> None:
    """Said in one sentence with the key that is wrong."""
    box = Box()
    async with receiving("127.0.0.1:0", take=box.take, name="mx") as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(ServiceUnavailableError, match="listen"):
            async with receiving(f"127.0.0.1:{port}", take=box.take, name="mx"):
                pass


async def test_of_a_message_too_big_the_beginning_is_taken() -> None:
    """To refuse it for good would lose the report; and no size is announced that a server would hold it back for."""
    box = Box()
    line = b"y" * 1_022 + b"\r\n"
    said = b"EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<a@x>\r\nDATA\r\nSubject: big\r\n\r\n" + line * 10_300 + b".\r\nQUIT\r\n"

    assert await talk(box, said) == [b"220", b"250", b"250", b"250", b"354", b"250", b"221"]
    assert box.kept[0].startswith(b"X-Original-To: a@x\r\nSubject: big\r\n\r\nyyy")
    assert len(box.kept[0]) <= MOST_BYTES + 100


async def test_of_many_recipients_the_first_hundred_are_taken() -> None:
    """The others are for another time, and nobody's mistakes."""
    box = Box()
    said = b"LHLO x\r\nMAIL FROM:<>\r\n" + b"".join(b"RCPT TO:<r%d@x>\r\n" % number for number in range(130))
    answers = await talk(box, said + b"DATA\r\nhello\r\n.\r\nQUIT\r\n")

    assert answers == [b"220", b"250", b"250"] + [b"250"] * 100 + [b"452"] * 30 + [b"354"] + [b"250"] * 100 + [b"221"]
    assert box.kept[0].count(b"X-Original-To:") == 100
