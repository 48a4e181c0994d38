"""The migrations make the tables that the code knows."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from syndicate.storage.database import Database
from syndicate.storage.migrate import MIGRATIONS
from syndicate.storage.schema import newest_version
from syndicate.storage.tables import metadata


async def test_migrations_and_tables_say_the_same(database: Database) -> None:
    """Nothing would be left for a further migration to do."""

    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async with database.read() as connection:
        assert await connection.run_sync(differences) == []


def test_the_newest_version_is_the_end_of_all_migrations() -> None:
    """It is told from the files' names, without asking alembic."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)

    assert newest_version() == scripts.get_current_head()
    assert {one.revision for one in scripts.walk_revisions()} == {
        file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("*.py")
    }


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite has no dead rows
async def test_the_ledgers_dead_rows_are_swept_early(database: Database) -> None:
    """PostgreSQL would wait until a fifth of the table has died."""
    async with database.read() as connection:
        options = (
            await connection.execute(text("SELECT reloptions FROM pg_class WHERE relname = 'delivery'"))
        ).scalar_one()

    assert options == ["autovacuum_vacuum_scale_factor=0.02"]
