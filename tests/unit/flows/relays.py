"""Relays that answer as they are told, and messages for them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from syndicate.clock import StoppedClock
from syndicate.flows.pace import RelayPace
from syndicate.model import Envelope, Outcome, Receipt
from syndicate.storage.buckets import Limits
from syndicate.storage.database import Database

ACCEPTED = Receipt(outcome=Outcome.ACCEPTED, code=250)
PUT_OFF = Receipt(outcome=Outcome.DEFERRED, code=451, text="later")
UNSENT = Receipt(outcome=Outcome.UNSENT, text="no connection")


@dataclass(slots=True, kw_only=True)
class Relay:
    """A transport that keeps what it was given and answers as it is told."""

    name: str
    answer: Callable[[Envelope], Receipt] = lambda envelope: ACCEPTED
    taken: list[Envelope] = field(default_factory=list)

    async def open(self) -> None:
        """Do nothing."""

    async def send(self, envelopes: Sequence[Envelope]) -> list[Receipt]:
        """Keep the messages."""
        self.taken.extend(envelopes)
        return [self.answer(envelope) for envelope in envelopes]

    async def check(self) -> str:
        """Say yes."""
        return "ok"

    async def close(self) -> None:
        """Do nothing."""


def letters(number: int, domain: str = "example.org") -> list[Envelope]:
    """Return messages to one domain."""
    return [
        Envelope(sender="d@news.example", recipient=f"r{n}@{domain}", parts=(b"x",), message_id=f"<{n}@news.example>")
        for n in range(number)
    ]


def paced(database: Database, clock: StoppedClock, name: str, **limits: float) -> RelayPace:
    """Return the pace of a relay."""
    per_day = limits.get("per_day")
    return RelayPace(
        relay=name,
        limits=Limits(rate=limits.get("rate"), per_day=None if per_day is None else int(per_day)),
        database=database,
        clock=clock,
    )
