"""Kill what sends, at any moment: nothing is lost, and what goes twice was in flight and has the same Message-ID.

`CHAOS=long` kills twenty times instead of a few, and of two workers on PostgreSQL one during 100,000 deliveries.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.chaos.conftest import LONG, judge, judge_ledger
from tests.chaos.team import PATIENCE, SEND, WORK, Team, open_house
from tests.integration.house import House, until
from tests.integration.smtp_servers import SmtpServer

pytestmark = pytest.mark.xdist_group("chaos")
READERS = 5_000 if LONG else 400
MANY = 100_000 if LONG else 1_000
KILLS = 20 if LONG else 2


@pytest.fixture
async def house(site_database: str, relay: SmtpServer, tmp_path: Path) -> AsyncIterator[House]:
    """Yield a house in which nothing is running, on each make of database."""
    async with open_house(tmp_path, site_database, relay, readers=READERS) as house:
        await house.run("collect")
        yield house


async def test_a_send_that_is_killed_again_and_again_reaches_everybody(house: House, relay: SmtpServer) -> None:
    """There is only one; the next `digest send` takes over at once what the dead one held."""
    team = Team(house=house, relay=relay)
    for _ in range(KILLS):
        await team.start(SEND)
        await team.reach(len(relay.accepted) + team.chance.randint(1, READERS // KILLS // 2))
        await team.kill()
    last = await house.run(*SEND)

    judge(relay, readers=READERS, killed=team.killed)
    await judge_ledger(house, accepted=READERS, killed=KILLS)
    assert last["editions"] == 0


async def test_one_of_two_is_killed_again_and_again(
    site_database: str, relay: SmtpServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The other one goes on: on PostgreSQL two that schedule and work, on SQLite `run` and `digest send`."""
    on_sqlite = site_database.startswith("sqlite")
    readers = READERS if on_sqlite else MANY
    async with open_house(tmp_path, site_database, relay, readers=readers, batch=max(readers // 200, 60)) as house:
        team = Team(house=house, relay=relay)
        await team.start(WORK)
        await team.reach(1)
        await team.start(SEND if on_sqlite else WORK)
        for number in range(KILLS):
            await team.reach(readers * number // KILLS + team.chance.randint(1, readers // KILLS // 2))
            await team.start(await team.kill())
        await until(lambda: len(set(relay.recipients)) == readers, seconds=PATIENCE, house=house)
        await until(lambda: house.is_quiet(), seconds=PATIENCE, house=house)

        again = judge(relay, readers=readers, killed=team.killed)
        await judge_ledger(house, accepted=readers, killed=KILLS)
        assert len(team.killed) == KILLS
    with capsys.disabled():
        worst = max(again.values(), default=0)
        print(f"\n{readers:,} deliveries, {KILLS} kills: lost 0, again {again.total()}, at most {worst} by one kill")


async def test_a_send_beside_a_worker_and_a_stop_in_the_middle(house: House, relay: SmtpServer) -> None:
    """Two processes share the batches; SIGTERM hands back what was not begun, and nobody gets it twice."""
    worker = await house.start("run", "--role", "worker")
    await until(lambda: '"ready"' in house.logs(), seconds=PATIENCE, house=house)
    sender = asyncio.create_task(house.run(*SEND))
    await until(lambda: len(relay.accepted) >= READERS // 8, seconds=PATIENCE, house=house)
    code = await house.stop(worker)
    await sender

    assert code == 0
    assert not judge(relay, readers=READERS)
    await judge_ledger(house, accepted=READERS)
