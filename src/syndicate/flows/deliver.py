"""Deliver batches: claim readers, send, mark; what a dead worker left is taken over."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.clock import Clock
from syndicate.core.retry import Policy, after
from syndicate.core.window import moved
from syndicate.flows.compose import Composing, EditionWork
from syndicate.flows.envelopes import Postman
from syndicate.flows.route import Router
from syndicate.model import DeliveryState, Envelope, Mark, Receipt, SubscriberId
from syndicate.model import Outcome as Unknown
from syndicate.storage import batches, deliveries, editions
from syndicate.storage.batches import Lease
from syndicate.storage.database import Database
from syndicate.storage.deliveries import Outcome, ReaderRow
from syndicate.storage.editions import EditionRow

log = structlog.get_logger(__name__)

IN_FLIGHT = 50  # rows in `sending` at a time, over all batches of a process
CLAIM = 25
CHUNK = 5  # messages handed to the transport together
GATHER = 0.008  # seconds to wait for further answers before they are written
RENEW = 5.0  # seconds between renewals of an idle lease


@dataclass(slots=True, kw_only=True)
class Tally:
    """What became of the deliveries of one run."""

    editions: int = 0
    planned: int = 0
    accepted: int = 0
    deferred: int = 0
    refused: int = 0
    uncertain: int = 0
    suppressed: int = 0
    skipped: int = 0

    def count(self, state: DeliveryState, number: int = 1) -> None:
        """Count deliveries under their state."""
        setattr(self, state.value, getattr(self, state.value) + number)


class Slots:
    """The places for messages in flight, shared by all batches of a process."""

    def __init__(self, count: int) -> None:
        self.free = count
        self._changed = asyncio.Event()

    def take(self, most: int) -> int:
        """Take up to `most` places and return how many."""
        number = min(most, self.free)
        self.free -= number
        return number

    def give(self, number: int) -> None:
        """Give places back."""
        self.free += number
        self._changed.set()

    async def wait(self, seconds: float) -> None:
        """Wait until places were given back, or for so long."""
        self._changed.clear()
        try:
            await asyncio.wait_for(self._changed.wait(), seconds)
        except TimeoutError:
            return


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A transport's answer for one delivery."""

    subscriber: SubscriberId
    attempt: int
    note: str | None
    receipt: Receipt
    transport: str


class LostLeaseError(Exception):
    """Another worker has taken the batch over; what this transaction did must not stand."""


@dataclass(slots=True, kw_only=True)
class Delivering:
    """Delivers the batches that are due. `owner` names this process; `policy` says what an unanswered message means."""

    database: Database
    clock: Clock
    owner: str
    composing: Composing
    postman: Postman
    router: Router
    policy: Policy = "retry"
    stopping: Callable[[], bool] = lambda: False
    slots: Slots = field(default_factory=lambda: Slots(IN_FLIGHT))

    async def next_batch(self, *, digest: str | None = None) -> Lease | None:
        """Lease the next batch that is due."""
        async with self.database.begin() as connection:
            return await batches.take_batch(connection, owner=self.owner, now=self.clock.now(), digest=digest)

    async def run(self, lease: Lease, tally: Tally) -> None:
        """Work on a batch until all that is due in it is tried; count what became of it."""
        await BatchRun(flow=self, lease=lease, tally=tally).run()


@dataclass(slots=True, kw_only=True)
class BatchRun:
    """One worker's time with one batch: a loop of transactions that mark the last answers and claim the next readers."""

    flow: Delivering
    lease: Lease
    tally: Tally
    cursor: int = 0
    exhausted: bool = False
    retries_over: bool = False
    answers: list[Answer] = field(default_factory=list)
    flying: int = 0
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def run(self) -> None:
        """Take over, then claim and mark until nothing is left to do now, then give the batch back."""
        self.cursor = self.lease.cursor
        try:
            edition = await self._begin()
            if edition is None:
                return
            while not (self.exhausted and self.retries_over and not self.flying and not self.answers):
                if self.flow.stopping():
                    self.exhausted = self.retries_over = True
                if await self._step(edition):
                    continue
                await self._wait()
            await self._end(edition)
        except LostLeaseError:
            log.warning("batch_lost", batch=self.lease.id, edition=self.lease.edition)
        finally:
            await self._settle()

    # -- beginning and end

    async def _begin(self) -> EditionRow | None:
        """Take over what a dead worker left in flight; fold the batch if its edition is stale."""
        lease, flow, now = self.lease, self.flow, self.flow.clock.now()
        async with flow.database.begin() as connection:
            edition = await self._edition(connection)
            if edition is None or edition.digest not in flow.composing.rules:
                await batches.release(connection, lease, done=edition is None, wake_at=now + timedelta(hours=1))
                return None
            await deliveries.take_over(
                connection, edition_id=edition.id, lo=lease.lo, hi=lease.hi, now=now, policy=flow.policy
            )
            if now >= edition.stale_at:
                await self._fold(connection, edition)
                return None
        return edition

    async def _fold(self, connection: AsyncConnection, edition: EditionRow) -> None:
        """Give up what is left of a stale edition: its articles come with the next one."""
        lease = self.lease
        readers = await deliveries.give_up(connection, edition_id=edition.id, lo=lease.lo, hi=lease.hi, note="stale")
        await deliveries.put_back_marks(
            connection, edition_id=edition.id, digest=edition.digest, to_seq=edition.to_seq, readers=readers
        )
        self.tally.count(DeliveryState.REFUSED, len(readers))
        await batches.release(connection, lease, done=True)
        log.warning("batch_stale", batch=lease.id, edition=edition.id, given_up=len(readers))

    async def _end(self, edition: EditionRow) -> None:
        now = self.flow.clock.now()
        async with self.flow.database.begin() as connection:
            if self.flow.stopping():
                await batches.release(connection, self.lease, done=False, wake_at=now)
                return
            wake_at = await deliveries.next_try_in(
                connection, edition_id=edition.id, lo=self.lease.lo, hi=self.lease.hi
            )
            await batches.release(connection, self.lease, done=wake_at is None, wake_at=wake_at)

    async def _settle(self) -> None:
        """Wait for what is still in flight after a failure, and free its places; the rows stay for whoever takes over."""
        if self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)
        self.flow.slots.give(self.flying + len(self.answers))
        self.flying, self.answers = 0, []

    async def _edition(self, connection: AsyncConnection) -> EditionRow | None:
        return await editions.load_edition(connection, self.lease.edition)

    # -- one step: mark what was answered, claim what comes next

    async def _step(self, edition: EditionRow) -> bool:
        """Write answers and claim readers in one transaction; False when there is nothing to do but wait."""
        wanted = 0 if self.exhausted and self.retries_over else self.flow.slots.take(CLAIM)
        if 0 < wanted < CLAIM // 2 and self.flying:  # small claims cost as much as full ones
            self.flow.slots.give(wanted)
            wanted = 0
        answers, self.answers = self.answers, []
        if not wanted and not answers:
            return False
        envelopes: list[tuple[ReaderRow, int, str | None, Envelope]] = []
        try:
            async with self.flow.database.begin() as connection:
                await self._mark(connection, edition, answers)
                if wanted:
                    envelopes = await self._claim(connection, edition, wanted)
                elif not await batches.renew(connection, self.lease, now=self.flow.clock.now()):
                    raise LostLeaseError
        except BaseException:
            self.flow.slots.give(wanted + len(answers))
            self.flow.composing.forget(edition.id)  # its new variants were rolled back
            raise
        self.flow.slots.give(wanted + len(answers) - len(envelopes))
        self._launch(envelopes)
        return True

    async def _mark(self, connection: AsyncConnection, edition: EditionRow, answers: Sequence[Answer]) -> None:
        if not answers:
            return
        now = self.flow.clock.now()
        outcomes, refused = [], []
        for answer in answers:
            verdict = after(
                answer.receipt,
                attempt=answer.attempt,
                former_note=answer.note,
                policy=self.flow.policy,
                now=now,
                stale_at=edition.stale_at,
            )
            outcomes.append(
                Outcome(
                    subscriber=answer.subscriber,
                    state=verdict.state,
                    code=answer.receipt.code,
                    next_try=verdict.next_try,
                    transport=answer.transport,
                    note=verdict.note,
                )
            )
            if verdict.state is DeliveryState.REFUSED:
                refused.append(answer.subscriber)
            self.tally.count(verdict.state)
        await deliveries.mark_outcomes(connection, edition.id, outcomes)
        if refused:
            await deliveries.put_back_marks(
                connection, edition_id=edition.id, digest=edition.digest, to_seq=edition.to_seq, readers=refused
            )

    async def _claim(
        self, connection: AsyncConnection, edition: EditionRow, wanted: int
    ) -> list[tuple[ReaderRow, int, str | None, Envelope]]:
        now = self.flow.clock.now()
        current = await self._edition(connection)
        work = await self.flow.composing.work_on(connection, current or edition, now=now)
        if not self.retries_over:
            claimed = await self._claim_retries(connection, work, wanted, now)
            if claimed:
                if not await batches.renew(connection, self.lease, now=now):
                    raise LostLeaseError
                return claimed
            self.retries_over = True
        return await self._claim_next(connection, work, wanted, now)

    async def _claim_retries(
        self, connection: AsyncConnection, work: EditionWork, wanted: int, now: datetime
    ) -> list[tuple[ReaderRow, int, str | None, Envelope]]:
        edition = work.edition
        rows = await deliveries.claim_retries(
            connection,
            edition_id=edition.id,
            digest=edition.digest,
            lo=self.lease.lo,
            hi=self.lease.hi,
            now=now,
            count=wanted,
        )
        envelopes, gone = [], []
        for row in rows:
            state = standing(row.reader, edition, now)
            message = await self.flow.composing.message_of(connection, row.variant) if state is None else None
            if message is None:
                gone.append((row.reader.subscriber, state or DeliveryState.SKIPPED))
                continue
            envelope = self.flow.postman.envelope(row.reader, edition, row.variant, message, now=now)
            envelopes.append((row.reader, row.attempt, row.note, envelope))
        for subscriber, state in gone:
            outcome = Outcome(
                subscriber=subscriber, state=state, code=0, next_try=None, transport="", note="left before the next try"
            )
            await deliveries.mark_outcomes(connection, edition.id, [outcome])
            self.tally.count(state)
        if rows and not envelopes:
            return await self._claim_retries(connection, work, wanted, now)
        return envelopes

    async def _claim_next(
        self, connection: AsyncConnection, work: EditionWork, wanted: int, now: datetime
    ) -> list[tuple[ReaderRow, int, str | None, Envelope]]:
        """Claim the next readers of the batch: judge, compose, record, move their marks and the cursor."""
        edition = work.edition
        readers = await deliveries.next_readers(
            connection,
            digest=edition.digest,
            rhythm_id=edition.rhythm,
            after=self.cursor,
            hi=self.lease.hi,
            count=wanted,
        )
        audience, barred, skipped = [], [], 0
        for reader in readers:
            state = standing(reader, edition, now)
            if state is None:
                audience.append(reader)
            elif state is DeliveryState.SUPPRESSED:
                barred.append(reader)
            elif reader.subscribed == "active" and reader.state == "confirmed":
                skipped += 1
        found = await self.flow.composing.variants_for(connection, work, audience, now=now)
        barred_found = await self.flow.composing.variants_for(connection, work, barred, now=now)
        claims = [
            (reader, ready.id, DeliveryState.SENDING) for reader, ready in zip(audience, found, strict=True) if ready
        ]
        claims += [
            (reader, ready.id, DeliveryState.SUPPRESSED)
            for reader, ready in zip(barred, barred_found, strict=True)
            if ready
        ]
        new = await deliveries.claim(connection, edition.id, claims)
        sent = [
            (reader, ready) for reader, ready in zip(audience, found, strict=True) if ready and reader.subscriber in new
        ]
        end = moved(None, work.window)
        await deliveries.move_marks(
            connection,
            digest=edition.digest,
            readers=[reader.subscriber for reader, _ in sent],
            mark=Mark(seq=end.seq, at=end.at),
        )
        empty = sum(1 for ready in found if ready is None)
        cursor = readers[-1].subscriber if readers else self.lease.hi
        if not await batches.renew(connection, self.lease, now=now, cursor=cursor, empty=empty, skipped=skipped):
            raise LostLeaseError
        self.cursor = cursor
        self.exhausted = len(readers) < wanted or cursor >= self.lease.hi
        self.tally.planned += len(new)
        self.tally.skipped += empty + skipped
        self.tally.suppressed += sum(1 for reader in barred if reader.subscriber in new)
        return [
            (reader, 1, None, self.flow.postman.envelope(reader, edition, ready.id, ready.message, now=now))
            for reader, ready in sent
        ]

    # -- in flight

    def _launch(self, envelopes: Sequence[tuple[ReaderRow, int, str | None, Envelope]]) -> None:
        self.flying += len(envelopes)
        for start in range(0, len(envelopes), CHUNK):
            task = asyncio.create_task(self._send(envelopes[start : start + CHUNK]))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _send(self, chunk: Sequence[tuple[ReaderRow, int, str | None, Envelope]]) -> None:
        try:
            results = await self.flow.router.send([envelope for _, _, _, envelope in chunk])
        except Exception as error:  # a transport of another's making: what it did with the messages cannot be known
            log.exception("transport_failed", edition=self.lease.edition)
            results = [(Receipt(outcome=Unknown.UNCERTAIN, text=str(error)), "")] * len(chunk)
        for (reader, attempt, note, _), (receipt, transport) in zip(chunk, results, strict=True):
            self.answers.append(
                Answer(subscriber=reader.subscriber, attempt=attempt, note=note, receipt=receipt, transport=transport)
            )
        self.flying -= len(chunk)
        self._arrived.set()

    async def _wait(self) -> None:
        """Wait for answers, or for places, and keep the lease meanwhile."""
        if not self.flying:
            await self.flow.slots.wait(0.05)
            return
        self._arrived.clear()
        try:
            await asyncio.wait_for(self._arrived.wait(), RENEW)
            if len(self.answers) < CLAIM and self.flying:
                await asyncio.sleep(GATHER)
        except TimeoutError:
            async with self.flow.database.begin() as connection:
                if not await batches.renew(connection, self.lease, now=self.flow.clock.now()):
                    raise LostLeaseError from None


def standing(reader: ReaderRow, edition: EditionRow, now: datetime) -> DeliveryState | None:
    """Return why nothing is sent to a reader, or None when something may be."""
    if reader.suppressed or reader.state in ("suppressed", "bounced"):
        return DeliveryState.SUPPRESSED
    if reader.state != "confirmed" or reader.subscribed != "active" or not reader.email:
        return DeliveryState.SKIPPED
    if reader.paused_until is not None and reader.paused_until > now:
        return DeliveryState.SKIPPED
    return DeliveryState.SKIPPED if reader.since > edition.at and not edition.replay else None
