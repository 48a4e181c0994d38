"""Bound a worker's time with one batch: by the clock, and by the leave that the relays give."""

from dataclasses import dataclass, field

from syndicate.clock import Clock
from syndicate.core.pace import Urgency
from syndicate.flows.route import Router

SLICE = 10.0  # seconds with a batch until others may come first
STAY = 2.0  # seconds that a batch is kept while no relay gives leave
BREAKING = 2  # priorities up to this are breaking news


@dataclass(slots=True, kw_only=True)
class Stint:
    """One worker's time with one batch. When it `is_over`, the batch is given back, to be taken up again in `pause` seconds."""

    router: Router
    clock: Clock
    priority: int
    pause: float = 0.0
    _ends: float = field(init=False)
    _asked_until: float = float("-inf")
    _over: bool = False

    def __post_init__(self) -> None:
        self._ends = self.clock.monotonic() + SLICE

    @property
    def is_over(self) -> bool:
        """Whether somebody else is to have a turn."""
        return self._over or self.clock.monotonic() >= self._ends

    @property
    def wait(self) -> float | None:
        """In how many seconds to ask for leave again, after it was denied."""
        left = self._asked_until - self.clock.monotonic()
        return left if left > 0 else None

    def end(self) -> None:
        """Give the batch back as soon as what is in flight is answered."""
        self._over = True

    async def leave(self, wanted: int) -> int:
        """Return how many of `wanted` messages may be claimed now."""
        if self.router.is_free or not wanted:
            return wanted
        now = self.clock.monotonic()
        if now < self._asked_until:
            return 0
        urgency = Urgency.BREAKING if self.priority <= BREAKING else Urgency.DIGEST
        leave = await self.router.reserve(wanted, urgency=urgency)
        if not leave.count:
            self._asked_until = now + leave.wait
            if leave.wait > STAY:
                self._over, self.pause = True, leave.wait
        return leave.count

    def unused(self, number: int) -> None:
        """Hand back leave for messages that were not claimed after all."""
        if number > 0:
            self.router.give_back(number)
