"""Keep how a relay does: what it has out, when it last answered, and when it is asked again after it failed."""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from syndicate.clock import Clock
from syndicate.core.pace import next_back_off, window
from syndicate.model import Outcome, Receipt

log = structlog.get_logger(__name__)

PROBE = 5  # messages that test whether a relay is back
RECHECK = 1.0  # seconds until it is worth asking how the test went


@dataclass(slots=True, kw_only=True)
class RelayHealth:
    """How one relay of so many does. It is well until it fails; then it is down for a pause, and after that on trial until it answers.

    `share` is what it gets of all messages, `flying` what it has out.
    """

    name: str
    relays: int
    share: float
    clock: Clock
    flying: int = 0
    _heard: float = float("-inf")
    _until: float = float("-inf")
    _pause: float = 0.0

    @property
    def is_well(self) -> bool:
        """Whether nothing is wrong with it, as far as is known."""
        return not self._pause

    @property
    def is_down(self) -> bool:
        """Whether it is not to be asked yet."""
        return self._pause > 0 and self.clock.monotonic() < self._until

    @property
    def wait(self) -> float:
        """In how many seconds it may be given messages that it may not be given now."""
        return max(self._until - self.clock.monotonic(), 0.0) or RECHECK

    @property
    def on_trial(self) -> int:
        """How many messages one that is not well may be given now."""
        return 0 if self.is_down else max(PROBE - self.flying, 0)

    def room(self, number: int) -> int:
        """Return how many of these messages it may be given while other relays can take the rest."""
        if self._pause:
            return min(number, self.on_trial)
        if not self.flying:
            return number
        silent = self.clock.monotonic() - self._heard
        return number if self.flying + number <= window(relays=self.relays, share=self.share, silent=silent) else 0

    def learn(self, receipts: Sequence[Receipt], *, took: float) -> None:
        """Learn from what became of messages that were handed over together, after so many seconds."""
        now = self.clock.monotonic()
        if all(receipt.outcome is Outcome.UNSENT for receipt in receipts) or self._turns_away(receipts):
            self._went_down(receipts[0], took, now)
        elif any(_is_answer(receipt) for receipt in receipts):
            self._heard = now
            if self._pause:
                self._pause, self._until = 0.0, float("-inf")
                log.info("transport_up", transport=self.name)

    def _turns_away(self, receipts: Sequence[Receipt]) -> bool:
        """Whether it takes nothing from anybody now; a few such answers may yet be about a few recipients, and without others it is no matter."""
        many = len(receipts) >= PROBE or not self.is_well
        return many and self.relays > 1 and all(receipt.elsewhere for receipt in receipts)

    def _went_down(self, receipt: Receipt, took: float, now: float) -> None:
        if now < self._until:  # several that fail together count once
            return
        if not self._pause:
            why = (
                f"{receipt.code} {receipt.enhanced}".strip() if receipt.code else receipt.text
            )  # its words may hold an address
            log.warning("transport_down", transport=self.name, trouble=why)
        self._pause = next_back_off(self._pause, took=took)
        self._until = now + self._pause


def _is_answer(receipt: Receipt) -> bool:
    """Tell whether a transport's server said something, or it has none and did its work."""
    return receipt.outcome is Outcome.ACCEPTED or (receipt.code > 0 and receipt.outcome is not Outcome.UNFIT)
