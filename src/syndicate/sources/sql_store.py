"""Read rows of an SQL content store: any database whose driver is installed, never written to."""

import re
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from syndicate.errors import SourceError
from syndicate.sources.bookmarks import Mark
from syndicate.sources.postgres_moments import read_all_moments

_PAGE_CHARACTERS = 16_000_000
_DRIVERS = {
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
}

# A semicolon and the comments after it.
_ENDING = re.compile(r";(?:\s|--[^\n]*|/\*.*?\*/|;)*\Z", re.DOTALL)

Row = dict[str, object]


class SqlStore:
    """A table or query of a database. Raises SourceError for all that goes wrong, without the address's password.

    `patience`: seconds to wait for a SQLite file that somebody holds, and half of those for a server to answer.
    """

    def __init__(
        self, *, source: str, url: str, folder: Path, relation: str, is_query: bool, patience: float = 5.0
    ) -> None:
        self._source = source
        self._password: str | None = None
        self._patience = patience
        self._engine = self._open(url, folder)
        self._relation = _subquery(relation) if is_query else _table(relation)
        self._what = "query" if is_query else f"table {relation!r}"

    def columns(self) -> tuple[str, ...]:
        """Return the names of the columns there are."""
        nothing = sa.select(sa.text("*")).select_from(self._relation).where(sa.false())
        try:
            with self._engine.connect() as connection:
                return tuple(connection.execute(nothing).keys())
        except SQLAlchemyError as error:
            raise self._trouble(error) from error

    def count(self) -> int:
        """Return how many rows there are."""
        try:
            with self._engine.connect() as connection:
                return int(connection.execute(sa.select(sa.func.count()).select_from(self._relation)).scalar_one())
        except SQLAlchemyError as error:
            raise self._trouble(error) from error

    def pages(self, names: Mapping[str, str], *, since: Mark | None, size: int) -> Iterator[tuple[Row, ...]]:
        """Yield rows by id, a page at a time, with our names for the columns; with `since` only those changed from then on.

        A transaction lasts for a page, so that nothing is held while the page is dealt with.
        """
        columns: dict[str, sa.ColumnClause[object]] = {ours: sa.column(theirs) for ours, theirs in names.items()}
        select = sa.select(*(column.label(ours) for ours, column in columns.items())).select_from(self._relation)
        if since is not None:
            select = select.where(_changed(columns, since))
        key = columns["id"]
        if nameless := self._page(select.where(key.is_(None)), size)[0]:
            yield nameless
        select = select.where(key.is_not(None)).order_by(key)
        last: object = None
        while True:
            rows, is_last = self._page(select if last is None else select.where(key > last), size)
            if not is_last:
                rows = self._up_to_a_key(rows)
                last = rows[-1]["id"]
            yield rows
            if is_last:
                return

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()

    def _page(
        self, select: sa.Select[*tuple[Any, ...]], size: int
    ) -> tuple[tuple[Row, ...], bool]:  # Any: as many columns as there are
        """Return the next rows, at most `size` of them or so many as hold 16 million characters, and whether they are the last."""
        rows: list[Row] = []
        characters = 0
        try:
            with self._engine.connect() as connection:
                streamed = connection.execution_options(stream_results=True, max_row_buffer=20)
                for row in streamed.execute(select.limit(size)).mappings():
                    rows.append(dict(row))
                    characters += sum(len(value) for value in row.values() if isinstance(value, str | bytes))
                    if characters > _PAGE_CHARACTERS:
                        return tuple(rows), False
        except SQLAlchemyError as error:
            raise self._trouble(error) from error
        return tuple(rows), len(rows) < size

    def _up_to_a_key(self, rows: tuple[Row, ...]) -> tuple[Row, ...]:
        """Cut a page behind the last row whose id can be asked for again (broken text cannot); the others come with the next."""
        for end in range(len(rows), 0, -1):
            if _can_be_asked(rows[end - 1]["id"]):
                return rows[:end]
        raise SourceError(source=self._source, trouble=f"the ids of {self._what} are not text that can be compared")

    def _open(self, address: str, folder: Path) -> sa.Engine:
        try:
            url = make_url(address)
            self._password = str(url.password) if url.password is not None else None
            if url.get_backend_name() == "sqlite":
                return _open_sqlite(url, folder, patience=self._patience)
            url = url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))
            options: dict[str, object] = {"pool_size": 1, "max_overflow": 1, "pool_pre_ping": True}
            if url.drivername == "postgresql+psycopg":
                options |= {
                    "connect_args": {"connect_timeout": max(2, round(self._patience * 2))},
                    "execution_options": {"postgresql_readonly": True},
                }
            engine = sa.create_engine(url, **options)
            sa.event.listen(engine, "connect", _connected)
            return engine
        except ImportError as error:
            raise self._say(f"the driver for its url is not installed: {error}") from error
        except (ArgumentError, ValueError) as error:  # their texts may hold the whole address
            raise self._say('its url cannot be used; write one like "postgresql://user@host/name"') from error

    def _trouble(self, error: SQLAlchemyError) -> SourceError:
        cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
        return self._say(f"{self._what} cannot be read: {(str(cause).strip() or type(cause).__name__).splitlines()[0]}")

    def _say(self, trouble: str) -> SourceError:
        if self._password is not None and len(self._password) > 3:
            trouble = trouble.replace(self._password, "***")
        return SourceError(source=self._source, trouble=trouble)


def _connected(connection: object, _record: object) -> None:
    read_all_moments(getattr(connection, "driver_connection", connection))


def _open_sqlite(url: URL, folder: Path, *, patience: float) -> sa.Engine:
    """Open a SQLite file for reading only: a missing one must not be made."""
    path = (folder / (url.database or "")).resolve()

    def connect() -> sqlite3.Connection:
        if not path.is_file():
            raise sqlite3.OperationalError(f"there is no file {path}")
        place = f"file:{quote(str(path))}?mode=ro"
        connection = sqlite3.connect(place, uri=True, timeout=patience, check_same_thread=False)
        connection.text_factory = _decoded
        return connection

    return sa.create_engine("sqlite://", creator=connect, poolclass=NullPool)


def _decoded(raw: bytes) -> str:
    """Return SQLite's text though it is not UTF-8: intake repairs it, or rejects that one row."""
    for errors in ("strict", "surrogatepass"):
        try:
            return raw.decode("utf-8", errors)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "surrogateescape")


def _table(name: str) -> sa.FromClause:
    schema, _, table = name.rpartition(".")
    return sa.table(table, schema=schema or None)


def _subquery(query: str) -> sa.TextClause:
    """Return a query as something to select from; a semicolon, comment or order at its end does no harm."""
    bare = _ENDING.sub("", query.strip()).replace(":", r"\:")  # a colon is the query's own, never a parameter of ours
    return sa.text(f"(\n{bare}\n) AS articles")


def _changed(columns: Mapping[str, sa.ColumnClause[object]], since: Mark) -> sa.ColumnElement[bool]:
    """Return the condition for rows changed since then; a row that says nothing of a change counts from its publication."""
    updated, published = columns["updated_at"], columns["published_at"]
    silent = updated.is_(None) if not isinstance(since, str) else sa.or_(updated.is_(None), updated == "")
    fresh = sa.or_(published >= since, published.is_(None))
    return sa.or_(updated >= since, sa.and_(silent, fresh))


def _can_be_asked(key: object) -> bool:
    return not isinstance(key, str) or all(not "\ud800" <= character <= "\udfff" for character in key)
