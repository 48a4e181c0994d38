"""Keep editions that wait for an editor's yes, and carry his answer out."""

from datetime import datetime

from sqlalchemy import ColumnElement, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.model import EditionId
from syndicate.storage.editions import COLUMNS, EditionRow, edition_of
from syndicate.storage.tables import Moment, batch, edition

WAITING, REJECTED = "waiting", "rejected"


async def waiting_editions(connection: AsyncConnection) -> list[EditionRow]:
    """Return the editions that nobody has decided about, oldest first."""
    query = select(*COLUMNS).where(edition.c.state == WAITING).order_by(edition.c.id)
    return [edition_of(row) for row in await connection.execute(query)]


async def approve(connection: AsyncConnection, edition_id: EditionId, *, now: datetime) -> bool:
    """Let an edition go; False when it does not wait, or is stale."""
    return await _decide(connection, edition_id, edition.c.stale_at > literal(now, Moment), state="open")


async def reject(connection: AsyncConnection, edition_id: EditionId) -> bool:
    """Let an edition not go: no mark has moved, so its articles come with the next one. False when it does not wait."""
    rejected = await _decide(connection, edition_id, state=REJECTED)
    if rejected:
        await connection.execute(update(edition).where(edition.c.id == edition_id).values(walked_to=None))
        await connection.execute(update(batch).where(batch.c.edition == edition_id).values(state="done"))
    return rejected


async def _decide(
    connection: AsyncConnection, edition_id: EditionId, *conditions: ColumnElement[bool], state: str
) -> bool:
    waiting = (edition.c.id == edition_id, edition.c.state == WAITING, *conditions)
    statement = update(edition).where(*waiting).values(state=state)
    return (await connection.execute(statement)).rowcount == 1
