"""One of several daemons fires a job, and no other until most of its interval is over."""

from datetime import UTC, datetime, timedelta

from syndicate.storage import ticks
from syndicate.storage.database import Database

NOW = datetime(2026, 5, 4, 7, tzinfo=UTC)
EVERY = timedelta(seconds=100)


async def may_fire(database: Database, seconds: int) -> bool:
    """Ask so many seconds later."""
    async with database.begin() as connection:
        return await ticks.may_fire(connection, "plan", now=NOW + timedelta(seconds=seconds), every=EVERY)


async def test_who_asks_first_fires_and_the_others_wait(database: Database) -> None:
    """Until four fifths of the interval are over, so that a daemon which asks a little early still has its turn."""
    assert [await may_fire(database, seconds) for seconds in (0, 0, 79, 80, 81, 160)] == [
        True, False, False, True, False, True,
    ]  # fmt: skip


async def test_a_clock_that_was_set_back_silences_no_job(database: Database) -> None:
    """A last time within one interval ahead is another machine's clock; one that lies further ahead counts as long ago."""
    assert await may_fire(database, 0)

    assert not await may_fire(database, -100)
    assert await may_fire(database, -101)
