"""Load the articles that compete for no place in an edition, though they belong to its stretch of time."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, exists, func, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.core.kept_back import KeptBack
from syndicate.model import ArticleKey, ArticleState
from syndicate.storage.articles import NOWHERE, load_articles
from syndicate.storage.candidates import REACH
from syndicate.storage.tables import article, article_section


async def load_kept_back(
    connection: AsyncConnection, competing: Collection[ArticleKey], *, to_seq: int, at: datetime, now: datetime
) -> list[KeptBack]:
    """Return what is not `competing` of the time that an edition looks at, and what is to be published within as long."""
    places = exists().where(article_section.c.article == article.c.key)
    placed = places.where(article_section.c.section != NOWHERE)
    late = placed.where(func.coalesce(article_section.c.again_seq, article_section.c.seq) > to_seq)
    recent = or_(
        places.where(article_section.c.visible_at > now - REACH),
        and_(article.c.published > at - REACH, article.c.published <= at),
    )
    query = select(article.c.key, article.c.withdrawn_by, placed.label("placed")).where(
        or_(
            and_(article.c.state == ArticleState.EMBARGOED, article.c.published <= max(at, now) + REACH),
            and_(article.c.state == ArticleState.WITHDRAWN, recent),
            and_(article.c.state == ArticleState.PUBLISHED, recent, or_(not_(placed), late)),
        )
    )
    rows = [row for row in await connection.execute(query) if row.key not in competing]
    articles = await load_articles(connection, (row.key for row in rows))
    return [
        KeptBack(article=articles[row.key], by_operator=row.withdrawn_by == "operator", has_section=bool(row.placed))
        for row in rows
    ]
