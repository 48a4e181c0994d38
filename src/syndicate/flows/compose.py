"""Compose each edition once for each cohort of readers, and keep the prepared messages at hand."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.core.cadence import next_slot, previous_slot
from syndicate.core.candidates import Candidates
from syndicate.core.digest import compose
from syndicate.core.filling import PreparedMessage
from syndicate.core.letters import Correction, Letters
from syndicate.core.message import MessageComposer
from syndicate.core.ranking import DigestRules
from syndicate.core.window import Cohort, Window
from syndicate.flows.alerts import NOTHING, Held, Restraint, restraint_on
from syndicate.flows.repeats import Had, had_before
from syndicate.model import Cadence, Choice, Rhythm, Slot, VariantId
from syndicate.storage import audience, corrections, editions, variants
from syndicate.storage.audience import ReaderRow
from syndicate.storage.candidates import load_candidates
from syndicate.storage.editions import EditionRow
from syndicate.storage.sections import list_sections

PREPARED = 256  # messages kept at hand; about 60 kB each
COHORTS = 5_000  # remembered in each edition, with what they get
INSTANT_PERIOD_SECONDS = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A variant with its message, ready to be filled for each reader."""

    id: VariantId
    message: PreparedMessage


@dataclass(slots=True, kw_only=True)
class EditionWork:
    """What composing one edition needs, loaded once: candidates, rules, window, and what was composed.

    `corrections` are those that readers may have to be told of, by number.
    """

    edition: EditionRow
    rhythm: Rhythm
    rules: DigestRules
    window: Window
    day: date
    candidates: Candidates
    restraint: Restraint = field(default_factory=Restraint)
    corrections: Mapping[int, Correction] = field(default_factory=dict)
    choices: dict[int, Choice] = field(default_factory=dict)
    composed: dict[Cohort, VariantId | None] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Composing:
    """Turns readers into variants. `rules` and `subjects` (operators' templates) go by digest name."""

    composer: MessageComposer
    letters: Letters
    rules: Mapping[str, DigestRules]
    subjects: Mapping[str, str] = field(default_factory=dict)
    _works: "OrderedDict[int, EditionWork]" = field(default_factory=OrderedDict)
    _prepared: "OrderedDict[tuple[int, int], PreparedMessage]" = field(default_factory=OrderedDict)

    async def work_on(self, connection: AsyncConnection, edition: EditionRow, *, now: datetime) -> EditionWork:
        """Return the work on an edition, loaded again when an article in it was corrected or withdrawn."""
        known = self._works.get(edition.id)
        if known is not None and known.edition.revision == edition.revision:
            return known
        self._works.pop(edition.id, None)
        rhythms = await editions.list_rhythms(connection)
        rhythm = rhythms[edition.rhythm]
        titles = {one.slug: one.title for one in await list_sections(connection)}
        rules = replace(self.rules[edition.digest], titles=titles)
        window = window_of(edition, rhythm)
        work = EditionWork(
            edition=edition,
            rhythm=rhythm,
            rules=rules,
            window=window,
            day=local_day(edition, rhythm),
            candidates=await load_candidates(connection, to_seq=edition.to_seq, at=edition.at, now=now),
            restraint=restraint_on(edition, window, rhythms, self.rules),
            corrections=await corrections.open_corrections(connection, now=now),
        )
        self._works[edition.id] = work
        while len(self._works) > 8:
            self._works.popitem(last=False)
        return work

    async def variants_for(
        self,
        connection: AsyncConnection,
        work: EditionWork,
        readers: Sequence[ReaderRow],
        fresh: dict[Cohort, Ready | None],
        *,
        now: datetime,
        held: Held = NOTHING,
    ) -> list[Ready | None]:
        """Return each reader's variant, composing for cohorts not met before; None where there is nothing to send.

        `held` are the alerts that are silent, whose leftovers come with this edition.
        What is new goes into `fresh`: it is in the database only once this transaction stands, and is then to be given to `keep`.
        """
        await load_choices(connection, work, readers)
        had = await had_before(connection, work.edition, work.rules, work.candidates, readers, held=held)
        cohorts = [cohort_of(reader, work, now=now, held=held, had=had) for reader in readers]
        found: dict[Cohort, Ready | None] = {}
        for cohort in dict.fromkeys(cohorts):
            variant = work.composed.get(cohort)
            message = None if variant is None else await self.message_of(connection, work, variant)
            if variant is not None and message is not None:
                found[cohort] = Ready(id=variant, message=message)
            elif variant is None and cohort in work.composed:
                found[cohort] = None
        fresh |= await self._compose(connection, work, [one for one in dict.fromkeys(cohorts) if one not in found])
        found |= fresh
        return [found[cohort] for cohort in cohorts]

    async def _compose(
        self, connection: AsyncConnection, work: EditionWork, cohorts: Sequence[Cohort]
    ) -> dict[Cohort, Ready | None]:
        """Compose for cohorts not met before, and record their variants."""
        digests = {
            cohort: compose(work.candidates, rules=work.rules, cohort=cohort, window=work.window, day=work.day)
            for cohort in cohorts
        }
        packed = {cohort: variants.pack(digest) for cohort, digest in digests.items() if digest is not None}
        made: dict[bytes, Ready] = {}
        # in one order everywhere, so that two workers who record the same variants never wait for each other in a circle
        for content, digest in sorted(
            {packed[cohort]: digest for cohort, digest in digests.items() if digest is not None}.items(),
            key=lambda pair: pair[0],
        ):
            message = self.composer.compose(digest, subject=self.subjects.get(digest.digest))
            variant = await variants.add_variant(
                connection, work.edition.id, digest, content=content, subject=message.subject, dropped=message.dropped
            )
            made[content] = Ready(id=variant, message=message)
        return {cohort: made[packed[cohort]] if cohort in packed else None for cohort in cohorts}

    def keep(self, work: EditionWork, fresh: Mapping[Cohort, Ready | None]) -> None:
        """Remember what was composed for an edition, now that it is in the database."""
        for cohort, ready in fresh.items():
            work.composed[cohort] = None if ready is None else ready.id
            if ready is not None:
                self._keep(work, ready.id, ready.message)
        while len(work.composed) > COHORTS:
            del work.composed[next(iter(work.composed))]

    async def message_of(
        self, connection: AsyncConnection, work: EditionWork, variant_id: VariantId
    ) -> PreparedMessage | None:
        """Return a variant's message, composed again if it is not at hand; None when nothing of it is left."""
        known = self._prepared.get((variant_id, work.edition.revision))
        if known is not None:
            return known
        row = await variants.load_variant(connection, variant_id)
        digest = None if row is None else await variants.rebuild(connection, row.stored)
        if digest is None:
            return None
        message = self.composer.compose(digest, subject=self.subjects.get(digest.digest))
        self._keep(work, variant_id, message)
        return message

    async def renew(self, connection: AsyncConnection, work: EditionWork, variant_id: VariantId) -> VariantId:
        """Return the variant that another try brings: a new one where an article in it was corrected or withdrawn meanwhile."""
        if not work.edition.revision:
            return variant_id
        row = await variants.load_variant(connection, variant_id)
        digest = None if row is None else await variants.rebuild(connection, row.stored)
        if row is None or digest is None:
            return variant_id
        content = variants.pack(digest)
        if content == variants.packed(row.stored):
            return variant_id
        if (known := await variants.find_variant(connection, work.edition.id, content=content)) is not None:
            return known
        message = self.composer.compose(digest, subject=self.subjects.get(digest.digest))
        made = await variants.add_variant(
            connection, work.edition.id, digest, content=content, subject=row.subject, dropped=message.dropped
        )
        self._keep(work, made, message)
        return made

    def forget(self) -> None:
        """Drop the messages at hand: after a transaction that does not stand, another variant may get the number of one that it made."""
        self._prepared.clear()

    def _keep(self, work: EditionWork, variant: VariantId, message: PreparedMessage) -> None:
        self._prepared[variant, work.edition.revision] = message
        while len(self._prepared) > PREPARED:
            self._prepared.popitem(last=False)


async def load_choices(connection: AsyncConnection, work: EditionWork, readers: Sequence[ReaderRow]) -> None:
    """Load the choices of these readers that the work does not know yet."""
    missing = {reader.choice for reader in readers} - work.choices.keys()
    if missing:
        texts = await audience.load_choices(connection, sorted(missing))
        work.choices |= {key: msgspec.json.decode(text, type=Choice) for key, text in texts.items()}


def local_day(edition: EditionRow, rhythm: Rhythm) -> date:
    """Return an edition's date where its readers live."""
    return edition.at.astimezone(ZoneInfo(rhythm.zone)).date()


def window_of(edition: EditionRow, rhythm: Rhythm) -> Window:
    """Return an edition's window: a first edition reaches one period back, by the local calendar."""
    if rhythm.minute is None:
        first_from = datetime.fromtimestamp(edition.at.timestamp() - INSTANT_PERIOD_SECONDS, edition.at.tzinfo)
    else:
        first_from = previous_slot(rhythm, Slot(name=edition.slot, at=edition.at)).at
    return Window(to_seq=edition.to_seq, first_from=first_from, at=edition.at)


def cohort_of(reader: ReaderRow, work: EditionWork, *, now: datetime, held: Held, had: Had) -> Cohort:
    """Return all that decides what a reader gets from an edition."""
    instant_first = reader.mark is None and work.rules.cadence is Cadence.INSTANT
    return Cohort(
        choice=work.choices[reader.choice],
        mark=reader.mark,
        since_seq=reader.since_seq if instant_first else None,
        not_before=_not_before(reader, work, now=now),
        held=held.get(reader.subscriber, ()),
        had=had.get(reader.subscriber, frozenset()),
    )


def _not_before(reader: ReaderRow, work: EditionWork, *, now: datetime) -> datetime | None:
    """Return how far back an edition goes for somebody who was away since his last: one period before his first edition since he is back."""
    if reader.mark is None:
        return None
    back = None
    if reader.paused_until is not None and reader.mark.at < reader.paused_until <= now:
        back = reader.paused_until
    elif reader.since_seq > reader.mark.seq:  # he had left, and came back
        back = reader.since
    if back is None:
        return None
    if work.rhythm.minute is None:
        first = back - timedelta(seconds=INSTANT_PERIOD_SECONDS)
    else:
        first = previous_slot(work.rhythm, next_slot(work.rhythm, now=back)).at
    return min(first, work.window.first_from)  # an edition that was planned before he came back is his all the same
