"""The schedule: what a stop does to the jobs that run."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from syndicate.schedule import Schedule

DAY = timedelta(days=1)


async def test_a_job_that_runs_goes_on_to_its_end(caplog: pytest.LogCaptureFixture) -> None:
    """A stop waits for it, and begins no other."""
    begun, go_on, done = asyncio.Event(), asyncio.Event(), []

    async def job() -> None:
        begun.set()
        await go_on.wait()
        done.append("all of it")

    schedule = Schedule()
    schedule.every(DAY, job, name="collect", first=datetime.now(UTC))
    schedule.start()
    await begun.wait()
    stop = asyncio.create_task(schedule.stop(within=30))
    go_on.set()

    assert await stop == ()
    assert done == ["all of it"]
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_a_job_that_takes_too_long_is_cut_off_quietly(caplog: pytest.LogCaptureFixture) -> None:
    """A stop names it and logs no traceback."""
    begun, undone = asyncio.Event(), []

    async def job() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            undone.append("rolled back")

    schedule = Schedule()
    schedule.every(DAY, job, name="collect", first=datetime.now(UTC))
    schedule.start()
    await begun.wait()

    assert await schedule.stop(within=0) == ("collect",)
    assert undone == ["rolled back"]
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_a_schedule_that_never_began_stops_at_once() -> None:
    """A start that failed half-way can be undone like any other."""
    assert await Schedule().stop(within=30) == ()
