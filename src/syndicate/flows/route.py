"""Choose the transport for each message: by weight, and another one when it cannot be reached."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from syndicate.model import Envelope, Outcome, Receipt
from syndicate.ports import Transport


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A transport with its share of the messages."""

    transport: Transport
    weight: int = 1


@dataclass(slots=True, kw_only=True)
class Router:
    """Shares messages among transports; what one could not even begin is offered to the others."""

    routes: Sequence[Route]
    _credit: list[float] = field(default_factory=list)

    async def send(self, envelopes: Sequence[Envelope]) -> list[tuple[Receipt, str]]:
        """Send each message and return (receipt, name of the transport) in order."""
        results: list[tuple[Receipt, str]] = [
            (Receipt(outcome=Outcome.UNSENT, text="no transport is configured"), "")
        ] * len(envelopes)
        waiting = list(range(len(envelopes)))
        for route in self._in_turn():
            receipts = await route.transport.send([envelopes[place] for place in waiting])
            for place, receipt in zip(waiting, receipts, strict=True):
                results[place] = (receipt, route.transport.name)
            waiting = [place for place in waiting if results[place][0].outcome is Outcome.UNSENT]
            if not waiting:
                break
        return results

    def _in_turn(self) -> list[Route]:
        """Return the routes, first the one whose turn it is (smooth weighted round robin), the others as they stand."""
        if len(self.routes) < 2:
            return list(self.routes)
        if not self._credit:
            self._credit = [0.0] * len(self.routes)
        for place, route in enumerate(self.routes):
            self._credit[place] += route.weight
        first = max(range(len(self.routes)), key=lambda place: (self._credit[place], -place))
        self._credit[first] -= sum(route.weight for route in self.routes)
        return [self.routes[first], *(route for place, route in enumerate(self.routes) if place != first)]
