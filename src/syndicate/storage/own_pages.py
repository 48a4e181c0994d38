"""Keep the addresses of articles that are read here, wherever here is."""

from sqlalchemy import Text, cast, func, literal, update
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.model import ArticleKey
from syndicate.storage.tables import article_revision


def own_page(public_url: str, key: ArticleKey) -> str:
    """Return where an article is read that has no address of its own."""
    return f"{public_url}articles/{key}"


async def move_own_pages(connection: AsyncConnection, *, before: str, now: str) -> None:
    """Give articles that were read below one public address their place below another, in the links to them, too."""
    old, new, row = f"{before}articles/", f"{now}articles/", article_revision.c
    key = cast(row.article, Text)
    await connection.execute(
        update(article_revision).where(row.url == literal(old) + key).values(url=literal(new) + key)
    )
    await connection.execute(
        update(article_revision)
        .where(row.related.contains(f'"{old}', autoescape=True))
        .values(related=func.replace(row.related, f'"{old}', f'"{new}'))
    )
