"""Keep small facts of the installation itself."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.storage.tables import setting

ESTABLISHED = "established"
PUBLIC_URL = "public-url"
RENAMED = "renamed-sections"
OFFERS = "offers"


async def read_setting(connection: AsyncConnection, name: str) -> str | None:
    """Return a fact, or None when it was never written."""
    value: str | None = (await connection.execute(select(setting.c.value).where(setting.c.name == name))).scalar()
    return value


async def read_settings(connection: AsyncConnection) -> dict[str, str]:
    """Return all facts by name."""
    return {row.name: row.value for row in await connection.execute(select(setting.c.name, setting.c.value))}


async def write_once(connection: AsyncConnection, name: str, value: str) -> str:
    """Write a fact unless it is written already; return what stands."""
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    await connection.execute(make(setting).values(name=name, value=value).on_conflict_do_nothing())
    return await read_setting(connection, name) or value


async def replace_setting(connection: AsyncConnection, name: str, value: str) -> None:
    """Write a fact over what stands."""
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = make(setting).values(name=name, value=value)
    await connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


async def established(connection: AsyncConnection, *, now: datetime) -> datetime:
    """Return when this installation was set up; the first call sets it."""
    return datetime.fromisoformat(await write_once(connection, ESTABLISHED, now.replace(microsecond=0).isoformat()))
