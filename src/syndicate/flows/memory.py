"""Hold the articles that new ones are compared with: the recent ones, and those around the date of an old one that comes late."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import structlog

from syndicate.core.related import RelatedIndex
from syndicate.core.terms import Terms
from syndicate.storage import collected
from syndicate.storage.database import Database

log = structlog.get_logger(__name__)

RECENT = timedelta(days=60)
AROUND = timedelta(days=7)
MOST = 100_000  # articles; when there are more, all but the recent ones are let go
_WEEK = timedelta(days=7)
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True, kw_only=True)
class Memory:
    """An index, and what of the database is in it."""

    index: RelatedIndex = field(default_factory=RelatedIndex)
    _loaded_to: int = 0
    _weeks: set[int] = field(default_factory=set)

    async def recall(self, database: Database, now: datetime) -> None:
        """Take the recent articles in that were stored since the last look, by whomever, and let go of older ones."""
        self._let_go(now)
        async with database.read() as connection:
            rows = await collected.load_terms(connection, since=now - RECENT, after=self._loaded_to)
        await self._take(rows)
        self._loaded_to = max([self._loaded_to, *(key for key, _ in rows[-1:])])

    async def recall_around(self, database: Database, dates: Iterable[datetime], now: datetime) -> None:
        """Take the articles in that were published within seven days of any of these dates."""
        ends = [(max(_FIRST, date - AROUND), date + AROUND) for date in dates if date - AROUND < now - RECENT]
        wanted = {
            week for first, last in ends for week in range((first - _FIRST) // _WEEK, (last - _FIRST) // _WEEK + 1)
        }
        for week in sorted(wanted - self._weeks):
            since = _FIRST + week * _WEEK
            async with database.read() as connection:
                rows = await collected.load_terms(connection, since=since, before=min(since + _WEEK, now - RECENT))
            await self._take(rows)
            self._weeks.add(week)

    def make_room(self, now: datetime) -> None:
        """Let go of all but the recent articles when there are too many."""
        if len(self.index) > MOST:
            self._let_go(now)

    def forget(self) -> None:
        """Forget everything."""
        self.index, self._loaded_to = RelatedIndex(), 0
        self._weeks.clear()

    def _let_go(self, now: datetime) -> None:
        self.index.forget_before((now - RECENT).timestamp())
        self._weeks.clear()

    async def _take(self, rows: Sequence[tuple[int, bytes]]) -> None:
        if rows:
            await asyncio.to_thread(self._enter, rows)

    def _enter(self, rows: Sequence[tuple[int, bytes]]) -> None:
        unread = 0
        for key, blob in rows:
            if key in self.index:
                continue
            try:
                self.index.add(key, Terms.from_bytes(blob))
            except ValueError:  # another version's: the article is related to nothing new until the index is rebuilt
                unread += 1
        if unread:
            log.warning("terms_of_another_version", articles=unread, mend="syndicate articles reindex")
