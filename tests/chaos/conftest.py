"""Share with the tests of faults the flows' newsroom, and a house of real processes with a relay that keeps a log."""

import os
import re
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator

import pytest

from syndicate.clock import StoppedClock
from syndicate.storage.database import Database
from syndicate.storage.retries import INTERRUPTED
from tests.conftest import PostgreSQL
from tests.flows.newsroom import Newsroom, open_newsroom
from tests.integration.house import House
from tests.integration.smtp_servers import SmtpServer

LONG = os.environ.get("CHAOS") == "long"
IN_FLIGHT = 50  # what a process may leave in doubt
UNFINISHED = ("planned", "sending", "deferred")


@pytest.fixture
async def newsroom(database: Database, clock: StoppedClock) -> Newsroom:
    """Return a newsroom whose clock stands at a Monday morning, 4 May 2026, 06:00 UTC: once on each database."""
    return await open_newsroom(database, clock)


@pytest.fixture
async def relay() -> AsyncIterator[SmtpServer]:
    """Run an SMTP server that behaves; of each message it keeps the Message-ID."""
    async with SmtpServer(keep=message_id) as server:
        yield server


@pytest.fixture
def postgresql_url(postgresql: PostgreSQL) -> Iterator[str]:
    """Yield the address of an empty database on PostgreSQL."""
    with postgresql.clone() as url:
        yield url.render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def site_database(request: pytest.FixtureRequest) -> str:
    """Return the address of an empty database, of each make."""
    return "sqlite:///syndicate.db" if request.param == "sqlite" else str(request.getfixturevalue("postgresql_url"))


def message_id(body: bytes) -> bytes:
    """Return a message's Message-ID."""
    return re.findall(rb"(?im)^message-id:\s*(\S+)", body)[0]  # type: ignore[no-any-return]  # bytes in, bytes out


def judge(relay: SmtpServer, *, readers: int, killed: Iterable[str] = (), most: int = IN_FLIGHT) -> Counter[str]:
    """Look at the relay's log: everybody is there, a repeat is a repeat, and stems from what a killed process had in flight.

    Return how often something went again because of each process.
    """
    ids, bringers = defaultdict(set), defaultdict(list)
    for (recipient, name), client in zip(relay.accepted, relay.clients, strict=True):
        ids[recipient].add(name)
        bringers[recipient].append(client.partition(".")[0])
    again = Counter(one for brought in bringers.values() for one in brought[:-1])
    assert len(ids) == readers
    assert all(len(one) == 1 for one in ids.values())
    assert len({name for one in ids.values() for name in one}) == readers
    assert set(again) <= set(killed)
    assert max(again.values(), default=0) <= most
    return again


async def judge_ledger(house: House, *, accepted: int, killed: int = 0) -> None:
    """Look at the ledger: everything planned has ended, and each edition is over.

    What was in flight at six kills is held, so that an operator decides about it: at most so much as was in flight at every sixth.
    """
    counts = await house.counts()
    assert counts["uncertain"] <= IN_FLIGHT * (killed // len(INTERRUPTED))
    assert counts["accepted"] + counts["uncertain"] == accepted
    assert not any(counts[state] for state in UNFINISHED), counts
    assert await house.is_quiet()
