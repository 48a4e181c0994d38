"""Share a relay's connections among all who send: open, fill, replace and close them."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable

from syndicate.errors import TransportError
from syndicate.model import Outcome, Receipt
from syndicate.transports.dial import Line
from syndicate.transports.flight import Flight
from syndicate.transports.lane import Lane
from syndicate.transports.relay import Relay
from syndicate.transports.smtp_settings import SmtpSettings

MOST_IN_FLIGHT = 50  # what a process that dies may leave in doubt
DEEPEST = 8
MOST_TRIES = 3
PATIENCE = 5.0  # seconds that a message which goes alone waits for a lane that happens to be empty
LONGEST_PAUSE = 10.0  # seconds at most before a relay that could not be reached is dialled again


class Pool:
    """The lanes to one relay and the messages that wait for room on them.

    Those that go alone wait apart from the others, and have at most half the lanes. Where none is ever empty, one is kept free for them.
    """

    def __init__(self, *, settings: SmtpSettings, dial: Callable[[], Awaitable[Line]]) -> None:
        self._settings, self._dial = settings, dial
        self._relay = Relay()
        self._depth = max(1, min(DEEPEST, MOST_IN_FLIGHT // settings.connections))
        self._lanes: list[Lane] = []
        self._opening: set[asyncio.Task[None]] = set()
        self._pending: deque[Flight] = deque()
        self._apart: deque[Flight] = deque()
        self._apart_at = float("-inf")  # when the last of those was begun, or the first of them came
        self._in_flight = 0
        self._pause = settings.back_off
        self._not_before = float("-inf")
        self._trouble = ""
        self._closing = self._dispatching = False
        self._emptied: asyncio.Event = asyncio.Event()

    @property
    def relay(self) -> Relay:
        """What the relay has taught us."""
        return self._relay

    def submit(self, flights: Iterable[Flight]) -> None:
        """Queue messages and begin those there is room for."""
        for flight in flights:
            if flight.envelope.alone and not self._apart:
                self._apart_at = asyncio.get_running_loop().time()
            self._queue_of(flight).append(flight)
        self.changed()

    async def close(self) -> None:
        """Send back what was not begun, wait for what is in flight, and say goodbye; when cancelled, hang up."""
        self._closing = True
        for task in self._opening:
            task.cancel()
        self._send_back("the transport is closing")
        for lane in tuple(self._lanes):
            lane.retire()
        try:
            while self._lanes or self._opening:
                self._emptied.clear()
                await self._emptied.wait()
        except asyncio.CancelledError:
            for lane in tuple(self._lanes):
                lane.abort()
            raise

    # --- what lanes report ---

    def landed(self, flight: Flight, receipt: Receipt) -> None:
        """Record a receipt."""
        self._in_flight -= 1
        flight.batch.record(flight.index, receipt)

    def returned(self, flight: Flight, receipt: Receipt) -> None:
        """Try a message again that was surely not accepted, a few times."""
        flight.tries += 1
        if flight.tries >= MOST_TRIES or self._closing or flight.batch.abandoned:
            self.landed(flight, receipt)
            return
        self._in_flight -= 1
        self._queue_of(flight).appendleft(flight)

    def changed(self) -> None:
        """Fill the lanes, the emptiest first, and open more if that is not enough."""
        if self._dispatching:
            return
        self._dispatching = True
        try:
            self._fill_from(self._pending)
            if self._apart:
                self._fill_from(self._apart)
        finally:
            self._dispatching = False
        if (self._pending or self._apart) and self._in_flight < MOST_IN_FLIGHT:
            self._open_more()

    def _queue_of(self, flight: Flight) -> deque[Flight]:
        return self._apart if flight.envelope.alone else self._pending

    def _fill_from(self, queue: deque[Flight]) -> None:
        while queue and self._in_flight < MOST_IN_FLIGHT:
            flight = queue[0]
            if flight.batch.abandoned:
                queue.popleft()
                continue
            lane = self._roomiest(flight)
            if lane is None:
                break
            queue.popleft()
            self._in_flight += 1
            if flight.envelope.alone:
                self._apart_at = asyncio.get_running_loop().time()
            lane.begin(flight)

    def gone(self, lane: Lane) -> None:
        """Forget a closed lane, and replace it if there is work."""
        self._lanes.remove(lane)
        self._emptied.set()
        asyncio.get_running_loop().call_soon(self.changed)

    # --- lanes ---

    def _roomiest(self, flight: Flight) -> Lane | None:
        if flight.envelope.alone and sum(lane.is_apart for lane in self._lanes) >= max(1, len(self._lanes) // 2):
            return None
        best: Lane | None = None
        least = MOST_IN_FLIGHT + 1
        kept = self._kept_free() if self._apart and not flight.envelope.alone else None
        for lane in self._lanes:
            load = lane.load
            if load < least and lane is not kept and lane.has_room_for(flight):
                best, least = lane, load
                if not load:
                    break
        return best

    def _kept_free(self) -> Lane | None:
        """Return the lane on which nothing is begun until it is empty, because a message that goes alone has waited long enough."""
        if asyncio.get_running_loop().time() - self._apart_at <= PATIENCE or any(lane.is_apart for lane in self._lanes):
            return None
        return min(self._lanes, key=lambda lane: lane.load, default=None)

    def _open_more(self) -> None:
        if self._closing:
            self._send_back("the transport is closing")
            return
        spare = min(self._settings.connections, MOST_IN_FLIGHT) - len(self._lanes) - len(self._opening)
        if asyncio.get_running_loop().time() < self._not_before:
            if not self._lanes and not self._opening:
                self._send_back(self._trouble)
            return
        for _ in range(min(spare, len(self._pending) + len(self._apart) - len(self._opening))):
            task = asyncio.create_task(self._open_one())
            self._opening.add(task)
            task.add_done_callback(self._opened)

    async def _open_one(self) -> None:
        line = await self._dial()
        if self._closing or line.transport.is_closing():
            line.transport.abort()
            return
        self._relay.reconsider(now=asyncio.get_running_loop().time())
        lane = Lane(
            line.transport,
            offer=line.offer,
            relay=self._relay,
            settings=self._settings,
            depth=self._depth,
            owner=self,
        )
        self._lanes.append(lane)
        self._pause, self._not_before = self._settings.back_off, float("-inf")

    def _opened(self, task: asyncio.Task[None]) -> None:
        self._opening.discard(task)
        self._emptied.set()
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self._trouble = str(error)
            now = asyncio.get_running_loop().time()
            if now >= self._not_before:  # several that fail together count once
                self._not_before = now + self._pause
                self._pause = min(self._pause * 2, max(LONGEST_PAUSE, self._settings.back_off))
            if not isinstance(error, TransportError):
                asyncio.get_running_loop().call_exception_handler(
                    {"message": "dialling a relay failed", "exception": error}
                )
        self.changed()

    def _send_back(self, why: str) -> None:
        """Settle all that wait: they never left."""
        while queue := self._pending or self._apart:
            flight = queue.popleft()
            flight.batch.record(flight.index, Receipt(outcome=Outcome.UNSENT, text=why))
