"""Keep which digests are paused, and why; a paused one is left out when batches are leased."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.storage.choices import insert_into
from syndicate.storage.direct import Direct
from syndicate.storage.tables import pause

EVERYTHING = "*"
RESTORED = "restored from a backup"


async def pause_digest(connection: AsyncConnection, digest: str, *, reason: str, now: datetime) -> bool:
    """Pause a digest, or EVERYTHING; False when it is paused already, and the first reason stands."""
    values = {"digest": digest, "reason": reason, "at": now}
    return (
        await connection.execute(insert_into(connection, pause).values(values).on_conflict_do_nothing())
    ).rowcount == 1


async def resume_digest(connection: AsyncConnection, digest: str | None = None) -> list[str]:
    """End the pause of one digest, or with none named every pause; return what was paused."""
    statement = delete(pause).returning(pause.c.digest)
    if digest is not None:
        statement = statement.where(pause.c.digest == digest)
    return sorted((await connection.execute(statement)).scalars())


_PAUSE = text(f"SELECT digest FROM pause WHERE digest = :of_digest OR digest = '{EVERYTHING}' LIMIT 1")
_PAUSES = Direct(sqlite_=_PAUSE, postgresql_=_PAUSE)


async def is_paused(connection: AsyncConnection, digest: str) -> bool:
    """Tell whether a digest is paused, by itself or with all others."""
    return bool(await _PAUSES.rows(connection, {"of_digest": digest}))


async def why_paused(connection: AsyncConnection, digest: str) -> str | None:
    """Return the reason for which a digest is paused, by itself or with all others; None when it is not."""
    found = select(pause.c.reason).where(pause.c.digest.in_((digest, EVERYTHING))).order_by(pause.c.at)
    return (await connection.execute(found)).scalars().first()


async def list_pauses(connection: AsyncConnection) -> list[Mapping[str, Any]]:  # Any: rows
    """Return what is paused: digest, reason and since when."""
    return [dict(row._mapping) for row in await connection.execute(select(pause).order_by(pause.c.digest))]
