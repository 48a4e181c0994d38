"""Reports in a mailbox, read over real IMAP."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from syndicate.errors import ServiceUnavailableError
from syndicate.mailin.mailbox import Mailbox


@dataclass(slots=True)
class Server:
    """As much of an IMAP server as a look needs: one user, one folder, messages by number."""

    messages: dict[int, bytes]
    seen: set[int] = field(default_factory=set)
    port: int = 0

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one client."""
        writer.write(b"* OK here\r\n")
        while line := (await reader.readline()).decode().strip():
            tag, _, command = line.partition(" ")
            done = "OK done"
            if command == "CAPABILITY":
                writer.write(b"* CAPABILITY IMAP4rev1\r\n")
            elif command.startswith("LOGIN"):
                done = "OK in" if command == 'LOGIN reports "a password"' else "NO who"
            elif command.startswith("SELECT"):
                done = "OK [READ-WRITE] open" if command == 'SELECT "Bounces"' else "NO none"
            elif command.startswith("UID SEARCH"):
                unseen = " ".join(str(number) for number in self.messages if number not in self.seen)
                writer.write(f"* SEARCH {unseen}\r\n".encode())
            elif fetched := re.fullmatch(r"UID FETCH (\d+) \(BODY\.PEEK\[\]\)", command):
                message = self.messages[int(fetched[1])]
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
