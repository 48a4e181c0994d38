"""Let the disk run full in the middle of the work: nothing is lost or half written, and it goes on by itself when there is room."""

import resource
import sqlite3
from asyncio.subprocess import Process
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from syndicate.clock import StoppedClock
from syndicate.model import Envelope
from syndicate.storage import schema
from syndicate.storage.database import Database, async_url
from tests.chaos.conftest import IN_FLIGHT, judge, judge_ledger
from tests.chaos.team import PATIENCE, WORK, Team, open_house
from tests.flows.newsroom import open_newsroom, utc
from tests.integration.house import until
from tests.integration.smtp_servers import SmtpServer

pytestmark = pytest.mark.xdist_group("chaos")
READERS = 200
ROOM = 64 * 1024


@contextmanager
def no_room(process: Process, *, beyond: int = ROOM) -> Iterator[None]:
    """Let a running process write no file beyond so many bytes, as a full disk would; afterwards there is room again."""
    soft, hard = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (beyond, hard))
    try:
        yield
    finally:
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (soft, hard))


async def test_a_disk_that_is_full_in_the_middle_of_a_send_costs_nobody_his_mail(
    relay: SmtpServer, tmp_path: Path
) -> None:
    """The ledger on SQLite cannot be written: the daemon says so, stays, and goes on when there is room; nothing is sent unrecorded."""
    async with open_house(tmp_path, "sqlite:///syndicate.db", relay, readers=READERS) as house:
        team = Team(house=house, relay=relay)
        name = await team.start(WORK)
        _, process = team.alive[name]
        await team.reach(READERS // 8)
        with no_room(process):
            await until(lambda: '"error"' in house.logs(), seconds=PATIENCE, house=house)
            stuck = len(set(relay.recipients))
        await until(lambda: len(set(relay.recipients)) == READERS, seconds=PATIENCE, house=house)
        await until(lambda: house.is_quiet(), seconds=PATIENCE, house=house)

        judge(relay, readers=READERS, killed=[name])
        await judge_ledger(house, accepted=READERS)
        assert process.returncode is None
        assert stuck < READERS
    with sqlite3.connect(tmp_path / "syndicate.db") as ledger:
        assert ledger.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def test_a_full_database_file_stops_a_send_that_goes_on_later(clock: StoppedClock, tmp_path: Path) -> None:
    """SQLite says that its disk is full; what was in flight then goes again, and nobody else's mail twice."""
    database = Database(async_url("sqlite:///syndicate.db", folder=tmp_path), pool_size=5)
    await schema.prepare(database)
    newsroom = await open_newsroom(database, clock, batch_size=50)
    newsroom.store.put("a1", labels=["World"], published=utc("2026-05-04T05:00"))
    await newsroom.collect()
    for number in range(READERS):
        await newsroom.add_reader(f"r{number}")
    clock.moment = utc("2026-05-04T07:00")
    pages = [2**30]

    @event.listens_for(database.engine.sync_engine, "connect")
    def limit(connection: Any, _: object) -> None:  # Any: the DB-API connection has no type
        connection.cursor().execute(f"PRAGMA max_page_count={pages[-1]}")

    async def fill_up(_: Sequence[Envelope]) -> None:
        if len(newsroom.relay.accepted) >= READERS // 4 and len(pages) == 1:
            pages.append(1)  # no more than it has: for connections to come, and for the one that writes
            async with database.begin() as connection:
                await connection.exec_driver_sql(f"PRAGMA max_page_count={pages[-1]}")

    newsroom.relay.before = fill_up
    with pytest.raises(OperationalError, match="full"):
        await newsroom.send()
    stuck = len(newsroom.relay.accepted)
    newsroom.relay.before = None
    pages.append(2**30)
    clock.advance(timedelta(seconds=21))
    await newsroom.finish()
    counts = Counter(sent.recipient for sent in newsroom.relay.accepted)
    states, work = await newsroom.states(), await newsroom.open_work()
    await database.close()

    assert stuck < READERS
    assert len(counts) == len({sent.message_id for sent in newsroom.relay.accepted}) == READERS
    assert counts.total() - READERS <= IN_FLIGHT
    assert (states, work) == ({"accepted": READERS}, (0, 0))


async def test_feeds_that_cannot_be_written_stay_whole_and_hold_no_mail_up(
    postgresql_url: str, relay: SmtpServer, tmp_path: Path
) -> None:
    """The shelf's disk is full: the old bytes stay, mail goes out, and the new bytes come when there is room."""
    async with open_house(tmp_path, postgresql_url, relay, readers=20) as house:
        team = Team(house=house, relay=relay)
        _, process = team.alive[await team.start(WORK)]
        await team.reach(20)
        feed = tmp_path / "public" / "world.xml"
        before = feed.read_bytes()
        with no_room(process):
            for number in range(2, 12):
                house.publish(number, more=f"<p>{f'They spoke of stone number {number}. ' * 800}</p>")
            await until(lambda: '"publish_trouble"' in house.logs(), seconds=PATIENCE, house=house)
            await team.reach(40)
            during = feed.read_bytes()
        await until(lambda: b"The council meets, 11" in feed.read_bytes(), seconds=PATIENCE, house=house)

        assert during == before
        assert feedparser.parse(feed.read_bytes()).bozo is False
        assert await house.stop(process) == 0
        assert list(feed.parent.rglob("*.part")) == []


async def test_a_log_that_cannot_be_written_stops_nothing(relay: SmtpServer, tmp_path: Path) -> None:
    """Standard error leads to a full disk, too."""
    async with open_house(tmp_path, "sqlite:///syndicate.db", relay, readers=20) as house:
        with open("/dev/full", "wb") as full:  # a device that is always full
            process = await house.start(*WORK, log=full)
        await until(lambda: house.is_quiet(), seconds=PATIENCE, house=house)

        assert await house.stop(process) == 0
        assert len(relay.accepted) == 20
        await judge_ledger(house, accepted=20)
