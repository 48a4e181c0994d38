"""The content store in an SQL database: a table or query of articles, read by what changed."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path

from syndicate.clock import Clock, SystemClock
from syndicate.errors import SourceError
from syndicate.model import Page
from syndicate.sources import bookmarks, rows
from syndicate.sources.bookmarks import Bookmark
from syndicate.sources.settings import text_of
from syndicate.sources.sql_store import Row, SqlStore

PAGE_SIZE = 200


class SqlSource:
    """Reads articles from any SQLAlchemy URL and never writes.

    Settings: `url`; `table` (default `articles`) or `query`; `columns`, our names to the store's; `timezone` of moments without
    a zone (default UTC); `folder`, where a relative SQLite path starts.
    """

    def __init__(self, *, name: str, settings: Mapping[str, object], clock: Clock | None = None) -> None:
        self.name = name
        self._clock = clock or SystemClock()
        self._zone = text_of(settings, "timezone") or "UTC"
        renamed = settings.get("columns") or {}
        self._renamed = (
            {str(ours): str(theirs) for ours, theirs in renamed.items()} if isinstance(renamed, Mapping) else {}
        )
        query = text_of(settings, "query")
        self._store = SqlStore(
            source=name,
            url=text_of(settings, "url"),
            folder=Path(text_of(settings, "folder") or "."),
            relation=query or text_of(settings, "table") or "articles",
            is_query=bool(query),
        )

    @property
    def always_full(self) -> bool:
        """Whether the store has no `updated_at`, so that only reading all shows what changed. Looks at the store once."""
        return "updated_at" not in self._columns

    def fetch(self, bookmark: str | None, *, full: bool) -> Iterator[Page]:
        """Yield pages of rows by id: those changed since the bookmark and in the ten minutes before it, or all of them.

        The new bookmark comes with the last page; until then the old one stands, so that a pass cut short is begun again. It
        never passes the moment the pass began, and what is dated later is read again until then.
        """
        columns = self._columns
        began = self._clock.now()
        old = None if full or self.always_full else bookmarks.load(bookmark)
        since = None if old is None else bookmarks.lower_bound(old)
        new = old if since is not None else None
        waiting: tuple[Row, ...] | None = None
        for page in self._store.pages(columns, since=since, size=PAGE_SIZE):
            if waiting is not None:
                yield self._page(waiting, bookmark)
            waiting = page
            new = self._advanced(new, page, began)
        if waiting is not None:
            yield self._page(waiting, None if self.always_full or new is None else new.dump())

    def check(self) -> str:
        """Reach the store and return one line on what was found."""
        pace = "each pass reads all" if self.always_full else "read by what changed"
        return f"{self._store.count()} rows, {pace}"

    def close(self) -> None:
        """Let go of connections."""
        self._store.close()

    @cached_property
    def _columns(self) -> dict[str, str]:
        """Map our names of the columns that exist to the store's."""
        there = self._store.columns()
        by_case = {column.casefold(): column for column in there}
        found: dict[str, str] = {}
        for ours in (*rows.REQUIRED, *rows.OPTIONAL):
            theirs = self._renamed.get(ours, ours)
            column = theirs if theirs in there else by_case.get(theirs.casefold())
            if column is not None:
                found[ours] = column
            elif ours in rows.REQUIRED or ours in self._renamed:
                listed = ", ".join(there)[:200]
                raise SourceError(
                    source=self.name,
                    trouble=f"there is no column {theirs!r} for {ours}; name it in [source.columns]; there are: {listed}",
                )
        return found

    def _page(self, page: tuple[Row, ...], bookmark: str | None) -> Page:
        return Page(candidates=tuple(rows.candidate(row, zone=self._zone) for row in page), bookmark=bookmark)

    def _advanced(self, bookmark: Bookmark | None, page: tuple[Row, ...], began: datetime) -> Bookmark | None:
        for row in page:
            updated = row.get("updated_at")
            mark = row["published_at"] if updated is None or updated == "" else updated
            bookmark = bookmarks.advance(bookmark, mark, now=began)
        return bookmark
