"""Share the readers' side of a small site."""

import pytest

from syndicate.clock import StoppedClock
from syndicate.core.readers import Offer
from syndicate.flows.readership import Readership
from syndicate.model import Cadence
from syndicate.options import SectionOptions
from syndicate.storage.address_key import open_address_key
from syndicate.storage.database import Database


@pytest.fixture
async def readership(database: Database, clock: StoppedClock) -> Readership:
    """Return the readership of a site with two sections and three digests."""
    return Readership(
        database=database,
        clock=clock,
        key=await open_address_key(database, ["a secret that is long enough"]),
        offers=(
            Offer(name="alerts", title="Alerts", cadence=Cadence.INSTANT, minute=0, quiet=(1320, 420)),
            Offer(name="daily", title="Daily", cadence=Cadence.DAILY, minute=420),
            Offer(name="weekly", title="Weekly", cadence=Cadence.WEEKLY, minute=480, days=("friday",)),
        ),
        sections=(
            SectionOptions(slug="world", title="World News"),
            SectionOptions(slug="sport", title="Sport", was=["games"]),
        ),
        zone="Europe/London",
    )
