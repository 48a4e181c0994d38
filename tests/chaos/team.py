"""A house with a team of processes that send, each known to the relay by its name, to be started and killed."""

import random
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos.conftest import LONG
from tests.integration.house import RELAY, House, until
from tests.integration.smtp_servers import SmtpServer

PATIENCE = 1_800 if LONG else 180
WORK = ("run", "--role", "scheduler", "--role", "worker")
SEND = ("digest", "send", "alerts")


@asynccontextmanager
async def open_house(
    folder: Path, database: str, relay: SmtpServer, *, readers: int, batch: int = 60
) -> AsyncIterator[House]:
    """Set up a house with readers of the alerts and an article that none of them has got."""
    transports = RELAY.format(name="relay", port=relay.port, more="")
    async with House(folder=folder, database=database, transports=transports, batch=batch) as house:
        await house.run("subscribers", "import", str(house.readers(readers, digests="alerts")))
        house.publish(1)
        yield house


@dataclass(slots=True, kw_only=True)
class Team:
    """Processes that send, each under a name of its own, by which the relay knows it."""

    house: House
    relay: SmtpServer
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    alive: dict[str, tuple[tuple[str, ...], Process]] = field(default_factory=dict)
    killed: list[str] = field(default_factory=list)

    async def start(self, command: tuple[str, ...]) -> str:
        """Start a process and return its name."""
        name = f"p{len(self.alive) + len(self.killed)}"
        self.house.configuration(name)
        self.alive[name] = command, await self.house.start(*command, config=name)
        return name

    async def reach(self, goal: int) -> None:
        """Wait until so many messages were accepted."""
        await until(lambda: len(self.relay.accepted) >= goal, seconds=PATIENCE, house=self.house)

    async def kill(self) -> tuple[str, ...]:
        """Kill one of those that have sent something, or anyone when nobody has; return what it did."""
        busy = [name for name in self.alive if f"{name}.house.example" in self.relay.clients]
        name = self.chance.choice(busy or list(self.alive))
        command, process = self.alive.pop(name)
        self.killed.append(name)
        process.kill()
        await process.wait()
        return command
