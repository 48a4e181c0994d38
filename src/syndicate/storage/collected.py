"""Write what intake decided: articles, their revisions, their places in sections and their neighbours."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.core.related import Match
from syndicate.core.revision import Known
from syndicate.core.summary import Summary
from syndicate.model import ArticleKey, ArticleState, Cleaned, RelatedLink
from syndicate.storage.tables import article, article_revision, section_version

FROZEN_LINKS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What tells whether an article changed since it was read last."""

    key: ArticleKey
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """An article ready to be written: judged, summarised, compared."""

    key: ArticleKey
    cleaned: Cleaned
    revision: int
    significant: bool
    summary: Summary
    terms: bytes
    matches: tuple[Match, ...]
    fingerprint: str
    content_hash: str
    url: str
    returned: bool = False  # it had been taken back


async def load_stored(connection: AsyncConnection, source: str, ids: Collection[str]) -> dict[str, Stored]:
    """Return source id → what is stored, for those that are."""
    query = select(article.c.source_id, article.c.key, article.c.fingerprint).where(
        article.c.source == source, article.c.source_id.in_(ids)
    )
    return {row.source_id: Stored(key=row.key, fingerprint=row.fingerprint) for row in await connection.execute(query)}


async def load_known(connection: AsyncConnection, source: str, ids: Collection[str]) -> dict[str, Known]:
    """Return source id → the newest revision, for those that are stored."""
    columns = [
        article.c.source_id,
        article.c.guid,
        article.c.published,
        article.c.updated,
        article.c.state,
        article.c.revision,
    ]
    query = (
        select(
            *columns, article.c.content_hash, article.c.withdrawn_by, article_revision.c.title, article_revision.c.body
        )
        .join(
            article_revision,
            (article_revision.c.article == article.c.key) & (article_revision.c.revision == article.c.revision),
        )
        .where(article.c.source == source, article.c.source_id.in_(ids))
    )
    return {
        row.source_id: Known(
            guid=row.guid,
            published=row.published,
            updated=row.updated,
            state=ArticleState(row.state),
            revision=row.revision,
            content_hash=row.content_hash,
            title=row.title,
            body=row.body,
            held=row.withdrawn_by == "operator",
        )
        for row in await connection.execute(query)
    }


async def taken_guids(connection: AsyncConnection, guids: Mapping[str, ArticleKey]) -> set[str]:
    """Return those ids that another article has."""
    query = select(article.c.guid, article.c.key).where(article.c.guid.in_(list(guids)))
    return {row.guid for row in await connection.execute(query) if row.key != guids[row.guid]}


async def insert_articles(connection: AsyncConnection, articles: Sequence[Prepared], *, now: datetime) -> None:
    """Store articles met for the first time."""
    if articles:
        rows = [
            _article_row(one, now)
            | {
                "key": one.key,
                "source": one.cleaned.source,
                "source_id": one.cleaned.source_id,
                "guid": one.cleaned.guid,
                "arrived": now,
            }
            for one in articles
        ]
        await connection.execute(insert(article), rows)


async def update_article(connection: AsyncConnection, one: Prepared, *, now: datetime) -> None:
    """Store that an article has a new revision."""
    await connection.execute(
        update(article).where(article.c.key == one.key).values(_article_row(one, now) | {"withdrawn_by": None})
    )


def _article_row(one: Prepared, now: datetime) -> dict[str, Any]:  # Any: column values
    return {
        "state": one.cleaned.state.value,
        "published": one.cleaned.published,
        "updated": one.cleaned.updated,
        "revision": one.revision,
        "fingerprint": one.fingerprint,
        "content_hash": one.content_hash,
        "terms": one.terms,
        "changed": now,
    }


async def insert_revisions(
    connection: AsyncConnection, articles: Sequence[Prepared], links: Mapping[int, tuple[RelatedLink, ...]]
) -> None:
    """Store the articles' texts, with the related links that stand now."""
    if not articles:
        return
    rows = [
        {
            "article": one.key,
            "revision": one.revision,
            "title": one.cleaned.title,
            "url": one.url,
            "body": one.cleaned.body,
            "summary": one.summary.summary,
            "standfirst": one.summary.standfirst,
            "language": one.cleaned.language[:35],
            "minutes": one.cleaned.minutes,
            "authors": _json(one.cleaned.authors),
            "tags": _json(one.cleaned.tags),
            "labels": _json(one.cleaned.labels),
            "image": None if one.cleaned.image is None else _json(one.cleaned.image),
            "related": _json(links.get(one.key, ())),
            "updated": one.cleaned.updated,
            "significant": one.significant,
        }
        for one in articles
    ]
    await connection.execute(insert(article_revision), rows)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


async def note_unchanged(connection: AsyncConnection, fingerprints: Mapping[ArticleKey, str]) -> None:
    """Remember how articles look in their store that came out as they were."""
    for key, fingerprint in fingerprints.items():
        await connection.execute(update(article).where(article.c.key == key).values(fingerprint=fingerprint))


async def load_links(connection: AsyncConnection, keys: Collection[int]) -> dict[int, tuple[str, str, str]]:
    """Return key → (id, url, title) of articles that are shown."""
    query = (
        select(article.c.key, article.c.guid, article_revision.c.url, article_revision.c.title)
        .join(
            article_revision,
            (article_revision.c.article == article.c.key) & (article_revision.c.revision == article.c.revision),
        )
        .where(article.c.key.in_(keys), article.c.state == ArticleState.PUBLISHED)
    )
    return {row.key: (row.guid, row.url, row.title) for row in await connection.execute(query)}


async def bump_versions(connection: AsyncConnection, sections: Iterable[str], *, seq: int, now: datetime) -> None:
    """Tell whoever builds feeds that these sections changed."""
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    rows = [{"section": slug, "seq": seq, "changed": now} for slug in sorted(set(sections))]
    if rows:
        statement = make(section_version)
        statement = statement.on_conflict_do_update(
            index_elements=["section"], set_={"seq": statement.excluded.seq, "changed": statement.excluded.changed}
        )
        await connection.execute(statement, rows)


async def withdraw(connection: AsyncConnection, keys: Sequence[int], *, by: str, now: datetime) -> None:
    """Take articles back; their rows stay, so that readers' programs can be told."""
    values = {
        "state": ArticleState.WITHDRAWN.value,
        "changed": now,
        "updated": now,
        "withdrawn_by": by,
        "fingerprint": "",
    }
    await connection.execute(update(article).where(article.c.key.in_(keys)).values(values))


async def due_embargoes(
    connection: AsyncConnection, *, now: datetime, most: int
) -> list[tuple[int, tuple[str, ...], datetime]]:
    """Return (key, labels, published) of articles whose hour has come, earliest first."""
    query = (
        select(article.c.key, article_revision.c.labels, article.c.published)
        .join(
            article_revision,
            (article_revision.c.article == article.c.key) & (article_revision.c.revision == article.c.revision),
        )
        .where(article.c.state == ArticleState.EMBARGOED.value, article.c.published <= now)
        .order_by(article.c.published, article.c.guid)
        .limit(most)
    )
    rows = (await connection.execute(query)).all()
    return [(row.key, msgspec.json.decode(row.labels, type=tuple[str, ...]), row.published) for row in rows]


async def show(connection: AsyncConnection, keys: Sequence[int], *, now: datetime) -> None:
    """Make articles visible whose hour has come."""
    await connection.execute(
        update(article).where(article.c.key.in_(keys)).values(state=ArticleState.PUBLISHED.value, changed=now)
    )


async def load_terms(
    connection: AsyncConnection, *, since: datetime, before: datetime | None = None, after: int = 0
) -> list[tuple[int, bytes]]:
    """Return (key, terms) of the articles published since a moment, and before another, that were stored after a key."""
    query = (
        select(article.c.key, article.c.terms)
        .where(
            article.c.published >= since,
            article.c.key > after,
            article.c.state != ArticleState.WITHDRAWN.value,
            article.c.terms.is_not(None),
        )
        .order_by(article.c.key)
    )
    if before is not None:
        query = query.where(article.c.published < before)
    return [(row.key, row.terms) for row in await connection.execute(query)]


async def ids_of_source(connection: AsyncConnection, source: str, *, until: datetime) -> list[tuple[int, str]]:
    """Return (key, source id) of a source's articles that are not withdrawn and were not changed after `until`."""
    query = select(article.c.key, article.c.source_id).where(
        article.c.source == source, article.c.state != ArticleState.WITHDRAWN.value, article.c.changed <= until
    )
    return [(row.key, row.source_id) for row in await connection.execute(query)]


async def count_of_source(connection: AsyncConnection, source: str) -> int:
    """Return how many of a source's articles are not withdrawn."""
    query = (
        select(func.count())
        .select_from(article)
        .where(article.c.source == source, article.c.state != ArticleState.WITHDRAWN.value)
    )
    return (await connection.execute(query)).scalar() or 0
