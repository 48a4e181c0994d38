"""Sign in processes of their own, beside the interpreter that sends: what they are asked, and what runs in them."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Sequence
from io import BufferedReader
from typing import BinaryIO

import structlog
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_der_private_key

from syndicate.core.dkim import PrivateKey, signature_of
from syndicate.process import processors

log = structlog.get_logger(__name__)

DIGEST = 32  # bytes of a SHA-256 digest
AT_ONCE = 10  # digests that are answered together
ED25519 = 64  # bytes of its signature
MOST = 2  # processes: one that sends cannot keep more than two busy
COMMAND = (sys.executable, "-P", "-m", "syndicate.signers")
PATIENCE = 5.0  # seconds for an answer of a dozen signatures, or for its end
REST = 60.0  # seconds before processes are started again
MODEST = 10  # less urgent than the process that waits for the signatures


class Signers:
    """Signs digests with one key, for one sender. The processes are started by the first who asks, and end with the pipe to them.

    An RSA signature takes half a millisecond. OpenSSL lets go of the interpreter meanwhile, but a thread that wants it back waits for
    the one that sends, each time. Where no process can be had, and until the first is there, threads sign all the same. One that died
    is replaced, though not at once: what ended it may end the next.
    """

    def __init__(self, key: PrivateKey) -> None:
        self._key = key
        self._size = key.key_size // 8 if isinstance(key, RSAPrivateKey) else ED25519
        self._hands: list[_Hand] = []
        self._starting: asyncio.Task[None] | None = None
        self._next_start = 0.0

    @property
    def processes(self) -> list[int]:
        """The numbers of the processes that sign."""
        return [hand.number for hand in self._hands]

    async def sign(self, digests: Sequence[bytes]) -> list[bytes]:
        """Return the signatures of SHA-256 digests, in their order."""
        self._start_missing()
        while self._hands:
            hand = min(self._hands, key=lambda one: one.waiting)
            try:
                answer = await hand.ask(b"".join(digests), len(digests) * self._size)
            except (OSError, EOFError):
                if hand in self._hands:
                    self._hands.remove(hand)
                    log.warning("signer_lost", process=hand.number)
                    hand.kill()
                continue
            return [answer[start : start + self._size] for start in range(0, len(answer), self._size)]
        return await asyncio.to_thread(lambda: [signature_of(digest, self._key) for digest in digests])

    async def close(self) -> None:
        """End the processes, once they have answered."""
        if self._starting is not None:
            await asyncio.wait([self._starting])
        hands, self._hands = self._hands, []
        for hand in hands:
            await hand.close()

    def _start_missing(self) -> None:
        now = asyncio.get_running_loop().time()
        if len(self._hands) < min(MOST, processors()) and now >= self._next_start:
            self._next_start = now + REST
            self._starting = asyncio.create_task(self._start())

    async def _start(self) -> None:
        try:
            while len(self._hands) < min(MOST, processors()):
                self._hands.append(await _Hand.start(self._key))
        except OSError as error:
            log.warning("signer_not_started", error=str(error))


class _Hand:
    """One process that signs, and the questions that wait for it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._process, self._to, self._from = process, process.stdin, process.stdout
        self._turn = asyncio.Lock()
        self.waiting, self.number = 0, process.pid

    @classmethod
    async def start(cls, key: PrivateKey) -> "_Hand":
        pipe = asyncio.subprocess.PIPE
        hand = cls(await asyncio.create_subprocess_exec(*COMMAND, stdin=pipe, stdout=pipe))
        told = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        hand._to.write(len(told).to_bytes(4, "big") + told)
        return hand

    async def ask(self, question: bytes, size: int) -> bytes:
        """Return its answer of so many bytes. Raises OSError or EOFError when the process is no more, or says nothing (a TimeoutError)."""
        # whoever asked may be cancelled: the answer must be read all the same, or the next one would get it
        self.waiting += 1  # at once, so that whoever asks next chooses another
        return await asyncio.shield(self._exchange(question, size))

    async def _exchange(self, question: bytes, size: int) -> bytes:
        try:
            async with self._turn, asyncio.timeout(PATIENCE):
                self._to.write(question)
                return await self._from.readexactly(size)
        finally:
            self.waiting -= 1

    async def close(self) -> None:
        async with self._turn:
            self._to.close()
            try:
                async with asyncio.timeout(PATIENCE):
                    await self._process.wait()
            except TimeoutError:
                self.kill()
                await self._process.wait()

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()


def serve(questions: BufferedReader, answers: BinaryIO) -> None:
    """Read a key, then answer each digest by its signature, until there are no more."""
    key = load_der_private_key(questions.read(int.from_bytes(questions.read(4), "big")), password=None)
    assert isinstance(key, PrivateKey)
    while batch := questions.read1(AT_ONCE * DIGEST):
        batch += questions.read(-len(batch) % DIGEST)
        digests = [batch[start : start + DIGEST] for start in range(0, len(batch), DIGEST)]
        answers.write(b"".join([signature_of(digest, key) for digest in digests]))
        answers.flush()


def main() -> None:
    """Answer the process that started this one."""
    for number in (signal.SIGINT, signal.SIGTERM):  # sent to a whole group: what is in flight is still to be signed
        signal.signal(number, signal.SIG_IGN)
    os.nice(MODEST)
    with open(sys.stdin.fileno(), "rb", closefd=False) as questions:
        serve(questions, sys.stdout.buffer)


if __name__ == "__main__":
    main()
