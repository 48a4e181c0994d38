"""Tell the time: the only reader of the wall clock."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What flows ask for the time."""

    def now(self) -> datetime:
        """Return the present moment, aware and in UTC."""

    def monotonic(self) -> float:
        """Return seconds on a clock that never goes back, for measuring spans."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the present moment, aware and in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds on a clock that never goes back."""
        return time.monotonic()


@dataclass(slots=True)
class StoppedClock:
    """A clock that stands still until it is told to move; for tests and for replays."""

    moment: datetime
    ticks: float = field(default=0.0)

    def now(self) -> datetime:
        """Return the moment the clock was stopped at."""
        return self.moment

    def monotonic(self) -> float:
        """Return the seconds the clock was moved by."""
        return self.ticks

    def advance(self, span: timedelta) -> None:
        """Move the clock by a span, backwards too."""
        self.moment += span
        self.ticks += max(span.total_seconds(), 0.0)
