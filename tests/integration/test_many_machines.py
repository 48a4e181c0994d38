"""Several processes on one PostgreSQL, as on several machines, and several workers on one."""

import os
import signal
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.conftest import PostgreSQL
from tests.integration.house import RELAY, House, until
from tests.integration.smtp_servers import SmtpServer

pytestmark = pytest.mark.xdist_group("many machines")
READERS = 600


def free_port() -> int:
    """Return a port that nobody uses just now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def fetch(url: str) -> tuple[bytes, str] | None:
    """Return a page's bytes and its ETag, or None while it cannot be had."""
    try:
        with urlopen(url, timeout=5) as answer:
            return answer.read(), answer.headers.get("etag", "")
    except (URLError, ConnectionError, TimeoutError):
        return None


@pytest.fixture
async def relay() -> AsyncIterator[SmtpServer]:
    """Run an SMTP server that behaves."""
    async with SmtpServer() as server:
        yield server


@pytest.fixture
async def house(postgresql: PostgreSQL, relay: SmtpServer, tmp_path: Path) -> AsyncIterator[House]:
    """Set up a house on PostgreSQL with readers of the alerts."""
    with postgresql.clone() as url:
        transports = RELAY.format(name="relay", port=relay.port, more="")
        async with House(
            folder=tmp_path, database=url.render_as_string(hide_password=False), transports=transports, batch=50
        ) as house:
            await house.run("subscribers", "import", str(house.readers(READERS, digests="alerts")))
            yield house


async def all_sent(house: House, relay: SmtpServer, articles: int) -> None:
    """Wait until every reader has one mail about each article, and nothing is under way."""
    await until(lambda: len(relay.accepted) >= READERS * articles, seconds=90, house=house)
    await until(lambda: settled(house), seconds=30, house=house)


async def settled(house: House) -> bool:
    """Tell whether no delivery is open."""
    counts = await house.counts()
    return not any(counts[state] for state in ("planned", "sending", "deferred", "uncertain"))


async def test_schedulers_workers_and_web_nodes_share_the_work(house: House, relay: SmtpServer) -> None:
    """Of two schedulers one fires; of two workers each sends; nobody gets it twice; two web nodes serve equal bytes."""
    for name in ("web1", "web2"):
        house.configuration(name, web=free_port(), feeds=f"{name}/")
    ports = [
        int((house.folder / f"{name}.toml").read_text().split("port = ")[1].split()[0]) for name in ("web1", "web2")
    ]
    for role in ("scheduler", "scheduler", "worker", "worker"):
        await house.start("run", "--role", role)
    for name in ("web1", "web2"):
        await house.start("run", "--role", "web", config=name)
    workers = house.processes[-4:-2]
    pages = [f"http://127.0.0.1:{port}" for port in ports]
    for page in pages:
        await until(lambda page=page: fetch(f"{page}/readyz"), seconds=60, house=house)

    house.publish(1)
    await all_sent(house, relay, 1)

    editions = await house.run("editions", "list")
    assert [(one["digest"], one["accepted"]) for one in editions] == [("alerts", READERS)]
    assert len(set(relay.recipients)) == len(relay.recipients) == READERS

    def equal() -> bool:
        found = [fetch(f"{page}/world.xml") for page in pages]
        return found[0] is not None and found[0] == found[1] and b"The council meets, 1" in found[0][0]

    await until(equal, seconds=20, house=house)
    for process in [*house.processes[-6:]]:
        if process.returncode is None:
            assert await house.stop(process) == 0
    assert all(process.returncode == 0 for process in workers)


async def test_a_crew_of_workers_is_started_again_and_stopped_together(house: House, relay: SmtpServer) -> None:
    """`run --workers 2` keeps two processes that deliver, and SIGTERM ends both."""
    house.configuration("main", web=free_port())
    leader = await house.start("run", "--workers", "2", config="main")
    crew = await children_of(leader.pid, house)
    house.publish(1)
    await all_sent(house, relay, 1)
    assert len(relay.recipients) == READERS

    os.kill(crew[0], signal.SIGKILL)
    await until(lambda: new_child(leader.pid, crew[0]), seconds=30, house=house)
    assert await house.stop(leader) == 0
    assert not children(leader.pid)
    assert '"worker_ended"' in house.logs()


def children(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(number) for number in path.read_text().split()] if path.exists() else []


async def children_of(pid: int, house: House) -> list[int]:
    """Wait until a process has started another."""
    await until(lambda: children(pid), seconds=60, house=house)
    return children(pid)


def new_child(pid: int, old: int) -> bool:
    """Tell whether there is another child than the old one."""
    return any(number != old for number in children(pid))
