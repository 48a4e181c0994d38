"""Remember what a relay has taught us about itself, for as long as the process lives."""

from dataclasses import dataclass, field

SCOUTED = 32  # messages a connection must have taken before more than one is risked on it
AFRESH = 600.0  # seconds until old troubles are forgiven and a small limit is tested again (by scouting, which risks nothing)
PATIENCE = 3  # troubles, each soon after the one before, until the relay is spoken to step by step


@dataclass(slots=True)
class Relay:
    """What holds for every connection to one relay.

    `proven`: how many messages one connection has been seen to take. `limit`: after how many the relay hangs up, once two
    connections have said so. `step_by_step`: it cannot be trusted with commands in advance. `takes_bdat`: BDAT works as
    offered.
    """

    proven: int = 0
    limit: int | None = None
    step_by_step: bool = False
    takes_bdat: bool = True
    _limit_since: float = 0.0
    _hung_up_after: set[int] = field(default_factory=set)
    _troubles: int = 0
    _last_trouble: float = float("-inf")

    @property
    def is_scouted(self) -> bool:
        """Whether connections are known not to end after a handful of messages."""
        return self.proven >= SCOUTED

    def answered(self, count: int) -> None:
        """A connection has answered this many messages."""
        if count > self.proven:
            self.proven = count

    def hung_up(self, count: int, *, now: float) -> None:
        """The relay closed a connection in mid-work, after this many messages; twice the same number is a rule."""
        if count in self._hung_up_after and (self.limit is None or count < self.limit):
            self.limit, self._limit_since = count, now
        self._hung_up_after.add(count)

    def reconsider(self, *, now: float) -> None:
        """Forget a small limit after a while: it may have been one bad hour, and obeying it is slow."""
        if self.limit is not None and self.limit < SCOUTED and now - self._limit_since > AFRESH:
            self.proven, self.limit = self.limit, None
            self._hung_up_after.clear()

    def trouble(self, *, opened: float, now: float) -> None:
        """A connection, opened at this moment, fell out of step; those opened before the last trouble tell nothing new."""
        if opened <= self._last_trouble:
            return
        # A relay that is restarted now and then is not a broken one.
        self._troubles = 1 if now - self._last_trouble > AFRESH else self._troubles + 1
        self._last_trouble = now
        if self._troubles >= PATIENCE:
            self.step_by_step = True
