"""Load the articles that compete for places in an edition."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.core.candidates import Candidates
from syndicate.model import ArticleKey, ArticleState, Neighbour, Placed, Placing, RelatedLink
from syndicate.storage.articles import NOWHERE, chunks, load_articles, others_of
from syndicate.storage.tables import article, article_revision, article_section, related

REACH = timedelta(days=31)  # how far back an edition looks for what a reader may have missed


async def load_candidates(connection: AsyncConnection, *, to_seq: int, at: datetime, now: datetime) -> Candidates:
    """Return every article that an edition could carry for some reader, with its links as of now."""
    placings = article_section
    recent = or_(
        placings.c.visible_at > now - REACH,
        and_(article.c.published > at - REACH, article.c.published <= at),
    )
    number = func.coalesce(placings.c.again_seq, placings.c.seq)
    query = (
        select(
            placings.c.article,
            placings.c.section,
            number.label("number"),
            placings.c.backlog,
            placings.c.removed,
            placings.c.again_seq,
        )
        .join(article, article.c.key == placings.c.article)
        .where(
            number <= to_seq,
            placings.c.section != NOWHERE,
            article.c.state == ArticleState.PUBLISHED,
            recent,
        )
        .order_by(placings.c.position)
    )
    where: dict[int, dict[str, Placing]] = defaultdict(dict)
    for row in await connection.execute(query):
        where[row.article][row.section] = Placing(
            seq=row.number, backlog=row.backlog, left=row.removed, again=row.again_seq is not None
        )
    articles = await load_articles(connection, where)
    near = await _neighbours(connection, where)
    same = await _same_stories(connection, where)
    tags = await _first_tags(connection, [one.key for one in articles.values() if one.revision > 1])
    placed = [
        Placed(
            article=one,
            placings=where[key],
            tags=tuple(tag.lower() for tag in tags.get(key, one.tags)),
            neighbours=tuple(near.get(key, ())),
            same_story=tuple(same.get(key, ())),
        )
        for key, one in articles.items()
    ]
    return Candidates(placed)


async def _first_tags(connection: AsyncConnection, keys: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Return key → the tags that an article was published with."""
    found: dict[int, tuple[str, ...]] = {}
    for chunk in chunks(keys):
        query = select(article_revision.c.article, article_revision.c.tags).where(
            article_revision.c.article.in_(chunk), article_revision.c.revision == 1
        )
        for row in await connection.execute(query):
            found[row.article] = msgspec.json.decode(row.tags, type=tuple[str, ...])
    return found


async def _neighbours(connection: AsyncConnection, keys: Iterable[int]) -> dict[int, list[Neighbour]]:
    rows: list[Any] = []  # Any: rows are untyped
    for chunk in chunks(keys):
        rows += (await connection.execute(others_of(chunk, same_story=False))).all()
    seqs: dict[int, dict[str, int]] = defaultdict(dict)
    for chunk in chunks({row.other for row in rows}):
        query = select(article_section.c.article, article_section.c.section, article_section.c.seq).where(
            article_section.c.article.in_(chunk)
        )
        for row in await connection.execute(query):
            seqs[row.article][row.section] = row.seq
    found: dict[int, list[Neighbour]] = defaultdict(list)
    for row in rows:
        link = RelatedLink(id=row.guid, url=row.url, title=row.title, score=round(row.score, 4))
        found[row.article].append(Neighbour(link=link, key=ArticleKey(row.other), seqs=seqs[row.other]))
    return found


async def _same_stories(connection: AsyncConnection, keys: Iterable[int]) -> dict[int, list[ArticleKey]]:
    found: dict[int, list[ArticleKey]] = defaultdict(list)
    for chunk in chunks(keys):
        query = (
            select(related.c.article, related.c.other)
            .where(related.c.article.in_(chunk), related.c.same_story.is_(True))
            .order_by(related.c.other)
        )
        for row in await connection.execute(query):
            found[row.article].append(ArticleKey(row.other))
    return found
