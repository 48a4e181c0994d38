"""Plan what is due: editions, and the batches their readers are cut into."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from syndicate.clock import Clock
from syndicate.core.cadence import due_slot, is_quiet
from syndicate.model import Cadence, EditionId, Rhythm, Slot
from syndicate.storage import editions
from syndicate.storage.counter import current_number
from syndicate.storage.database import Database

log = structlog.get_logger(__name__)
PRIORITY = {Cadence.INSTANT: 2, Cadence.DAILY: 5, Cadence.WEEKLY: 6}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDigest:
    """What planning needs of a standing digest. An edition older than `grace` is folded into the next."""

    name: str
    cadence: Cadence
    grace: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A slot whose edition is to be made."""

    digest: PlannedDigest
    rhythm_id: int
    rhythm: Rhythm
    slot: Slot


@dataclass(slots=True, kw_only=True)
class Planning:
    """Plans editions. `batch_size` readers make one batch."""

    database: Database
    clock: Clock
    digests: Sequence[PlannedDigest]
    batch_size: int = 500
    _done: set[tuple[str, int, str]] = field(default_factory=set)

    async def plan(self, *, digest: str | None = None, at: datetime | None = None) -> list[EditionId]:
        """Make the editions that are due now, or at the editorial moment `at`, and cut their readers; return the new ones.

        Repeating it is harmless: the edition's key forbids a second, and a walk that was killed goes on.
        """
        made = []
        for due in await self.due(digest=digest, at=at):
            edition = await self._make(due, replay=at is not None)
            if edition is not None:
                made.append(edition)
        await self._walk(digest)
        return made

    def forget(self) -> None:
        """Forget what was found planned, because editions were removed."""
        self._done.clear()

    async def due(self, *, digest: str | None = None, at: datetime | None = None) -> list[Due]:
        """Return the slots that are due and not known to be planned, for rhythms that somebody may hold."""
        moment = self.clock.now() if at is None else at
        async with self.database.read() as connection:
            rhythms = await editions.list_rhythms(connection)
        found = []
        for one in self.digests:
            for rhythm_id, rhythm in rhythms.items() if digest in (None, one.name) else ():
                slot = await self._due(one, rhythm_id, rhythm, moment)
                if slot is not None and await self._is_wanted(one, rhythm_id, slot):
                    found.append(Due(digest=one, rhythm_id=rhythm_id, rhythm=rhythm, slot=slot))
        return found

    async def _is_wanted(self, one: PlannedDigest, rhythm_id: int, slot: Slot) -> bool:
        """Tell whether a slot has readers and no edition yet."""
        async with self.database.read() as connection:
            known = await editions.find_edition(connection, digest=one.name, rhythm_id=rhythm_id, slot=slot.name)
            if known is not None:
                self._done.add((one.name, rhythm_id, slot.name))
            return known is None and await editions.has_readers(connection, digest=one.name, rhythm_id=rhythm_id)

    async def _due(self, one: PlannedDigest, rhythm_id: int, rhythm: Rhythm, moment: datetime) -> Slot | None:
        if (one.cadence is Cadence.INSTANT) != (rhythm.minute is None):
            return None
        if rhythm.minute is None:
            return await self._due_now(one, rhythm_id, rhythm, moment)
        slot = due_slot(rhythm, now=moment, grace=one.grace)
        return None if slot is None or (one.name, rhythm_id, slot.name) in self._done else slot

    async def _due_now(self, one: PlannedDigest, rhythm_id: int, rhythm: Rhythm, moment: datetime) -> Slot | None:
        """Return a slot for an instant alert when an article came in since the last one and it is not quiet there."""
        if is_quiet(rhythm, moment):
            return None
        async with self.database.read() as connection:
            newest = await editions.newest_number(connection)
            if newest <= await editions.last_number(connection, digest=one.name, rhythm_id=rhythm_id):
                return None
            return Slot(name=str(newest), at=moment)

    async def _make(self, due: Due, *, replay: bool) -> EditionId | None:
        """Record an edition; None when another process was faster."""
        one, slot = due.digest, due.slot
        now = self.clock.now()
        async with self.database.begin() as connection:
            made = await editions.add_edition(
                connection,
                digest=one.name,
                rhythm_id=due.rhythm_id,
                slot=slot,
                to_seq=await current_number(connection),
                replay=replay,
                now=now,
                stale_at=max(slot.at, now) + one.grace if replay else slot.at + one.grace,
            )
        if made is not None:
            log.info("edition_planned", edition=made, digest=one.name, slot=slot.name)
        return made

    async def _walk(self, digest: str | None) -> None:
        """Cut the readers of every edition that is not walked to its end, a bounded stretch in a transaction."""
        async with self.database.read() as connection:
            unwalked = [
                one for one in await editions.open_editions(connection, digest=digest) if one.walked_to is not None
            ]
        cadences = {one.name: one.cadence for one in self.digests}
        for one in unwalked:
            priority = PRIORITY[cadences.get(one.digest, Cadence.DAILY)]
            over = False
            while not over:
                async with self.database.begin() as connection:
                    over = await editions.walk_readers(
                        connection, one, size=self.batch_size, priority=priority, now=self.clock.now()
                    )
