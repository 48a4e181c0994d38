"""Signing in other processes: right, in order, and outliving whatever happens to them."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256

from syndicate.core.dkim import PrivateKey
from syndicate.signers import Signers

DIGESTS = [sha256(bytes([number])).digest() for number in range(25)]
RSA = generate_private_key(65537, 2048)
MANY = """
import asyncio
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from syndicate.signers import Signers
async def main():
    signers = Signers(Ed25519PrivateKey.generate())
    while not signers.processes:
        await signers.sign([bytes(32)])
    print(*signers.processes, flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""


@asynccontextmanager
async def ready(key: PrivateKey) -> AsyncIterator[Signers]:
    """Return signers whose processes have been started."""
    signers = Signers(key)
    try:
        assert right(key, await signers.sign(DIGESTS[:1]), DIGESTS[:1])
        async with asyncio.timeout(20):
            assert signers._starting is not None
            await signers._starting
            await asyncio.gather(
                *(hand.ask(DIGESTS[0], signers._size) for hand in signers._hands)
            )  # each is well under way
        yield signers
    finally:
        await signers.close()


def right(key: PrivateKey, signatures: list[bytes], digests: list[bytes]) -> bool:
    """Tell whether each digest has its own signature; a wrong one raises InvalidSignature."""
    for digest, signature in zip(digests, signatures, strict=True):
        if isinstance(key, RSAPrivateKey):
            key.public_key().verify(signature, digest, PKCS1v15(), Prehashed(SHA256()))
        else:
            key.public_key().verify(signature, digest)
    return True


def lives(number: int) -> bool:
    """Tell whether there is such a process, dead ones that nobody has asked for left out."""
    try:
        with open(f"/proc/{number}/stat", encoding="ascii") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def ended(numbers: list[int]) -> None:
    """Wait until none of these processes is left."""
    async with asyncio.timeout(20):
        while any(lives(number) for number in numbers):
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("key", [RSA, Ed25519PrivateKey.generate()], ids=["rsa", "ed25519"])
async def test_many_ask_at_once(key: PrivateKey) -> None:
    """Each gets the signatures of what he asked for, in order, whichever process made them."""
    async with ready(key) as signers:
        asked = [DIGESTS[start : start + 7] for start in range(0, 20, 2)]
        answers = await asyncio.gather(*(signers.sign(digests) for digests in asked))
        numbers = signers.processes

        assert all(right(key, answer, digests) for answer, digests in zip(answers, asked, strict=True))
    await ended(numbers)


async def test_one_who_no_longer_waits_leaves_nothing_for_the_next() -> None:
    """An answer that nobody waits for is not given to somebody else."""
    async with ready(RSA) as signers:
        for _ in range(5):
            leaving = [asyncio.create_task(signers.sign(DIGESTS)) for _ in range(3)]
            await asyncio.sleep(0.001)
            for task in leaving:
                task.cancel()
            assert right(RSA, await signers.sign(DIGESTS[3:9]), DIGESTS[3:9])


async def test_processes_that_die_cost_nothing() -> None:
    """Those that are left sign, and in the end this one does."""
    async with ready(RSA) as signers:
        while signers.processes:
            for number in signers.processes:
                with contextlib.suppress(ProcessLookupError):  # it is dead, and nobody has noticed yet
                    os.kill(number, signal.SIGKILL)
            answers = await asyncio.gather(*(signers.sign(DIGESTS[:5]) for _ in range(4)))
            assert all(right(RSA, answer, DIGESTS[:5]) for answer in answers)
        assert right(RSA, await signers.sign(DIGESTS[:2]), DIGESTS[:2])


async def test_processes_that_died_are_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """A daemon lives for months; one out of memory in its first week does not make it slow for the rest."""
    async with ready(RSA) as signers:
        before = signers.processes
        os.kill(before[0], signal.SIGKILL)
        await ended(before[:1])
        async with asyncio.timeout(20):
            while before[0] in signers.processes:  # until it is asked, and missed
                assert right(RSA, await signers.sign(DIGESTS[:5]), DIGESTS[:5])
            assert signers.processes == before[1:]
            monkeypatch.setattr(signers, "_next_start", 0.0)
            while len(signers.processes) < len(before):
                assert right(RSA, await signers.sign(DIGESTS[:5]), DIGESTS[:5])
        assert not {before[0]} & set(signers.processes)


async def test_what_a_whole_group_is_sent_does_not_end_them() -> None:
    """Ctrl-C and SIGTERM are for the process that sends, which still has messages in flight."""
    async with ready(RSA) as signers:
        before = signers.processes
        for number in before:
            os.kill(number, signal.SIGINT)
            os.kill(number, signal.SIGTERM)
        assert right(RSA, await signers.sign(DIGESTS), DIGESTS)
        assert signers.processes == before


async def test_one_that_hangs_is_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is ended after a while, and keeps nobody from closing."""
    async with ready(RSA) as signers:
        monkeypatch.setattr("syndicate.signers.PATIENCE", 0.5)
        numbers = signers.processes
        for number in numbers:
            os.kill(number, signal.SIGSTOP)
        async with asyncio.timeout(20):
            assert right(RSA, await signers.sign(DIGESTS[:3]), DIGESTS[:3])
    await ended(numbers)


async def test_an_idle_one_that_hangs_does_not_keep_from_closing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does one that nobody asks any more."""
    async with asyncio.timeout(40), ready(RSA) as signers:
        monkeypatch.setattr("syndicate.signers.PATIENCE", 0.5)
        numbers = signers.processes
        for number in numbers:
            os.kill(number, signal.SIGSTOP)
    await ended(numbers)


async def test_where_no_process_may_be_started_threads_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system that has no room for one more says so once."""
    monkeypatch.setattr("syndicate.signers.COMMAND", ("/nonexistent/python",))
    signers = Signers(RSA)
    for _ in range(3):
        assert right(RSA, await signers.sign(DIGESTS[:2]), DIGESTS[:2])
    assert signers.processes == []
    await signers.close()


def test_they_end_with_the_process_that_asks() -> None:
    """Also when it is killed."""
    with subprocess.Popen([sys.executable, "-c", MANY], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        numbers = [int(word) for word in parent.stdout.readline().split()]
        assert numbers
        assert all(lives(number) for number in numbers)
        parent.kill()
        parent.wait()
        until = time.monotonic() + 20
        while any(lives(number) for number in numbers):
            assert time.monotonic() < until, "a signing process outlived its parent"
            time.sleep(0.05)
