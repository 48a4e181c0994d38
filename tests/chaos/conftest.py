"""Share the flows' newsroom with the tests of faults."""

import pytest

from syndicate.clock import StoppedClock
from syndicate.storage.database import Database
from tests.flows.newsroom import Newsroom, open_newsroom


@pytest.fixture
async def newsroom(database: Database, clock: StoppedClock) -> Newsroom:
    """Return a newsroom whose clock stands at a Monday morning, 4 May 2026, 06:00 UTC: once on each database."""
    return await open_newsroom(database, clock)
