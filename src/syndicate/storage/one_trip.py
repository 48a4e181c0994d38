"""Run an SQLite statement in one trip to its connection's thread, where aiosqlite takes four: open, execute, fetch, close."""

import sqlite3
from collections.abc import Iterable
from functools import partial
from typing import Any, cast

import aiosqlite

CHUNK = 64  # rows that aiosqlite fetches at a time where somebody iterates


class OneTripCursor(aiosqlite.Cursor):
    """A cursor whose rows come with its execution. One that was read to its end holds nothing, so there is nothing to close."""

    _rows: list[Any] = []  # noqa: RUF012  # never changed, only replaced; Any: rows of whatever columns

    async def execute(
        self, sql: str, parameters: Iterable[Any] | None = None
    ) -> "OneTripCursor":  # Any: as the base says
        """Execute one statement, and fetch what it returns."""
        self._rows = await self._execute(self._run, sql, () if parameters is None else parameters)  # type: ignore[no-untyped-call]  # the base's
        return self

    def _run(self, sql: str, parameters: Any) -> list[Any]:  # Any: as above
        self._cursor.execute(sql, parameters)
        return self._cursor.fetchall() if self._cursor.description else []

    async def fetchall(self) -> list[Any]:  # Any: as above
        """Return what was fetched."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Do nothing."""


class OneTripConnection(aiosqlite.Connection):
    """A connection whose cursors take one trip."""

    def cursor(self) -> OneTripCursor:  # type: ignore[override]  # not awaited for: SQLAlchemy only enters it
        """Return a cursor at once: opening one touches no file."""
        return OneTripCursor(self, self._conn.cursor())

    async def rows(self, sql: str, parameters: Any) -> list[Any]:  # Any: as above
        """Execute one statement and return the rows that it gives back."""
        return cast(list[Any], await self._execute(self._rows, sql, parameters))  # type: ignore[no-untyped-call]  # the base's; Any: as above

    def _rows(self, sql: str, parameters: Any) -> list[Any]:  # Any: as above
        return self._conn.execute(sql, parameters).fetchall()


async def connect(path: str, *, timeout: float) -> OneTripConnection:
    """Open a database whose transactions are begun and ended by whoever uses it."""
    opening = partial(sqlite3.connect, path, timeout=timeout, isolation_level=None, check_same_thread=False)
    connection = OneTripConnection(opening, CHUNK)
    connection._thread.daemon = True  # as SQLAlchemy does with those it opens: it must not keep the process from ending
    await connection
    return connection
