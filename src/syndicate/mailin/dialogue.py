"""Speak the server's side of SMTP (RFC 5321) and LMTP (RFC 2033), as far as taking messages in needs."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

LONGEST_LINE = 4_096
LONGEST_KEPT = 256 * 1024  # of a message's line
MOST_BYTES = 10 * 1024 * 1024  # of a message; what a report says stands at its beginning
MOST_RECIPIENTS = 100
MOST_MISTAKES = 20
PATIENCE = 300.0  # seconds for the next line, as RFC 5321 4.5.3.2.7 has it

Take = Callable[[bytes], Awaitable[bool]]
_PATH = re.compile(rb"(?i)(?:FROM|TO):[ ]*<?([^<>\s]{0,320})>?(?:[ ].*)?")


@dataclass(slots=True, kw_only=True)
class Dialogue:
    """One connection. `take` gets each message with its envelope's recipients on top, and tells whether it was kept."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    take: Take
    name: str
    patience: float = PATIENCE
    by_lmtp: bool = False
    greeted: bool = False
    from_whom: bytes | None = None
    recipients: list[bytes] = field(default_factory=list)
    mistakes: int = 0

    async def run(self) -> None:
        """Answer until the other side leaves, falls silent or makes too many mistakes."""
        await self._say(f"220 {self.name} LMTP and SMTP, reports only")
        while self.mistakes < MOST_MISTAKES:
            line = await self._line()
            if line is None:
                return
            word, _, rest = line.partition(b" ")
            command = word.upper()
            if command == b"QUIT":
                await self._say("221 2.0.0 bye")
                return
            await self._answer(command, rest)
        await self._say("421 4.7.0 too many mistakes")

    async def _answer(self, command: bytes, rest: bytes) -> None:
        match command:
            case b"LHLO" | b"EHLO" | b"HELO":
                self.greeted, self.by_lmtp = True, command == b"LHLO"
                self._forget()
                extras = (
                    () if command == b"HELO" else ("PIPELINING", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES", "SIZE")
                )
                lines = (self.name, *extras)
                await self._say(*(f"250{' ' if one is lines[-1] else '-'}{one}" for one in lines))
            case b"MAIL" if self.greeted and self.from_whom is None:
                await self._path(rest, self._mail)
            case b"RCPT" if self.from_whom is not None:
                await self._path(rest, self._recipient)
            case b"DATA" if self.recipients:
                await self._data()
            case b"RSET":
                self._forget()
                await self._say("250 2.0.0 forgotten")
            case b"NOOP":
                await self._say("250 2.0.0 here")
            case b"MAIL" | b"RCPT" | b"DATA":
                await self._mistake("503 5.5.1 not now")
            case _:
                await self._mistake("502 5.5.2 not known here")

    async def _path(self, rest: bytes, then: Callable[[bytes], Awaitable[None]]) -> None:
        found = _PATH.fullmatch(rest)
        if found is None:
            await self._mistake("501 5.5.4 not a path")
        else:
            await then(found[1])

    async def _mail(self, path: bytes) -> None:
        self.from_whom = path
        await self._say("250 2.1.0 good")

    async def _recipient(self, path: bytes) -> None:
        if not path:
            await self._mistake("501 5.1.3 nobody")
        elif len(self.recipients) >= MOST_RECIPIENTS:
            await self._say(
                "452 4.5.3 too many at once, bring it to the others again"
            )  # RFC 5321 4.5.3.1.10: no mistake
        else:
            self.recipients.append(path)
            await self._say("250 2.1.5 good")

    async def _data(self) -> None:
        await self._say("354 go on, end with a dot")
        message, size = [b"X-Original-To: " + one + b"\r\n" for one in self.recipients], 0
        while (line := await self._line(keep=True)) is not None and line != b".\r\n":
            size += len(line)
            if size <= MOST_BYTES:
                message.append(line.removeprefix(b"."))
        if line is None:
            return  # cut off before its end: the other side keeps it
        answer = "250 2.0.0 taken" if await self.take(b"".join(message)) else "451 4.3.0 not now, try again"
        for _ in self.recipients if self.by_lmtp else (b"",):
            await self._say(answer)
        self._forget()

    def _forget(self) -> None:
        self.from_whom = None
        self.recipients = []

    async def _mistake(self, answer: str) -> None:
        self.mistakes += 1
        await self._say(answer)

    async def _say(self, *lines: str) -> None:
        self.writer.write("".join(f"{line}\r\n" for line in lines).encode())
        await self.writer.drain()

    async def _line(self, *, keep: bool = False) -> bytes | None:
        """Return the next line, None when there is none; of one too long the beginning, or, as a command, a question mark."""
        line, size = b"", 0
        try:
            async with asyncio.timeout(self.patience):
                while not line.endswith(b"\n"):
                    piece = await self._piece()
                    size += len(piece)
                    # The end is kept whatever is left out: only a dot that stands alone ends a message.
                    line = line + piece if size <= LONGEST_KEPT else line[:LONGEST_KEPT] + piece[-2:]
        except (asyncio.IncompleteReadError, TimeoutError, ConnectionError):
            return None
        if keep:
            return line
        return line.rstrip(b"\r\n") if size <= LONGEST_LINE else b"?"

    async def _piece(self) -> bytes:
        try:
            return await self.reader.readuntil(b"\n")
        except asyncio.LimitOverrunError as error:
            return await self.reader.readexactly(error.consumed)
