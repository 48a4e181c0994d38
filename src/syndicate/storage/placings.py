"""Keep where articles stand in their sections."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.storage.tables import Moment, article_section


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an article stands in one section, as stored."""

    section: str
    position: int
    removed: bool
    backlog: bool


_PLACE = (
    article_section.c.section,
    article_section.c.position,
    article_section.c.removed,
    article_section.c.backlog,
)


async def load_places(connection: AsyncConnection, keys: Collection[int]) -> dict[int, dict[str, Place]]:
    """Return key → section → place."""
    columns = (*_PLACE, article_section.c.article)
    query = select(*columns).where(article_section.c.article.in_(keys))
    found: dict[int, dict[str, Place]] = defaultdict(dict)
    for row in await connection.execute(query):
        found[row.article][row.section] = Place(
            section=row.section, position=row.position, removed=row.removed, backlog=row.backlog
        )
    return found


async def enter_sections(connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:  # Any: column values
    """Store places in sections that articles enter for the first time."""
    if rows:
        await connection.execute(insert(article_section), [dict(row) for row in rows])


async def change_place(
    connection: AsyncConnection, key: int, place: Place, *, again: int | None = None, now: datetime
) -> None:
    """Store that an article left a section, stands at another position, or came back: then `again` is its number for readers' marks."""
    seen = case((article_section.c.backlog, article_section.c.visible_at), else_=literal(now, Moment))
    came = {} if again is None else {"again_seq": again, "visible_at": seen}
    await connection.execute(
        update(article_section)
        .where(article_section.c.article == key, article_section.c.section == place.section)
        .values(removed=place.removed, position=place.position, **came)
    )


async def note_shown_before(connection: AsyncConnection, keys: Collection[int]) -> None:
    """Store that articles which left a section may have come to readers by it: the places they still have do not make them new."""
    await connection.execute(
        update(article_section)
        .where(article_section.c.article.in_(keys), article_section.c.again_seq.is_(None))
        .values(again_seq=article_section.c.seq)
    )
