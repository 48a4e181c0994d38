"""Plan what is due: editions, and the batches their readers are cut into."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.clock import Clock
from syndicate.core.cadence import due_slot, is_quiet
from syndicate.model import Cadence, EditionId, Rhythm, Slot
from syndicate.storage import alerts, approvals, editions
from syndicate.storage.counter import current_number
from syndicate.storage.database import Database

log = structlog.get_logger(__name__)
REMEMBERED = 1_000  # places where numbers were looked at
PRIORITY = {Cadence.INSTANT: 2, Cadence.DAILY: 5, Cadence.WEEKLY: 6}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDigest:
    """What planning needs of a standing digest. An edition older than `grace` is folded into the next.

    Alerts are at least `coalesce` apart, and made only for articles with one of the `tags`, if there are any. With `approve_in` an edition
    waits so long for an editor's yes; then `otherwise` decides.
    """

    name: str
    cadence: Cadence
    grace: timedelta
    coalesce: timedelta = timedelta(0)
    tags: frozenset[str] = frozenset()
    approve_in: timedelta | None = None
    otherwise: Literal["send", "skip"] = "send"


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
    batch_size: int = 1_000
    _done: set[tuple[str, int, str]] = field(default_factory=set)
    _newest: dict[tuple[int, Collection[str]], tuple[int, int]] = field(default_factory=dict)

    async def plan(
        self, *, digest: str | None = None, at: datetime | None = None, coalesce: bool = True
    ) -> list[EditionId]:
        """Make the editions that are due now, or at the editorial moment `at`, and cut their readers; return the new ones.

        Repeating it is harmless: the edition's key forbids a second, and a walk that was killed goes on. Without `coalesce` an alert does
        not wait for others.
        """
        made = []
        await self._decide()
        for due in await self.due(digest=digest, at=at, coalesce=coalesce):
            edition = await self._make(due, replay=at is not None)
            if edition is not None:
                made.append(edition)
        await self._walk(digest)
        return made

    def forget(self) -> None:
        """Forget what was found planned, because editions were removed."""
        self._done.clear()

    async def _decide(self) -> None:
        """Let the policy decide about the editions whose deadline has passed without an answer."""
        digests = {one.name: one for one in self.digests}
        async with self.database.read() as connection:
            waiting = await approvals.waiting_editions(connection)
        for edition in waiting:
            one = digests.get(edition.digest)
            span = timedelta(0) if one is None or one.approve_in is None else one.approve_in
            if self.clock.now() < edition.planned_at + span:
                continue
            skipped = one is not None and one.approve_in is not None and one.otherwise == "skip"
            async with self.database.begin() as connection:
                approved = not skipped and await approvals.approve(connection, edition.id, now=self.clock.now())
                if approved or await approvals.reject(connection, edition.id):
                    log.warning("edition_unanswered", edition=edition.id, digest=edition.digest, skipped=not approved)

    async def due(self, *, digest: str | None = None, at: datetime | None = None, coalesce: bool = True) -> list[Due]:
        """Return the slots that are due and not known to be planned, for rhythms that somebody may hold."""
        moment = self.clock.now() if at is None else at
        async with self.database.read() as connection:
            rhythms = await editions.list_rhythms(connection)
        found = []
        for one in self.digests:
            for rhythm_id, rhythm in rhythms.items() if digest in (None, one.name) else ():
                slot = await self._due(one, rhythm_id, rhythm, moment, coalesce=coalesce)
                if slot is not None and await self._is_wanted(one, rhythm_id, slot, replay=at is not None):
                    found.append(Due(digest=one, rhythm_id=rhythm_id, rhythm=rhythm, slot=slot))
        return found

    async def _is_wanted(self, one: PlannedDigest, rhythm_id: int, slot: Slot, *, replay: bool) -> bool:
        """Tell whether a slot has readers and no edition yet; one that came before all of them waits for whoever asks for it by `at`."""
        async with self.database.read() as connection:
            known = await editions.find_edition(connection, digest=one.name, rhythm_id=rhythm_id, slot=slot.name)
            if known is not None:
                self._done.add((one.name, rhythm_id, slot.name))
            return known is None and await editions.has_readers(
                connection, digest=one.name, rhythm_id=rhythm_id, until=None if replay else slot.at
            )

    async def _due(
        self, one: PlannedDigest, rhythm_id: int, rhythm: Rhythm, moment: datetime, *, coalesce: bool
    ) -> Slot | None:
        if (one.cadence is Cadence.INSTANT) != (rhythm.minute is None):
            return None
        if rhythm.minute is None:
            span = one.coalesce if coalesce else timedelta(0)
            return await self._due_now(one, rhythm_id, rhythm, moment, span=span)
        slot = due_slot(rhythm, now=moment, grace=one.grace)
        return None if slot is None or (one.name, rhythm_id, slot.name) in self._done else slot

    async def _due_now(
        self, one: PlannedDigest, rhythm_id: int, rhythm: Rhythm, moment: datetime, *, span: timedelta
    ) -> Slot | None:
        """Return a slot for an alert when it is not quiet there, the last was long enough ago and an article came in since."""
        if is_quiet(rhythm, moment):
            return None
        async with self.database.read() as connection:
            last = await alerts.last_edition(connection, digest=one.name, rhythm_id=rhythm_id)
            if last is not None and timedelta(0) <= moment - last[1] < span:
                return None
            newest = await self._newest_after(connection, 0 if last is None else last[0], one.tags)
            return Slot(name=str(newest), at=moment) if newest else None

    async def _newest_after(self, connection: AsyncConnection, after: int, tags: frozenset[str]) -> int:
        """Return the number of the newest article that an alert would bring; looks again only once numbers were handed out."""
        number = await current_number(connection)
        known = self._newest.get((after, tags))
        if known is None or known[0] != number:
            if len(self._newest) > REMEMBERED:
                self._newest.clear()
            known = number, await alerts.newest_number(connection, after=after, tags=tags)
            self._newest[after, tags] = known
        return known[1]

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
                stale_at=_stale_at(one, slot, now, replay=replay),
                state="open" if one.approve_in is None else approvals.WAITING,
            )
        if made is not None:
            log.info("edition_planned", edition=made, digest=one.name, slot=slot.name)
        return made

    async def _walk(self, digest: str | None) -> None:
        """Cut the readers of every edition that is not walked to its end, a bounded stretch in a transaction."""
        async with self.database.read() as connection:
            unwalked = await editions.unwalked_editions(connection, digest=digest)
        cadences = {one.name: one.cadence for one in self.digests}
        for one in unwalked:
            priority = PRIORITY[cadences.get(one.digest, Cadence.DAILY)]
            over = False
            while not over:
                async with self.database.begin() as connection:
                    over = await editions.walk_readers(
                        connection, one, size=self.batch_size, priority=priority, now=self.clock.now()
                    )


def _stale_at(one: PlannedDigest, slot: Slot, now: datetime, *, replay: bool) -> datetime:
    """Return when an edition is no longer news: a grace after its hour, or after the time that an editor has for his answer."""
    if one.approve_in is not None:
        return now + one.approve_in + one.grace
    return (max(slot.at, now) if replay else slot.at) + one.grace
