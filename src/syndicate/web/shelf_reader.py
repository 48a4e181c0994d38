"""Bring what lies on the shelf into memory, when it changed."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from syndicate.flows.built import Notes, read_notes
from syndicate.flows.documents import documents_of
from syndicate.storage.shelf import Shelf, Shelved
from syndicate.web.memory import FeedMemory, Prepared, prepare

LIST_MAX_AGE = 900


@dataclass(slots=True, kw_only=True)
class ShelfReader:
    """Reads documents off the shelf, ready to be served; `public_url` ends with a slash."""

    shelf: Shelf
    public_url: str
    hubs: Sequence[str] = ()
    _notes: bytes | None = field(default=None)

    async def refresh(self, memory: FeedMemory) -> tuple[str, ...]:
        """Serve what was published since the last look, by whomever, and return its paths. Raises ShelfError."""
        served = {path: found.modified for path in memory.paths() if (found := memory.find(path)) is not None}
        changes = await asyncio.to_thread(self._changes, served)
        if changes is None:
            return ()
        fresh, gone = changes
        for prepared in fresh:
            memory.replace(prepared)
        for path in gone:
            memory.remove(path)
        memory.forget_archives()
        return tuple(prepared.path for prepared in fresh)

    async def read(self, path: str) -> Prepared | None:
        """Return one document by its path, or None. Raises ShelfError."""
        return await asyncio.to_thread(self._read, path)

    def _read(self, path: str) -> Prepared | None:
        shelved = self.shelf.get(path.removeprefix("/"))
        return None if shelved is None else self._prepare(shelved, read_notes(self.shelf))

    def _changes(self, served: dict[str, datetime]) -> tuple[list[Prepared], list[str]] | None:
        raw = self.shelf.read_state()
        if raw == self._notes or not raw:
            return None
        with self.shelf.locked():
            raw = self.shelf.read_state()
            notes = read_notes(self.shelf)
            names = [name for name in documents_of(notes.sections) if self.shelf.modified(name) is not None]
            fresh = [self._prepare(found, notes) for name in names if (found := self._newer(name, served)) is not None]
            self._notes = raw  # only now: what could not be read is looked at again
        return fresh, sorted(set(served) - {f"/{name}" for name in names})

    def _newer(self, name: str, served: dict[str, datetime]) -> Shelved | None:
        known = served.get(f"/{name}")
        if known is not None and self.shelf.modified(name) == int(known.timestamp()):
            return None
        return self.shelf.get(name)

    def _prepare(self, shelved: Shelved, notes: Notes) -> Prepared:
        slug = shelved.name.partition("/")[0].partition(".")[0]
        built = notes.sections.get(slug)
        links = [*((hub, "hub") for hub in self.hubs), (self.public_url + shelved.name, "self")]
        return prepare(
            f"/{shelved.name}",
            shelved.content,
            last_modified=datetime.fromtimestamp(shelved.modified, UTC),
            max_age=LIST_MAX_AGE if built is None or "/" in shelved.name else built.max_age,
            links=links if built is not None else links[-1:],
            encoded=shelved.encoded,
        )
