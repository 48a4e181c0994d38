"""Find what would come to readers a second time: articles that enter sections again or later, sections moved between digests."""

from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.core.candidates import Candidates
from syndicate.core.ranking import DigestRules
from syndicate.flows.alerts import Held
from syndicate.model import ArticleKey, Mark, SubscriberId
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
    *,
    held: Held,
) -> Had:
    """Return reader → the articles beyond his marks that he has received: by the ledger, and only where marks cannot know.

    `held` are the silent alerts whose leftovers the edition brings: what is new there begins at their marks. A best-of repeats what other
    digests brought, on purpose, but nothing of its own.
    """
    returned, newest = candidates.returned, candidates.newest
    if not returned and all(one.moved_seq is None for one in readers):
        return {}
    lowest = {one.subscriber: _lowest(one, held.get(one.subscriber, ())) for one in readers}
    moved = {one.subscriber: lowest[one.subscriber] for one in readers if _has_moved(one, lowest) and not rules.best_of}
    latest = max(returned.values(), default=0)
    waiting = {reader: mark for reader, mark in lowest.items() if mark < latest and reader not in moved}
    own = edition.digest if rules.best_of else None
    found: dict[SubscriberId, frozenset[ArticleKey]] = {}
    for marks, numbers in ((waiting, returned), (moved, newest)):
        least = min(marks.values(), default=0)
        among = [key for key, number in numbers.items() if number > least] if marks else []
        if among:
            found |= await articles_of(connection, list(marks), among=among, except_for=edition.id, digest=own)
    return {reader: frozenset(key for key in keys if newest[key] > lowest[reader]) for reader, keys in found.items()}


def _lowest(reader: ReaderRow, held: Sequence[tuple[str, Mark | None]]) -> int:
    """Return the number beyond which something may be new to a reader; where that goes by date, any number may."""
    marks = [reader.mark, *(mark for _, mark in held)]
    return min(-1 if mark is None or mark.by_date else mark.seq for mark in marks)


def _has_moved(reader: ReaderRow, lowest: Mapping[SubscriberId, int]) -> bool:
    return reader.moved_seq is not None and reader.moved_seq > lowest[reader.subscriber]
