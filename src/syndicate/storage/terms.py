"""Read the texts that articles are compared by, and store what was made of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.model import ArticleState
from syndicate.storage.tables import article, article_revision


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparable:
    """The newest text of an article."""

    key: int
    revision: int
    title: str
    body: str
    language: str
    published: datetime


async def load_texts(connection: AsyncConnection, *, after: int, most: int) -> list[Comparable]:
    """Return the articles after a key that are not withdrawn, in the order of their keys."""
    newest = and_(article_revision.c.article == article.c.key, article_revision.c.revision == article.c.revision)
    query = (
        select(
            article.c.key,
            article.c.revision,
            article.c.published,
            article_revision.c.title,
            article_revision.c.body,
            article_revision.c.language,
        )
        .join(article_revision, newest)
        .where(article.c.key > after, article.c.state != ArticleState.WITHDRAWN.value)
        .order_by(article.c.key)
        .limit(most)
    )
    return [Comparable(**row) for row in (await connection.execute(query)).mappings()]


async def store_terms(connection: AsyncConnection, made: Sequence[tuple[Comparable, bytes]]) -> None:
    """Replace what articles are compared by; of one that was revised since it was read, the newer stays."""
    query = (
        update(article)
        .where(article.c.key == bindparam("number"), article.c.revision == bindparam("read"))
        .values(terms=bindparam("blob"))
    )
    await connection.execute(query, [{"number": one.key, "read": one.revision, "blob": blob} for one, blob in made])
