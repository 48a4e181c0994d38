"""Compose each edition once for each cohort of readers, and keep the prepared messages at hand."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.core.cadence import previous_slot
from syndicate.core.digest import DigestRules, compose
from syndicate.core.filling import PreparedMessage
from syndicate.core.message import MessageComposer
from syndicate.core.window import Cohort, Window
from syndicate.model import Cadence, Choice, Placed, Rhythm, Slot, VariantId
from syndicate.storage import deliveries, editions, variants
from syndicate.storage.articles import load_candidates
from syndicate.storage.deliveries import ReaderRow
from syndicate.storage.editions import EditionRow
from syndicate.storage.sections import list_sections

PREPARED = 256  # messages kept at hand; about 60 kB each
INSTANT_PERIOD_SECONDS = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A variant with its message, ready to be filled for each reader."""

    id: VariantId
    message: PreparedMessage


@dataclass(slots=True, kw_only=True)
class EditionWork:
    """What composing one edition needs, loaded once: candidates, rules, window, and what was composed."""

    edition: EditionRow
    rules: DigestRules
    window: Window
    day: date
    candidates: list[Placed]
    choices: dict[int, Choice] = field(default_factory=dict)
    composed: dict[Cohort, Ready | None] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Composing:
    """Turns readers into variants. `rules` and `subjects` (operators' templates) go by digest name."""

    composer: MessageComposer
    rules: Mapping[str, DigestRules]
    subjects: Mapping[str, str] = field(default_factory=dict)
    _works: "OrderedDict[int, EditionWork]" = field(default_factory=OrderedDict)
    _prepared: "OrderedDict[int, PreparedMessage]" = field(default_factory=OrderedDict)

    async def work_on(self, connection: AsyncConnection, edition: EditionRow, *, now: datetime) -> EditionWork:
        """Return the work on an edition, loaded again when an article in it was corrected or withdrawn."""
        known = self._works.get(edition.id)
        if known is not None and known.edition.revision == edition.revision:
            return known
        if known is not None:
            self.forget(edition.id)
        rhythm = (await editions.list_rhythms(connection))[edition.rhythm]
        titles = {one.slug: one.title for one in await list_sections(connection)}
        rules = replace(self.rules[edition.digest], titles=titles)
        work = EditionWork(
            edition=edition,
            rules=rules,
            window=window_of(edition, rhythm),
            day=local_day(edition, rhythm),
            candidates=await load_candidates(connection, to_seq=edition.to_seq, at=edition.at, now=now),
        )
        self._works[edition.id] = work
        while len(self._works) > 8:
            self._works.popitem(last=False)
        return work

    async def variants_for(
        self, connection: AsyncConnection, work: EditionWork, readers: Sequence[ReaderRow], *, now: datetime
    ) -> list[Ready | None]:
        """Return each reader's variant, composing for cohorts not met before; None where there is nothing to send."""
        await load_choices(connection, work, readers)
        found = []
        for reader in readers:
            cohort = cohort_of(reader, work, now=now)
            if cohort not in work.composed:
                work.composed[cohort] = await self._compose(connection, work, cohort)
            found.append(work.composed[cohort])
        return found

    async def _compose(self, connection: AsyncConnection, work: EditionWork, cohort: Cohort) -> Ready | None:
        digest = compose(work.candidates, rules=work.rules, cohort=cohort, window=work.window, day=work.day)
        if digest is None:
            return None
        message = self.composer.compose(digest, subject=self.subjects.get(digest.digest))
        variant = await variants.add_variant(connection, work.edition.id, digest, subject=message.subject)
        self._keep(variant, message)
        return Ready(id=variant, message=message)

    async def message_of(self, connection: AsyncConnection, variant_id: VariantId) -> PreparedMessage | None:
        """Return a variant's message for another try, composed again if it is not at hand; None when nothing of it is left."""
        if variant_id in self._prepared:
            return self._prepared[variant_id]
        row = await variants.load_variant(connection, variant_id)
        digest = None if row is None else await variants.rebuild(connection, row.stored)
        if digest is None:
            return None
        message = self.composer.compose(digest, subject=self.subjects.get(digest.digest))
        self._keep(variant_id, message)
        return message

    def forget(self, edition: int) -> None:
        """Drop what was composed for an edition in a transaction that did not stand, or because an article changed."""
        self._works.pop(edition, None)
        self._prepared.clear()

    def _keep(self, variant: VariantId, message: PreparedMessage) -> None:
        self._prepared[variant] = message
        while len(self._prepared) > PREPARED:
            self._prepared.popitem(last=False)


async def load_choices(connection: AsyncConnection, work: EditionWork, readers: Sequence[ReaderRow]) -> None:
    """Load the choices of these readers that the work does not know yet."""
    missing = {reader.choice for reader in readers} - work.choices.keys()
    if missing:
        texts = await deliveries.load_choices(connection, sorted(missing))
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


def cohort_of(reader: ReaderRow, work: EditionWork, *, now: datetime) -> Cohort:
    """Return all that decides what a reader gets from an edition."""
    instant_first = reader.mark is None and work.rules.cadence is Cadence.INSTANT
    paused = reader.paused_until
    return Cohort(
        choice=work.choices[reader.choice],
        mark=reader.mark,
        since_seq=reader.since_seq if instant_first else None,
        after_pause=paused is not None and paused <= now and reader.mark is not None and reader.mark.at < paused,
    )
