"""Decide what becomes of a delivery after a transport's answer."""

from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from syndicate.model import DeliveryState, Outcome, Receipt

BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 30, 60, 120, 180))
UNSENT_WAIT = timedelta(minutes=1)
UNCERTAIN_WAIT = timedelta(minutes=2)
UNANSWERED = "unanswered"
NOTE_LENGTH = 200

Policy = Literal["retry", "hold", "accept"]


class Verdict(Struct, frozen=True, kw_only=True):
    """The delivery's next state; `next_try` when it will be tried again, `note` for the operator. Not `tried`: it does not count."""

    state: DeliveryState
    next_try: datetime | None = None
    note: str | None = None
    tried: bool = True


def after(
    receipt: Receipt, *, attempt: int, former_note: str | None, policy: Policy, now: datetime, stale_at: datetime
) -> Verdict:
    """Return what follows from a receipt for the `attempt`-th try (from 1).

    4xx is tried again with growing waits until the edition is stale; 5xx is final; an answer that never came follows the
    operator's policy, `retry` meaning once more.
    """
    words = " ".join(part for part in (receipt.enhanced, receipt.text) if part)[:NOTE_LENGTH] or None
    if receipt.outcome is Outcome.ACCEPTED:
        return Verdict(state=DeliveryState.ACCEPTED)
    if receipt.outcome is Outcome.REFUSED or receipt.outcome is Outcome.UNFIT:
        return Verdict(state=DeliveryState.REFUSED, note=words)
    if receipt.outcome is Outcome.UNCERTAIN:
        return _unanswered(former_note, policy, now)
    if receipt.outcome is Outcome.SET_ASIDE and now < stale_at:
        again = min(now + timedelta(seconds=receipt.wait), stale_at)
        if former_note == UNANSWERED:  # it may have arrived: what was asked about it stays asked
            return Verdict(state=DeliveryState.UNCERTAIN, next_try=again, note=former_note, tried=False)
        return Verdict(state=DeliveryState.DEFERRED, next_try=again, note=words, tried=False)
    wait = UNSENT_WAIT if receipt.outcome is Outcome.UNSENT else BACKOFF[min(attempt, len(BACKOFF)) - 1]
    if now >= stale_at:
        return Verdict(state=DeliveryState.REFUSED, note=f"given up after {attempt} tries: {words or 'no answer'}")
    return Verdict(state=DeliveryState.DEFERRED, next_try=min(now + wait, max(stale_at, now)), note=words)


def _unanswered(former_note: str | None, policy: Policy, now: datetime) -> Verdict:
    if policy == "accept":
        return Verdict(state=DeliveryState.ACCEPTED, note="unanswered, accepted by policy")
    if policy == "hold" or former_note == UNANSWERED:
        return Verdict(state=DeliveryState.UNCERTAIN, note=UNANSWERED)
    return Verdict(state=DeliveryState.UNCERTAIN, next_try=now + UNCERTAIN_WAIT, note=UNANSWERED)
