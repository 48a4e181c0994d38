"""Deliver batches: claim readers, send, mark; what a dead worker left is taken over."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.clock import Clock
from syndicate.core.retry import Policy
from syndicate.flows.claim import Claim, Claiming
from syndicate.flows.compose import Composing
from syndicate.flows.envelopes import Postman, Sign
from syndicate.flows.in_flight import InFlight
from syndicate.flows.ingest_reports import IngestReports
from syndicate.flows.marking import Answer, Marking
from syndicate.flows.places import Slots
from syndicate.flows.route import Router
from syndicate.flows.stint import Stint
from syndicate.flows.tally import Tally
from syndicate.model import BatchId, DeliveryState
from syndicate.storage import batches, deliveries, editions, pauses, retries, unreached
from syndicate.storage.batches import Lease
from syndicate.storage.database import Database, is_deadlock
from syndicate.storage.editions import EditionRow
from syndicate.storage.sweep import SWEEP, sweep_ledger

log = structlog.get_logger(__name__)

IN_FLIGHT = 50  # rows in `sending` at a time, over all batches of a process
LEAST = 25  # places that are worth a claim while others are in use: a small one costs as much as a large one
TRIES = 5  # of a transaction that PostgreSQL gives up because two wait for each other
RENEW = 5.0  # seconds between renewals of an idle lease


class LostLeaseError(Exception):
    """Another worker has taken the batch over; what this transaction did must not stand."""


@dataclass(slots=True, kw_only=True)
class Delivering:
    """Delivers the batches that are due. `owner` names this process; `policy` says what an unanswered message means.

    `sign` signs the messages, where we do; `reports` hears of every refusal, so that an address that is gone gets no more mail.
    """

    database: Database
    clock: Clock
    owner: str
    composing: Composing
    postman: Postman
    router: Router
    policy: Policy = "retry"
    sign: Sign | None = None
    reports: IngestReports | None = None
    stopping: Callable[[], bool] = lambda: False
    slots: Slots = field(default_factory=lambda: Slots(IN_FLIGHT))
    marked: int = 0  # since the ledger was swept
    _underway: dict[BatchId, "BatchRun"] = field(default_factory=dict)
    _strange: set[str] = field(default_factory=set)

    @property
    def claiming(self) -> int:
        """How many batches may claim more readers; the others under way only wait for answers."""
        return sum(not run.has_claimed_all for run in self._underway.values())

    async def next_batch(self, *, digest: str | None = None) -> Lease | None:
        """Lease the next batch that is due, of one digest or of all that the configuration has."""
        digests = self.composing.rules.keys() if digest is None else [digest]
        async with self.database.begin() as connection:
            return await batches.take_batch(
                connection, owner=self.owner, now=self.clock.now(), digests=digests, underway=self._underway
            )

    async def warn_of_strangers(self) -> None:
        """Say, once for each, which digests have mail to go and are not in this process's configuration: others may know them."""
        known = [*self.composing.rules, *self._strange]
        async with self.database.read() as connection:
            found = await batches.strange_digests(connection, known=known, now=self.clock.now())
        for digest in found:
            log.warning("unknown_digest", digest=digest)
        self._strange.update(found)

    async def run(self, lease: Lease, tally: Tally) -> None:
        """Work on a batch until all that is due in it is tried; count what became of it."""
        self._underway[lease.id] = run = BatchRun(flow=self, lease=lease, tally=tally)
        try:
            await run.run()
        finally:
            del self._underway[lease.id]
        if self.marked >= SWEEP and not self.stopping():
            self.marked = 0
            await sweep_ledger(self.database)


@dataclass(slots=True, kw_only=True)
class BatchRun:
    """One worker's time with one batch: a loop of transactions that mark the last answers and claim the next readers."""

    flow: Delivering
    lease: Lease
    tally: Tally
    cursor: int = 0
    exhausted: bool = False
    retries_over: bool = False
    stale: bool = False
    stint: Stint = field(init=False)
    out: InFlight = field(init=False)

    async def run(self) -> None:
        """Take over, then claim and mark until nothing is left to do now, then give the batch back."""
        self.cursor = self.lease.cursor
        flow = self.flow
        self.stint = Stint(router=flow.router, clock=flow.clock, priority=self.lease.priority)
        self.out = InFlight(
            router=flow.router, postman=flow.postman, clock=flow.clock, edition=self.lease.edition, sign=flow.sign
        )
        try:
            edition = await self._begin()
            if edition is None:
                return
            while not self._is_done:
                if flow.stopping() or (self.stint.is_over and not self.stale):
                    self.exhausted = self.retries_over = True
                if not await self._step(edition) and (self.out.flying or not (self._is_done or self.stint.is_over)):
                    await self._wait()
            await self._end(edition)
            await flow.router.book_back()
        except LostLeaseError:
            log.warning("batch_lost", batch=self.lease.id, edition=self.lease.edition)
        except asyncio.CancelledError:
            self.out.cancel()
            raise
        finally:  # the rows stay for whoever takes over
            flow.slots.give(await self.out.settle())

    @property
    def has_claimed_all(self) -> bool:
        """Whether nothing is left to claim now."""
        return self.exhausted and self.retries_over

    @property
    def _is_done(self) -> bool:
        """Whether nothing is left to claim now, and nothing is out."""
        return self.has_claimed_all and not self.out.flying and not self.out.answers

    # -- beginning and end

    async def _begin(self) -> EditionRow | None:
        """Take over what a dead worker left in flight; fold the batch if its edition is stale."""
        lease, now = self.lease, self.flow.clock.now()
        async with self._transaction() as (connection, tally):
            edition = await self._edition(connection)
            if edition is None:
                await batches.release(connection, lease, done=True)
                return None
            await self._take_over(connection, edition, now, tally)
            if now >= edition.stale_at:
                await self._fold(connection, edition, tally)
                return None
        return edition

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[tuple[AsyncConnection, Tally]]:
        """Open a transaction with a tally of its own, which counts once the transaction stands."""
        counted = Tally()
        async with self.flow.database.begin() as connection:
            yield connection, counted
        self.tally.add(counted)

    async def _take_over(self, connection: AsyncConnection, edition: EditionRow, now: datetime, tally: Tally) -> None:
        """Judge what was in flight when a worker died, and end the deliveries of readers of whom nothing is left."""
        lo, hi, policy = self.lease.lo, self.lease.hi, self.flow.policy
        number = await retries.take_over(connection, edition_id=edition.id, lo=lo, hi=hi, now=now, policy=policy)
        if policy != "retry":
            tally.count(DeliveryState.ACCEPTED if policy == "accept" else DeliveryState.UNCERTAIN, number)
        gone = await retries.end_orphans(connection, edition_id=edition.id, digest=edition.digest, lo=lo, hi=hi)
        tally.count(DeliveryState.SKIPPED, gone)

    async def _fold(self, connection: AsyncConnection, edition: EditionRow, tally: Tally) -> None:
        """Give up what is left of a stale edition: its articles come with the next one."""
        lease, now = self.lease, self.flow.clock.now()
        if not await batches.renew(connection, lease, now=now):
            raise LostLeaseError
        readers = await retries.give_up(connection, edition_id=edition.id, lo=lease.lo, hi=lease.hi, note="stale")
        await deliveries.put_back_marks(
            connection, edition_id=edition.id, digest=edition.digest, to_seq=edition.to_seq, readers=readers
        )
        tally.count(DeliveryState.REFUSED, len(readers))
        left = await unreached.record_unreached(connection, edition.id, batch_id=lease.id, now=now)
        tally.count(DeliveryState.UNREACHED, left)
        await batches.release(connection, lease, done=True)
        log.warning("batch_stale", batch=lease.id, edition=edition.id, given_up=len(readers), unreached=left)

    async def _end(self, edition: EditionRow) -> None:
        now = self.flow.clock.now()
        async with self._transaction() as (connection, tally):
            if self.stale:
                await self._fold(connection, edition, tally)
                return
            if self.flow.stopping() or self.stint.is_over:
                later = now + timedelta(seconds=self.stint.pause)
                await batches.release(connection, self.lease, done=False, wake_at=later)
                return
            # whoever changes deliveries of this batch by hand comes before this look, or finds the batch done and opens it again
            if not await batches.renew(connection, self.lease, now=now):
                raise LostLeaseError
            wake_at = await retries.next_try_in(connection, edition_id=edition.id, lo=self.lease.lo, hi=self.lease.hi)
            await batches.release(connection, self.lease, done=wake_at is None, wake_at=wake_at)

    async def _edition(self, connection: AsyncConnection) -> EditionRow | None:
        return await editions.load_edition(connection, self.lease.edition)

    # -- one step: mark what was answered, claim what comes next

    async def _step(self, edition: EditionRow) -> bool:
        """Write answers and claim readers in one transaction; False when there is nothing to do but wait."""
        answers = self.out.take_answers()
        self.flow.slots.give(len(answers))  # what a transaction marks frees its places for what it claims
        over = self.has_claimed_all or self.stint.wait is not None
        wanted = 0 if over else self.flow.slots.take(IN_FLIGHT)
        if 0 < wanted < LEAST and self.out.flying:
            self.flow.slots.give(wanted)
            wanted = 0
        elif wanted:
            leave = await self.stint.leave(wanted)
            self.flow.slots.give(wanted - leave)
            wanted = leave
        if not wanted and not answers:
            return False
        claim = await self._written(edition, answers, wanted)
        if wanted:
            self._keep(claim)
        self.flow.slots.give(wanted - len(claim.messages))
        self.stint.unused(wanted - len(claim.messages))
        self.out.launch(claim.messages)
        return True

    async def _written(self, edition: EditionRow, answers: Sequence[Answer], wanted: int) -> Claim:
        """Mark and claim in one transaction, and once more when it was given up for another's sake: the answers must not get lost."""
        for left in reversed(range(TRIES)):
            claim = Claim()
            try:
                async with self._transaction() as (connection, tally):
                    if answers:
                        marking = Marking(policy=self.flow.policy, reports=self.flow.reports, tally=tally)
                        await marking.mark(connection, edition, answers, now=self.flow.clock.now())
                    if wanted:
                        claim = await self._claim(connection, edition, wanted)
                    elif not await batches.renew(connection, self.lease, now=self.flow.clock.now()):
                        raise LostLeaseError
                break
            except BaseException as error:
                self.flow.composing.forget()
                if left and is_deadlock(error):
                    log.info("deadlock", batch=self.lease.id)
                    continue
                self.flow.slots.give(wanted)
                self.stint.unused(wanted)
                raise
        self.flow.marked += len(answers)
        return claim

    async def _claim(self, connection: AsyncConnection, edition: EditionRow, wanted: int) -> Claim:
        """Claim what comes next, in a transaction that holds on to the batch."""
        now = self.flow.clock.now()
        current = await self._edition(connection) or edition
        claim = Claim(exhausted=self.exhausted, retries_over=self.retries_over)
        if now >= current.stale_at:
            claim.stale = claim.exhausted = claim.retries_over = True
        elif await pauses.is_paused(connection, current.digest):
            claim.paused = claim.exhausted = claim.retries_over = True
        else:
            claiming = Claiming(composing=self.flow.composing, postman=self.flow.postman, lease=self.lease)
            claim.work = work = await self.flow.composing.work_on(connection, current, now=now)
            await claiming.take_retries(connection, work, claim, wanted, now=now)
            if not claim.messages:
                await claiming.take_next(connection, work, claim, wanted, after=self.cursor, now=now)
        if not await batches.renew(
            connection, self.lease, now=now, cursor=claim.cursor, empty=claim.empty, skipped=claim.skipped
        ):
            raise LostLeaseError
        return claim

    def _keep(self, claim: Claim) -> None:
        """Believe what a transaction claimed, now that it stands."""
        if claim.work is not None:
            self.flow.composing.keep(claim.work, claim.fresh)
        self.cursor = self.cursor if claim.cursor is None else claim.cursor
        self.exhausted, self.retries_over = claim.exhausted, claim.retries_over
        self.stale = self.stale or claim.stale
        if claim.paused:
            self.stint.end()
        self.tally.planned += claim.planned
        self.tally.skipped += claim.empty + claim.skipped
        for state, number in claim.ended.items():
            self.tally.count(state, number)

    async def _wait(self) -> None:
        """Wait for answers, or for places, and keep the lease meanwhile."""
        if not self.out.flying:
            if not await self.flow.slots.wait(self.stint.wait or RENEW) and self.stint.wait is None:
                await self._renew()
        elif not await self.out.wait(RENEW):
            await self._renew()

    async def _renew(self) -> None:
        async with self.flow.database.begin() as connection:
            if not await batches.renew(connection, self.lease, now=self.flow.clock.now()):
                raise LostLeaseError
