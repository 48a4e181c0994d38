"""Open the database and hand out transactions that behave alike on SQLite and PostgreSQL."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import event, exc, make_url
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from syndicate.clock import Clock, SystemClock
from syndicate.errors import ServiceUnavailableError
from syndicate.storage import idle, one_trip

BUSY_MILLISECONDS = 30_000


def async_url(url: str, *, folder: Path) -> URL:
    """Return the URL with the asynchronous driver; a relative SQLite path starts at `folder`."""
    parsed = make_url(url)
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        database = parsed.database
        if database and database != ":memory:":
            parsed = parsed.set(database=str((folder / database).resolve()))
        return parsed.set(drivername="sqlite+aiosqlite")
    if backend == "postgresql":
        return parsed.set(drivername="postgresql+asyncpg")
    raise ServiceUnavailableError(
        f"database {backend}: not supported; use sqlite:///file.db or postgresql://user@host/name"
    )


class Database:
    """The engine of one database. `begin` writes, `read` looks; neither is held across network calls."""

    def __init__(self, url: URL, *, pool_size: int = 10, clock: Clock | None = None) -> None:
        self.url = url
        self.is_sqlite = url.get_backend_name() == "sqlite"
        options: dict[str, Any] = {}  # Any: create_engine's keyword arguments
        if self.is_sqlite:
            opening = partial(one_trip.connect, url.database or ":memory:", timeout=BUSY_MILLISECONDS / 1000)
            options |= {"pool_size": pool_size, "async_creator": opening, "pool_reset_on_return": None}
        else:
            options |= {"pool_size": pool_size, "max_overflow": 10, "pool_recycle": 1800}
        self.engine: AsyncEngine = create_async_engine(url, **options)
        self._engines = {write: self.engine.execution_options(syndicate_write=write) for write in (False, True)}
        self._writer = asyncio.Lock()
        self._tried = False
        if self.is_sqlite:
            event.listen(self.engine.sync_engine, "connect", _prepare_sqlite)
            event.listen(self.engine.sync_engine, "begin", _begin_sqlite)
        else:
            idle.watch(self.engine.sync_engine, clock=clock or SystemClock())

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that may write; it commits at the end of the block and rolls back on an exception.

        On SQLite it takes the write lock at once, so that what was read cannot change before it is written; tasks of this process
        queue for it here rather than spin on the file's lock.
        """
        if self.is_sqlite:
            async with self._writer, self._connect(write=True) as connection:
                yield connection
        else:
            async with self._connect(write=True) as connection:
                yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that only reads: one consistent view."""
        async with self._connect(write=False) as connection:
            yield connection

    @asynccontextmanager
    async def _connect(self, *, write: bool) -> AsyncIterator[AsyncConnection]:
        if self.is_sqlite and not self._tried:
            self._try_file()
        try:
            connection = await self._engines[write].connect()
        except (OSError, exc.DBAPIError) as error:  # of whatever class: it may be just starting up
            raise self.unreachable(error) from error
        except Exception as error:
            if type(error).__module__.startswith("asyncpg"):
                raise self.unreachable(error) from error
            raise
        try:
            async with connection.begin():
                yield connection
        except asyncio.CancelledError:
            # its thread may still do what it was asked last, and begin a transaction that nobody ends
            await asyncio.shield(connection.invalidate())
            raise
        finally:
            await asyncio.shield(connection.close())

    def _try_file(self) -> None:
        """Look into the file here, once: where that fails in aiosqlite's thread, the thread outlives the loop and prints a traceback."""
        name = self.url.database or ":memory:"
        try:
            with closing(sqlite3.connect(name, timeout=BUSY_MILLISECONDS / 1000, uri=name.startswith("file:"))) as file:
                file.execute("PRAGMA schema_version")
        except sqlite3.DatabaseError as error:
            raise self.unreachable(error) from error
        self._tried = True

    def unreachable(self, error: Exception) -> ServiceUnavailableError:
        """Say in one line that the database cannot be reached, without its password."""
        cause = error.orig if isinstance(error, exc.DBAPIError) and error.orig is not None else error
        trouble = "is not usable" if type(cause) is sqlite3.DatabaseError else "cannot be reached"
        remedy = "check [database] url" if self.is_sqlite else "check [database] url and that it runs"
        where = self.url.render_as_string(hide_password=True)
        return ServiceUnavailableError(f"database {where}: {trouble} ({str(cause).strip()}); {remedy}")

    async def close(self) -> None:
        """Close all connections."""
        await self.engine.dispose()


def _prepare_sqlite(connection: Any, _record: object) -> None:  # Any: the DB-API connection has no type
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
    cursor.execute("PRAGMA cache_size=-4000")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:  # Any: sync Connection, whose options are untyped
    write = connection.get_execution_options().get("syndicate_write", True)
    cursor = connection.connection.cursor()  # not by exec_driver_sql, which takes four times as long
    cursor.execute("BEGIN IMMEDIATE" if write else "BEGIN")
    cursor.close()
