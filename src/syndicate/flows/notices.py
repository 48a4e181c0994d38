"""Tell readers of corrections: exactly those who received the wrong version, each once, in a slot of their own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.core.letters import Correction, Letters
from syndicate.model import EditionId, SubscriberId
from syndicate.storage import corrections

Slots = Mapping[str, str]
NO_SLOTS: Slots = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """What some readers must be told in one edition: reader → numbers of corrections, and the corrections."""

    owed: Mapping[SubscriberId, tuple[int, ...]] = field(default_factory=dict)
    known: Mapping[int, Correction] = field(default_factory=dict)

    def slots(self, reader: SubscriberId, *, letters: Letters, language: str, room: int | None) -> Slots:
        """Return the values of a reader's slots, in at most `room` encoded bytes."""
        numbers = self.owed.get(reader)
        if not numbers:
            return NO_SLOTS
        return letters.correction([self.known[number] for number in numbers], language=language, room=room)

    def of(self, readers: Iterable[SubscriberId]) -> dict[SubscriberId, tuple[int, ...]]:
        """Return what is owed to these."""
        return {reader: self.owed[reader] for reader in readers if reader in self.owed}


async def find_notices(
    connection: AsyncConnection,
    known: Mapping[int, Correction],
    readers: Sequence[SubscriberId],
    *,
    edition_id: EditionId,
) -> Notices:
    """Return what readers are still to be told of; looks nowhere while no correction is open."""
    if not known or not readers:
        return Notices()
    return Notices(owed=await corrections.owed(connection, known, readers, edition_id=edition_id), known=known)


async def repeat_notices(
    connection: AsyncConnection,
    known: Mapping[int, Correction],
    readers: Sequence[SubscriberId],
    *,
    edition_id: EditionId,
) -> Notices:
    """Return what stands in these readers' copies of an edition, for another try; what is no longer open is left out."""
    if not known or not readers:
        return Notices()
    told = await corrections.told_in(connection, edition_id, readers)
    kept = {reader: tuple(number for number in numbers if number in known) for reader, numbers in told.items()}
    return Notices(owed=kept, known=known)
