"""Run the few statements that every micro-batch of deliveries costs straight on the driver.

SQLAlchemy compiles them, once; its part in each execution would be six times the driver's (docs/decisions/0012-direct-statements.md).
"""

import re
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, cast

import asyncpg
from sqlalchemy import ClauseElement, Connection, exc
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.storage.one_trip import OneTripConnection

_NAME = re.compile(r"(?<![:\w]):([a-z_]+)")

_PASSING = (
    sqlite3.OperationalError,
    asyncpg.InterfaceError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    asyncpg.PostgresConnectionError,
    asyncpg.TransactionRollbackError,
)

Row = Sequence[Any]  # Any: columns are untyped


class Direct:
    """A statement with named parameters, on SQLite and PostgreSQL."""

    def __init__(self, *, sqlite_: ClauseElement, postgresql_: ClauseElement) -> None:
        compiled = sqlite_.compile(dialect=sqlite.dialect(paramstyle="named"))
        self._sqlite = str(compiled)
        self._constants = {name: value for name, value in compiled.params.items() if value is not None}
        named = str(postgresql_.compile(dialect=postgresql.dialect(paramstyle="named")))  # type: ignore[no-untyped-call]  # SQLAlchemy's own
        self._names = tuple(dict.fromkeys(_NAME.findall(named)))
        self._postgresql = _NAME.sub(lambda found: f"${self._names.index(found[1]) + 1}", named)

    async def rows(self, connection: AsyncConnection, values: Mapping[str, object]) -> Sequence[Row]:
        """Execute it in the connection's transaction, and return the rows that it gives back."""
        driver = _driver(connection)
        if isinstance(driver, OneTripConnection):
            begin(connection.sync_connection)
            try:
                return await driver.rows(self._sqlite, self._given(values))
            except sqlite3.Error as error:
                raise _told(self._sqlite, error) from error
        placed = tuple(values[name] for name in self._names)
        asyncpg_connection = cast("asyncpg.Connection[asyncpg.Record]", driver)
        if not asyncpg_connection.is_in_transaction():  # SQLAlchemy begins it with the first statement
            found = await connection.exec_driver_sql(self._postgresql, placed)
            return found.all() if found.returns_rows else []
        try:
            rows: list[Row] = await asyncpg_connection.fetch(self._postgresql, *placed)
            return rows
        except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            if asyncpg_connection.is_closed():  # SQLAlchemy has to know, or it would try to roll back
                await connection.invalidate(error)
            raise _told(self._postgresql, error) from error

    async def do(self, connection: AsyncConnection, values: Mapping[str, object]) -> None:
        """Execute it, at the latest before the transaction ends; on SQLite it goes along with the next statement."""
        driver = _driver(connection)
        if isinstance(driver, OneTripConnection):
            begin(connection.sync_connection)
            driver.later(self._sqlite, self._given(values))
        else:
            await self.rows(connection, values)

    def _given(self, values: Mapping[str, object]) -> dict[str, object]:
        return self._constants | {
            name: stored(one) if isinstance(one, datetime) else one for name, one in values.items()
        }


def begin(connection: Connection | None) -> None:
    """Begin a transaction on SQLite with whatever statement comes first, unless it has begun."""
    assert connection is not None
    driver = connection.connection.driver_connection
    assert isinstance(driver, OneTripConnection)
    if not driver.has_begun:
        driver.later(connection.get_execution_options().get("syndicate_begin", "BEGIN IMMEDIATE"))


async def commit(connection: AsyncConnection) -> None:
    """Keep what was written to SQLite, by way of SQLAlchemy where it knows of the transaction."""
    if connection.in_transaction():
        await connection.commit()
        return
    driver = _driver(connection)
    assert isinstance(driver, OneTripConnection)
    try:
        await driver.commit()
    except sqlite3.Error as error:
        raise _told("COMMIT", error) from error


def _driver(connection: AsyncConnection) -> object:
    pooled = connection.sync_connection
    assert pooled is not None
    return pooled.connection.driver_connection


def _told(statement: str, error: Exception) -> exc.DBAPIError:
    """Make a driver's error one of SQLAlchemy's: what time may heal is operational, anything else is a fault of ours."""
    kind = exc.OperationalError if isinstance(error, _PASSING) else exc.ProgrammingError
    return kind(statement, None, error)


def stored(moment: datetime) -> str:
    """Write an aware moment as SQLAlchemy writes it into SQLite."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def moment_of(value: datetime | str) -> datetime:
    """Read a moment as a driver gives it: aware on PostgreSQL, text in UTC on SQLite."""
    return _read(value) if isinstance(value, str) else value


@lru_cache(maxsize=1024)
def _read(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
