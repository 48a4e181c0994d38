"""Reports in a mailbox, read over real IMAP."""

import asyncio
import base64
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from syndicate.errors import ServiceUnavailableError
from syndicate.mailin.imap import folder_name
from syndicate.mailin.mailbox import MOST_UNKEPT, Mailbox


@dataclass(slots=True)
class Server:
    """As much of an IMAP server as a look needs: one user, one folder, messages by number.

    `cut` is a message over which the connection breaks; `answers` are what is said to commands instead, by how they begin.
    """

    messages: dict[int, bytes]
    seen: set[int] = field(default_factory=set)
    port: int = 0
    cut: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    fetched: list[int] = field(default_factory=list)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one client."""
        writer.write(b"* OK here\r\n")
        while line := (await reader.readline()).decode().strip():
            tag, _, command = line.partition(" ")
            done = "OK done"
            other = next((answer for begin, answer in self.answers.items() if command.startswith(begin)), None)
            if other == "":
                break
            if other is not None:
                writer.write(other.replace("TAG", tag).encode())
                continue
            if command == "CAPABILITY":
                writer.write(b"* CAPABILITY IMAP4rev1\r\n")
            elif command.startswith("LOGIN"):
                done = "OK in" if command == 'LOGIN reports "a password"' else "NO who"
            elif command.startswith("SELECT"):
                done = "OK [READ-WRITE] open" if command == 'SELECT "Bounces"' else "NO none"
                writer.write(b"* 3 EXISTS\r\n* OK [UIDVALIDITY 7] so\r\n")
            elif sized := re.fullmatch(r"UID FETCH (\d+) \(RFC822\.SIZE\)", command):
                size = len(self.messages[int(sized[1])])
                writer.write(b"* 1 FETCH (UID 1 RFC822.SIZE %d)\r\n" % size)
            elif command.startswith("UID SEARCH"):
                unseen = " ".join(str(number) for number in self.messages if number not in self.seen)
                writer.write(f"* SEARCH {unseen}\r\n".encode())
            elif fetched := re.fullmatch(r"UID FETCH (\d+) \(BODY\.PEEK\[\]\)", command):
                message = self.messages[int(fetched[1])]
                self.fetched.append(int(fetched[1]))
                if self.cut == int(fetched[1]):
                    writer.write(b"* 1 FETCH (UID 1 BODY[] {%d}\r\nhal" % len(message))
                    break
                writer.write(b"* 1 FETCH (UID 1 BODY[] {%d}\r\n%s)\r\n" % (len(message), message))
            elif stored := re.fullmatch(r"UID STORE ([\d,]+) \+FLAGS\.SILENT \(\\Seen\)", command):
                self.seen |= {int(number) for number in stored[1].split(",")}
            writer.write(f"{tag} {done}\r\n".encode())
            await writer.drain()
            if command == "LOGOUT":
                break
        writer.close()


@asynccontextmanager
async def serving(messages: dict[int, bytes]) -> AsyncIterator[Server]:
    """Run a server with these messages on a free port."""
    made = Server(messages)
    listening = await asyncio.start_server(made.talk, "127.0.0.1", 0)
    made.port = listening.sockets[0].getsockname()[1]
    async with listening:
        yield made


def mailbox(server: Server, *, folder: str = "Bounces", password: str = "a password") -> Mailbox:  # a test's
    """Return the mailbox on a server."""
    return Mailbox(url=f"imap://reports@127.0.0.1:{server.port}/{folder}", password=password)


async def test_each_report_is_taken_once() -> None:
    """What was kept is seen, and a second look finds nothing."""
    taken: list[bytes] = []

    async def take(message: bytes) -> bool:
        taken.append(message)
        return True

    async with serving({4: b"Subject: one\r\n\r\n", 9: b"Subject: two\r\n\r\nbody\r\n"}) as server:
        counts = [await mailbox(server).look(take), await mailbox(server).look(take)]

        assert counts == [2, 0]
        assert taken == [b"Subject: one\r\n\r\n", b"Subject: two\r\n\r\nbody\r\n"]
        assert server.seen == {4, 9}


async def test_what_could_not_be_kept_stays_unseen() -> None:
    """The next look finds it again."""

    async def take(message: bytes) -> bool:
        return b"two" in message

    async with serving({4: b"Subject: one\r\n\r\n", 9: b"Subject: two\r\n\r\n"}) as server:
        assert await mailbox(server).look(take) == 1
        assert server.seen == {9}


async def test_what_cannot_be_kept_stands_in_nobodys_way() -> None:
    """However many there are at the front: the next look begins behind them, and tries them again at its end."""
    tried: list[bytes] = []

    async def take(message: bytes) -> bool:
        tried.append(message)
        return b"good" in message

    messages = {number: b"Subject: bad %d\r\n\r\n" % number for number in range(1, MOST_UNKEPT + 1)}
    async with serving({**messages, 99: b"Subject: good\r\n\r\n"}) as server:
        box = mailbox(server)
        assert await box.look(take) == 0
        tried.clear()

        assert await box.look(take) == 1
        assert server.seen == {99}
        assert len(tried) == MOST_UNKEPT + 1


@pytest.mark.parametrize("wrong", [{"folder": "Other"}, {"password": "another"}])
async def test_a_mailbox_that_cannot_be_opened(wrong: dict[str, str]) -> None:
    """Said in one sentence that names the key, and no password."""

    async def take(_message: bytes) -> bool:
        return True

    async with serving({}) as server:
        with pytest.raises(ServiceUnavailableError, match="refused") as caught:
            await mailbox(server, **wrong).look(take)
        assert "another" not in str(caught.value)

    with pytest.raises(ServiceUnavailableError, match="cannot be read"):
        await mailbox(server).look(take)


def test_the_password_does_not_show() -> None:
    """Not in logs either."""
    assert "secret" not in repr(Mailbox(url="imaps://u@h/", password="secret"))  # a test's


THREE = {number: b"Subject: %d\r\n\r\n" % number for number in (1, 2, 3)}


@dataclass(slots=True)
class Taker:
    """Keeps what it is given."""

    kept: list[bytes] = field(default_factory=list)
    wrong: bytes = b"none"

    async def take(self, message: bytes) -> bool:
        """Keep a message."""
        if self.wrong in message:
            raise ValueError("a fault of ours")
        self.kept.append(message)
        return True


async def test_a_message_that_breaks_the_connection_costs_the_others_nothing() -> None:
    """What came before it is seen, and what comes after is had over another connection."""
    taker = Taker()
    async with serving(dict(THREE)) as server:
        server.cut = 2

        assert await mailbox(server).look(taker.take) == 2
        assert (server.seen, server.fetched) == ({1, 3}, [1, 2, 3])


@pytest.mark.parametrize(
    ("answer", "taken"),
    [
        ("TAG NO cannot read it\r\n", 2),
        ("TAG OK gone\r\n", 2),
        ("* 2 FETCH (UID 2 BODY[] NIL)\r\nTAG OK done\r\n", 2),
        ('* 2 FETCH (UID 2 BODY[] "")\r\nTAG OK done\r\n', 3),
        ('* 2 FETCH (UID 2 BODY[] "a \\\\"word\\\\"")\r\nTAG OK done\r\n'.replace("\\\\", "\\"), 3),
    ],
)
async def test_a_message_that_the_server_does_not_give(answer: str, taken: int) -> None:
    """It is left out; a short one may come in quotation marks."""
    taker = Taker()
    async with serving(dict(THREE)) as server:
        server.answers = {"UID FETCH 2 (BODY": answer}

        assert await mailbox(server).look(taker.take) == taken
        assert server.seen >= {1, 3}
    assert taken == 2 or taker.kept[1] in (b"", b'a "word"')


async def test_a_message_that_cannot_be_taken_costs_the_others_nothing() -> None:
    """It stays unseen."""
    async with serving(dict(THREE)) as server:
        assert await mailbox(server).look(Taker(wrong=b"Subject: 1").take) == 2
        assert server.seen == {2, 3}


async def test_a_message_too_big_is_left() -> None:
    """It is not even fetched."""
    async with serving(dict(THREE)) as server:
        server.answers = {"UID FETCH 2 (RFC822": "* 2 FETCH (UID 2 RFC822.SIZE 99999999)\r\nTAG OK done\r\n"}

        assert await mailbox(server).look(Taker().take) == 2
        assert server.fetched == [1, 3]


@pytest.mark.parametrize(
    ("command", "answer", "said"),
    [
        ("LOGIN", "TAG NO a password is wrong\r\n", "the login was refused"),
        ("SELECT", "TAG NO no such folder\r\n", "the folder 'Bounces' was refused: no such folder"),
        ("SELECT", "* 1 EXISTS\r\nTAG OK [READ-ONLY] look\r\n", "read-only"),
        ("UID SEARCH", "TAG NO server busy\r\n", "the search was refused: server busy"),
        ("UID SEARCH", "TAG BAD what\r\n", "does not speak IMAP as we do, searching"),
        ("UID SEARCH", "", "the connection was lost while searching"),
        ("UID STORE", "TAG NO permission denied\r\n", "marked as seen, and comes again .permission denied"),
    ],
)
async def test_each_trouble_has_its_name(command: str, answer: str, said: str) -> None:
    """An operator can tell a wrong password from a folder that he may not write, and both from a broken line."""
    async with serving(dict(THREE)) as server:
        server.answers = {command: answer}
        with pytest.raises(ServiceUnavailableError, match=said) as caught:
            await mailbox(server).look(Taker().take)
    assert "a password" not in str(caught.value)


async def test_a_look_takes_more_than_a_few() -> None:
    """A mailbox that got full over a week-end is emptied in one."""
    async with serving(dict.fromkeys(range(1, 121), b"Subject: x\r\n\r\n")) as server:
        assert await mailbox(server).look(Taker().take) == 120


async def test_a_password_of_other_letters() -> None:
    """LOGIN takes ASCII alone; so it is said by AUTHENTICATE PLAIN."""
    said: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK here\r\n")
        while line := await reader.readline():
            tag, _, command = line.strip().partition(b" ")
            if command == b"CAPABILITY":
                writer.write(b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n" + tag + b" OK done\r\n")
            elif command == b"AUTHENTICATE PLAIN":
                writer.write(b"+ \r\n")
                said.append(base64.b64decode(await reader.readline()))
                writer.write(tag + b" NO who\r\n")
            else:
                writer.write(tag + b" OK done\r\n")
        writer.close()

    listening = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with listening:
        port = listening.sockets[0].getsockname()[1]
        box = Mailbox(url=f"imap://reports@127.0.0.1:{port}/", password="pässwörd")  # a test's
        with pytest.raises(ServiceUnavailableError, match="login was refused"):
            await box.look(Taker().take)
    assert said == ["\0reports\0pässwörd".encode()]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("INBOX", "INBOX"),
        ("Rückläufer", "R&APw-ckl&AOQ-ufer"),
        ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
        ("é & 😀", "&AOk- &- &2D3eAA-"),
        ("R&APw-ckl", "R&APw-ckl"),
    ],
)
def test_folders_of_other_letters(name: str, written: str) -> None:
    """The third is of RFC 3501's own; a name that is written so already stays."""
    assert folder_name(name) == written
