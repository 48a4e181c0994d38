"""Run SQLite statements in one trip to their connection's thread, where aiosqlite takes four for each: open, execute, fetch, close."""

import sqlite3
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, cast

import aiosqlite

CHUNK = 64  # rows that aiosqlite fetches at a time where somebody iterates

Statement = tuple[str, Any]  # with its parameters; Any: a sequence or a mapping of whatever a column may hold


class OneTripCursor(aiosqlite.Cursor):
    """A cursor whose rows come with its execution. One that was read to its end holds nothing, so there is nothing to close."""

    _conn: "OneTripConnection"
    _rows: list[Any] = []  # noqa: RUF012  # never changed, only replaced; Any: rows of whatever columns

    async def execute(
        self, sql: str, parameters: Iterable[Any] | None = None
    ) -> "OneTripCursor":  # Any: as the base says
        """Execute one statement, and fetch what it returns."""
        before = self._conn.take_waiting()
        self._rows = await self._execute(self._run, before, sql, () if parameters is None else parameters)  # type: ignore[no-untyped-call]  # the base's
        return self

    def _run(self, before: Sequence[Statement], sql: str, parameters: Any) -> list[Any]:  # Any: as above
        for statement in before:
            self._cursor.execute(*statement)
        self._cursor.execute(sql, parameters)
        return self._cursor.fetchall() if self._cursor.description else []

    async def fetchall(self) -> list[Any]:  # Any: as above
        """Return what was fetched."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Do nothing."""


class OneTripConnection(aiosqlite.Connection):
    """A connection whose cursors take one trip. Statements whose outcome nobody waits for go along with the next."""

    _waiting: list[Statement] = []  # noqa: RUF012  # never changed, only replaced

    @property
    def has_begun(self) -> bool:
        """Whether a transaction is open, or will be before the next statement."""
        return bool(self._waiting) or self.in_transaction

    def later(self, sql: str, parameters: Any = ()) -> None:  # Any: as above
        """Execute a statement before the next one, or before the transaction ends."""
        self._waiting = [*self._waiting, (sql, parameters)]

    def take_waiting(self) -> Sequence[Statement]:
        """Return what waits, to be executed now."""
        waiting, self._waiting = self._waiting, []
        return waiting

    def cursor(self) -> OneTripCursor:  # type: ignore[override]  # not awaited for: SQLAlchemy only enters it
        """Return a cursor at once: opening one touches no file."""
        return OneTripCursor(self, self._conn.cursor())

    async def rows(self, sql: str, parameters: Any) -> list[Any]:  # Any: as above
        """Execute one statement and return the rows that it gives back."""
        return cast(list[Any], await self._execute(self._rows, self.take_waiting(), sql, parameters))  # type: ignore[no-untyped-call]  # the base's; Any: as above

    def _rows(self, before: Sequence[Statement], sql: str, parameters: Any) -> list[Any]:  # Any: as above
        for statement in before:
            self._conn.execute(*statement)
        return self._conn.execute(sql, parameters).fetchall()

    async def commit(self) -> None:
        """Keep what was written."""
        await self._execute(self._commit, self.take_waiting())  # type: ignore[no-untyped-call]  # the base's

    async def rollback(self) -> None:
        """Undo what was written."""
        self._waiting = []
        await super().rollback()

    def _commit(self, before: Sequence[Statement]) -> None:
        for statement in before:
            self._conn.execute(*statement)
        self._conn.commit()


async def connect(path: str, *, timeout: float) -> OneTripConnection:
    """Open a database whose transactions are begun and ended by whoever uses it."""
    opening = partial(sqlite3.connect, path, timeout=timeout, isolation_level=None, check_same_thread=False)
    connection = OneTripConnection(opening, CHUNK)
    connection._thread.daemon = True  # as SQLAlchemy does with those it opens: it must not keep the process from ending
    await connection
    return connection
