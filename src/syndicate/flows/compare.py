"""Compare the edition a reader would get now with the last one he got."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.core.digest import Selection
from syndicate.model import Article, ComposedDigest, SubscriberId
from syndicate.storage import variants
from syndicate.storage.articles import load_articles


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Articles by how they stand in this edition and the last: new in this one, in both, or in the last alone."""

    added: tuple[Article, ...]
    kept: tuple[Article, ...]
    removed: tuple[Article, ...]


async def difference(
    connection: AsyncConnection, selection: Selection, *, reader: SubscriberId, digest: str
) -> Difference:
    """Return what changed since the reader's last edition of a digest; without one everything is new."""
    now = articles_of(selection.digest)
    last = await variants.last_variant_of(connection, reader=reader, digest=digest)
    keys = [] if last is None else [entry.article for entry in variants.entries_of(last.stored)]
    before = await load_articles(connection, keys)
    mine = {one.key for one in now}
    return Difference(
        added=tuple(one for one in now if one.key not in before),
        kept=tuple(one for one in now if one.key in before),
        removed=tuple(before[key] for key in keys if key in before and key not in mine),
    )


def articles_of(digest: ComposedDigest | None) -> list[Article]:
    """Return the articles of a digest in order, the lead first."""
    if digest is None:
        return []
    return [digest.lead.article, *(entry.article for group in digest.groups for entry in group.entries)]
