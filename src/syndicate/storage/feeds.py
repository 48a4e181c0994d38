"""Read what the feeds are made of: a section's newest articles, its archive pages, its withdrawals, its version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import FromClause, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.core.feed import Entered
from syndicate.model import Article, ArticleState, Tombstone
from syndicate.storage.articles import load_articles
from syndicate.storage.tables import article, article_section, correction, section_version

ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """How far a section has come: its number, and when that was handed out."""

    seq: int
    changed: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """An article that may stand in a window."""

    key: int
    published: datetime


async def load_versions(connection: AsyncConnection) -> dict[str, Version]:
    """Return the version of each section that ever changed; "all" has the newest of them."""
    rows = (await connection.execute(select(section_version).order_by(section_version.c.seq))).all()
    found = {row.section: Version(seq=row.seq, changed=row.changed) for row in rows}
    return {**found, ALL: Version(seq=rows[-1].seq, changed=rows[-1].changed)} if rows else {}


def _entered(slug: str) -> FromClause:
    """Name the rows (article, seq) of all that ever entered a section; into "all", an article enters with its least number."""
    if slug == ALL:
        first = select(article_section.c.article, func.min(article_section.c.seq).label("seq"))
        return first.group_by(article_section.c.article).subquery("entered")
    rows = select(article_section.c.article, article_section.c.seq).where(article_section.c.section == slug)
    return rows.subquery("entered")


def _is_shown(slug: str) -> Any:  # Any: an SQL condition over either kind of rows
    """Tell in SQL whether an article is shown in a section now."""
    placed = select(article_section.c.article).where(
        article_section.c.article == article.c.key, article_section.c.removed.is_(False)
    )
    return exists(placed if slug == ALL else placed.where(article_section.c.section == slug))


async def count_entered(connection: AsyncConnection, slug: str) -> int:
    """Return how many articles ever entered a section."""
    found: int = (await connection.execute(select(func.count()).select_from(_entered(slug)))).scalar_one()
    return found


async def newest(connection: AsyncConnection, slug: str, *, limit: int) -> list[Dated]:
    """Return the newest articles that a section shows, ties by id."""
    query = (
        select(article.c.key, article.c.published)
        .where(article.c.state == ArticleState.PUBLISHED, _is_shown(slug))
        .order_by(article.c.published.desc(), article.c.guid)
        .limit(limit)
    )
    return [Dated(key=row.key, published=row.published) for row in await connection.execute(query)]


async def lowest_place(connection: AsyncConnection, slug: str, keys: Sequence[int]) -> int | None:
    """Return the place, among all that ever entered the section, of the first-entered of these articles."""
    rows = _entered(slug)
    least = (await connection.execute(select(func.min(rows.c.seq)).where(rows.c.article.in_(keys)))).scalar_one()
    if least is None:
        return None
    before: int = (
        await connection.execute(select(func.count()).select_from(rows).where(rows.c.seq < least))
    ).scalar_one()
    return before


async def load_entered(connection: AsyncConnection, slug: str, *, place: int, limit: int) -> list[Entered]:
    """Return the articles at these places of a section, in the order in which they entered."""
    rows = _entered(slug)
    # cut before joining, or the database looks up every article of the section to skip it
    cut = select(rows).order_by(rows.c.seq, rows.c.article).offset(place).limit(limit).subquery("cut")
    query = (
        select(cut.c.article, article.c.state, _is_shown(slug).label("shown"))
        .join(article, article.c.key == cut.c.article)
        .order_by(cut.c.seq, cut.c.article)
    )
    found = (await connection.execute(query)).all()
    shown = [row.article for row in found if row.shown and row.state == ArticleState.PUBLISHED]
    articles = await load_articles(connection, shown, body=True)
    return [Entered(place=place + at, article=articles.get(row.article)) for at, row in enumerate(found)]


async def changed_places(connection: AsyncConnection, slug: str, *, since: datetime, below: int) -> list[int]:
    """Return the places below `below` whose articles were changed, withdrawn or corrected at or after a moment."""
    rows = _entered(slug)
    place = (func.row_number().over(order_by=(rows.c.seq, rows.c.article)) - 1).label("place")
    placed = select(rows.c.article, place).subquery("placed")
    corrected = exists(select(correction.c.id).where(correction.c.article == article.c.key, correction.c.at >= since))
    query = (
        select(placed.c.place)
        .join(article, article.c.key == placed.c.article)
        .where(placed.c.place < below, or_(article.c.changed >= since, corrected))
        .order_by(placed.c.place)
    )
    return list((await connection.execute(query)).scalars().all())


async def load_tombstones(
    connection: AsyncConnection, slug: str, *, since: datetime, limit: int
) -> tuple[Tombstone, ...]:
    """Return the withdrawn articles of a section that were published at or after a moment, newest first."""
    rows = _entered(slug)
    query = (
        select(article.c.guid, article.c.changed)
        .join(rows, rows.c.article == article.c.key)
        .where(article.c.state == ArticleState.WITHDRAWN, article.c.published >= since)
        .order_by(article.c.published.desc(), article.c.guid)
        .limit(limit)
    )
    return tuple(Tombstone(id=row.guid, at=row.changed) for row in await connection.execute(query))


async def load_recent(connection: AsyncConnection, *, since: datetime, limit: int) -> list[Article]:
    """Return the articles published at or after a moment, without their bodies, newest first."""
    query = (
        select(article.c.key)
        .where(article.c.state == ArticleState.PUBLISHED, article.c.published >= since, _is_shown(ALL))
        .order_by(article.c.published.desc(), article.c.guid)
        .limit(limit)
    )
    keys = (await connection.execute(query)).scalars().all()
    articles = await load_articles(connection, keys)
    return [articles[key] for key in keys]
