"""A transaction that is cut off anywhere leaves nothing behind."""

import asyncio
import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import exc, text

from syndicate.storage.counter import take_numbers
from syndicate.storage.database import Database


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # where the file's lock is everybody's
async def test_a_task_that_is_cancelled_leaves_no_lock(database: Database) -> None:
    """However far it has come: the thread of its connection may still do what it was asked, and the next one can write."""

    async def write() -> int:
        async with database.begin() as connection:
            return await take_numbers(connection, 1)

    first = await write()
    for steps in range(120):
        task = asyncio.create_task(write())
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        with closing(sqlite3.connect(str(database.url.database), timeout=5, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            other.execute("ROLLBACK")

    assert first < await write() <= first + 121


async def test_a_write_that_fails_leaves_nothing_behind(database: Database) -> None:
    """Whether the caller, a statement or the end of the transaction failed, nothing of it is kept and the next one can write."""

    async def write(*statements: str) -> None:
        async with database.begin() as connection:
            await take_numbers(connection, 1)
            for statement in statements:
                await connection.execute(text(statement))
            if not statements:
                raise ValueError("of the caller")

    async with database.begin() as connection:
        first = await take_numbers(connection, 1)
        await connection.execute(text("CREATE TABLE parent (id INTEGER PRIMARY KEY)"))
        await connection.execute(
            text("CREATE TABLE child (p INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)")
        )
    with pytest.raises(ValueError, match="of the caller"):
        await write()
    with pytest.raises(exc.DBAPIError):
        await write("SELECT nothing FROM parent")
    with pytest.raises(exc.DBAPIError, match=r"(?i)foreign key"):  # found out by COMMIT
        await write("INSERT INTO child VALUES (1)")

    async with database.begin() as connection:
        assert await take_numbers(connection, 1) == first + 1
