"""Find what would come to readers a second time: articles that enter sections again or later, sections moved between digests."""

from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.core.candidates import Candidates
from syndicate.core.ranking import DigestRules
from syndicate.model import ArticleKey, SubscriberId
from syndicate.storage.audience import ReaderRow
from syndicate.storage.editions import EditionRow
from syndicate.storage.received import articles_of

Had = Mapping[SubscriberId, frozenset[ArticleKey]]


async def had_before(
    connection: AsyncConnection,
    edition: EditionRow,
    rules: DigestRules,
    candidates: Candidates,
    readers: Sequence[ReaderRow],
) -> Had:
    """Return reader → the articles beyond his mark that he has received: by the ledger, and only where marks cannot know.

    A best-of repeats what other digests brought, on purpose, but nothing of its own.
    """
    returned = candidates.returned
    latest = max(returned.values(), default=-1)
    moved = [] if rules.best_of else [one.subscriber for one in readers if _has_moved(one)]
    waiting = [one.subscriber for one in readers if one.mark is None or one.mark.seq < latest] if returned else []
    if not moved and not waiting:
        return {}
    own = edition.digest if rules.best_of else None
    newest = candidates.newest
    found: dict[SubscriberId, frozenset[ArticleKey]] = {}
    for numbers, among in ((waiting, returned.keys()), (moved, newest.keys())):
        if numbers:
            found |= await articles_of(connection, numbers, among=among, except_for=edition.id, digest=own)
    marks = {one.subscriber: -1 if one.mark is None else one.mark.seq for one in readers}
    return {reader: frozenset(key for key in keys if newest[key] > marks[reader]) for reader, keys in found.items()}


def _has_moved(reader: ReaderRow) -> bool:
    return reader.moved_seq is not None and (reader.mark is None or reader.moved_seq > reader.mark.seq)
