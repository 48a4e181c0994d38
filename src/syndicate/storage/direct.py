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
from sqlalchemy import ClauseElement, exc
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.storage.one_trip import OneTripConnection

_NAME = re.compile(r"(?<![:\w]):([a-z_]+)")

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
        pooled = connection.sync_connection
        assert pooled is not None
        driver: object = pooled.connection.driver_connection
        if isinstance(driver, OneTripConnection):
            given = self._constants | {
                name: stored(one) if isinstance(one, datetime) else one for name, one in values.items()
            }
            try:
                return await driver.rows(self._sqlite, given)
            except sqlite3.Error as error:
                raise exc.OperationalError(self._sqlite, None, error) from error
        placed = tuple(values[name] for name in self._names)
        asyncpg_connection = cast("asyncpg.Connection[asyncpg.Record]", driver)
        if not asyncpg_connection.is_in_transaction():  # SQLAlchemy begins it with the first statement
            found = await connection.exec_driver_sql(self._postgresql, placed)
            return found.all() if found.returns_rows else []
        try:
            rows: list[Row] = await asyncpg_connection.fetch(self._postgresql, *placed)
            return rows
        except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise exc.OperationalError(self._postgresql, None, error) from error


def stored(moment: datetime) -> str:
    """Write an aware moment as SQLAlchemy writes it into SQLite."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def moment_of(value: datetime | str) -> datetime:
    """Read a moment as a driver gives it: aware on PostgreSQL, text in UTC on SQLite."""
    return _read(value) if isinstance(value, str) else value


@lru_cache(maxsize=1024)
def _read(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
