"""Work: take batch after batch, several at a time, so that a slow one never holds up the others."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from syndicate.errors import SyndicateError
from syndicate.flows.deliver import LEAST, Delivering
from syndicate.flows.tally import Tally
from syndicate.process import is_dead
from syndicate.storage import batches, editions

log = structlog.get_logger(__name__)

BATCHES = 4  # that claim readers at a time; they share the places for messages in flight
WRITERS = 4  # at a time, so that one who waits for a relay leaves the other letters to the others
ASIDE = timedelta(seconds=10)  # within which the mail comes back that waits for a relay which answers late
SETTLE = 0.05  # seconds in which a batch has taken the places it can use
IDLE = 0.5  # seconds between looks for work
TROUBLE = 5.0  # seconds to wait after the database or a transport failed
TIDY = 5.0  # seconds between looks for what dead workers left, and for what is finished


async def take_back(flow: Delivering) -> None:
    """End the leases of processes of this machine that no longer live, close what is finished, and say what is left to others."""
    async with flow.database.read() as connection:
        owners = await batches.leased_owners(connection)
    for owner in owners:
        if owner != flow.owner and is_dead(owner):
            log.warning("dead_worker", owner=owner)
            async with flow.database.begin() as connection:
                await batches.free_batches_of(connection, owner)
    async with flow.database.begin() as connection:
        await editions.close_finished(connection)
    await flow.warn_of_strangers()


async def finish_digest(flow: Delivering, digest: str, tally: Tally) -> None:
    """Deliver all that is due of one digest, and return when none of its batches is due or held, or when it is to stop."""
    running: set[asyncio.Task[None]] = set()
    try:
        while True:
            lease = None
            if _has_room(flow, running) and not flow.stopping():
                lease = await flow.next_batch(digest=digest)
            if lease is not None:
                running.add(asyncio.create_task(flow.run(lease, tally)))
            if running:
                done, running = await asyncio.wait(running, timeout=SETTLE, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
                continue
            if flow.stopping():
                return
            await take_back(flow)
            async with flow.database.read() as connection:
                aside = ASIDE if flow.router.lanes.has_late else timedelta(0)
                busy = await batches.is_busy(connection, digest=digest, now=flow.clock.now(), aside=aside)
            if not busy:
                return
            await asyncio.sleep(IDLE)
    finally:
        if running:
            await asyncio.gather(*running, return_exceptions=True)


def _has_room(flow: Delivering, running: set[asyncio.Task[None]]) -> bool:
    """Tell whether another batch would find places: as a rule one keeps all busy, and a slow one leaves some to the next."""
    return not running or (flow.claiming < BATCHES and flow.slots.free >= LEAST)


@dataclass(slots=True, kw_only=True)
class Worker:
    """Takes batches of all digests until it is told to stop; `letters` sends what waits in the outbox, beside all batches."""

    flow: Delivering
    letters: Callable[[], Awaitable[int]]
    stopping: asyncio.Event
    tally: Tally = field(default_factory=Tally)
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    _running: set[asyncio.Task[None]] = field(default_factory=set)
    _writing: set[asyncio.Task[None]] = field(default_factory=set)
    _write_again: float = float("-inf")
    _tidied: float = float("-inf")

    async def run(self) -> None:
        """Work until stopped; what is in flight is finished or handed back."""
        while not self.stopping.is_set():
            try:
                busy = await self._round()
            except (SyndicateError, OSError) as error:
                log.error("worker_trouble", trouble=str(error))
                await self._pause(TROUBLE)
                continue
            except Exception:  # the database went away, or a fault of ours: the worker must outlive both
                log.exception("worker_trouble")
                await self._pause(TROUBLE)
                continue
            if not busy:
                await self._pause(IDLE)
        await asyncio.gather(*self._running, *self._writing, return_exceptions=True)

    async def _round(self) -> bool:
        """Take what there is to take; tell whether there was anything."""
        if self.flow.clock.monotonic() - self._tidied >= TIDY:
            await take_back(self.flow)
            self._tidied = self.flow.clock.monotonic()
        self._write_letters()
        taken = 0
        if _has_room(self.flow, self._running) and (lease := await self.flow.next_batch()) is not None:
            task = asyncio.create_task(self.flow.run(lease, self.tally))
            self._running.add(task)
            task.add_done_callback(self._finished)
            taken += 1
        if self._running:
            await asyncio.wait(self._running, timeout=SETTLE if taken else IDLE, return_when=asyncio.FIRST_COMPLETED)
        return bool(taken or self._running)

    def _write_letters(self) -> None:
        """Have letters sent, by a task of its own: a relay may take minutes to answer one."""
        if len(self._writing) < WRITERS and self.flow.clock.monotonic() >= self._write_again:
            task = asyncio.create_task(self._write())
            self._writing.add(task)
            task.add_done_callback(self._written)

    async def _write(self) -> None:
        """Send letters until none is due."""
        while not self.stopping.is_set() and await self.letters():
            pass

    def _written(self, task: asyncio.Task[None]) -> None:
        self._writing.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:  # digests go on, whatever letters come to
            expected = isinstance(error, SyndicateError | OSError)
            log.error("letters_failed", trouble=str(error), exc_info=None if expected else error)
            self._write_again = self.flow.clock.monotonic() + TROUBLE

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("batch_failed", exc_info=error)

    async def _pause(self, seconds: float) -> None:
        """Wait until there may be work again."""
        self.wake.clear()
        try:
            async with asyncio.timeout(seconds):
                await self.wake.wait()
        except TimeoutError:
            return
