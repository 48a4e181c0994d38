"""Read articles back as nouns: with their sections, links and corrections."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

import msgspec
from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.model import AlsoAt, Article, ArticleKey, ArticleState, Image, RelatedLink
from syndicate.storage.tables import article, article_revision, article_section, correction, related

SHOWN = 5  # related links in lists and pages
CHUNK = 400  # keys in one IN (…)
NOWHERE = ""  # the section of articles that are in none: it gives them a place among all

_HEAD = [
    article.c.key,
    article.c.guid,
    article.c.source,
    article.c.source_id,
    article.c.state,
    article.c.published,
    article.c.updated,
    article.c.revision,
    article_revision.c.title,
    article_revision.c.url,
    article_revision.c.summary,
    article_revision.c.standfirst,
    article_revision.c.language,
    article_revision.c.minutes,
    article_revision.c.authors,
    article_revision.c.tags,
    article_revision.c.image,
    article_revision.c.related,
]
_CURRENT = and_(article_revision.c.article == article.c.key, article_revision.c.revision == article.c.revision)


def _query(*, body: bool) -> Select[Any]:  # Any: rows are untyped
    columns = [*_HEAD, article_revision.c.body] if body else _HEAD
    return select(*columns).join(article_revision, _CURRENT)


def _noun(row: Any) -> Article:  # Any: rows are untyped
    return Article(
        key=ArticleKey(row.key),
        id=row.guid,
        source=row.source,
        source_id=row.source_id,
        url=row.url,
        title=row.title,
        sections=(),
        authors=msgspec.json.decode(row.authors, type=tuple[str, ...]),
        language=row.language,
        tags=msgspec.json.decode(row.tags, type=tuple[str, ...]),
        body=getattr(row, "body", ""),
        summary=row.summary,
        standfirst=row.standfirst,
        minutes=row.minutes,
        image=None if row.image is None else msgspec.json.decode(row.image, type=Image),
        published=row.published,
        updated=row.updated,
        state=ArticleState(row.state),
        revision=row.revision,
        related=msgspec.json.decode(row.related, type=tuple[RelatedLink, ...]),
    )


async def complete(connection: AsyncConnection, articles: Sequence[Article]) -> list[Article]:
    """Return the articles with their sections, corrections and the other places that tell the same story."""
    sections: dict[int, list[str]] = defaultdict(list)
    notes: dict[int, tuple[int, str]] = {}
    also: dict[int, list[AlsoAt]] = defaultdict(list)
    for keys in chunks(one.key for one in articles):
        await _collect_sections(connection, keys, sections)
        query = (
            select(correction.c.article, correction.c.id, correction.c.note)
            .where(correction.c.article.in_(keys))
            .order_by(correction.c.id)
        )
        notes |= {row.article: (row.id, row.note) for row in await connection.execute(query)}
        await _collect_also(connection, keys, also)
    completed = []
    for one in articles:
        number, note = notes.get(one.key, (None, None))
        found, elsewhere = tuple(sections[one.key]), tuple(also[one.key])
        completed.append(replace(one, sections=found, correction=note, corrected=number, also_at=elsewhere))
    return completed


async def _collect_sections(connection: AsyncConnection, keys: list[int], found: dict[int, list[str]]) -> None:
    query = (
        select(article_section.c.article, article_section.c.section)
        .where(
            article_section.c.article.in_(keys),
            article_section.c.removed.is_(False),
            article_section.c.section != NOWHERE,
        )
        .order_by(article_section.c.article, article_section.c.position, article_section.c.section)
    )
    for row in await connection.execute(query):
        found[row.article].append(row.section)


def others_of(keys: list[int], *, same_story: bool) -> Select[Any]:  # Any: rows are untyped
    return (
        select(
            related.c.article,
            related.c.other,
            related.c.score,
            article.c.guid,
            article.c.source,
            article.c.published,
            article.c.revision,
            article_revision.c.url,
            article_revision.c.title,
        )
        .join(article, article.c.key == related.c.other)
        .join(article_revision, _CURRENT)
        .where(
            related.c.article.in_(keys),
            related.c.same_story.is_(same_story),
            # lower() keeps SQLite from walking the index of all published articles to find these few
            func.lower(article.c.state) == ArticleState.PUBLISHED,
        )
        .order_by(related.c.article, related.c.score.desc(), article.c.published.desc(), article.c.guid)
    )


async def _collect_also(connection: AsyncConnection, keys: list[int], found: dict[int, list[AlsoAt]]) -> None:
    for row in await connection.execute(others_of(keys, same_story=True)):
        found[row.article].append(also_at(row))


def also_at(row: Any) -> AlsoAt:  # Any: rows are untyped
    """Make the noun from a row of others_of."""
    return AlsoAt(url=row.url, title=row.title, source=row.source, key=row.other, revision=row.revision)


def chunks(keys: Iterable[int]) -> Iterable[list[int]]:
    chunk: list[int] = []
    for key in keys:
        chunk.append(key)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


async def links_today(
    connection: AsyncConnection, keys: Iterable[int], *, most: int = SHOWN
) -> dict[int, tuple[RelatedLink, ...]]:
    """Return key → the related links as of now, best first; of articles that tell the same story, one."""
    found: dict[int, list[RelatedLink]] = defaultdict(list)
    shown: dict[int, set[int]] = defaultdict(set)
    for chunk in chunks(keys):
        rows = (await connection.execute(others_of(chunk, same_story=False))).all()
        twins = await _twins(connection, {row.other for row in rows})
        for row in rows:
            if len(found[row.article]) < most and twins[row.other].isdisjoint(shown[row.article]):
                shown[row.article].add(row.other)
                found[row.article].append(
                    RelatedLink(id=row.guid, url=row.url, title=row.title, score=round(row.score, 4))
                )
    return {key: tuple(links) for key, links in found.items()}


async def _twins(connection: AsyncConnection, keys: Iterable[int]) -> dict[int, set[int]]:
    """Return key → the articles that tell the same story."""
    found: dict[int, set[int]] = defaultdict(set)
    for chunk in chunks(keys):
        query = select(related.c.article, related.c.other).where(
            related.c.article.in_(chunk), related.c.same_story.is_(True)
        )
        for row in await connection.execute(query):
            found[row.article].add(row.other)
    return found


async def list_articles(
    connection: AsyncConnection, *, section: str | None = None, limit: int | None = None
) -> list[Article]:
    """Return all articles without their bodies, newest first, with today's related links."""
    query = _query(body=False).order_by(article.c.published.desc(), article.c.key.desc())
    if section is not None:
        query = query.join(article_section, article_section.c.article == article.c.key).where(
            article_section.c.section == section, article_section.c.removed.is_(False)
        )
    if limit is not None:
        query = query.limit(limit)
    articles = await complete(connection, [_noun(row) for row in await connection.execute(query)])
    links = await links_today(connection, (one.key for one in articles))
    return [replace(one, related=links.get(one.key, ())) for one in articles]


async def find_article(connection: AsyncConnection, name: str) -> Article | None:
    """Return one article by its id or its number, with today's related links."""
    condition = article.c.guid == name
    if name.isascii() and name.isdigit() and len(name) < 19:
        condition = or_(condition, article.c.key == int(name))
    row = (await connection.execute(_query(body=True).where(condition).order_by(article.c.key).limit(1))).first()
    if row is None:
        return None
    (found,) = await complete(connection, [_noun(row)])
    return replace(found, related=(await links_today(connection, [found.key])).get(found.key, ()))


async def load_articles(connection: AsyncConnection, keys: Iterable[int], *, body: bool = False) -> dict[int, Article]:
    """Return key → article, as last added or revised, but for links to articles that were withdrawn since."""
    found: list[Article] = []
    for chunk in chunks(keys):
        found += [_noun(row) for row in await connection.execute(_query(body=body).where(article.c.key.in_(chunk)))]
    gone = await _withdrawn(connection, {link.id for one in found for link in one.related})
    if gone:
        found = [replace(one, related=tuple(link for link in one.related if link.id not in gone)) for one in found]
    return {one.key: one for one in await complete(connection, found)}


async def withdrawn_links(connection: AsyncConnection, urls: Collection[str]) -> set[str]:
    """Return those of these addresses whose articles were taken back."""
    gone: set[str] = set()
    names = sorted(urls)
    for start in range(0, len(names), CHUNK):
        query = (
            select(article_revision.c.url)
            .join(article, _CURRENT)
            .where(article_revision.c.url.in_(names[start : start + CHUNK]), article.c.state == ArticleState.WITHDRAWN)
        )
        gone.update((await connection.execute(query)).scalars())
    return gone


async def _withdrawn(connection: AsyncConnection, ids: set[str]) -> set[str]:
    """Return those of these ids whose articles were taken back."""
    gone: set[str] = set()
    names = sorted(ids)
    for start in range(0, len(names), CHUNK):
        query = select(article.c.guid).where(
            article.c.guid.in_(names[start : start + CHUNK]), article.c.state == ArticleState.WITHDRAWN
        )
        gone.update((await connection.execute(query)).scalars())
    return gone


async def count_articles(connection: AsyncConnection) -> dict[str, int]:
    """Return state → number of articles."""
    query = select(article.c.state, func.count()).group_by(article.c.state)
    return {row[0]: row[1] for row in (await connection.execute(query)).all()}
