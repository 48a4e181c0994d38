"""Set a whole house up for tests of real processes: a newsroom, readers, a configuration, and its `syndicate` processes."""

import asyncio
import json
import signal
import sqlite3
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self, cast

CONFIG = """
[site]
title = "The House"
url = "https://news.example/"
public-url = "http://127.0.0.1/"
postal-address = "1 Example Street, London"
secret = "a secret that is only for tests"
[database]
url = "{database}"
[[source]]
name = "newsroom"
kind = "sql"
url = "sqlite:///newsroom.db"
every = "1s"
[[section]]
slug = "world"
title = "World"
[[digest]]
name = "daily"
at = "00:00"
[[digest]]
name = "alerts"
cadence = "instant"
[editions]
grace = "23h"
batch = {batch}
[feeds]
directory = "{feeds}"
[mail]
from = "The House <digest@news.example>"
[web]
port = {web}
{transports}
"""
RELAY = """
[[transport]]
name = "{name}"
kind = "smtp"
host = "127.0.0.1"
port = {port}
{more}
"""


@dataclass(slots=True, kw_only=True)
class House:
    """A folder with everything in it; used as `async with`, which ends every process that is left."""

    folder: Path
    database: str
    transports: str
    batch: int = 100
    processes: list[Process] = field(default_factory=list)
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def __aenter__(self) -> Self:
        self.configuration()
        with sqlite3.connect(self.folder / "newsroom.db") as store:
            store.execute(
                "create table if not exists articles (id primary key, url, title, section, body, published_at, updated_at)"
            )
        return self

    async def __aexit__(self, *error: object) -> None:
        for process in self.processes:
            if process.returncode is None:
                process.kill()
                await process.wait()

    def configuration(self, name: str = "syndicate", *, web: int = 8000, feeds: str = "public/") -> Path:
        """Write a configuration file."""
        path = self.folder / f"{name}.toml"
        path.write_text(
            CONFIG.format(database=self.database, batch=self.batch, feeds=feeds, web=web, transports=self.transports)
        )
        return path

    def publish(self, number: int) -> None:
        """Put an article into the newsroom's store."""
        now = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
        body = f"<p>The council met for the {number}th time and agreed to mend the old bridge over the river.</p>"
        with sqlite3.connect(self.folder / "newsroom.db") as store:
            store.execute(
                "insert into articles values (?, ?, ?, 'World', ?, ?, ?)",
                (number, f"/articles/{number}", f"The council meets, {number}", body, now, now),
            )

    def readers(self, count: int, *, digests: str = "daily", domains: Iterable[str] = ("readers.example",)) -> Path:
        """Write a file of confirmed readers, to be imported."""
        names = list(domains)
        path = self.folder / "readers.csv"
        lines = [
            f"r{number}@{names[number % len(names)]},world,{digests},UTC,confirmed,2020-01-01T00:00:00Z,test"
            for number in range(count)
        ]
        head = "email,section,digest,timezone,status,consented_at,consent_source"
        path.write_text("\n".join([head, *lines]) + "\n")
        return path

    async def start(self, *arguments: str, config: str = "syndicate") -> Process:
        """Start a process of the house."""
        command = [sys.executable, "-c", "from syndicate.cli.main import main; main()"]
        process = await asyncio.create_subprocess_exec(
            *command,
            "--config",
            str(self.folder / f"{config}.toml"),
            *arguments,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=PIPE,
            stderr=(self.folder / f"log-{len(self.processes)}.txt").open("wb"),
        )
        self.processes.append(process)
        return process

    async def run(self, *arguments: str, config: str = "syndicate") -> Any:  # Any: JSON
        """Run a command to its end and return what it printed as JSON."""
        process = await self.start(*arguments, "--json", config=config)
        assert process.stdout is not None
        said = await process.stdout.read()
        assert await process.wait() == 0, self.logs()
        return json.loads(said)

    async def counts(self) -> dict[str, int]:
        """Return how many deliveries are in each state."""
        return cast(dict[str, int], await self.run("deliveries", "status"))

    async def stop(self, process: Process) -> int:
        """Ask a process to end, and return its exit code."""
        process.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(process.wait(), 40)

    def logs(self) -> str:
        """Return what all processes said."""
        return "\n".join(path.read_text() for path in sorted(self.folder.glob("log-*.txt")))


async def until(
    true: Any, *, seconds: float = 60.0, house: House | None = None
) -> None:  # Any: a function, async or not
    """Wait until something holds; fail after so long."""
    try:
        async with asyncio.timeout(seconds):
            while True:
                found = true()
                if asyncio.iscoroutine(found):
                    found = await found
                if found:
                    return
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise AssertionError(house.logs()[-5000:] if house is not None else "it never came") from None
