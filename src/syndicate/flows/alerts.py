"""Hold alerts back, in quiet hours and beyond a day's number, and let slower editions bring what is owed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.core.cadence import is_quiet
from syndicate.core.ranking import DigestRules
from syndicate.core.window import Window
from syndicate.model import Cadence, Mark, Rhythm, SubscriberId
from syndicate.storage import alerts
from syndicate.storage.editions import EditionRow

Held = Mapping[SubscriberId, tuple[tuple[str, Mark | None], ...]]
NOTHING: Held = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Restraint:
    """What holds alerts back while an edition goes out.

    `most` is this digest's own number for one day; `faster` are the alerts that come before it and may be silent, each with its number
    (0 = no limit); `rhythms` are those that have quiet hours. Days are those of `zone`; the edition looks back to the one on `first_day`.
    """

    most: int = 0
    faster: Mapping[str, int] = field(default_factory=dict)
    rhythms: Mapping[int, Rhythm] = field(default_factory=dict)
    zone: tzinfo = UTC
    first_day: date = date.min

    async def full(
        self, connection: AsyncConnection, edition: EditionRow, readers: Sequence[SubscriberId]
    ) -> set[SubscriberId]:
        """Return the readers who have had this digest often enough today."""
        if not self.most or not readers:
            return set()
        today = edition.at.astimezone(self.zone).date()
        counts = await self._counts(connection, edition, readers, [edition.digest], since=today)
        return {reader for (reader, _, _), number in counts.items() if number >= self.most}

    async def held(
        self, connection: AsyncConnection, edition: EditionRow, readers: Sequence[SubscriberId], *, lock: bool = True
    ) -> Held:
        """Return reader → the alerts that are silent for him now, or were on a day of this edition's period, with his marks there."""
        capped = [name for name, most in self.faster.items() if most]
        if not self.faster or not readers or not (capped or self.rhythms):
            return NOTHING
        marks = await alerts.marks_of(connection, readers, digests=list(self.faster), lock=lock)
        counts = await self._counts(connection, edition, readers, capped, since=self.first_day)
        full = {(reader, name) for (reader, name, _), number in counts.items() if number >= self.faster[name]}
        found: dict[SubscriberId, tuple[tuple[str, Mark | None], ...]] = {}
        for (reader, digest), (rhythm, mark) in marks.items():
            quiet = rhythm in self.rhythms and is_quiet(self.rhythms[rhythm], edition.at)
            if quiet or (reader, digest) in full:
                found[reader] = (*found.get(reader, ()), (digest, mark))
        return found

    async def _counts(
        self,
        connection: AsyncConnection,
        edition: EditionRow,
        readers: Sequence[SubscriberId],
        digests: Sequence[str],
        *,
        since: date,
    ) -> Counter[tuple[SubscriberId, str, date]]:
        """Return (reader, digest, day) → how many messages went to him."""
        if not digests:
            return Counter()
        midnight = datetime.combine(since, time(), tzinfo=self.zone)
        found = await alerts.received_since(connection, readers, digests=digests, since=midnight, except_for=edition.id)
        return Counter((reader, digest, at.astimezone(self.zone).date()) for reader, digest, at in found)


def restraint_on(
    edition: EditionRow, window: Window, rhythms: Mapping[int, Rhythm], rules: Mapping[str, DigestRules]
) -> Restraint:
    """Return what holds alerts back while an edition goes out; a best-of carries nobody's leftovers."""
    own, zone = rules[edition.digest], ZoneInfo(rhythms[edition.rhythm].zone)
    faster = {
        name: one.max_per_day
        for name, one in rules.items()
        if one.cadence is Cadence.INSTANT and own.order.get(name, 0) < own.order.get(own.name, 0)
    }
    return Restraint(
        most=own.max_per_day if own.cadence is Cadence.INSTANT else 0,
        faster={} if own.best_of else faster,
        rhythms={key: one for key, one in rhythms.items() if one.minute is None and one.quiet is not None},
        zone=zone,
        first_day=window.first_from.astimezone(zone).date(),
    )
