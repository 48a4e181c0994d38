"""Decide how fast messages may go: to a relay, and to the domain of a recipient."""

from dataclasses import dataclass
from enum import IntEnum

BURST = 0.1  # seconds' worth of messages that may go at once
TEMPORARY = frozenset({421, 450, 451})
JUDGED = 10  # answers from a domain before it is judged
TOO_MANY = 0.8  # share of temporary refusals at which a domain counts as slow
MEMORY = 20.0  # answers that the share looks back on
FIRST_RATE = 5.0  # messages a second to a domain that has become slow
LOWEST_RATE = 0.1
RECOVERED = 50.0  # a domain that takes so many a second is not slow any more
STEP = 1.0  # added to the rate by each message that is accepted
REST = 1.0  # seconds between two cuts: what was in flight together says one thing
NEAREST = 5.0  # seconds until what was set aside is looked at again, at least
FARTHEST = 900.0
STUCK = 2.0  # seconds without an answer, while others answer, until a domain counts as stuck
MOST_STUCK = 10  # messages that may wait for a stuck domain
FIRST_BACK_OFF = 1.0
LONGEST_BACK_OFF = 60.0
PLACES = 50  # messages that a process has out
HALF = 25
LEAST_WINDOW = 15  # more than are handed over together


class Urgency(IntEnum):
    """Who goes first where not all can go: each level may use a burst more than the one below it."""

    DIGEST = 1
    BREAKING = 2
    LETTER = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """How many messages may go now, and in how many seconds it is worth asking for more; `tat` is what to remember."""

    count: int
    tat: float
    wait: float = 0.0


def take(tat: float, *, now: float, wanted: int, rate: float, urgency: Urgency = Urgency.DIGEST) -> Grant:
    """Grant up to `wanted` messages at a rate a second (generic cell rate algorithm).

    `tat` is the moment at which all that was granted so far is due. Over any span at most a burst more goes than the rate says.
    A `tat` far in the future is a clock that was set back, and does not count.
    """
    burst = max(1.0, rate * BURST)
    horizon = now + (Urgency.LETTER * burst + wanted) / rate
    start = max(min(tat, horizon), now)
    room = int((now - start) * rate + burst * urgency + 1e-6)
    count = max(0, min(wanted, room))
    if count:
        return Grant(count=count, tat=start + count / rate)
    useful = min(float(wanted), burst)
    return Grant(count=0, tat=start, wait=max(start + (useful - burst * urgency) / rate - now, 0.001))


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainPace:
    """How a recipients' domain has answered lately. `rate` is None while it is not slow.

    `next_at` is when the next message may go; `queue_at` when the last one that was set aside comes back.
    """

    answers: int = 0
    share: float = 0.0
    rate: float | None = None
    cut_at: float = float("-inf")
    next_at: float = float("-inf")
    queue_at: float = float("-inf")


def answered(pace: DomainPace, *, code: int, text: str, now: float) -> DomainPace | None:
    """Return the domain's pace after an answer, or None when there is nothing to remember.

    Cut by half when the domain puts most messages off, at most once a second; a step faster for each accepted one. Greylisting
    says nothing about speed: there each message has to be put off once.
    """
    put_off = code in TEMPORARY and not _is_greylisting(text)
    answers = min(pace.answers + 1, int(MEMORY))
    share = pace.share + ((1.0 if put_off else 0.0) - pace.share) / answers
    rate, cut_at = pace.rate, pace.cut_at
    if put_off and answers >= JUDGED and share >= TOO_MANY and now >= cut_at + REST:
        rate = FIRST_RATE if rate is None else max(LOWEST_RATE, rate / 2)
        cut_at = now
    elif rate is not None and 200 <= code < 300:
        rate += STEP
    if rate is not None and rate >= RECOVERED:
        return None
    if rate is None and share < 0.01:
        return None
    return DomainPace(
        answers=answers, share=share, rate=rate, cut_at=cut_at, next_at=pace.next_at, queue_at=pace.queue_at
    )


def _is_greylisting(text: str) -> bool:
    lowered = text.lower()
    return "greylist" in lowered or "graylist" in lowered


def admit(pace: DomainPace, *, now: float, urgent: bool = False) -> tuple[DomainPace, float]:
    """Return the pace after asking for one message, and how many seconds it is to be set aside: 0 when it may go.

    One that is urgent may, and the next has to wait longer for that.
    """
    if pace.rate is None:
        return pace, 0.0
    if now >= pace.next_at:
        return _with(pace, next_at=now + 1 / pace.rate, queue_at=pace.queue_at), 0.0
    if urgent:
        return _with(pace, next_at=pace.next_at + 1 / pace.rate, queue_at=pace.queue_at), 0.0
    queue_at = min(max(pace.queue_at, now + NEAREST) + 1 / pace.rate, now + FARTHEST)
    return _with(pace, next_at=pace.next_at, queue_at=queue_at), queue_at - now


def _with(pace: DomainPace, *, next_at: float, queue_at: float) -> DomainPace:
    return DomainPace(
        answers=pace.answers,
        share=pace.share,
        rate=pace.rate,
        cut_at=pace.cut_at,
        next_at=next_at,
        queue_at=queue_at,
    )


def is_stuck(*, flying: int, last_answer: float, other_answer: float, now: float) -> bool:
    """Tell whether a domain has too many messages waiting for an answer while others get theirs."""
    return flying >= MOST_STUCK and now - last_answer > STUCK and now - other_answer <= STUCK


def next_back_off(seconds: float, *, took: float = 0.0) -> float:
    """Return how long to leave a transport alone after it failed again; it took so many seconds to show that."""
    return min(max(seconds * 2, took, FIRST_BACK_OFF), LONGEST_BACK_OFF)


def window(*, relays: int, share: float, silent: float) -> int:
    """Return how many messages one of several relays may have out while others can take some.

    One that has been `silent` for some seconds may never answer, so it gets no more than any other; one that answers gets its `share`.
    """
    even = max(PLACES // relays, LEAST_WINDOW)
    return even if silent > STUCK else max(even, HALF, int(PLACES * share))
