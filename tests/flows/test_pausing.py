"""Pausing by hand, after a restore, and ruling on what nobody knows."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert, select

from syndicate.clock import StoppedClock
from syndicate.flows.restored import keep_pulse
from syndicate.storage import outbox
from syndicate.storage.by_hand import accept_uncertain
from syndicate.storage.database import Database
from syndicate.storage.pauses import EVERYTHING, RESTORED, list_pauses, pause_digest, resume_digest
from syndicate.storage.pulse import PULSE, catch_up, read_pulse
from syndicate.storage.settings import read_setting
from syndicate.storage.tables import delivery


async def paused(database: Database) -> dict[str, str]:
    """Return what is paused, and why."""
    async with database.read() as connection:
        return {one["digest"]: one["reason"] for one in await list_pauses(connection)}


async def pulse(database: Database) -> int:
    """Return the database's pulse."""
    async with database.read() as connection:
        return int(await read_setting(connection, PULSE) or 0)


async def test_a_digest_is_paused_once_and_resumed(database: Database, clock: StoppedClock) -> None:
    """The first reason stands; without a name everything is resumed."""
    async with database.begin() as connection:
        assert await pause_digest(connection, "daily", reason="complaints", now=clock.now())
        assert not await pause_digest(connection, "daily", reason="by hand", now=clock.now())
        assert await pause_digest(connection, EVERYTHING, reason="by hand", now=clock.now())
    assert await paused(database) == {"daily": "complaints", "*": "by hand"}

    async with database.begin() as connection:
        assert await resume_digest(connection, "daily") == ["daily"]
        assert await resume_digest(connection) == ["*"]

    assert not await paused(database)


async def test_an_older_database_than_the_feeds_remember_pauses_everything_once(
    database: Database, clock: StoppedClock, tmp_path: Path
) -> None:
    """Until the operator resumes; then it goes on, though the backup is still the backup."""
    for _ in range(3):
        assert not await keep_pulse(database, directory=tmp_path, clock=clock)
    backup = await pulse(database)
    for _ in range(5):
        assert not await keep_pulse(database, directory=tmp_path, clock=clock)
    async with database.begin() as connection:
        await catch_up(connection, backup)  # as a restore would

    assert await keep_pulse(database, directory=tmp_path, clock=clock)

    assert await paused(database) == {EVERYTHING: RESTORED}
    async with database.begin() as connection:
        await resume_digest(connection)
    assert not await keep_pulse(database, directory=tmp_path, clock=clock)
    assert not await paused(database)


async def test_another_database_is_no_restored_one(database: Database, clock: StoppedClock, tmp_path: Path) -> None:
    """A new installation that writes to the same folder begins afresh."""
    (tmp_path / ".pulse").write_text("somebody-else 999\n")

    assert not await keep_pulse(database, directory=tmp_path, clock=clock)

    assert not await paused(database)
    found = read_pulse(tmp_path)
    assert found is not None
    assert found[1] == 1


async def test_letters_of_a_restored_backup_wait_and_new_ones_go(database: Database, clock: StoppedClock) -> None:
    """What the backup holds may have gone since."""
    async with database.begin() as connection:
        await outbox.put(connection, kind="confirmation", key="old", payload={}, now=clock.now())
    clock.advance(timedelta(minutes=1))
    async with database.begin() as connection:
        await pause_digest(connection, EVERYTHING, reason=RESTORED, now=clock.now())
    clock.advance(timedelta(minutes=1))
    async with database.begin() as connection:
        await outbox.put(connection, kind="confirmation", key="new", payload={}, now=clock.now())

        taken = await outbox.take(connection, now=clock.now(), most=10, kinds=("confirmation",))

    assert [row.key for row in taken] == ["new"]


async def test_uncertain_deliveries_can_be_counted_as_accepted(database: Database) -> None:
    """Only those, and of one edition if it is named."""
    async with database.begin() as connection:
        rows = [(1, 1, 3), (1, 2, 4), (1, 3, 2), (2, 1, 3)]
        await connection.execute(
            insert(delivery),
            [{"edition": e, "subscriber": s, "variant": 1, "state": state} for e, s, state in rows],
        )

        assert await accept_uncertain(connection, edition_id=1) == 1

        found = await connection.execute(select(delivery.c.edition, delivery.c.subscriber, delivery.c.state))
        assert sorted([tuple(row) for row in found]) == [(1, 1, 4), (1, 2, 4), (1, 3, 2), (2, 1, 3)]
