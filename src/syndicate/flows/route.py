"""Choose the transport for each message: by weight, within its pace, and another one when it cannot be reached."""

import asyncio
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog
from msgspec import structs

from syndicate.clock import Clock, SystemClock
from syndicate.core.characters import one_line
from syndicate.core.legal import legal
from syndicate.core.pace import Urgency, next_back_off
from syndicate.flows.pace import DomainLanes, RelayPace
from syndicate.model import Envelope, Outcome, Receipt
from syndicate.ports import Transport

log = structlog.get_logger(__name__)

UNROUTED = (Receipt(outcome=Outcome.UNSENT, text="no transport is configured"), "")
LONGEST_WAIT = 60.0
PROBE = 5  # messages that test whether a relay is back
Result = tuple[Receipt, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A transport with its share of the messages, and its pace if it has one."""

    transport: Transport
    weight: int = 1
    pace: RelayPace | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """How many messages may go now, and after how many seconds to ask again when that is none."""

    count: int
    wait: float = 0.0


@dataclass(slots=True)
class _Health:
    """When a transport that could not be reached is asked again, and how long that pause is."""

    until: float = float("-inf")
    pause: float = 0.0


@dataclass(slots=True, kw_only=True)
class Router:
    """Shares messages among transports; what one could not even begin is offered to the others.

    A `patient` router gives no leave while no relay can be reached, so that nobody is claimed in vain; one that is not has every
    message tried, for whoever waits for the outcome.
    """

    routes: Sequence[Route]
    clock: Clock = field(default_factory=SystemClock)
    patient: bool = False
    lanes: DomainLanes = field(init=False)
    _credit: list[float] = field(default_factory=list)
    _health: dict[str, _Health] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.lanes = DomainLanes(clock=self.clock)

    @property
    def is_free(self) -> bool:
        """Whether everything may go at once: no route has a pace, and none that matters is down."""
        return not (self.patient and self._health) and all(route.pace is None for route in self.routes)

    async def reserve(self, wanted: int, *, urgency: Urgency = Urgency.DIGEST) -> Leave:
        """Take leave for up to `wanted` messages, before anything is claimed for them."""
        wait = self._all_down()
        if wait > 0:
            return Leave(count=0, wait=wait)
        if self.patient and len(self._health) == len(self.routes):
            wanted = min(wanted, PROBE)
        routes = self._up()
        spread = sum(route.weight for route in routes)
        free = any(route.pace is None for route in routes)
        granted, wait = 0, LONGEST_WAIT
        # Each route gives its share first; then those that can give more do, unless a free one takes the rest anyway.
        for whole in (False, True) if len(routes) > 1 and not free else (False,):
            for route in routes:
                share = wanted if whole or len(routes) == 1 else math.ceil(wanted * route.weight / spread)
                most = min(share, wanted - granted)
                if route.pace is not None and most > 0:
                    grant = await route.pace.reserve(most, urgency=urgency)
                    granted, wait = granted + grant.count, min(wait, grant.wait or LONGEST_WAIT)
        if free:
            return Leave(count=wanted)
        return Leave(count=granted, wait=0.0 if granted else wait)

    def give_back(self, number: int) -> None:
        """Hand back leave that was not used after all."""
        for route in self.routes:
            if route.pace is not None and number > 0:
                number -= route.pace.give_back(number)

    async def book_back(self) -> None:
        """Let leave that was handed back count no longer among a day's messages."""
        for route in self.routes:
            if route.pace is not None:
                await route.pace.book_back()

    async def send(self, envelopes: Sequence[Envelope], *, urgency: Urgency = Urgency.DIGEST) -> list[Result]:
        """Send each message and return (receipt, name of the transport) in order."""
        urgent = urgency is Urgency.LETTER
        envelopes = [self.lanes.apart(envelope) for envelope in envelopes]
        results: list[Result] = [UNROUTED] * len(envelopes)
        going = []
        for place, envelope in enumerate(envelopes):
            if (aside := self.lanes.judge(envelope, urgent=urgent)) is not None:
                results[place] = (aside, "")
            else:
                going.append(place)
        if len(going) < len(envelopes):
            self.give_back(len(envelopes) - len(going))
        with self.lanes.underway([envelopes[place] for place in going]):
            await self._spread(envelopes, going, results)
        for place in going:
            self.lanes.landed(envelopes[place], results[place][0])
        return results

    async def _spread(self, envelopes: Sequence[Envelope], going: list[int], results: list[Result]) -> None:
        """Give each route its part, then offer the others what one could not begin."""
        order = self._in_turn()
        parts = self._parts(order, going)
        if len(parts) == 1:
            await self._through(*parts[0], envelopes, results)
        else:
            await asyncio.gather(*(self._through(route, part, envelopes, results) for route, part in parts))
        tried = {route.transport.name for route, _ in parts} if len(parts) == 1 else set()
        for route in order:
            left = [place for place in going if results[place][0].outcome is Outcome.UNSENT]
            if not left:
                return
            left = [place for place in left if results[place][1] != route.transport.name]
            if left and route.transport.name not in tried:
                await self._through(route, left, envelopes, results)

    def _parts(self, order: Sequence[Route], going: list[int]) -> list[tuple[Route, list[int]]]:
        """Cut the messages by what each route has leave for, in their turn; what nobody has leave for goes with the first."""
        parts, rest = [], going
        for route in order:
            most = len(rest) if route.pace is None else min(route.pace.promised, len(rest))
            if most:
                parts.append((route, rest[:most]))
                rest = rest[most:]
        if rest and parts:
            parts[0] = (parts[0][0], parts[0][1] + rest)
        elif rest and order:
            parts.append((order[0], rest))
        return parts

    async def _through(
        self, route: Route, part: Sequence[int], envelopes: Sequence[Envelope], results: list[Result]
    ) -> None:
        if route.pace is not None:
            route.pace.use(len(part))
        receipts = await _receipts(route.transport, [envelopes[place] for place in part])
        name = route.transport.name
        for place, receipt in zip(part, receipts, strict=True):
            results[place] = (receipt, name)
        if all(receipt.outcome is Outcome.UNSENT for receipt in receipts):
            self._went_down(name)
        elif self._health:
            self._health.pop(name, None)

    # -- health

    def _went_down(self, name: str) -> None:
        health, now = self._health.setdefault(name, _Health()), self.clock.monotonic()
        if now >= health.until:  # several that fail together count once
            health.pause = next_back_off(health.pause)
            health.until = now + health.pause

    def _is_down(self, route: Route) -> bool:
        health = self._health.get(route.transport.name) if self._health else None
        return health is not None and self.clock.monotonic() < health.until

    def _up(self) -> Sequence[Route]:
        """Return the routes that are not known to be down, or all when none is left."""
        return [route for route in self.routes if not self._is_down(route)] or self.routes

    def _all_down(self) -> float:
        """Return for how many seconds a patient router waits for a relay to come back."""
        if not self.patient or len(self._health) < len(self.routes):
            return 0.0
        return min(health.until for health in self._health.values()) - self.clock.monotonic()

    def _in_turn(self) -> list[Route]:
        """Return the routes: first the one whose turn it is (smooth weighted round robin), those that are down last."""
        if len(self.routes) < 2:
            return list(self.routes)
        if not self._credit:
            self._credit = [0.0] * len(self.routes)
        up = [place for place, route in enumerate(self.routes) if not self._is_down(route)]
        candidates = up or list(range(len(self.routes)))
        for place in candidates:
            self._credit[place] += self.routes[place].weight
        first = max(candidates, key=lambda place: (self._credit[place], -place))
        self._credit[first] -= sum(self.routes[place].weight for place in candidates)
        others = [place for place in candidates if place != first]
        down = [place for place in range(len(self.routes)) if place not in candidates]
        return [self.routes[place] for place in (first, *others, *down)]


async def _receipts(transport: Transport, envelopes: Sequence[Envelope]) -> list[Receipt]:
    """Send through one transport. When it fails, which ours do not, what it did with these messages cannot be known."""
    try:
        receipts = await transport.send(envelopes)
    except Exception as error:  # of another's making: it may cost these messages a try, and not what others took
        log.exception("transport_failed", transport=transport.name)
        return [Receipt(outcome=Outcome.UNCERTAIN, text=f"{type(error).__name__}: {error}")] * len(envelopes)
    if len(receipts) != len(envelopes):
        log.error("transport_failed", transport=transport.name, asked=len(envelopes), answered=len(receipts))
        return [Receipt(outcome=Outcome.UNCERTAIN, text="answers are missing")] * len(envelopes)
    return [_in_words(receipt) for receipt in receipts]


def _in_words(receipt: Receipt) -> Receipt:
    """Return a receipt whose text a ledger can keep: a server may say anything, and what it says may cost nobody his answer."""
    if receipt.text.isascii() and receipt.text.isprintable():
        return receipt
    return structs.replace(receipt, text=one_line(legal(receipt.text)))
