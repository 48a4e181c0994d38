"""Keep what a group of readers got: the composed digest by reference, so that it can be shown and sent again."""

import hashlib
import zlib
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import msgspec
from sqlalchemy import insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.model import (
    AlsoAt,
    Article,
    ArticleKey,
    ArticleState,
    Cadence,
    ComposedDigest,
    DeliveryState,
    DigestEntry,
    DigestGroup,
    EditionId,
    RelatedLink,
    Section,
    VariantId,
)
from syndicate.storage.articles import load_articles, withdrawn_links
from syndicate.storage.deliveries import CODES
from syndicate.storage.tables import delivery, edition, variant, variant_article

BESIDE = 10_000  # ranks from here on are of articles that stand under "also at"


class StoredEntry(msgspec.Struct, frozen=True, array_like=True):
    """An entry with its article by key."""

    article: int
    revision: int
    section: str
    related: tuple[RelatedLink, ...]
    also_at: tuple[AlsoAt, ...]
    label: str | None
    corrected: int | None = None


class StoredDigest(msgspec.Struct, frozen=True, array_like=True):
    """A composed digest with its articles by key."""

    digest: str
    title: str
    cadence: Cadence
    date: date
    language: str
    format: str
    lead: StoredEntry
    groups: tuple[tuple[str, str, tuple[StoredEntry, ...]], ...]
    more: int
    lead_title: str
    rest: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantRow:
    """A variant as it is stored."""

    id: VariantId
    edition: EditionId
    language: str
    subject: str
    stored: StoredDigest


def pack(digest: ComposedDigest) -> bytes:
    """Return the bytes that stand for a composed digest; equal digests have equal bytes."""
    groups = tuple(
        (group.section.slug, group.section.title, tuple(_store(entry) for entry in group.entries))
        for group in digest.groups
    )
    stored = StoredDigest(
        digest=digest.digest,
        title=digest.title,
        cadence=digest.cadence,
        date=digest.date,
        language=digest.language,
        format=digest.format,
        lead=_store(digest.lead),
        groups=groups,
        more=digest.more,
        lead_title=digest.lead_section.title,
        rest=digest.rest,
    )
    return packed(stored)


def packed(stored: StoredDigest) -> bytes:
    """Return the bytes of a stored digest."""
    return msgspec.msgpack.encode(stored)


def _store(entry: DigestEntry) -> StoredEntry:
    return StoredEntry(
        article=entry.article.key,
        revision=entry.article.revision,
        section=entry.section,
        related=entry.related,
        also_at=entry.also_at,
        label=entry.label,
        corrected=entry.article.corrected,
    )


def entries_of(stored: StoredDigest) -> list[StoredEntry]:
    """Return all entries in order, the lead first."""
    return [stored.lead, *(entry for _, _, entries in stored.groups for entry in entries)]


async def add_variant(
    connection: AsyncConnection,
    edition_id: EditionId,
    digest: ComposedDigest,
    *,
    content: bytes,
    subject: str,
    dropped: frozenset[ArticleKey],
) -> VariantId:
    """Record a variant, unless the same is recorded; return its id. `content` is the digest, packed; `dropped` did not fit into the message."""
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    values = {
        "edition": edition_id,
        "hash": _hash(content),
        "language": digest.language,
        "format": digest.format,
        "subject": subject,
        "content": zlib.compress(content, 3),
    }
    made = (
        await connection.execute(make(variant).values(values).on_conflict_do_nothing().returning(variant.c.id))
    ).scalar()
    if made is None:
        found = await find_variant(connection, edition_id, content=content)
        assert found is not None
        return found
    await connection.execute(insert(variant_article), _contents(made, digest, dropped))
    return VariantId(made)


async def find_variant(connection: AsyncConnection, edition_id: EditionId, *, content: bytes) -> VariantId | None:
    """Return the variant of an edition that is this digest, packed, or None."""
    query = select(variant.c.id).where(variant.c.edition == edition_id, variant.c.hash == _hash(content))
    found = (await connection.execute(query)).scalar()
    return None if found is None else VariantId(found)


def _hash(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _contents(made: int, digest: ComposedDigest, dropped: frozenset[ArticleKey]) -> list[dict[str, object]]:
    """Return a row for each article that is shown, those under "also at" too: who has seen their headlines should hear of corrections."""
    entries = [digest.lead, *(entry for group in digest.groups for entry in group.entries)]
    entries = [entry for entry in entries if entry.article.key not in dropped]
    facts = {
        entry.article.key: (entry.article.revision, entry.article.corrected, rank) for rank, entry in enumerate(entries)
    }
    beside = [one for entry in entries for one in entry.also_at if one.key]
    for rank, one in enumerate(beside, BESIDE):
        facts.setdefault(ArticleKey(one.key), (one.revision, None, rank))
    return [
        {"variant": made, "article": key, "revision": revision, "corrected": corrected, "rank": rank}
        for key, (revision, corrected, rank) in facts.items()
    ]


async def load_variant(connection: AsyncConnection, variant_id: VariantId) -> VariantRow | None:
    """Return a variant, or None when there is none of that id."""
    row = (await connection.execute(select(variant).where(variant.c.id == variant_id))).one_or_none()
    if row is None:
        return None
    stored = msgspec.msgpack.decode(zlib.decompress(row.content), type=StoredDigest)
    return VariantRow(id=row.id, edition=row.edition, language=row.language, subject=row.subject, stored=stored)


async def last_variant_of(connection: AsyncConnection, *, reader: int, digest: str) -> VariantRow | None:
    """Return what a reader got last of a digest, or None before his first edition."""
    received = (CODES[DeliveryState.ACCEPTED], CODES[DeliveryState.UNCERTAIN])
    query = (
        select(delivery.c.variant)
        .join(edition, edition.c.id == delivery.c.edition)
        .where(delivery.c.subscriber == reader, edition.c.digest == digest, delivery.c.state.in_(received))
        .order_by(edition.c.at.desc(), edition.c.id.desc())
        .limit(1)
    )
    found = (await connection.execute(query)).scalar()
    return None if found is None else await load_variant(connection, VariantId(found))


async def rebuild(connection: AsyncConnection, stored: StoredDigest) -> ComposedDigest | None:
    """Compose a stored digest again from the articles as they are now. None when nothing is left.

    What was withdrawn is gone; where another article that was new to the readers tells the same, that stands in its place.
    """
    keys = {entry.article for entry in entries_of(stored)}
    keys |= {one.key for entry in entries_of(stored) for one in entry.also_at if one.new}
    articles = await load_articles(connection, sorted(keys))
    links = {link.url for entry in entries_of(stored) for link in entry.related}
    links |= {link.url for entry in entries_of(stored) for link in entry.also_at}
    gone = await withdrawn_links(connection, links)
    groups = []
    for slug, title, entries in stored.groups:
        kept = tuple(entry for one in entries if (entry := _restore(one, articles, gone)) is not None)
        if kept:
            groups.append(DigestGroup(section=Section(slug=slug, title=title), entries=kept))
    lead, lead_section = (
        _restore(stored.lead, articles, gone),
        Section(slug=stored.lead.section, title=stored.lead_title),
    )
    if lead is None:
        if not groups:
            return None
        lead, rest, lead_section = groups[0].entries[0], groups[0].entries[1:], groups[0].section
        groups[:1] = [DigestGroup(section=lead_section, entries=rest)] if rest else []
    return ComposedDigest(
        digest=stored.digest,
        title=stored.title,
        cadence=stored.cadence,
        date=stored.date,
        language=stored.language,
        format=stored.format,
        lead=lead,
        lead_section=lead_section,
        groups=tuple(groups),
        more=stored.more,
        rest=tuple([ArticleKey(key) for key in stored.rest]),
    )


def _restore(stored: StoredEntry, articles: dict[int, Article], gone: set[str]) -> DigestEntry | None:
    tellers = [stored.article, *(one.key for one in stored.also_at if one.new)]
    found = (articles.get(key) for key in tellers)
    article = next((one for one in found if one is not None and one.state is ArticleState.PUBLISHED), None)
    if article is None:
        return None
    label = "corrected" if article.correction is not None else stored.label
    return DigestEntry(
        article=article,
        section=stored.section,
        related=tuple(link for link in stored.related if link.url not in gone),
        also_at=tuple(link for link in stored.also_at if link.url not in gone and link.url != article.url),
        label=label,
    )


async def variants_of(connection: AsyncConnection, edition_id: int) -> list[dict[str, Any]]:  # Any: rows are untyped
    """Return the variants of an edition with their subjects."""
    query = (
        select(variant.c.id, variant.c.language, variant.c.format, variant.c.subject)
        .where(variant.c.edition == edition_id)
        .order_by(variant.c.id)
    )
    return [
        cast(dict[str, Any], dict(row._mapping)) for row in await connection.execute(query)
    ]  # Any: rows are untyped
