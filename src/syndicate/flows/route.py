"""Choose the transport for each message: by weight, within its pace, and another one when it cannot be reached."""

import asyncio
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog
from msgspec import structs

from syndicate.clock import Clock, SystemClock
from syndicate.core.characters import one_line
from syndicate.core.failover import is_open, outweighs
from syndicate.core.legal import legal
from syndicate.core.pace import Urgency
from syndicate.flows.pace import DomainLanes, RelayPace
from syndicate.flows.relay_health import RelayHealth
from syndicate.model import Envelope, Outcome, Receipt
from syndicate.ports import Transport

log = structlog.get_logger(__name__)

UNROUTED = (Receipt(outcome=Outcome.UNSENT, text="no transport is configured"), "")
LONGEST_WAIT = 60.0
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


@dataclass(slots=True, kw_only=True)
class Router:
    """Shares messages among transports; what one could not take, for reasons of its own, is offered to the others.

    A `patient` router gives no leave while no relay can be reached, so that nobody is claimed in vain; one that is not has every
    message tried, for whoever waits for the outcome.
    """

    routes: Sequence[Route]
    clock: Clock = field(default_factory=SystemClock)
    patient: bool = False
    lanes: DomainLanes = field(init=False)
    _health: list[RelayHealth] = field(init=False)
    _credit: list[float] = field(init=False)
    _landing: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.lanes = DomainLanes(clock=self.clock)
        total = sum(route.weight for route in self.routes)
        self._health = [
            RelayHealth(
                name=route.transport.name, relays=len(self.routes), share=route.weight / total, clock=self.clock
            )
            for route in self.routes
        ]
        self._credit = [0.0] * len(self.routes)

    @property
    def is_free(self) -> bool:
        """Whether everything may go at once: no route has a pace, and none that matters has failed."""
        return all(route.pace is None for route in self.routes) and not (
            self.patient and any(not health.is_well for health in self._health)
        )

    async def reserve(self, wanted: int, *, urgency: Urgency = Urgency.DIGEST) -> Leave:
        """Take leave for up to `wanted` messages, before anything is claimed for them."""
        asked = [place for place in range(len(self.routes)) if self._may_have(place)]
        spread = sum(self.routes[place].weight for place in asked)
        free = min(sum(self._may_have(place) for place in asked if self.routes[place].pace is None), wanted)
        granted = 0
        wait = min((health.wait for health in self._health if not health.is_well), default=LONGEST_WAIT)
        # Each route gives its share first; then those that can give more do, unless a free one takes the rest anyway.
        for whole in (False, True) if len(asked) > 1 else (False,):
            for place in asked:
                route = self.routes[place]
                left = wanted - granted - (free if whole else 0)
                share = left if whole else math.ceil(wanted * route.weight / spread)
                most = min(share, left, self._may_have(place))
                if route.pace is not None and most > 0:
                    grant = await route.pace.reserve(most, urgency=urgency)
                    granted, wait = granted + grant.count, min(wait, grant.wait or LONGEST_WAIT)
        count = min(free + granted, wanted)
        return Leave(count=count, wait=0.0 if count else min(wait, LONGEST_WAIT))

    def _may_have(self, place: int) -> int:
        """Return for how many messages a route may be asked for leave: for all, or as many as test whether it is back."""
        health, pace = self._health[place], self.routes[place].pace
        if health.is_well or not (self.patient or any(other.is_well for other in self._health)):
            return sys.maxsize
        return max(health.on_trial - (0 if pace is None else pace.promised), 0)

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
        if not going:
            return results
        with self.lanes.underway([envelopes[place] for place in going]):
            if len(self.routes) == 1:
                self._begin(0, len(going))
                await self._first(0, going, envelopes, results)
            elif self.routes:
                await self._spread(envelopes, going, results, urgency)
        for place in going:
            self.lanes.landed(envelopes[place], results[place][0])
        return results

    async def _spread(
        self, envelopes: Sequence[Envelope], going: list[int], results: list[Result], urgency: Urgency
    ) -> None:
        """Give each route its part, then offer the others what one could not take."""
        rooms = await self._rooms(len(going), urgent=urgency is Urgency.LETTER)
        order = self._in_turn(rooms)
        parts = self._parts(order, rooms, going)
        for place, part in parts.items():  # before anybody else may look who has room
            self._begin(place, len(part))
        await asyncio.gather(*(self._first(place, part, envelopes, results) for place, part in parts.items()))
        for other in order:
            left = [
                place for asked, part in parts.items() if asked != other for place in part if is_open(results[place][0])
            ]
            if left:
                await self._offer(other, left, envelopes, results, urgency)

    async def _first(
        self, route: int, part: Sequence[int], envelopes: Sequence[Envelope], results: list[Result]
    ) -> None:
        name = self.routes[route].transport.name
        receipts = await self._through(route, [envelopes[place] for place in part])
        for place, receipt in zip(part, receipts, strict=True):
            results[place] = (receipt, name)

    async def _offer(
        self, route: int, part: Sequence[int], envelopes: Sequence[Envelope], results: list[Result], urgency: Urgency
    ) -> None:
        """Offer one route what another could not take, as far as it has leave for that. Who is not asked has refused nothing."""
        name = self.routes[route].transport.name
        most = await self._leave_for(route, len(part), urgency)
        receipts: list[Receipt] = []
        if most:
            self._begin(route, most)
            receipts = await self._through(route, [envelopes[place] for place in part[:most]])
        unasked = Receipt(outcome=Outcome.UNSENT, text=f"{name} may not be given more now")
        for place, receipt in zip(part, [*receipts, *[unasked] * (len(part) - most)], strict=True):
            if outweighs(receipt, results[place][0]):
                results[place] = (receipt, name)

    async def _leave_for(self, route: int, wanted: int, urgency: Urgency) -> int:
        """Take leave for messages that are out already, and return for how many there is some."""
        health, pace = self._health[route], self.routes[route].pace
        if self.patient and not health.is_well:
            wanted = min(wanted, health.on_trial)
        if pace is None or not wanted:
            return wanted
        try:
            return (await pace.reserve(wanted, urgency=urgency)).count
        except Exception:  # the database went away: what others said of these messages must not be lost with it
            log.exception("leave_failed", transport=health.name)
            return 0

    def _begin(self, route: int, number: int) -> None:
        """Count messages that go out through one route now."""
        self._health[route].flying += number
        if (pace := self.routes[route].pace) is not None:
            pace.use(number)

    async def _through(self, route: int, envelopes: Sequence[Envelope]) -> list[Receipt]:
        """Send through one route what was begun there, and learn how it does."""
        transport, pace, health = self.routes[route].transport, self.routes[route].pace, self._health[route]
        began = self.clock.monotonic()
        try:
            receipts = await _receipts(transport, envelopes)
        finally:
            health.flying -= len(envelopes)
            self._landing.set()
            self._landing.clear()
        health.learn(receipts, took=self.clock.monotonic() - began)
        if pace is not None:
            pace.never_left(sum(receipt.outcome in (Outcome.UNSENT, Outcome.UNFIT) for receipt in receipts))
        return receipts

    # -- whose turn it is

    async def _rooms(self, number: int, *, urgent: bool) -> list[int]:
        """Return how many of these messages each route may be given now, with leave; wait for it where all have enough out."""
        while True:
            rooms = [health.room(number) for health in self._health]
            has_leave = [route.pace is None or route.pace.promised > 0 for route in self.routes]
            full = any(
                leave and health.is_well and not room
                for leave, health, room in zip(has_leave, self._health, rooms, strict=True)
            )
            for place, route in enumerate(self.routes):
                if route.pace is not None:
                    rooms[place] = min(rooms[place], route.pace.promised)
            if urgent or not full or sum(rooms) >= number:
                return rooms
            await self._landing.wait()

    def _in_turn(self, rooms: Sequence[int]) -> list[int]:
        """Return the routes: first the one whose turn it is (smooth weighted round robin), those that may be given nothing last."""
        every = range(len(self.routes))
        up = [place for place in every if not self._health[place].is_down] or list(every)
        candidates = [place for place in up if rooms[place]] or up
        for place in candidates:
            self._credit[place] += self.routes[place].weight
        first = max(candidates, key=lambda place: (self._credit[place], -place))
        self._credit[first] -= sum(self.routes[place].weight for place in candidates)
        return sorted(every, key=lambda place: (place != first, place not in candidates, place not in up))

    def _parts(self, order: Sequence[int], rooms: Sequence[int], going: list[int]) -> dict[int, list[int]]:
        """Cut the messages by what each route may be given, in their turn; what is left goes where it needs no leave, if it can."""
        parts, rest = {}, going
        for place in order:
            if most := min(rooms[place], len(rest)):
                parts[place], rest = rest[:most], rest[most:]
        if rest:
            last = max(order, key=lambda place: (self._has_leave(place, len(rest)), not self._health[place].is_down))
            parts[last] = [*parts.get(last, ()), *rest]
        return parts

    def _has_leave(self, place: int, number: int) -> bool:
        pace = self.routes[place].pace
        return pace is None or pace.promised >= number


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
