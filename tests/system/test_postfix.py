"""A real Postfix takes our messages, pipelined, whole and about as fast as from its own load generator."""

import asyncio
import email.policy
import os
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path

import pytest

from syndicate.model import Envelope, Outcome
from syndicate.transports.smtp import SmtpTransport

pytestmark = [pytest.mark.system, pytest.mark.xdist_group("postfix")]

MAIN = """
compatibility_level = 3.6
queue_directory = {top}/queue
data_directory = {top}/data
maillog_file = {top}/log
maillog_file_prefixes = {top}
myhostname = relay.example
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
alias_maps =
in_flow_delay = 0
smtpd_client_connection_count_limit = 0
smtpd_recipient_restrictions = check_recipient_access inline:{{ {{nobody@readers.example = 550 5.1.1 unknown}} }}, permit_mynetworks, reject
virtual_mailbox_domains = readers.example
virtual_mailbox_base = {top}/boxes
virtual_mailbox_maps = static:all/
virtual_uid_maps = static:{user}
virtual_gid_maps = static:{group}
default_transport = discard
"""
MASTER = """
{port}    inet n - n - - smtpd
cleanup   unix n - n - 0 cleanup
qmgr      unix n - n 300 1 qmgr
rewrite   unix - - n - - trivial-rewrite
bounce    unix - - n - 0 bounce
defer     unix - - n - 0 bounce
trace     unix - - n - 0 bounce
verify    unix - - n - 1 verify
proxymap  unix - - n - - proxymap
error     unix - - n - - error
retry     unix - - n - - error
discard   unix - - n - - discard
virtual   unix - n n - - virtual
anvil     unix - - n - 1 anvil
postlog   unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Postfix:
    """A running instance of our own."""

    top: Path
    port: int

    def boxes(self) -> list[bytes]:
        """What was delivered to readers.example."""
        return [file.read_bytes() for file in (self.top / "boxes" / "all" / "new").glob("*")]

    async def wait_for(self, count: int) -> list[bytes]:
        """Return what was delivered once there is so much of it."""
        async with asyncio.timeout(30):
            while len(found := self.boxes()) < count:
                await asyncio.sleep(0.05)
        return found


def free_port() -> int:
    """A port nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_it_answers(port: int) -> None:
    """Postfix takes a moment to bind."""
    for _ in range(200):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as probe:
                if probe.recv(100).startswith(b"220"):
                    return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("Postfix did not come up")


@pytest.fixture(scope="module")
def postfix() -> Iterator[Postfix]:
    """A private Postfix below a folder that its own users may enter."""
    program = shutil.which("postfix", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program is not None, "Postfix is not installed: apt-get install postfix"
    assert os.geteuid() == 0, "Postfix can only be started by root"
    top = Path(tempfile.mkdtemp(prefix="syndicate-postfix-"))
    owner = pwd.getpwnam("postfix")
    nobody = pwd.getpwnam("nobody")
    top.chmod(0o755)
    for folder in ("etc", "queue", "data", "boxes"):
        (top / folder).mkdir(mode=0o755)
    os.chown(top / "data", owner.pw_uid, owner.pw_gid)
    os.chown(top / "boxes", nobody.pw_uid, nobody.pw_gid)
    port = free_port()
    main = MAIN.format(top=top, user=nobody.pw_uid, group=nobody.pw_gid)
    (top / "etc" / "main.cf").write_text(main)
    (top / "etc" / "master.cf").write_text(MASTER.format(port=f"127.0.0.1:{port}"))
    started = subprocess.run([program, "-c", str(top / "etc"), "start"], capture_output=True, text=True, check=False)
    assert started.returncode == 0, started.stderr + started.stdout
    try:
        wait_until_it_answers(port)
        yield Postfix(top=top, port=port)
    finally:
        subprocess.run([program, "-c", str(top / "etc"), "stop"], capture_output=True, check=False)
        shutil.rmtree(top, ignore_errors=True)


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
    found = {str(message["Subject"]): message for message in map(message_from_bytes, await postfix.wait_for(180))}

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
