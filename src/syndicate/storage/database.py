"""Open the database and hand out transactions that behave alike on SQLite and PostgreSQL."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import event, exc, make_url
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from syndicate.clock import Clock, SystemClock
from syndicate.errors import ServiceUnavailableError
from syndicate.storage import idle, one_trip
from syndicate.storage.direct import begin, commit

BUSY_MILLISECONDS = 30_000
_GIVEN_UP = ("40P01", "40001")  # deadlock detected, serialization failure


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
        options: dict[str, Any] = {
            "hide_parameters": True
        }  # no addresses in tracebacks; Any: create_engine's keyword arguments
        if self.is_sqlite:
            opening = partial(one_trip.connect, url.database or ":memory:", timeout=BUSY_MILLISECONDS / 1000)
            options |= {"pool_size": pool_size, "async_creator": opening, "pool_reset_on_return": None}
        else:
            options |= {"pool_size": pool_size, "max_overflow": 10, "pool_recycle": 1800}
        self.engine: AsyncEngine = create_async_engine(url, **options)
        self._reading = self.engine.execution_options(syndicate_begin="BEGIN")
        self._writing = asyncio.Lock()
        self._writer: AsyncConnection | None = None
        self._tried = False
        if self.is_sqlite:
            event.listen(self.engine.sync_engine, "connect", _prepare_sqlite)
            event.listen(self.engine.sync_engine, "begin", begin)
        else:
            idle.watch(self.engine.sync_engine, clock=clock or SystemClock())

    def begin(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Open a transaction that may write; it commits at the end of the block and rolls back on an exception.

        On SQLite it takes the write lock with its first statement, so that what was read cannot change before it is written; tasks of
        this process queue for it here rather than spin on the file's lock.
        """
        return self._write() if self.is_sqlite else self._connect(self.engine)

    def read(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Open a transaction that only reads: one consistent view."""
        return self._connect(self._reading)

    @asynccontextmanager
    async def _write(self) -> AsyncIterator[AsyncConnection]:
        """Write to SQLite through a connection that is kept: SQLAlchemy's own way to a transaction and back takes three times as long."""
        async with self._writing:
            if self._writer is None:
                self._writer = await self._open(self.engine)
            try:
                yield self._writer
                await commit(self._writer)
            except BaseException:
                writer, self._writer = self._writer, None
                await asyncio.shield(_drop(writer))
                raise

    @asynccontextmanager
    async def _connect(self, engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
        connection = await self._open(engine)
        try:
            async with connection.begin():
                yield connection
        except asyncio.CancelledError:
            await asyncio.shield(_drop(connection))
            raise
        finally:
            await asyncio.shield(connection.close())

    async def _open(self, engine: AsyncEngine) -> AsyncConnection:
        if self.is_sqlite and not self._tried:
            self._try_file()
        try:
            return await engine.connect()
        except (OSError, exc.DBAPIError) as error:  # of whatever class: it may be just starting up
            raise self.unreachable(error) from error
        except Exception as error:
            if type(error).__module__.startswith("asyncpg"):
                raise self.unreachable(error) from error
            raise

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
        if self._writer is not None:
            await self._writer.close()
            self._writer = None
        await self.engine.dispose()


def is_deadlock(error: BaseException) -> bool:
    """Tell whether PostgreSQL gave a transaction up for another's sake: nothing of it is done, and it may be done again."""
    return isinstance(error, exc.DBAPIError) and getattr(error.orig, "sqlstate", None) in _GIVEN_UP


async def _drop(connection: AsyncConnection) -> None:
    """Close a connection for good: its thread may still do what it was asked last, and begin a transaction that nobody ends."""
    await connection.invalidate()
    await connection.close()


def _prepare_sqlite(connection: Any, _record: object) -> None:  # Any: the DB-API connection has no type
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
    cursor.execute("PRAGMA cache_size=-4000")
    cursor.close()
