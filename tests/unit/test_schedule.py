"""The schedule: what a stop does to the jobs that run."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.events import EVENT_JOB_MAX_INSTANCES

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


async def test_a_tick_that_finds_the_last_at_work_is_left_out_quietly(caplog: pytest.LogCaptureFixture) -> None:
    """A slow machine does not fill the log with what is meant to happen."""
    left_out, calls = asyncio.Event(), []

    async def job() -> None:
        calls.append("begun")
        await left_out.wait()

    schedule = Schedule()
    schedule.every(timedelta(milliseconds=1), job, name="collect", first=datetime.now(UTC))
    schedule._scheduler.add_listener(lambda _: left_out.set(), EVENT_JOB_MAX_INSTANCES)
    schedule.start()
    await left_out.wait()

    assert calls == ["begun"]
    await schedule.stop(within=30)
    assert caplog.records == []


async def test_a_schedule_that_never_began_stops_at_once() -> None:
    """A start that failed half-way can be undone like any other."""
    assert await Schedule().stop(within=30) == ()
