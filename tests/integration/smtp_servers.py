"""An SMTP server that misbehaves on demand, and keeps byte for byte what it accepted."""

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from types import TracebackType
from typing import Self


class Misdeed(Enum):
    """What a server does instead of answering."""

    CLOSE = "close the connection"
    RESET = "close it so that what was sent is lost"
    HANG = "never answer again"
    SILENCE = "do not answer this one"
    LATE = "do the right thing, later than it should"


Answer = str | Misdeed | None
MODERN = ("PIPELINING", "CHUNKING", "8BITMIME", "SMTPUTF8", "SIZE 0")


@dataclass(slots=True)
class Session:
    """One connection as the server sees it; `number` counts from 1, `taken` are the messages it has accepted, `hello` is its client's name."""

    number: int
    taken: int = 0
    hello: str = ""
    sender: str | None = None
    recipients: list[str] = field(default_factory=list)
    body: bytes = b""
    transcript: list[str] = field(default_factory=list)

    def reset(self) -> None:
        """Forget the transaction."""
        self.sender, self.recipients, self.body = None, [], b""


class SmtpServer:
    """A server on a free port of 127.0.0.1, used as `async with SmtpServer(…) as server`.

    `answer(session, verb, argument)` may replace any answer: verbs are CONNECT EHLO HELO MAIL RCPT DATA BDAT MESSAGE RSET QUIT (MESSAGE is the
    answer to a whole message, its argument the recipient). None means: behave. A message is `accepted` when its answer begins with 2, even if
    the answer gets lost. `strict`: a second MAIL is out of turn. `dribble`: answers leave one byte at a time; `hoard`: only when nothing is left to
    read. `eats_body` False: a chunk whose BDAT was refused is read as commands. `late` is how many seconds a LATE answer takes. `keep` is what
    to keep of an accepted message; `clients` are the names of those who brought them.
    """

    def __init__(
        self,
        *,
        extensions: tuple[str, ...] = MODERN,
        answer: Callable[[Session, str, str], Answer] | None = None,
        strict: bool = False,
        dribble: bool = False,
        hoard: bool = False,
        eats_body: bool = True,
        late: float = 0.5,
        keep: Callable[[bytes], bytes] = bytes,
        tls: ssl.SSLContext | None = None,
        starttls: ssl.SSLContext | None = None,
    ) -> None:
        self.extensions, self.answer, self.strict = extensions, answer, strict
        self.dribble, self.hoard, self.eats_body = dribble, hoard, eats_body
        self.tls, self.starttls = tls, starttls
        self.late, self.keep = late, keep
        self.clients: list[str] = []
        self.accepted: list[tuple[str, bytes]] = []
        self.senders: list[str] = []
        self.sessions: list[Session] = []
        self.port = 0
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, ssl=self.tls, limit=1 << 20)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def stop(self) -> None:
        """Stop listening and drop every connection."""
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def recipients(self) -> list[str]:
        """Who was sent to, in the order of acceptance."""
        return [recipient for recipient, _ in self.accepted]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        session = Session(number=len(self.sessions) + 1)
        self.sessions.append(session)
        try:
            await _Conversation(self, session, reader, writer).lead()
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            writer.close()


class _Conversation:
    """One connection being served."""

    def __init__(
        self, server: SmtpServer, session: Session, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.server, self.session, self.reader, self.writer = server, session, reader, writer
        self.unsent = b""

    async def lead(self) -> None:
        going = await self.say("CONNECT", "", "220 misbehaving ESMTP")
        while going:
            line = (await self.reader.readuntil(b"\n")).decode("utf-8", "replace").rstrip("\r\n")
            verb, _, argument = line.partition(" ")
            self.session.transcript.append(line)
            going = await self.obey(verb.upper(), argument)

    async def obey(self, verb: str, argument: str) -> bool:
        session = self.session
        if verb == "EHLO":
            session.reset()
            session.hello = argument
            offers = [*self.server.extensions, *(["STARTTLS"] if self.server.starttls is not None else [])]
            return await self.say(
                verb, argument, "\r\n".join(["250-misbehaving", *(f"250-{offer}" for offer in offers), "250 HELP"])
            )
        if verb == "STARTTLS" and self.server.starttls is not None:
            return await self.upgrade(self.server.starttls)
        if verb == "MAIL":
            return await self.mail(argument)
        if verb == "RCPT":
            recipient = argument.partition("<")[2].partition(">")[0]
            going, positive = await self.ask(
                verb, recipient, "250 2.1.5 ok" if session.sender is not None else "503 5.5.1 MAIL first"
            )
            if positive:
                session.recipients.append(recipient)
            return going
        if verb == "DATA":
            return await self.data()
        if verb == "BDAT":
            return await self.bdat(argument)
        if verb in {"RSET", "HELO", "NOOP"}:
            session.reset()
            return await self.say(verb, argument, "250 2.0.0 ok")
        if verb == "QUIT":
            await self.say(verb, argument, "221 2.0.0 bye")
            return False
        return await self.say(verb, argument, "500 5.5.2 what?")

    async def mail(self, argument: str) -> bool:
        session = self.session
        if session.sender is not None and self.server.strict:
            return await self.say("MAIL", argument, "503 5.5.1 nested MAIL")
        session.reset()
        sender = argument.partition("<")[2].partition(">")[0]
        going, positive = await self.ask("MAIL", sender, "250 2.1.0 ok")
        if positive:
            session.sender = sender
        return going

    async def data(self) -> bool:
        right = "354 go ahead" if self.session.recipients else "503 5.5.1 no recipient"
        going, _ = await self.ask("DATA", "", right)
        if not going or not self.last.startswith("354"):
            return going
        lines = []
        while (line := await self.reader.readuntil(b"\n")) != b".\r\n":
            lines.append(line[1:] if line.startswith(b".") else line)
        self.session.body = b"".join(lines)
        return await self.keep()

    async def bdat(self, argument: str) -> bool:
        size, _, last = argument.partition(" ")
        right = "250 2.0.0 go on" if self.session.recipients else "503 5.5.1 no recipient"
        override = self.server.answer(self.session, "BDAT", argument) if self.server.answer is not None else None
        if override is not None or not self.session.recipients:
            if self.server.eats_body:
                await self.reader.readexactly(int(size))
            return await self.utter(right if override is None else override)
        self.session.body += await self.reader.readexactly(int(size))
        return await self.keep() if last.upper() == "LAST" else await self.utter(right)

    async def keep(self) -> bool:
        """Take a whole message."""
        session, server = self.session, self.server
        recipient = session.recipients[0] if session.recipients else ""
        override = server.answer(session, "MESSAGE", recipient) if server.answer is not None else None
        if not (isinstance(override, str) and not override.startswith("2")):
            server.accepted += [(recipient, server.keep(session.body)) for recipient in session.recipients]
            server.clients += [session.hello] * len(session.recipients)
            server.senders.append(session.sender or "")
            session.taken += 1
        session.reset()
        return await self.utter(await self.chosen("250 2.0.0 queued", override))

    async def chosen(self, right: str, override: Answer) -> str | Misdeed:
        """Return what to answer, when it is time to."""
        if override is Misdeed.LATE:
            await asyncio.sleep(self.server.late)
            return right
        return right if override is None else override

    async def upgrade(self, context: ssl.SSLContext) -> bool:
        await self.utter("220 2.0.0 go on")
        await self.writer.start_tls(context)
        self.session.reset()
        return True

    async def say(self, verb: str, argument: str, right: str) -> bool:
        going, _ = await self.ask(verb, argument, right)
        return going

    async def ask(self, verb: str, argument: str, right: str) -> tuple[bool, bool]:
        """Answer, right or as told → whether the conversation goes on, and whether the answer was positive."""
        override = self.server.answer(self.session, verb, argument) if self.server.answer is not None else None
        answer = await self.chosen(right, override)
        going = await self.utter(answer)
        return going, isinstance(answer, str) and answer.startswith("2")

    async def utter(self, answer: str | Misdeed) -> bool:
        self.last = answer if isinstance(answer, str) else ""
        if answer is Misdeed.HANG:
            await asyncio.Event().wait()
        if answer is Misdeed.RESET:
            self.writer.transport.abort()
        if isinstance(answer, Misdeed):
            return answer is Misdeed.SILENCE
        data, self.unsent = self.unsent + answer.encode("utf-8", "surrogateescape") + b"\r\n", b""
        if self.server.hoard and self.reader._buffer:  # type: ignore[attr-defined]  # is there more to read?
            self.unsent = data
            return True
        for piece in [data[at : at + 1] for at in range(len(data))] if self.server.dribble else [data]:
            self.writer.write(piece)
            await self.writer.drain()
            if self.server.dribble:
                await asyncio.sleep(0)
        return not answer.startswith("421")
