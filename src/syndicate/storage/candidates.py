"""Load the articles that compete for places in an edition."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Row, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.core.candidates import Candidates
from syndicate.model import ArticleKey, ArticleState, Copy, Neighbour, Placed, Placing, RelatedLink
from syndicate.storage.articles import NOWHERE, also_at, chunks, load_articles, others_of
from syndicate.storage.tables import article, article_revision, article_section

REACH = timedelta(days=31)  # how far back an edition looks for what a reader may have missed
number_there = func.coalesce(article_section.c.again_seq, article_section.c.seq)


async def load_candidates(connection: AsyncConnection, *, to_seq: int, at: datetime, now: datetime) -> Candidates:
    """Return every article that an edition could carry for some reader, with those of its links that were there when it was planned."""
    placings = article_section
    recent = or_(
        placings.c.visible_at > now - REACH,
        and_(article.c.published > at - REACH, article.c.published <= at),
    )
    query = (
        select(
            placings.c.article,
            placings.c.section,
            number_there.label("number"),
            placings.c.backlog,
            placings.c.removed,
            placings.c.again_seq,
        )
        .join(article, article.c.key == placings.c.article)
        .where(
            number_there <= to_seq,
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
    near = await _others(connection, where, same_story=False, to_seq=to_seq)
    same = await _others(connection, where, same_story=True, to_seq=to_seq)
    tags = await _first_tags(connection, [one.key for one in articles.values() if one.revision > 1])
    placed = [
        Placed(
            article=one,
            placings=where[key],
            tags=tuple(tag.lower() for tag in tags.get(key, one.tags)),
            neighbours=tuple([_neighbour(row, seqs) for row, seqs in near.get(key, ())]),
            copies=tuple([_copy(row, seqs) for row, seqs in same.get(key, ())]),
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


async def _others(
    connection: AsyncConnection, keys: Iterable[int], *, same_story: bool, to_seq: int
) -> dict[int, list[tuple[Row[Any], dict[str, int]]]]:  # Any: rows are untyped
    """Return key → the published articles that are related or tell the same, with their numbers: of those that had come by `to_seq`.

    What comes later, or comes back, is for the next edition: this one stays as its editor saw it.
    """
    rows: list[Row[Any]] = []  # Any: rows are untyped
    for chunk in chunks(keys):
        rows += (await connection.execute(others_of(chunk, same_story=same_story))).all()
    seqs: dict[int, dict[str, int]] = defaultdict(dict)
    known: set[int] = set()
    for chunk in chunks({row.other for row in rows}):
        query = select(
            article_section.c.article,
            article_section.c.section,
            article_section.c.seq,
            (number_there <= to_seq).label("known"),
        ).where(article_section.c.article.in_(chunk))
        for place in await connection.execute(query):
            seqs[place.article][place.section] = place.seq
            if place.known:
                known.add(place.article)
    found: dict[int, list[tuple[Row[Any], dict[str, int]]]] = defaultdict(list)  # Any: rows are untyped
    for row in rows:
        if row.other in known:
            found[row.article].append((row, seqs[row.other]))
    return found


def _neighbour(row: Row[Any], seqs: dict[str, int]) -> Neighbour:  # Any: rows are untyped
    link = RelatedLink(id=row.guid, url=row.url, title=row.title, score=round(row.score, 4))
    return Neighbour(link=link, key=ArticleKey(row.other), seqs=seqs)


def _copy(row: Row[Any], seqs: dict[str, int]) -> Copy:  # Any: rows are untyped
    return Copy(link=also_at(row), key=ArticleKey(row.other), seqs=seqs)
