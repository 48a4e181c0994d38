"""Keep the sections: the configured ones, and those that appeared in a source."""

from collections.abc import Sequence

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.model import Section
from syndicate.storage.tables import section

AUTOMATIC = 1000  # automatic sections stand behind the configured ones


async def list_sections(connection: AsyncConnection) -> list[Section]:
    """Return all sections: the configured ones as they are configured, then the automatic ones as they appeared."""
    query = select(section.c.slug, section.c.title).order_by(section.c.position, section.c.slug)
    return [Section(slug=row.slug, title=row.title) for row in await connection.execute(query)]


async def automatic_slugs(connection: AsyncConnection) -> dict[str, str]:
    """Return label → slug of the automatic sections, which keep what they got."""
    rows = await connection.execute(select(section.c.label, section.c.slug).where(section.c.label.is_not(None)))
    return {row.label: row.slug for row in rows}


async def differs(connection: AsyncConnection, configured: Sequence[Section]) -> bool:
    """Tell whether the stored sections are not the configured ones."""
    query = select(section.c.slug, section.c.title).where(section.c.label.is_(None)).order_by(section.c.position)
    return [(row.slug, row.title) for row in await connection.execute(query)] != [
        (one.slug, one.title) for one in configured
    ]


async def store_configured(connection: AsyncConnection, configured: Sequence[Section]) -> None:
    """Make the stored sections those that are configured; an automatic one that is configured now becomes that."""
    slugs = [one.slug for one in configured]
    await connection.execute(delete(section).where(section.c.label.is_(None), section.c.slug.not_in(slugs)))
    known = set((await connection.execute(select(section.c.slug))).scalars())
    for position, one in enumerate(configured):
        if one.slug in known:
            await connection.execute(
                update(section).where(section.c.slug == one.slug).values(title=one.title, label=None, position=position)
            )
        else:
            await connection.execute(insert(section).values(slug=one.slug, title=one.title, position=position))


async def add_automatic(connection: AsyncConnection, *, slug: str, title: str, label: str) -> None:
    """Store a section that appeared in a source."""
    count = (await connection.execute(select(func.count()).select_from(section))).scalar_one()
    await connection.execute(insert(section).values(slug=slug, title=title, label=label, position=AUTOMATIC + count))
