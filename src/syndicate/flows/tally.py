"""Count what became of the deliveries of one run."""

from dataclasses import dataclass, fields

from syndicate.model import DeliveryState


@dataclass(slots=True, kw_only=True)
class Tally:
    """What became of the deliveries of one run."""

    editions: int = 0
    planned: int = 0
    accepted: int = 0
    deferred: int = 0
    refused: int = 0
    uncertain: int = 0
    suppressed: int = 0
    skipped: int = 0
    unreached: int = 0

    def count(self, state: DeliveryState, number: int = 1) -> None:
        """Count deliveries under their state."""
        setattr(self, state.value, getattr(self, state.value) + number)

    def add(self, other: "Tally") -> None:
        """Count what another tally counted."""
        for field in fields(other):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))
