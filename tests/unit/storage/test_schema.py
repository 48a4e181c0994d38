"""The migrations make the tables that the code knows."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

from syndicate.storage.database import Database
from syndicate.storage.tables import metadata


async def test_migrations_and_tables_say_the_same(database: Database) -> None:
    """Nothing would be left for a further migration to do."""

    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async with database.read() as connection:
        assert await connection.run_sync(differences) == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite has no dead rows
async def test_the_ledgers_dead_rows_are_swept_early(database: Database) -> None:
    """PostgreSQL would wait until a fifth of the table has died."""
    async with database.read() as connection:
        options = (
            await connection.execute(text("SELECT reloptions FROM pg_class WHERE relname = 'delivery'"))
        ).scalar_one()

    assert options == ["autovacuum_vacuum_scale_factor=0.02"]
