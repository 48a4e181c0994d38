"""Decide which recipients' domains a relay answers late for, so that everybody else need not wait for their answers."""

from dataclasses import dataclass, replace

LATE = 1.0  # seconds that an answer may take
PROOF = 10.0  # seconds for which another domain's quick answer shows that the relay itself is quick
WEIGHT = 0.25  # of the latest answer in the share of late ones
TOO_MANY = 0.4  # share of late answers: two in a row reach it
FORGOTTEN = 0.05
MOST_OUT = 5  # messages to all late domains that may be out at a time
NEAREST = 5.0  # seconds until what was set aside is looked at again, at least
FARTHEST = 900.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Lateness:
    """How late a domain's answers have been. `seconds` is what a late one took; `queue_at` when the last one set aside comes back."""

    share: float = 0.0
    seconds: float = 0.0
    queue_at: float = float("-inf")

    @property
    def is_late(self) -> bool:
        """Whether messages to this domain are to go apart from all others."""
        return self.share >= TOO_MANY


def learned(known: Lateness | None, *, seconds: float, other_quick: float, now: float) -> Lateness | None:
    """Return what is known of a domain after an answer that took so long, or None when there is nothing to remember.

    `other_quick` is when a message to another domain was last answered quickly: where nobody is, the relay is slow and no domain.
    """
    late = seconds >= LATE
    if late and now - seconds - other_quick > PROOF and (known is None or not known.is_late):
        return known
    if known is None:
        return Lateness(share=WEIGHT, seconds=seconds) if late else None
    share = known.share + WEIGHT * (late - known.share)
    if share < FORGOTTEN:
        return None
    return replace(known, share=share, seconds=seconds if late else known.seconds)


def admit(known: Lateness, *, out: int, now: float) -> tuple[Lateness, float]:
    """Return what is known after asking for one message, and for how many seconds it is set aside: 0 when it may go.

    `out` counts the messages to late domains that are on their way. What is set aside comes back as fast as those are answered.
    """
    if out < MOST_OUT:
        return known, 0.0
    queue_at = min(max(known.queue_at, now + NEAREST) + known.seconds / MOST_OUT, now + FARTHEST)
    return replace(known, queue_at=queue_at), queue_at - now
