"""Hand claimed messages to the transports in chunks, and gather their answers."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import structlog

from syndicate.clock import Clock
from syndicate.flows.claim import Claimed
from syndicate.flows.envelopes import Postman, Sign
from syndicate.flows.marking import Answer
from syndicate.flows.route import Result, Router
from syndicate.model import EditionId, Envelope, Outcome, Receipt

log = structlog.get_logger(__name__)

CHUNK = 10  # messages handed to the transport together
GATHER = 0.01  # seconds to wait for further answers before they are written
ENOUGH = 40  # answers that are worth a transaction


@dataclass(slots=True, kw_only=True)
class InFlight:
    """The messages of one batch that are out (`flying` many), and the answers that are not written yet.

    `sign` signs them, where we do.
    """

    router: Router
    postman: Postman
    clock: Clock
    edition: EditionId
    sign: Sign | None = None
    flying: int = 0
    answers: list[Answer] = field(default_factory=list)
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)
    _soon: asyncio.TimerHandle | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def launch(self, messages: Sequence[Claimed]) -> None:
        """Begin to send."""
        self.flying += len(messages)
        for chunk in self._chunks(messages):
            task = asyncio.create_task(self._send(chunk))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _chunks(self, messages: Sequence[Claimed]) -> Iterator[Sequence[Claimed]]:
        """Cut messages into what is sent together, which ends together: so what will be answered late goes one by one."""
        lanes, quick = self.router.lanes, messages
        if lanes.has_late:
            quick = [one for one in messages if not lanes.is_late(one.envelope)]
            yield from ([one] for one in messages if lanes.is_late(one.envelope))
        yield from (quick[start : start + CHUNK] for start in range(0, len(quick), CHUNK))

    def take_answers(self) -> Sequence[Answer]:
        """Return the answers that came since, to be written."""
        answers, self.answers = self.answers, []
        return answers

    async def wait(self, seconds: float) -> bool:
        """Wait until there are answers worth a transaction; False when none came within so long."""
        try:
            async with asyncio.timeout(seconds):
                await self._arrived.wait()
        except TimeoutError:
            return False
        finally:
            self._arrived.clear()
            if self._soon is not None:
                self._soon.cancel()
                self._soon = None
        return True

    def cancel(self) -> None:
        """Give up sending."""
        for task in self._tasks:
            task.cancel()

    async def settle(self) -> int:
        """Wait for what is still out after a failure, and forget it; return how many places are free again."""
        if self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)
        places = self.flying + len(self.answers)
        self.flying, self.answers = 0, []
        return places

    async def _send(self, chunk: Sequence[Claimed]) -> None:
        results = await self._results(chunk)
        for one, (receipt, transport) in zip(chunk, results, strict=True):
            self.answers.append(
                Answer(
                    subscriber=one.reader.subscriber,
                    attempt=one.attempt,
                    note=one.note,
                    receipt=receipt,
                    transport=transport,
                )
            )
        self.flying -= len(chunk)
        if len(self.answers) >= ENOUGH or not self.flying:
            self._arrived.set()
        elif self._soon is None:
            self._soon = asyncio.get_running_loop().call_later(GATHER, self._arrived.set)

    async def _results(self, chunk: Sequence[Claimed]) -> Sequence[Result]:
        """Sign and send; whatever fails, each message has its receipt."""
        envelopes: Sequence[Envelope] = [one.envelope for one in chunk]
        if self.sign is not None:
            try:
                envelopes = await self.postman.signed_by(self.sign, envelopes, now=self.clock.now())
            except Exception as error:  # nobody has seen the messages yet
                log.exception("signing_failed", edition=self.edition)
                return [(_receipt(Outcome.UNSENT, error), "")] * len(chunk)
        try:
            return await self.router.send(envelopes)
        except Exception as error:  # ours to mend; what became of the messages cannot be known
            log.exception("sending_failed", edition=self.edition)
            return [(_receipt(Outcome.UNCERTAIN, error), "")] * len(chunk)


def _receipt(outcome: Outcome, error: Exception) -> Receipt:
    return Receipt(outcome=outcome, text=f"{type(error).__name__}: {error}")
