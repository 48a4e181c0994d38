"""Notice that the database was restored from a backup: its pulse is behind the one written beside the feeds."""

import os
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Integer, cast, update
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.storage.settings import read_setting, write_once
from syndicate.storage.tables import setting

INSTALLATION, PULSE = "installation", "pulse"
FILE = ".pulse"


async def beat(connection: AsyncConnection) -> tuple[str, int]:
    """Count the pulse on by one; return the installation's id and the new number."""
    identity = await write_once(connection, INSTALLATION, uuid4().hex)
    await write_once(connection, PULSE, "0")
    number = cast(setting.c.value, Integer) + 1
    statement = update(setting).where(setting.c.name == PULSE).values(value=cast(number, setting.c.value.type))
    return identity, int((await connection.execute(statement.returning(setting.c.value))).scalar_one())


async def catch_up(connection: AsyncConnection, number: int) -> None:
    """Set the pulse to a number that it had before, so that a restore is noticed once."""
    await connection.execute(update(setting).where(setting.c.name == PULSE).values(value=str(number)))


async def installation(connection: AsyncConnection) -> str | None:
    """Return the installation's id, once it has one."""
    return await read_setting(connection, INSTALLATION)


def read_pulse(directory: Path) -> tuple[str, int] | None:
    """Return the installation's id and the pulse that were last written beside the feeds; None when there are none, or nonsense.

    Raises OSError when they cannot be read: they may be ahead of the database.
    """
    try:
        identity, _, number = (directory / FILE).read_text(encoding="ascii").strip().partition(" ")
        return identity, int(number)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None


def write_pulse(directory: Path, identity: str, number: int) -> None:
    """Write the pulse beside the feeds, whole or not at all."""
    directory.mkdir(parents=True, exist_ok=True)
    part = directory / f"{FILE}.{os.getpid()}.part"
    part.write_text(f"{identity} {number}\n", encoding="ascii")
    part.replace(directory / FILE)
