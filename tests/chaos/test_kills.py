"""Kill what sends, at any moment: nothing is lost, and what goes twice was in flight and has the same Message-ID.

`CHAOS=long` kills twenty times instead of twice and has more readers.
"""

import asyncio
import os
import random
import re
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.conftest import PostgreSQL
from tests.integration.house import RELAY, House, until
from tests.integration.smtp_servers import SmtpServer

pytestmark = pytest.mark.xdist_group("chaos")
LONG = os.environ.get("CHAOS") == "long"
READERS = 5_000 if LONG else 400
KILLS = 20 if LONG else 2
IN_FLIGHT = 50


@pytest.fixture
async def relay() -> AsyncIterator[SmtpServer]:
    """Run an SMTP server that behaves, until a test tells it otherwise."""
    async with SmtpServer() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def site_database(request: pytest.FixtureRequest) -> Iterator[str]:
    """Yield the address of an empty database, of each make."""
    if request.param == "sqlite":
        yield "sqlite:///syndicate.db"
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    with server.clone() as url:
        yield url.render_as_string(hide_password=False)


@pytest.fixture
async def house(site_database: str, relay: SmtpServer, tmp_path: Path) -> AsyncIterator[House]:
    """Set up a house with readers, an article that none of them has got, and nothing running."""
    transports = RELAY.format(name="relay", port=relay.port, more="")
    async with House(folder=tmp_path, database=site_database, transports=transports, batch=60) as house:
        await house.run("subscribers", "import", str(house.readers(READERS, digests="alerts")))
        house.publish(1)
        await house.run("collect")
        yield house


def message_ids(relay: SmtpServer) -> dict[str, set[bytes]]:
    """Return recipient → the Message-IDs he got."""
    found: dict[str, set[bytes]] = defaultdict(set)
    for recipient, body in relay.accepted:
        found[recipient] |= set(re.findall(rb"(?im)^message-id:\s*(\S+)", body)[:1])
    return found


def judge(relay: SmtpServer, *, kills: int) -> None:
    """Look at the server's log: everybody is there, and a repeat is a repeat."""
    counts = Counter(relay.recipients)
    assert len(counts) == READERS
    assert sum(counts.values()) - READERS <= IN_FLIGHT * kills
    assert all(len(ids) == 1 for ids in message_ids(relay).values())


async def test_a_send_that_is_killed_again_and_again_reaches_everybody(house: House, relay: SmtpServer) -> None:
    """The next `digest send` takes over at once what the dead one held."""
    chance = random.Random(7)
    for _ in range(KILLS):
        process = await house.start("digest", "send", "alerts")
        goal = len(relay.accepted) + chance.randint(1, READERS // KILLS // 2)
        await until(lambda goal=goal: len(relay.accepted) >= goal, seconds=90, house=house)
        process.kill()
        await process.wait()
    last = await house.run("digest", "send", "alerts")

    judge(relay, kills=KILLS)
    counts = await house.counts()
    assert counts["accepted"] == READERS
    assert not any(counts[state] for state in ("planned", "sending", "deferred", "uncertain"))
    assert last["editions"] == 0


async def test_a_send_beside_a_worker_and_a_stop_in_the_middle(house: House, relay: SmtpServer) -> None:
    """Two processes share the batches; SIGTERM hands back what was not begun, and nobody gets it twice."""
    worker = await house.start("run", "--role", "worker")
    await until(lambda: '"ready"' in house.logs(), seconds=90, house=house)
    sender = asyncio.create_task(house.run("digest", "send", "alerts"))
    await until(lambda: len(relay.accepted) >= READERS // 8, seconds=90, house=house)
    code = await house.stop(worker)
    await sender
    await until(lambda: len(relay.accepted) >= READERS, seconds=90, house=house)

    assert code == 0
    judge(relay, kills=0)
