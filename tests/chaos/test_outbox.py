"""Kill what sends letters and pings, at any moment: every letter comes, under one Message-ID, and every hub hears of every topic."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Self
from urllib.parse import parse_qs

import pytest

from syndicate.flows.letters import AT_A_TIME
from tests.chaos.conftest import LONG, judge, message_id
from tests.chaos.team import PATIENCE, WORK, Team
from tests.integration.house import RELAY, House, until
from tests.integration.smtp_servers import Misdeed, Session, SmtpServer

pytestmark = pytest.mark.xdist_group("chaos")
READERS = 600 if LONG else 90
KILLS = 20 if LONG else 2


class Hub:
    """A hub that writes down the topics it is told of, and answers none of the first few."""

    def __init__(self, *, silent: int) -> None:
        self.silent, self.topics, self.url = silent, Counter[str](), ""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/"
        return self

    async def __aexit__(self, *error: object) -> None:
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        body = await reader.readexactly(int(head.partition(b"content-length:")[2].split()[0]))
        self.topics[parse_qs(body.decode())["hub.topic"][0].rpartition("/")[2]] += 1
        if self.topics.total() > self.silent:
            writer.write(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
            await writer.drain()
            writer.close()


@pytest.fixture
async def hub() -> AsyncIterator[Hub]:
    """Run a hub that is silent as often as its callers are killed."""
    async with Hub(silent=KILLS) as hub:
        yield hub


def dawdle(_: Session, verb: str, argument: str) -> Misdeed | None:
    """Take some time over every fifth message, so that letters are in flight when their sender is killed."""
    return Misdeed.LATE if verb == "MESSAGE" and argument.partition("@")[0].endswith(("0", "5")) else None


async def test_letters_and_pings_outlive_those_who_send_them(site_database: str, hub: Hub, tmp_path: Path) -> None:
    """Killed while confirmations go out, and while a hub is called; what was in flight goes again when its lease ends."""
    async with SmtpServer(keep=message_id, answer=dawdle) as relay:
        transports = RELAY.format(name="relay", port=relay.port, more="")
        async with House(folder=tmp_path, database=site_database, transports=transports, hubs=(hub.url,)) as house:
            await house.run("subscribers", "import", str(house.readers(READERS, digests="daily", status="")))
            team = Team(house=house, relay=relay)
            for number in range(KILLS):
                await team.start(WORK)
                await team.reach(READERS * number // KILLS + team.chance.randint(1, READERS // KILLS // 2))
                await team.kill()
            house.publish(1)
            for number in range(KILLS):
                await team.start(WORK)
                await until(lambda number=number: hub.topics.total() > number, seconds=PATIENCE, house=house)
                await team.kill()
            await team.start(WORK)
            await until(lambda: len(set(relay.recipients)) == READERS, seconds=PATIENCE, house=house)
            await until(lambda: house.has_nothing_to_tell(), seconds=PATIENCE, house=house)

            judge(relay, readers=READERS, killed=team.killed, most=AT_A_TIME)
    assert hub.topics.keys() == {f"{name}.{form}" for name in ("all", "world") for form in ("xml", "atom", "json")}
    assert hub.topics.total() <= len(hub.topics) + KILLS
