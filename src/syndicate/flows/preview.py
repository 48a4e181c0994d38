"""Preview a digest: the message one reader would get now, and why each article is in it or out; records nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.clock import Clock
from syndicate.core.cadence import due_slot, is_quiet, next_slot
from syndicate.core.digest import Ruling, Selection, select, silent, without_room
from syndicate.core.filling import PreparedMessage, fill, preview
from syndicate.core.kept_back import ruled_out, told_plainly
from syndicate.core.letters import Letters
from syndicate.core.message import MessageComposer
from syndicate.core.ranking import DigestRules
from syndicate.core.window import Cohort
from syndicate.errors import NotFoundError
from syndicate.flows.alerts import restraint_on
from syndicate.flows.claim import standing
from syndicate.flows.compare import Difference, difference
from syndicate.flows.compose import EditionWork, cohort_of, load_choices, local_day, window_of
from syndicate.flows.envelopes import Postman
from syndicate.flows.notices import find_notices
from syndicate.flows.repeats import had_before
from syndicate.model import ComposedDigest, DeliveryState, EditionId, Rhythm, Slot, VariantId
from syndicate.storage import audience, corrections, editions
from syndicate.storage.approvals import WAITING
from syndicate.storage.audience import ReaderRow
from syndicate.storage.candidates import load_candidates
from syndicate.storage.counter import current_number
from syndicate.storage.database import Database
from syndicate.storage.editions import EditionRow
from syndicate.storage.kept_back import load_kept_back
from syndicate.storage.sections import list_sections

COMING = ("open", WAITING)
FIRST, LAST = 100, 2**63 - 1  # how many readers are looked at for an example, and the last number one can have


@dataclass(frozen=True, slots=True, kw_only=True)
class Previewed:
    """A message as it would go: its bytes, its bodies, its subject."""

    raw: bytes
    html: str
    text: str
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """What an edition would carry for one reader, and why."""

    starts: datetime
    ends: datetime
    selection: Selection


@dataclass(slots=True, kw_only=True)
class Previewing:
    """Composes for one reader as `digest send` would, without a trace. `rules` and `subjects` go by digest name."""

    database: Database
    clock: Clock
    rules: Mapping[str, DigestRules]
    grace: timedelta
    composer: MessageComposer
    subjects: Mapping[str, str]

    async def explain(self, email: str, *, digest: str, at: datetime | None) -> Explained:
        """Judge every candidate for one reader, and tell what keeps the other articles of its time from being one. Raises NotFoundError."""
        reader, work, selection = await self._selected(email, digest, at)
        if selection.digest is not None:
            selection = without_room(selection, self._message(selection.digest).dropped)
        rulings = (*map(told_plainly, selection.rulings), *await self._kept_back(work))
        selection = replace(selection, rulings=rulings)
        starts = work.window.first_from if reader.mark is None else reader.mark.at
        return Explained(starts=starts, ends=work.window.at, selection=selection)

    async def _kept_back(self, work: EditionWork) -> list[Ruling]:
        competing = {one.article.key for one in work.candidates}
        async with self.database.read() as connection:
            found = await load_kept_back(
                connection, competing, to_seq=work.edition.to_seq, at=work.edition.at, now=self.clock.now()
            )
        return [ruled_out(one) for one in found]

    async def compare(self, email: str, *, digest: str, at: datetime | None) -> Difference:
        """Return how the edition that would go to one reader differs from his last. Raises NotFoundError."""
        reader, _work, selection = await self._selected(email, digest, at)
        async with self.database.read() as connection:
            return await difference(connection, selection, reader=reader.subscriber, digest=digest)

    async def preview(
        self,
        email: str,
        *,
        digest: str,
        at: datetime | None,
        letters: Letters,
        postman: Postman,
    ) -> Previewed | str:
        """Return the message that would go to one reader, or why none would. Raises NotFoundError."""
        reader, work, selection = await self._selected(email, digest, at)
        composed, now = selection.digest, self.clock.now()
        if composed is None:
            return selection.silence
        message = self._message(composed)
        async with self.database.read() as connection:
            notices = await find_notices(connection, work.corrections, [reader.subscriber], edition_id=work.edition.id)
        values = postman.values(reader, work.edition, VariantId(0), now=now)
        values |= notices.slots(reader.subscriber, letters=letters, language=composed.language, room=message.room)
        html, text = preview(message, values)
        return Previewed(raw=b"".join(fill(message, values)), html=html, text=text, subject=message.subject)

    async def example(self, edition: EditionRow) -> str | None:
        """Return the address of the first reader whom an edition may go to, of its first hundred; None when it may go to none of them."""
        async with self.database.read() as connection:
            readers = await audience.next_readers(
                connection, digest=edition.digest, rhythm_id=edition.rhythm, after=0, hi=LAST, count=FIRST, lock=False
            )
        return next((one.email for one in readers if standing(one, edition, self.clock.now()) is None), None)

    def _message(self, composed: ComposedDigest) -> PreparedMessage:
        return self.composer.compose(composed, subject=self.subjects.get(composed.digest))

    async def _selected(self, email: str, digest: str, at: datetime | None) -> tuple[ReaderRow, EditionWork, Selection]:
        """Judge every candidate for one reader, and whether anything may go to him now."""
        reader, work = await self._reader_work(email, digest, at)
        cohort = await self._cohort(reader, work)
        selection = select(work.candidates, rules=work.rules, cohort=cohort, window=work.window, day=work.day)
        if (reason := await self._withheld(reader, work)) is not None:
            selection = silent(selection, reason)
        return reader, work, selection

    async def _cohort(self, reader: ReaderRow, work: EditionWork) -> Cohort:
        async with self.database.read() as connection:
            held = await work.restraint.held(connection, work.edition, [reader.subscriber], lock=False)
            had = await had_before(connection, work.edition, work.rules, work.candidates, [reader], held=held)
        return cohort_of(reader, work, now=self.clock.now(), held=held, had=had)

    async def _withheld(self, reader: ReaderRow, work: EditionWork) -> str | None:
        """Say why a reader gets nothing now, whatever is new."""
        state = standing(reader, work.edition, self.clock.now())
        if state is DeliveryState.SUPPRESSED:
            return "nothing is sent to this address: it is suppressed, or mail to it came back"
        if state is not None and reader.paused_until is not None and reader.paused_until > self.clock.now():
            return f"paused until {reader.paused_until:%Y-%m-%d %H:%M} UTC"
        if state is not None:
            return (
                "not confirmed"
                if reader.state == "pending"
                else "does not get this edition: not subscribed at its hour"
            )
        return await self._silenced(reader, work)

    async def _silenced(self, reader: ReaderRow, work: EditionWork) -> str | None:
        """Say why this digest would say nothing to a reader now, whatever is new: his quiet hours, or enough for one day."""
        rhythm = work.restraint.rhythms.get(work.edition.rhythm)
        if rhythm is not None and is_quiet(rhythm, work.edition.at):
            return "quiet hours: comes when they end"
        async with self.database.read() as connection:
            full = await work.restraint.full(connection, work.edition, [reader.subscriber])
        return f"more than {work.restraint.most} of this digest in one day" if full else None

    async def _reader_work(self, email: str, digest: str, at: datetime | None) -> tuple[ReaderRow, EditionWork]:
        async with self.database.read() as connection:
            reader, rhythm_id, rhythm = await self._reader(connection, email, digest)
        slot = await self._slot(rhythm, at, reader, digest, rhythm_id)
        work = await self.work_for(digest=digest, rhythm_id=rhythm_id, rhythm=rhythm, slot=slot, replay=at is not None)
        async with self.database.read() as connection:
            await load_choices(connection, work, [reader])
        return reader, work

    async def _reader(self, connection: AsyncConnection, email: str, digest: str) -> tuple[ReaderRow, int, Rhythm]:
        if digest not in self.rules:
            raise NotFoundError(
                f"digest {digest}: there is none in the configuration; it has {', '.join(self.rules) or 'no digest'}"
            )
        found = await audience.find_reader(connection, email=email, digest=digest)
        if found is None:
            raise NotFoundError(f"{email}: does not subscribe to {digest}; `syndicate subscribers show` tells what to")
        reader, rhythm_id = found
        return reader, rhythm_id, (await editions.list_rhythms(connection))[rhythm_id]

    async def _slot(self, rhythm: Rhythm, at: datetime | None, reader: ReaderRow, digest: str, rhythm_id: int) -> Slot:
        """Return the slot that is due for a reader and has not reached him yet, or else the next one."""
        moment = self.clock.now() if at is None else at
        if rhythm.minute is None:
            async with self.database.read() as connection:
                return Slot(name=str(await current_number(connection)), at=moment)
        due = due_slot(rhythm, now=moment, grace=self.grace)
        if due is None or (at is None and await self._is_over(due, reader, digest, rhythm_id)):
            return next_slot(rhythm, now=moment)
        return due

    async def _is_over(self, due: Slot, reader: ReaderRow, digest: str, rhythm_id: int) -> bool:
        """Tell whether a reader gets nothing by the slot that is due any more: he has had it, came after it, or its edition has gone."""
        if due.at < reader.since or (reader.mark is not None and reader.mark.at >= due.at):
            return True
        async with self.database.read() as connection:
            planned = await editions.find_edition(connection, digest=digest, rhythm_id=rhythm_id, slot=due.name)
        return planned is not None and planned.state not in COMING

    async def work_for(self, *, digest: str, rhythm_id: int, rhythm: Rhythm, slot: Slot, replay: bool) -> EditionWork:
        """Load what composing an edition of this slot needs: the one that was planned and has not gone yet, or one as of now."""
        now = self.clock.now()
        async with self.database.read() as connection:
            planned = await editions.find_edition(connection, digest=digest, rhythm_id=rhythm_id, slot=slot.name)
            edition = (
                planned
                if planned is not None and planned.state in COMING
                else EditionRow(
                    id=EditionId(0),
                    digest=digest,
                    rhythm=rhythm_id,
                    slot=slot.name,
                    at=slot.at,
                    to_seq=await current_number(connection),
                    revision=0,
                    state="open",
                    replay=replay,
                    planned_at=now,
                    stale_at=now + self.grace,
                    walked_to=None,
                )
            )
            titles = {one.slug: one.title for one in await list_sections(connection)}
            rhythms = {**await editions.list_rhythms(connection), rhythm_id: rhythm}
            window = window_of(edition, rhythm)
            return EditionWork(
                edition=edition,
                rhythm=rhythm,
                rules=replace(self.rules[digest], titles=titles),
                window=window,
                corrections=await corrections.open_corrections(connection, now=now),
                restraint=restraint_on(edition, window, rhythms, self.rules),
                day=local_day(edition, rhythm),
                candidates=await load_candidates(connection, to_seq=edition.to_seq, at=edition.at, now=now),
            )
