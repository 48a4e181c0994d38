"""Every process that plans or sends looks for a restored database, first and then every minute."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from syndicate.app import App, opened
from syndicate.config import load
from syndicate.crew import Role
from syndicate.daemon import Daemon
from syndicate.flows.restored import keep_pulse
from syndicate.storage.pauses import EVERYTHING, RESTORED, list_pauses
from syndicate.storage.pulse import catch_up, read_pulse

CONFIG = """
[site]
title = "The Daily Example"
url = "https://news.example/"
public-url = "http://127.0.0.1:8000/"
secret = "0123456789abcdef0123456789abcdef"
[database]
url = "sqlite:///syndicate.db"
"""
ROLES = [Role.SCHEDULER, Role.WORKER]


@asynccontextmanager
async def running(app: App, role: Role) -> AsyncIterator[None]:
    """Run a process of one role until the block ends."""
    daemon = Daemon(app=app, roles=frozenset([role]))
    task = asyncio.create_task(daemon.run())
    ready = asyncio.create_task(daemon.ready.wait())
    try:
        async with asyncio.timeout(30):
            await asyncio.wait([task, ready], return_when=asyncio.FIRST_COMPLETED)
            yield
    finally:
        daemon.stopping.set()
        ready.cancel()
        with suppress(asyncio.CancelledError):
            await task


@asynccontextmanager
async def application(folder: Path) -> AsyncIterator[App]:
    """Open an application of its own."""
    file = folder / "syndicate.toml"
    file.write_text(CONFIG, encoding="utf-8")
    async with opened(load(str(file), env={})) as app:
        yield app


@pytest.mark.parametrize("role", ROLES)
async def test_a_restored_database_is_noticed_before_anything_is_planned_or_sent(tmp_path: Path, role: Role) -> None:
    """A process of any role that could send is paused when it is ready, and not a minute later."""
    async with application(tmp_path) as app:
        for _ in range(3):
            await keep_pulse(app.database, directory=app.shelf.directory, clock=app.clock)
        async with app.database.begin() as connection:
            await catch_up(connection, 1)  # as a restore would

        async with running(app, role), app.database.read() as connection:
            found = await list_pauses(connection)

    assert [(one["digest"], one["reason"]) for one in found] == [(EVERYTHING, RESTORED)]


@pytest.mark.parametrize("role", ROLES)
async def test_each_process_keeps_the_count_beside_its_own_feeds_fresh(
    tmp_path: Path, role: Role, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a backup made after its start would not be known for one."""
    monkeypatch.setattr("syndicate.jobs.PULSE_EVERY", timedelta(milliseconds=50))
    async with application(tmp_path) as app, running(app, role):
        while (read_pulse(app.shelf.directory) or ("", 0))[1] < 3:
            await asyncio.sleep(0.02)


@pytest.mark.parametrize(("stored", "restored"), [(3, False), (2, True), (1, True)])
async def test_a_database_that_counts_to_the_same_number_again_was_restored(
    tmp_path: Path, stored: int, restored: bool
) -> None:
    """One minute is enough: the number beside the feeds is never reached twice."""
    async with application(tmp_path) as app:
        for _ in range(3):
            await keep_pulse(app.database, directory=app.shelf.directory, clock=app.clock)
        async with app.database.begin() as connection:
            await catch_up(connection, stored)

        found = await keep_pulse(app.database, directory=app.shelf.directory, clock=app.clock)

        assert found is restored
        assert not await keep_pulse(app.database, directory=app.shelf.directory, clock=app.clock)


async def test_a_count_that_cannot_be_read_is_not_written_over(tmp_path: Path) -> None:
    """The database may be behind it; that shows as soon as it can be read."""
    async with application(tmp_path) as app:
        directory = app.shelf.directory
        for _ in range(3):
            await keep_pulse(app.database, directory=directory, clock=app.clock)
        async with app.database.begin() as connection:
            await catch_up(connection, 1)
        kept = (directory / ".pulse").rename(directory / "kept")
        (directory / ".pulse").mkdir()

        assert not await keep_pulse(app.database, directory=directory, clock=app.clock)
        (directory / ".pulse").rmdir()
        kept.rename(directory / ".pulse")
        assert await keep_pulse(app.database, directory=directory, clock=app.clock)
