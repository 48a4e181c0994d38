"""Take messages over SMTP and keep none, in a process of its own: in C where there is a compiler, else in Python on uvloop."""

import asyncio
import contextlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

import uvloop

SOURCE = Path(__file__).with_name("sink.c")
MODERN = ("PIPELINING", "CHUNKING", "8BITMIME")


@contextlib.contextmanager
def sink(keywords: Sequence[str] = MODERN) -> Iterator[int]:
    """Run a sink that announces these keywords → its port."""
    with tempfile.TemporaryDirectory() as folder:
        command = [*_program(Path(folder)), "0", *keywords]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            try:
                yield int(process.stdout.readline())
            finally:
                process.terminate()


def is_fast() -> bool:
    """Whether the sink will be the one in C."""
    return _compiler() is not None


def _compiler() -> str | None:
    return shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")


def _program(folder: Path) -> list[str]:
    compiler = _compiler()
    if compiler is None:
        return [sys.executable, "-m", "benchmarks.sink"]
    binary = folder / "sink"
    subprocess.run([compiler, "-O2", "-o", str(binary), str(SOURCE)], check=True)
    return [str(binary)]


class Session(asyncio.Protocol):
    """One connection: lines are commands until BDAT or DATA says otherwise."""

    messages = 0
    volume = 0

    def __init__(self, greeting: bytes) -> None:
        self._greeting = greeting
        self._transport: asyncio.Transport | None = None
        self._buffer = b""
        self._left = 0
        self._in_data = self._last = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Say hello."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one without saying so
        self._transport.write(b"220 sink ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        """Answer everything that is complete, in one write."""
        Session.volume += len(data)
        answers: list[bytes] = []
        position = 0
        if self._buffer:
            data, self._buffer = self._buffer + data, b""
        while position < len(data):
            if self._left:
                taken = min(self._left, len(data) - position)
                position, self._left = position + taken, self._left - taken
                if not self._left:
                    answers.append(self._taken(is_message=self._last))
                continue
            end = data.find(b"\r\n.\r\n" if self._in_data else b"\n", position)
            if end < 0:
                keep = max(position, len(data) - 4) if self._in_data else position
                self._buffer = data[keep:]
                break
            if self._in_data:
                self._in_data, position = False, end + 5
                answers.append(self._taken(is_message=True))
            else:
                answers.append(self._obey(data[position:end].upper()))
                position = end + 1
        if answers and self._transport is not None:
            self._transport.write(b"".join(answers))

    def _taken(self, *, is_message: bool) -> bytes:
        Session.messages += is_message
        return b"250 2.0.0 Ok\r\n"

    def _obey(self, line: bytes) -> bytes:
        verb = line[:4]
        if verb == b"BDAT":
            self._left, self._last = int(line.split()[1]), b"LAST" in line
            return b"" if self._left else self._taken(is_message=self._last)
        if verb == b"DATA":
            self._in_data = True
            return b"354 Go\r\n"
        if verb == b"XCNT":
            return b"250 %d %d\r\n" % (Session.messages, Session.volume)
        return {b"EHLO": self._greeting, b"QUIT": b"221 2.0.0 Bye\r\n"}.get(verb, b"250 2.1.0 Ok\r\n")


async def _serve(port: int, keywords: Sequence[str]) -> None:
    lines = ["sink", *keywords, "HELP"]
    greeting = "".join(f"250{'-' if line != 'HELP' else ' '}{line}\r\n" for line in lines).encode()
    server = await asyncio.get_running_loop().create_server(lambda: Session(greeting), "127.0.0.1", port)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1]), sys.argv[2:]))
