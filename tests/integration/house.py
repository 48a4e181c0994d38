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
from typing import Any, BinaryIO, Self, cast

from sqlalchemy import Select, select

from syndicate.storage.database import Database, async_url
from syndicate.storage.tables import edition, outbox

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
hubs = {hubs}
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
[transport.options]
hello = "NAME.house.example"
"""


@dataclass(slots=True, kw_only=True)
class House:
    """A folder with everything in it; used as `async with`, which ends every process that is left."""

    folder: Path
    database: str
    transports: str
    batch: int = 100
    hubs: tuple[str, ...] = ()
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
        """Write a configuration file; its processes greet a relay by its name."""
        path = self.folder / f"{name}.toml"
        path.write_text(
            CONFIG.format(
                database=self.database,
                batch=self.batch,
                feeds=feeds,
                hubs=json.dumps(self.hubs),
                web=web,
                transports=self.transports.replace("NAME", name),
            )
        )
        return path

    def publish(self, number: int, *, more: str = "") -> None:
        """Put an article into the newsroom's store; `more` makes it longer."""
        now = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
        body = f"<p>The council met for the {number}th time and agreed to mend the old bridge over the river.</p>{more}"
        with sqlite3.connect(self.folder / "newsroom.db") as store:
            store.execute(
                "insert into articles values (?, ?, ?, 'World', ?, ?, ?)",
                (number, f"/articles/{number}", f"The council meets, {number}", body, now, now),
            )

    def readers(
        self,
        count: int,
        *,
        digests: str = "daily",
        domains: Iterable[str] = ("readers.example",),
        status: str = "confirmed",
    ) -> Path:
        """Write a file of readers, to be imported."""
        names = list(domains)
        path = self.folder / "readers.csv"
        lines = [
            f"r{number}@{names[number % len(names)]},world,{digests},UTC,{status},2020-01-01T00:00:00Z,test"
            for number in range(count)
        ]
        head = "email,section,digest,timezone,status,consented_at,consent_source"
        path.write_text("\n".join([head, *lines]) + "\n")
        return path

    async def start(self, *arguments: str, config: str = "syndicate", log: BinaryIO | None = None) -> Process:
        """Start a process of the house; its log goes to a file of its own unless it is told where to."""
        command = [sys.executable, "-c", "from syndicate.cli.start import main; main()"]
        process = await asyncio.create_subprocess_exec(
            *command,
            "--config",
            str(self.folder / f"{config}.toml"),
            *arguments,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=PIPE,
            stderr=(self.folder / f"log-{len(self.processes)}.txt").open("wb") if log is None else log,
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

    async def look(self, query: Select[tuple[Any]]) -> set[Any]:  # Any: a column's values
        """Look into the database, as no command does, and return the values of one column."""
        database = Database(async_url(self.database, folder=self.folder), pool_size=1)
        try:
            async with database.read() as connection:
                return set((await connection.execute(query)).scalars())
        finally:
            await database.close()

    async def is_quiet(self) -> bool:
        """Tell whether editions were made and all of them are over."""
        return await self.look(select(edition.c.state)) == {"done"}

    async def has_nothing_to_tell(self) -> bool:
        """Tell whether neither a letter nor a ping is still to go."""
        return await self.look(select(outbox.c.state)) == {"done"}

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
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(house.logs()[-5000:] if house is not None else "it never came") from None
