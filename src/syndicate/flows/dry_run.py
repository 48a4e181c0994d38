"""Count what a send would do, reader by reader, and record nothing."""

from dataclasses import dataclass
from datetime import datetime

from syndicate.core.digest import compose
from syndicate.flows.alerts import Held
from syndicate.flows.claim import standing
from syndicate.flows.compose import EditionWork, cohort_of, load_choices
from syndicate.flows.plan import Due, Planning
from syndicate.flows.preview import Previewing
from syndicate.flows.repeats import Had, had_before
from syndicate.flows.tally import Tally
from syndicate.model import DeliveryState
from syndicate.storage import audience

PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """Counts the readers of the slots that are due."""

    planning: Planning
    previewing: Previewing

    async def count(self, *, digest: str, at: datetime | None) -> Tally:
        """Return what `digest send` would plan, skip and suppress now."""
        due = await self.planning.due(digest=digest, at=at, coalesce=False)
        tally = Tally(editions=len(due))
        for one in due:
            await self._count_readers(one, tally, replay=at is not None)
        return tally

    async def _count_readers(self, due: Due, tally: Tally, *, replay: bool) -> None:
        work = await self.previewing.work_for(
            digest=due.digest.name, rhythm_id=due.rhythm_id, rhythm=due.rhythm, slot=due.slot, replay=replay
        )
        now, after = self.previewing.clock.now(), 0
        known: dict[object, bool] = {}
        while True:
            async with self.previewing.database.read() as connection:
                readers = await audience.next_readers(
                    connection,
                    digest=due.digest.name,
                    rhythm_id=due.rhythm_id,
                    after=after,
                    hi=2**62,
                    count=PAGE,
                    lock=False,
                )
                await load_choices(connection, work, readers)
                numbers = [reader.subscriber for reader in readers]
                full = await work.restraint.full(connection, work.edition, numbers)
                held = await work.restraint.held(connection, work.edition, numbers, lock=False)
                had = await had_before(connection, work.edition, work.rules, work.candidates, readers, held=held)
            for reader in readers:
                if reader.subscriber in full:
                    tally.skipped += 1
                else:
                    self._count_one(reader, work, known, tally, now, held, had)
            if len(readers) < PAGE:
                return
            after = readers[-1].subscriber

    @staticmethod
    def _count_one(
        reader: audience.ReaderRow,
        work: EditionWork,
        known: dict[object, bool],
        tally: Tally,
        now: datetime,
        held: Held,
        had: Had,
    ) -> None:
        state = standing(reader, work.edition, now)
        if state is DeliveryState.SKIPPED and (reader.subscribed != "active" or reader.state != "confirmed"):
            return
        cohort = cohort_of(reader, work, now=now, held=held, had=had)
        if cohort not in known:
            known[cohort] = (
                compose(work.candidates, rules=work.rules, cohort=cohort, window=work.window, day=work.day) is not None
            )
        if state is DeliveryState.SKIPPED or not known[cohort]:
            tally.skipped += 1
        else:
            tally.planned += 1
            tally.suppressed += state is DeliveryState.SUPPRESSED
