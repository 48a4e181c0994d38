"""The migrations make the tables that the code knows."""

import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.command import upgrade
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, select, text

from syndicate.errors import ForeignTablesError
from syndicate.storage.database import Database, async_url
from syndicate.storage.migrate import MIGRATIONS
from syndicate.storage.schema import current_version, newest_version, prepare, upgrade_schema
from syndicate.storage.tables import article_section, edition, edition_count, metadata, subscription

OLD_ROWS = (
    "INSERT INTO article_section (article, section, seq, visible_at, backlog, position) VALUES (1, 'world', 7, '2026-05-04', 0, 0)",
    "INSERT INTO subscription (subscriber, digest, rhythm, choice, state, since, since_seq) VALUES (1, 'daily', 1, 1, 'active', '2026-05-04', 3)",
)


@pytest.fixture
async def empty(database: Database) -> Database:
    """Return a database without any tables: on SQLite and on PostgreSQL."""
    async with database.begin() as connection:
        await connection.run_sync(metadata.drop_all)
        await connection.execute(text("DROP TABLE alembic_version"))
    return database


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


@pytest.mark.parametrize("work", [prepare, upgrade_schema])
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE article (headline TEXT)",
        "CREATE VIEW article AS SELECT 1 AS headline",
        "CREATE TABLE alembic_version (version_num VARCHAR(32))",
    ],
)
async def test_a_database_of_somebody_else_is_left_alone(
    empty: Database, statement: str, work: Callable[[Database], Awaitable[object]]
) -> None:
    """One with a name of ours is refused in one line; it was taken for one that cannot be reached."""
    async with empty.begin() as connection:
        await connection.execute(text(statement))

    with pytest.raises(ForeignTablesError, match="holds tables that are not ours") as caught:
        await work(empty)
    async with empty.read() as connection:
        names = await connection.run_sync(lambda one: inspect(one).get_table_names())

    assert caught.value.exit_code == 78
    assert "counter" not in names


async def test_tables_of_other_names_are_no_hindrance(empty: Database) -> None:
    """A database may be shared, so long as nobody uses our names."""
    async with empty.begin() as connection:
        await connection.execute(text("CREATE TABLE headline (words TEXT)"))

    await prepare(empty)

    assert await current_version(empty) == newest_version()


def to_version(connection: Connection, version: str) -> None:
    """Bring an empty database to an older version."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    upgrade(config, version)


async def test_a_database_of_the_first_version_is_brought_up(tmp_path: Path) -> None:
    """Its rows stay, and know nothing yet of what is new."""
    database = Database(async_url(f"sqlite:///{tmp_path / 'old.db'}", folder=tmp_path))

    try:
        async with database.begin() as connection:
            await connection.run_sync(to_version, "0001")
        with sqlite3.connect(tmp_path / "old.db") as plain:  # which asks for no parents
            for statement in OLD_ROWS:
                plain.execute(statement)
        await upgrade_schema(database)
        async with database.read() as connection:
            places = (await connection.execute(select(article_section.c.seq, article_section.c.again_seq))).all()
            moved = (await connection.execute(select(subscription.c.digest, subscription.c.moved_seq))).all()
    finally:
        await database.close()

    assert [tuple(row) for row in places] == [(7, None)]
    assert [tuple(row) for row in moved] == [("daily", None)]


async def test_what_became_of_editions_is_counted_when_an_older_database_is_brought_up(empty: Database) -> None:
    """Of those that are over; they begin with the first reader."""
    async with empty.begin() as connection:
        await connection.run_sync(to_version, "0002")
        await connection.execute(
            text(
                "INSERT INTO rhythm (id, zone, minute, weekdays, quiet_from, quiet_to) VALUES (1, 'UTC', 420, 127, -1, -1)"
            )
        )
        for number, state in ((1, "done"), (2, "open")):
            await connection.execute(
                text(
                    "INSERT INTO edition (id, digest, rhythm, slot, at, to_seq, state, planned_at, stale_at) VALUES "
                    f"({number}, 'daily', 1, 's{number}', '2026-05-04', 1, '{state}', '2026-05-04', '2026-05-04')"
                )
            )
            await connection.execute(
                text(
                    "INSERT INTO delivery (edition, subscriber, variant, state) VALUES "
                    f"({number}, 1, 1, 4), ({number}, 2, 1, 4), ({number}, 3, 1, 5)"
                )
            )
    await upgrade_schema(empty)
    async with empty.read() as connection:
        begins = (await connection.execute(select(edition.c.begins))).scalars().all()
        counted = (await connection.execute(select(edition_count).order_by(edition_count.c.state))).all()

    assert begins == [0, 0]
    assert [tuple(row) for row in counted] == [(1, 4, 2), (1, 5, 1)]
