"""Statements that go straight to the driver read and write what those of SQLAlchemy do."""

from datetime import UTC, datetime, timedelta, timezone

import psycopg
import pytest
from sqlalchemy import exc, insert, select, text

from syndicate.clock import StoppedClock
from syndicate.storage.database import Database
from syndicate.storage.direct import Direct, moment_of
from syndicate.storage.tables import tick
from tests.conftest import PostgreSQL

READ = text("SELECT last_fire FROM tick WHERE job = :job")
WRITE = text("UPDATE tick SET last_fire = :at WHERE job = :job")
READING, WRITING = (Direct(sqlite_=one, postgresql_=one) for one in (READ, WRITE))
FIRST = datetime(2026, 5, 4, 7, 0, 0, 1, tzinfo=UTC)
SECOND = datetime(2026, 5, 4, 9, 30, tzinfo=timezone(timedelta(hours=2)))


async def test_a_moment_is_the_same_by_either_way(database: Database) -> None:
    """What SQLAlchemy wrote is read, what is written is read by SQLAlchemy, and a moment of another zone is that moment."""
    async with database.begin() as connection:
        await connection.execute(insert(tick).values(job="collect", last_fire=FIRST))
        ((read,),) = await READING.rows(connection, {"job": "collect"})
        await WRITING.rows(connection, {"job": "collect", "at": SECOND})
    async with database.read() as connection:
        written = (await connection.execute(select(tick.c.last_fire))).scalar_one()
        nothing = await READING.rows(connection, {"job": "publish"})

    assert moment_of(read) == FIRST
    assert written == SECOND
    assert written.utcoffset() == timedelta()
    assert list(nothing) == []


async def test_it_belongs_to_the_transaction_it_is_run_in(database: Database) -> None:
    """The first statement of one, too: what is rolled back was never there."""
    async with database.begin() as connection:
        await connection.execute(insert(tick).values(job="collect", last_fire=FIRST))

    async def write_and_fail() -> None:
        async with database.begin() as connection:
            await WRITING.rows(connection, {"job": "collect", "at": SECOND})
            await WRITING.rows(connection, {"job": "collect", "at": SECOND})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await write_and_fail()
    async with database.read() as connection:
        found = (await connection.execute(select(tick.c.last_fire))).scalar_one()

    assert found == FIRST


async def test_a_failure_is_one_of_sqlalchemys(database: Database) -> None:
    """Whoever answers for a database that is gone takes it for none of those, and the connection is good afterwards."""
    statement = text("SELECT nothing FROM tick")
    wrong = Direct(sqlite_=statement, postgresql_=statement)

    async def ask() -> None:
        async with database.begin() as connection:
            await connection.execute(select(tick.c.job))
            await wrong.rows(connection, {})

    with pytest.raises(exc.OperationalError if database.is_sqlite else exc.ProgrammingError, match="nothing"):
        await ask()
    async with database.read() as connection:
        found = (await connection.execute(select(tick.c.job))).all()

    assert found == []


async def test_a_connection_that_is_lost_is_operational(postgresql: PostgreSQL, clock: StoppedClock) -> None:
    """A command then says that the database cannot be reached, and a worker tries again later."""
    ask = Direct(sqlite_=text("SELECT 1"), postgresql_=text("SELECT 1"))
    with postgresql.clone() as url:
        database = Database(url.set(drivername="postgresql+asyncpg"), clock=clock)

        async def lose() -> None:
            async with database.begin() as connection:
                pid = (await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one()
                with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as other:
                    other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
                await ask.rows(connection, {})

        with pytest.raises(exc.OperationalError):
            await lose()
        await database.close()


async def test_connections_that_died_at_rest_are_replaced(postgresql: PostgreSQL, clock: StoppedClock) -> None:
    """A server that was restarted at night costs the first visitor in the morning nothing."""
    with postgresql.clone() as url:
        database = Database(url.set(drivername="postgresql+asyncpg"), pool_size=2, clock=clock)
        async with database.read() as connection:
            before = (await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one()
        with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [before])
        clock.advance(timedelta(minutes=1))
        async with database.read() as connection:
            after = (await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one()
        await database.close()

    assert after != before
