"""Run the migrations. Apart from what every command asks, as alembic would be an eighth of its start."""

from pathlib import Path

from alembic.command import stamp, upgrade
from alembic.config import Config
from sqlalchemy import Connection

MIGRATIONS = Path(__file__).parent / "migrations"


def to_newest(connection: Connection) -> None:
    """Bring the schema to the newest version."""
    upgrade(_config(connection), "head")


def mark_newest(connection: Connection) -> None:
    """Record that the schema is the newest, for databases made from the tables directly."""
    stamp(_config(connection), "head")


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
