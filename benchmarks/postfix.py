"""Run a Postfix of our own, for a benchmark or a test."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

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
    """A running instance. It delivers readers.example into one Maildir, and throws away what is for anybody else."""

    top: Path
    port: int

    def boxes(self) -> list[bytes]:
        """Return what was delivered to readers.example."""
        return [file.read_bytes() for file in (self.top / "boxes" / "all" / "new").glob("*")]


def obstacle() -> str | None:
    """Say why none can be run here, or None."""
    if _program() is None:
        return "Postfix is not installed (apt-get install postfix)"
    return None if os.geteuid() == 0 else "Postfix can only be started by root"


@contextmanager
def running() -> Iterator[Postfix]:
    """Run an instance below a folder that its own users may enter."""
    program = _program()
    assert program is not None
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


def _program() -> str | None:
    return shutil.which("postfix", path=f"{os.environ['PATH']}:/usr/sbin")


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
