"""Claim readers for an edition: judge who gets it, compose, and record each delivery before anything is sent."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.core.window import Cohort
from syndicate.errors import AddressError
from syndicate.flows.compose import Composing, EditionWork, Ready, load_choices
from syndicate.flows.envelopes import Postman
from syndicate.flows.notices import Notices, find_notices, repeat_notices
from syndicate.model import DeliveryState, Envelope, Mark
from syndicate.storage import audience, corrections, deliveries, retries
from syndicate.storage.audience import ReaderRow
from syndicate.storage.batches import Lease
from syndicate.storage.carried import move_held
from syndicate.storage.deliveries import Outcome
from syndicate.storage.editions import EditionRow
from syndicate.storage.retries import RetryRow


class Claimed(Struct, frozen=True, kw_only=True):
    """One message that is recorded as being sent; `note` is what the try before left behind."""

    reader: ReaderRow
    attempt: int
    note: str | None
    envelope: Envelope


@dataclass(slots=True, kw_only=True)
class Claim:
    """What one transaction claimed, and how far the batch is then. Nothing of it is true before that transaction stands.

    `fresh` is what was composed for it, `ended` counts the deliveries that ended before they were tried.
    """

    exhausted: bool = False
    retries_over: bool = False
    stale: bool = False
    paused: bool = False
    work: EditionWork | None = None
    messages: list[Claimed] = field(default_factory=list)
    fresh: dict[Cohort, Ready | None] = field(default_factory=dict)
    ended: dict[DeliveryState, int] = field(default_factory=dict)
    planned: int = 0
    cursor: int | None = None
    empty: int = 0
    skipped: int = 0

    def count(self, state: DeliveryState) -> None:
        """Count a delivery that ended before it was tried."""
        self.ended[state] = self.ended.get(state, 0) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Claiming:
    """Claims the readers of one batch: first those whose next try has come, then whoever comes next."""

    composing: Composing
    postman: Postman
    lease: Lease

    async def take_retries(
        self, connection: AsyncConnection, work: EditionWork, claim: Claim, wanted: int, *, now: datetime
    ) -> None:
        """Claim deliveries that wait for another try, until some can be sent or none is left."""
        while not claim.messages and not claim.retries_over:
            rows = await retries.claim_retries(
                connection,
                edition_id=work.edition.id,
                digest=work.edition.digest,
                lo=self.lease.lo,
                hi=self.lease.hi,
                now=now,
                count=wanted,
            )
            claim.retries_over = not rows
            notices = await repeat_notices(
                connection, work.corrections, [row.reader.subscriber for row in rows], edition_id=work.edition.id
            )
            await load_choices(connection, work, [row.reader for row in rows])
            ended = []
            for row in rows:
                outcome = await self._write_again(connection, work, row, notices, claim, now=now)
                if outcome is not None:
                    ended.append(outcome)
                    claim.count(outcome.state)
            await self._end(connection, work.edition, ended)

    async def _write_again(
        self,
        connection: AsyncConnection,
        work: EditionWork,
        row: RetryRow,
        notices: Notices,
        claim: Claim,
        *,
        now: datetime,
    ) -> Outcome | None:
        """Write a message for another try, or say why there is none."""
        reader, edition = row.reader, work.edition
        state = standing(reader, edition, now)
        if state is not None:
            return _ended(reader, state, "left before the next try")
        if row.note == deliveries.REFUSED_ONCE:
            if reader.mark is not None and reader.mark.seq >= edition.to_seq:
                return _ended(reader, DeliveryState.SKIPPED, "came with a later edition")
            await deliveries.move_marks(
                connection,
                digest=edition.digest,
                readers=[reader.subscriber],
                mark=Mark(seq=edition.to_seq, at=edition.at),
            )
        variant = await self.composing.renew(connection, work, row.variant)
        message = await self.composing.message_of(connection, work, variant)
        if message is None:
            return _ended(reader, DeliveryState.SKIPPED, "nothing of it is left")
        if variant != row.variant:
            await deliveries.point_to(connection, edition.id, reader.subscriber, variant)
        language, letters = language_of(reader, work), self.composing.letters
        notice = notices.slots(reader.subscriber, letters=letters, language=language, room=message.room)
        try:
            envelope = self.postman.envelope(reader, edition, variant, message, now=now, notice=notice)
        except AddressError as error:
            return _ended(reader, DeliveryState.REFUSED, str(error))
        claim.messages.append(Claimed(reader=reader, attempt=row.attempt, note=row.note, envelope=envelope))
        return None

    async def _end(self, connection: AsyncConnection, edition: EditionRow, ended: Sequence[Outcome]) -> None:
        """Record deliveries that are not tried again, and give their readers back what they did not get."""
        if ended:
            await deliveries.mark_outcomes(connection, edition.id, ended)
            await deliveries.put_back_marks(
                connection,
                edition_id=edition.id,
                digest=edition.digest,
                to_seq=edition.to_seq,
                readers=[one.subscriber for one in ended],
            )

    async def take_next(
        self, connection: AsyncConnection, work: EditionWork, claim: Claim, wanted: int, *, after: int, now: datetime
    ) -> None:
        """Claim the next readers of the batch: judge, compose, record, move their marks."""
        edition = work.edition
        readers = await audience.next_readers(
            connection,
            digest=edition.digest,
            rhythm_id=edition.rhythm,
            after=after,
            hi=self.lease.hi,
            count=wanted,
        )
        claim.cursor = readers[-1].subscriber if len(readers) == wanted else self.lease.hi
        claim.exhausted = claim.cursor >= self.lease.hi
        wanting: list[tuple[ReaderRow, DeliveryState]] = []
        numbers = [reader.subscriber for reader in readers]
        full = await work.restraint.full(connection, edition, numbers)
        held = await work.restraint.held(connection, edition, numbers)
        for reader in readers:
            state = DeliveryState.SKIPPED if reader.subscriber in full else standing(reader, edition, now)
            if state is None or state is DeliveryState.SUPPRESSED:
                wanting.append((reader, state or DeliveryState.SENDING))
            elif reader.subscribed == "active" and reader.state == "confirmed":
                claim.skipped += 1
        found = await self.composing.variants_for(
            connection, work, [reader for reader, _ in wanting], claim.fresh, now=now, held=held
        )
        empty = [
            reader
            for (reader, state), ready in zip(wanting, found, strict=True)
            if ready is None and state is DeliveryState.SENDING
        ]
        claim.empty = len(empty)
        if work.rules.min_items > 1:
            # what is too little for a first edition comes with the next, which would not reach back so far by itself
            await deliveries.begin_marks(
                connection,
                digest=edition.digest,
                readers=[reader.subscriber for reader in empty if reader.mark is None],
                mark=Mark(seq=edition.to_seq, at=work.window.first_from),
            )
        ready = [(reader, state, one) for (reader, state), one in zip(wanting, found, strict=True) if one is not None]
        await self._record(connection, work, ready, claim, now=now)
        sent = {one.reader.subscriber for one in claim.messages}
        moved = {reader: marks for reader, marks in held.items() if reader in sent}
        await move_held(connection, edition.id, moved, mark=Mark(seq=edition.to_seq, at=edition.at))

    async def _record(
        self,
        connection: AsyncConnection,
        work: EditionWork,
        ready: Sequence[tuple[ReaderRow, DeliveryState, Ready]],
        claim: Claim,
        *,
        now: datetime,
    ) -> None:
        """Enter the deliveries in the ledger. One whose address is no good is refused, and costs the others nothing."""
        edition, letters = work.edition, self.composing.letters
        notices = await find_notices(
            connection, work.corrections, [reader.subscriber for reader, _, _ in ready], edition_id=edition.id
        )
        rows, written, refused = [], [], []
        for reader, wanted, one in ready:
            state = wanted
            if state is DeliveryState.SENDING:
                language = language_of(reader, work)
                notice = notices.slots(reader.subscriber, letters=letters, language=language, room=one.message.room)
                try:
                    envelope = self.postman.envelope(reader, edition, one.id, one.message, now=now, notice=notice)
                    written.append(Claimed(reader=reader, attempt=1, note=None, envelope=envelope))
                except AddressError as error:
                    state = DeliveryState.REFUSED
                    refused.append(_ended(reader, state, str(error)))
            rows.append((reader, one.id, state))
        new = await deliveries.claim(connection, edition.id, rows)
        claim.messages = [one for one in written if one.reader.subscriber in new]
        await deliveries.mark_outcomes(connection, edition.id, [one for one in refused if one.subscriber in new])
        await deliveries.move_marks(
            connection,
            digest=edition.digest,
            readers=[one.reader.subscriber for one in claim.messages],
            mark=Mark(seq=edition.to_seq, at=edition.at),
        )
        told = notices.of(one.reader.subscriber for one in claim.messages)
        await corrections.note_told(connection, edition.id, told)
        claim.planned = len(new)
        for reader, _, state in rows:
            if reader.subscriber in new and state is not DeliveryState.SENDING:
                claim.count(state)


def language_of(reader: ReaderRow, work: EditionWork) -> str:
    """Return the language a reader's copy is in."""
    return work.choices[reader.choice].language


def _ended(reader: ReaderRow, state: DeliveryState, note: str) -> Outcome:
    return Outcome(subscriber=reader.subscriber, state=state, code=0, next_try=None, transport="", note=note)


def standing(reader: ReaderRow, edition: EditionRow, now: datetime) -> DeliveryState | None:
    """Return why nothing is sent to a reader, or None when something may be."""
    if reader.suppressed or reader.state in ("suppressed", "bounced"):
        return DeliveryState.SUPPRESSED
    if reader.state != "confirmed" or reader.subscribed != "active" or not reader.email:
        return DeliveryState.SKIPPED
    if reader.paused_until is not None and reader.paused_until > now:
        return DeliveryState.SKIPPED
    return DeliveryState.SKIPPED if reader.since > edition.at and not edition.replay else None
