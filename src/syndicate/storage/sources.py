"""Keep where each source was left, how its last pass went, and what it rejected."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.storage.tables import rejection, source


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """A source as it is stored. `recipe` stands for the settings its articles were judged by."""

    name: str
    cursor: str | None
    recipe: str
    swept_at: datetime | None
    collected_at: datetime | None
    seconds: float | None
    outcome: dict[str, Any]  # Any: JSON
    trouble: str | None


async def open_source(connection: AsyncConnection, name: str) -> SourceRow:
    """Return a source's row, made when it is new; on PostgreSQL it stays locked until the transaction ends."""
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    await connection.execute(make(source).values(name=name).on_conflict_do_nothing())
    row = (await connection.execute(select(source).where(source.c.name == name).with_for_update())).one()
    return SourceRow(**{**row._mapping, "outcome": msgspec.json.decode(row.outcome)})


async def list_sources(connection: AsyncConnection) -> list[SourceRow]:
    """Return all sources that were ever collected."""
    rows = (await connection.execute(select(source).order_by(source.c.name))).all()
    return [SourceRow(**{**row._mapping, "outcome": msgspec.json.decode(row.outcome)}) for row in rows]


async def move_bookmark(connection: AsyncConnection, name: str, bookmark: str | None) -> None:
    """Store where the next pass begins."""
    await connection.execute(update(source).where(source.c.name == name).values(cursor=bookmark))


async def note_pass(connection: AsyncConnection, name: str, **values: Any) -> None:  # Any: column values
    """Store how a pass went."""
    if "outcome" in values:
        values["outcome"] = msgspec.json.encode(values["outcome"]).decode()
    await connection.execute(update(source).where(source.c.name == name).values(values))


async def load_rejections(connection: AsyncConnection, name: str, ids: Collection[str]) -> dict[str, tuple[str, str]]:
    """Return source id → (fingerprint, reason) of what was rejected before."""
    query = select(rejection.c.source_id, rejection.c.fingerprint, rejection.c.reason).where(
        rejection.c.source == name, rejection.c.source_id.in_(ids)
    )
    return {row.source_id: (row.fingerprint, row.reason) for row in await connection.execute(query)}


async def replace_rejections(
    connection: AsyncConnection,
    name: str,
    *,
    mended: Collection[str],
    rejected: Mapping[str, tuple[str, str]],
    now: datetime,
) -> None:
    """Forget the rejections of articles that are fine now, and store the new ones: id → (fingerprint, reason)."""
    gone = [*mended, *rejected]
    if gone:
        await connection.execute(delete(rejection).where(rejection.c.source == name, rejection.c.source_id.in_(gone)))
    if rejected:
        rows = [
            {"source": name, "source_id": one, "fingerprint": fingerprint, "reason": reason, "at": now}
            for one, (fingerprint, reason) in rejected.items()
        ]
        await connection.execute(insert(rejection), rows)


async def forget_rejections(connection: AsyncConnection, name: str, ids: Collection[str]) -> None:
    """Forget rejections of articles that their source has no more."""
    await connection.execute(delete(rejection).where(rejection.c.source == name, rejection.c.source_id.in_(ids)))
