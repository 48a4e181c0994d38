"""A send on a terminal shows how far it is."""

import asyncio
import os
import pty
import re
from pathlib import Path

from tests.integration.house import RELAY, House
from tests.integration.smtp_servers import SmtpServer

READERS = 150


async def test_a_send_shows_how_far_it_is_on_a_terminal(tmp_path: Path) -> None:
    """Readers dealt with out of all, and what became of them; the counts at the end are on standard output."""
    async with SmtpServer() as relay:
        transports = RELAY.format(name="relay", port=relay.port, more="")
        async with House(folder=tmp_path, database="sqlite:///syndicate.db", transports=transports) as house:
            await house.run("subscribers", "import", str(house.readers(READERS, digests="alerts")))
            house.publish(1)
            await house.run("collect")
            ours, theirs = pty.openpty()
            with os.fdopen(theirs, "wb") as terminal:
                process = await house.start("digest", "send", "alerts", "--json", log=terminal)
            shown = await asyncio.to_thread(read_all, ours)
            assert process.stdout is not None
            said = await process.stdout.read()

    bars = [(int(done), int(of)) for done, of in re.findall(r"(\d+)/(\d+) readers", shown)]
    assert bars[-1] == (READERS, READERS)
    assert all(done <= of for done, of in bars)
    assert f"{READERS} accepted" in shown
    assert f'"accepted":{READERS}' in said.decode().replace(" ", "")


def read_all(number: int) -> str:
    """Read what a terminal shows until the last program has left it."""
    shown = b""
    with os.fdopen(number, "rb", buffering=0) as terminal:
        while True:
            try:
                part = terminal.read(65536)
            except OSError:  # how a terminal says that nobody writes any more
                part = b""
            if not part:
                return shown.decode(errors="replace")
            shown += part
