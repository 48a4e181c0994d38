"""Find the articles that no edition can carry now, and why, for who asks about them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.model import ArticleState
from syndicate.storage.articles import NOWHERE
from syndicate.storage.candidates import REACH
from syndicate.storage.tables import article, article_revision, article_section


@dataclass(frozen=True, slots=True, kw_only=True)
class Absent:
    """An article that is kept from readers, or from digests."""

    guid: str
    title: str
    reason: str


async def load_absent(connection: AsyncConnection, *, at: datetime) -> list[Absent]:
    """Return the articles that are withdrawn, wait for their hour or are in no section, as far back as an edition at a moment looks."""
    placed = exists().where(article_section.c.article == article.c.key, article_section.c.section != NOWHERE)
    query = (
        select(article.c.guid, article_revision.c.title, article.c.state, article.c.published, article.c.withdrawn_by)
        .join(
            article_revision,
            (article_revision.c.article == article.c.key) & (article_revision.c.revision == article.c.revision),
        )
        .where(
            or_(article.c.published > at - REACH, article.c.changed > at - REACH),
            or_(article.c.state != ArticleState.PUBLISHED, ~placed),
        )
        .order_by(article.c.published.desc(), article.c.key)
    )
    rows = (await connection.execute(query)).all()
    return [
        Absent(guid=row.guid, title=row.title, reason=_reason(row.state, row.published, row.withdrawn_by))
        for row in rows
    ]


def _reason(state: str, published: datetime, withdrawn_by: str | None) -> str:
    if state == ArticleState.WITHDRAWN:
        return "withdrawn by the operator" if withdrawn_by == "operator" else "withdrawn by its source"
    if state == ArticleState.EMBARGOED:
        return f"waits for its hour: {published:%Y-%m-%d %H:%M} UTC"
    return "in no section"
