"""Set up and upgrade the database's schema, and tell whether it is this program's."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.errors import ForeignTablesError, SchemaVersionError, ServiceUnavailableError
from syndicate.storage.database import Database
from syndicate.storage.tables import metadata

VERSIONS = Path(__file__).parent / "migrations" / "versions"  # each file's name begins with its version
MARKS = frozenset(("alembic_version", "counter", "delivery"))  # every version of ours has these
SETUP_LOCK = 7_302_197_001  # any number, the same for every process


def _known() -> list[str]:
    return sorted(file.name.partition("_")[0] for file in VERSIONS.glob("[0-9]*_*.py"))


def newest_version() -> str:
    """Return the schema version that this program was made for."""
    return _known()[-1]


def _version(connection: Connection) -> str | None:
    if "alembic_version" not in inspect(connection).get_table_names():
        return None
    version: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return version


def _is_empty(connection: Connection) -> bool:
    """Tell whether nothing of ours is there yet. Raises ForeignTablesError where others have taken names of ours."""
    inspector = inspect(connection)
    names = {*inspector.get_table_names(), *inspector.get_view_names()}
    if names >= MARKS:
        return False
    if taken := sorted(names & (MARKS | metadata.tables.keys())):
        where = connection.engine.url.render_as_string(hide_password=True)
        raise ForeignTablesError(
            f"database {where}: holds tables that are not ours ({', '.join(taken)}); name another database in [database] url"
        )
    return True


def _refuse_unknown(version: str | None) -> None:
    """Raise SchemaVersionError for the schema of a newer program: no upgrade leads from there."""
    if version is not None and version not in _known():
        raise SchemaVersionError(
            f"database: schema {version} is of a newer syndicate, this program knows {newest_version()}; install the newer one"
        )


async def _lock(connection: AsyncConnection) -> None:
    """Let one process at a time change the schema; SQLite's write lock does so by itself."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text(f"SELECT pg_advisory_xact_lock({SETUP_LOCK})"))


async def prepare(database: Database) -> None:
    """Set up an empty database. Raises SchemaVersionError when one is of another version, else as `set_up` does."""
    version = await set_up(database)
    if version != newest_version():
        _refuse_unknown(version)
        raise SchemaVersionError(
            f"database: schema {version or 'unknown'}, this program needs {newest_version()}; run `syndicate db upgrade`"
        )


async def set_up(database: Database) -> str | None:
    """Set up an empty database, and return the version of the schema, whichever it is.

    Raises ServiceUnavailableError for what is no database, and ForeignTablesError for one that is somebody else's.
    """
    try:
        async with database.read() as connection:
            empty = await connection.run_sync(_is_empty)
            version = None if empty else await connection.run_sync(_version)
    except DatabaseError as error:
        if type(error) is not DatabaseError:  # what has a kind of its own is a fault of the connection, or ours
            raise
        where = database.url.render_as_string(hide_password=True)
        raise ServiceUnavailableError(
            f"database {where}: is not usable ({error.orig}); check [database] url"
        ) from error
    return await upgrade_schema(database) if empty else version


async def upgrade_schema(database: Database) -> str:
    """Bring the schema to the newest version, all in one transaction, and return that version.

    Raises SchemaVersionError for a version that this program has never heard of, ForeignTablesError for somebody else's database.
    """
    from syndicate.storage.migrate import to_newest

    async with database.begin() as connection:
        await _lock(connection)
        await connection.run_sync(_is_empty)
        _refuse_unknown(await connection.run_sync(_version))
        await connection.run_sync(to_newest)
    return newest_version()


async def current_version(database: Database) -> str | None:
    """Return the schema version of the database; None when it is empty."""
    async with database.read() as connection:
        return await connection.run_sync(_version)
