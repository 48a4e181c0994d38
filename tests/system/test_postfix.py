"""A real Postfix takes our messages, pipelined, whole and about as fast as from its own load generator."""

import asyncio
import email.policy
import os
import re
import shutil
import time
from collections.abc import Iterator
from email import message_from_bytes

import pytest

from benchmarks.postfix import Postfix, obstacle, running
from syndicate.model import Envelope, Outcome
from syndicate.transports.smtp import SmtpTransport

pytestmark = [pytest.mark.system, pytest.mark.xdist_group("postfix")]


@pytest.fixture(scope="module")
def postfix() -> Iterator[Postfix]:
    """Run one for all tests of this file."""
    assert obstacle() is None, obstacle()
    with running() as instance:
        yield instance


async def wait_for(postfix: Postfix, count: int) -> list[bytes]:
    """Return what was delivered once there is so much of it."""
    async with asyncio.timeout(30):
        while len(found := postfix.boxes()) < count:
            await asyncio.sleep(0.05)
    return found


def letter(number: int, *, domain: str, body: bytes, local: str | None = None) -> Envelope:
    """A message for reader `number`."""
    recipient = f"{local or f'r{number}'}@{domain}"
    head = b"From: digest@news.example\r\nTo: %b\r\nSubject: %d\r\nMessage-ID: <%d@news.example>\r\n\r\n" % (
        recipient.encode(),
        number,
        number,
    )
    return Envelope(
        sender="bounce@news.example", recipient=recipient, parts=(head, body), message_id=f"<{number}@news.example>"
    )


async def test_every_message_is_delivered_whole(postfix: Postfix) -> None:
    """Refusals in the middle of a pipeline hit their own message only, and bodies keep their dots."""
    body = b".\r\n..\r\n.dot\r\n" + b"a line of text\r\n" * 200
    letters = [
        letter(number, domain="readers.example", body=body, local="nobody" if number % 10 == 3 else None)
        for number in range(200)
    ]
    transport = SmtpTransport(name="relay", settings={"port": postfix.port, "connections": 3})
    receipts = await transport.send(letters)
    line = await transport.check()
    await transport.close()
    found = {str(message["Subject"]): message for message in map(message_from_bytes, await wait_for(postfix, 180))}

    assert "PIPELINING CHUNKING 8BITMIME SMTPUTF8" in line
    for number, receipt in enumerate(receipts):
        if number % 10 == 3:
            assert (receipt.outcome, receipt.enhanced) == (Outcome.REFUSED, "5.1.1")
            assert str(number) not in found
        else:
            assert receipt.outcome is Outcome.ACCEPTED
            message = found[str(number)]
            assert message["Delivered-To"] == f"r{number}@readers.example"
            assert message.as_bytes(policy=email.policy.default.clone(linesep="\r\n")).endswith(b"\r\n\r\n" + body)
    assert len(found) == 180


async def test_it_is_about_as_fast_as_the_load_generator(postfix: Postfix) -> None:
    """At least 0.7 of what smtp-source gets through the same instance, over as many connections; measured one after the other."""
    count, size = 1500, 40_000
    source = shutil.which("smtp-source", path=f"{os.environ['PATH']}:/usr/sbin")
    assert source is not None
    command = [
        source,
        "-d",
        "-s",
        "10",
        "-m",
        str(count),
        "-l",
        str(size),
        "-f",
        "bounce@news.example",
        "-t",
        "r@discard.example",
    ]
    body = (b"x" * 74 + b"\r\n") * (size // 76)
    letters = [letter(number, domain="discard.example", body=body) for number in range(count)]
    transport = SmtpTransport(name="relay", settings={"port": postfix.port})
    ratios = []
    for _ in range(3):
        started = time.perf_counter()
        await (await asyncio.create_subprocess_exec(*command, f"127.0.0.1:{postfix.port}")).wait()
        theirs = time.perf_counter() - started
        started = time.perf_counter()
        batches = [letters[start : start + 25] for start in range(0, count, 25)]
        waiting = iter(batches)

        async def send(waiting: Iterator[list[Envelope]] = waiting) -> None:
            for batch in waiting:
                assert {receipt.outcome for receipt in await transport.send(batch)} == {Outcome.ACCEPTED}

        await asyncio.gather(send(), send())
        ratios.append(theirs / (time.perf_counter() - started))
    await transport.close()
    warnings = re.findall(r"warning: .*", (postfix.top / "log").read_text())

    print(f"ratios to smtp-source: {', '.join(f'{ratio:.2f}' for ratio in ratios)}")
    assert max(ratios) >= 0.7
    assert [line for line in warnings if "improper command pipelining" in line] == []
