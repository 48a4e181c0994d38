"""Keep the pace: of each relay over all processes, of each recipients' domain in this one."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from msgspec import structs

from syndicate.clock import Clock
from syndicate.core import lateness
from syndicate.core.lateness import Lateness
from syndicate.core.pace import DomainPace, Grant, Urgency, admit, answered, is_stuck
from syndicate.model import Envelope, Outcome, Receipt
from syndicate.storage import buckets
from syndicate.storage.buckets import Limits
from syndicate.storage.database import Database

KEPT = 2.0  # seconds that leave which was not used is good for
REMEMBERED = 10_000  # domains
COME_BACK = 5.0  # seconds until what is set aside for a stuck domain is looked at again


@dataclass(slots=True, kw_only=True)
class RelayPace:
    """Leave to send through one relay, taken in the database and shared out here.

    `promised` is what somebody has taken and not yet used, `spare` what was given back, `debt` what went without leave.
    """

    relay: str
    limits: Limits
    database: Database
    clock: Clock
    promised: int = 0
    spare: int = 0
    debt: int = 0
    _spare_since: float = 0.0

    async def reserve(self, wanted: int, *, urgency: Urgency) -> Grant:
        """Take leave for up to `wanted` messages. What is spare is used first; a debt is paid before anything is promised."""
        spare = self.spare if self.clock.monotonic() - self._spare_since <= KEPT else 0
        used, self.spare = min(spare, wanted), 0
        self._keep(spare - used)
        owed, self.debt = self.debt, 0
        missing = wanted - used
        grant = Grant(count=0, tat=0.0)
        try:
            if missing + owed:
                async with self.database.begin() as connection:
                    grant = await buckets.take_from(
                        connection,
                        self.relay,
                        limits=self.limits,
                        wanted=missing,
                        owed=owed,
                        urgency=urgency,
                        now=self.clock.now(),
                    )
        except BaseException:
            self._keep(used)
            self.debt += owed
            raise
        paid = min(owed, grant.count)
        self.debt += owed - paid
        count = used + grant.count - paid
        self.promised += count
        return Grant(count=count, tat=grant.tat, wait=grant.wait)

    def use(self, number: int) -> None:
        """Count messages that go out."""
        self.debt += max(number - self.promised, 0)
        self.promised = max(self.promised - number, 0)

    def never_left(self, number: int) -> None:
        """Take messages off again that were counted as going out and did not."""
        forgiven = min(number, self.debt)
        self.debt -= forgiven
        self._keep(number - forgiven)

    def give_back(self, most: int) -> int:
        """Hand back leave that will not be used; return how much was ours."""
        number = min(most, self.promised)
        self.promised -= number
        self._keep(number)
        return number

    async def book_back(self) -> None:
        """Give what is spare back to a day's number: what never went must not use it up."""
        if self.limits.per_day is None or not self.spare:
            return
        number, self.spare = self.spare, 0
        try:
            async with self.database.begin() as connection:
                await buckets.give_back(connection, self.relay, number)
        except BaseException:
            self._keep(number)
            raise

    def _keep(self, number: int) -> None:
        if number:
            self.spare += number
            self._spare_since = self.clock.monotonic()


@dataclass(slots=True)
class _Flying:
    """Messages to one domain that wait for an answer."""

    number: int = 0
    last_answer: float = 0.0


@dataclass(slots=True, kw_only=True)
class DomainLanes:
    """Sets aside messages for domains that put most of them off, or leave them unanswered, so that the others go on.

    What goes to a domain that a relay answers late for goes apart from the others. `_last_answer` is the last that came quickly, and
    `_other_answer` the last such from any other domain.
    """

    clock: Clock
    _slow: dict[str, DomainPace] = field(default_factory=dict)
    _late: dict[str, Lateness] = field(default_factory=dict)
    _flying: dict[str, _Flying] = field(default_factory=dict)
    _last_answer: tuple[float, str] = (float("-inf"), "")
    _other_answer: float = float("-inf")

    @property
    def slow(self) -> Mapping[str, DomainPace]:
        """What is known of domains that put messages off."""
        return self._slow

    @property
    def has_late(self) -> bool:
        """Whether any domain is answered late."""
        return any(known.is_late for known in self._late.values())

    def is_late(self, envelope: Envelope) -> bool:
        """Whether an answer for this message's domain will take long."""
        return bool(self._late) and self._is_late(_domain_of(envelope))

    def apart(self, envelope: Envelope) -> Envelope:
        """Return the message as it is to go: alone, where its answer will take long."""
        return structs.replace(envelope, alone=True) if self.is_late(envelope) else envelope

    def judge(self, envelope: Envelope, *, urgent: bool = False) -> Receipt | None:
        """Return the receipt of a message that is set aside, or None when it may go; then report its answer by `landed`.

        One that is urgent goes ahead of all that wait for the domain.
        """
        domain = _domain_of(envelope)
        now = self.clock.monotonic()
        if (pace := self._slow.get(domain)) is not None:
            self._slow[domain], wait = admit(pace, now=now, urgent=urgent)
            if wait:
                return Receipt(outcome=Outcome.SET_ASIDE, text=f"{domain} is slow", wait=wait)
        if not urgent and self._is_late(domain):
            out = sum(flying.number for name, flying in self._flying.items() if self._is_late(name))
            self._late[domain], wait = lateness.admit(self._late[domain], out=out, now=now)
            if wait:
                return Receipt(outcome=Outcome.SET_ASIDE, text=f"{domain} is answered late", wait=wait)
        flying = self._flying.get(domain)
        if flying is None:
            self._flying[domain] = _Flying(number=1, last_answer=now)
            return None
        last, who = self._last_answer
        other = last if who != domain else self._other_answer
        if is_stuck(flying=flying.number, last_answer=flying.last_answer, other_answer=other, now=now):
            return Receipt(outcome=Outcome.SET_ASIDE, text=f"{domain} does not answer", wait=COME_BACK)
        flying.number += 1
        return None

    @contextmanager
    def underway(self, envelopes: list[Envelope]) -> Iterator[None]:
        """Forget that messages are in flight at the end of the block, however it ends."""
        try:
            yield
        finally:
            for envelope in envelopes:
                domain = _domain_of(envelope)
                flying = self._flying.get(domain)
                if flying is not None:
                    flying.number -= 1
                    if flying.number <= 0:
                        del self._flying[domain]

    def landed(self, envelope: Envelope, receipt: Receipt) -> None:
        """Learn from an answer; what no server was asked about tells nothing."""
        if not receipt.code or receipt.outcome is Outcome.UNFIT:
            return
        domain = _domain_of(envelope)
        now = self.clock.monotonic()
        if receipt.seconds or self._late:
            self._learn_lateness(domain, receipt.seconds, now)
        if not receipt.seconds:
            if domain != self._last_answer[1]:
                self._other_answer = self._last_answer[0]
            self._last_answer = (now, domain)
        if (flying := self._flying.get(domain)) is not None:
            flying.last_answer = now
        pace = self._slow.get(domain)
        if pace is None and receipt.outcome is not Outcome.DEFERRED:
            return
        after = answered(pace or DomainPace(), code=receipt.code, text=receipt.text, now=now)
        if after is not None and (pace is not None or len(self._slow) < REMEMBERED):
            self._slow[domain] = after
        else:
            self._slow.pop(domain, None)

    def _is_late(self, domain: str) -> bool:
        known = self._late.get(domain)
        return known is not None and known.is_late

    def _learn_lateness(self, domain: str, seconds: float, now: float) -> None:
        last, who = self._last_answer
        other = last if who != domain else self._other_answer
        known = self._late.get(domain)
        after = lateness.learned(known, seconds=seconds, other_quick=other, now=now)
        if after is not None and (known is not None or len(self._late) < REMEMBERED):
            self._late[domain] = after
        else:
            self._late.pop(domain, None)


def _domain_of(envelope: Envelope) -> str:
    return envelope.recipient.rpartition("@")[2]
