"""Move what is kept under a section's old slug to its new one."""

import msgspec
from msgspec import structs
from sqlalchemy import delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.core.readers import renamed
from syndicate.model import Choice
from syndicate.storage.choices import replace_choices
from syndicate.storage.tables import article_section, choice, section, section_version


async def rename_section(connection: AsyncConnection, *, old: str, new: str) -> None:
    """Give a section's articles and its readers another slug.

    Where the new one has articles already, those of the old one come to it as their source is read again, with places of their own: its
    archives must not move.
    """
    await connection.execute(delete(section).where(section.c.slug == old))
    here = article_section.c.section == new
    if not await connection.scalar(select(exists().where(here, article_section.c.removed.is_(False)))):
        moving = select(article_section.c.article).where(article_section.c.section == old)
        await connection.execute(delete(article_section).where(here, article_section.c.article.in_(moving)))
        await connection.execute(delete(section_version).where(section_version.c.section == new))
        for table in (article_section, section_version):
            await connection.execute(update(table).where(table.c.section == old).values(section=new))
    rows = await connection.execute(
        select(choice.c.id, choice.c.json).where(choice.c.json.contains(f'"{old}"', autoescape=True))
    )
    had = {row.id: msgspec.json.decode(row.json, type=Choice) for row in rows}
    have = {
        number: structs.replace(one, sections=renamed(one.sections, old=old, new=new)) for number, one in had.items()
    }
    await replace_choices(connection, {number: one for number, one in have.items() if one != had[number]})
