"""Decide what refusals mean in the long run: for a reader's address, and for the stream of a digest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

POINTS_TO_STOP = 5.0
KEPT_PER_DAY = 0.9  # of a reader's score, for each day on which something was accepted
A_DAY = timedelta(hours=20)  # between a reader's points; what fails daily fails some minutes earlier on some days
COMPLAINTS_WARN = 0.001
COMPLAINTS_PAUSE = 0.003
POLICY_PAUSE = 0.1
LEAST_SENT = 1_000  # below that one angry reader would be a rate
LEAST_COMPLAINTS = 3
LEAST_REFUSALS = 20
DEAD_PAUSE = 0.4  # share of addresses that are gone, more than any list has: a relay that knows nobody any more
LEAST_DEAD = 200
COMPLAINTS_WITHIN = timedelta(days=7)  # complaints come late
REFUSALS_WITHIN = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How often mail to a reader failed lately; `at` is when it last counted."""

    points: float
    at: datetime | None


def scored(score: Score, *, accepted_days: int, now: datetime) -> Score | None:
    """Return the score after one more failure, or None when today's is counted already: at most one point a day.

    It fades with the days on which mail was accepted since, not with time alone: else a weekly digest's reader would never be given up.
    """
    if score.at is not None and now - score.at < A_DAY:
        return None
    return Score(points=score.points * KEPT_PER_DAY**accepted_days + 1.0, at=now)


def gives_up(score: Score) -> bool:
    """Tell whether an address has failed too often."""
    return score.points >= POINTS_TO_STOP


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamHealth:
    """What came back of a digest lately, and of how many messages: `sent` in a week, `busiest` in that one of its days that had most.

    `dead` counts the readers whose addresses were said to be gone in the last day.

    Reports come up to days late, so a day's refusals may be about any day of the week.
    """

    complaints: int
    sent: int
    refusals: int
    busiest: int
    dead: int = 0

    @property
    def complaint_rate(self) -> float:
        """Return the share of messages that readers complained of."""
        return self.complaints / self.sent if self.sent else 0.0

    @property
    def warns(self) -> bool:
        """Tell whether the operator should know."""
        return self.sent >= LEAST_SENT and self.complaint_rate >= COMPLAINTS_WARN

    @property
    def stops(self) -> str | None:
        """Return why the stream must not go on, or None when it may."""
        if self.sent >= LEAST_SENT and self.complaints >= LEAST_COMPLAINTS and self.complaint_rate >= COMPLAINTS_PAUSE:
            return f"complaints: {self.complaints} of {self.sent} messages in 7 days ({self.complaint_rate:.2%})"
        if LEAST_REFUSALS <= self.refusals <= self.busiest and self.refusals >= POLICY_PAUSE * self.busiest:
            return f"refused by policy: {self.refusals} in a day, of at most {self.busiest} messages a day in a week"
        if self.dead >= LEAST_DEAD and self.dead >= DEAD_PAUSE * self.busiest:
            return (
                f"addresses said to be gone: {self.dead} in a day, of at most {self.busiest} messages a day in a week"
            )
        return None


def busiest_day(sent: Sequence[tuple[datetime, int]]) -> int:
    """Return the most messages within a day; `sent` has when editions were planned, in order, and how many messages each has."""
    most, within, first = 0, 0, 0
    for moment, count in sent:
        within += count
        while moment - sent[first][0] >= REFUSALS_WITHIN:
            within -= sent[first][1]
            first += 1
        most = max(most, within)
    return most
