"""Put some lines of a readers' file into the database, all in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.core.reader_lines import WANTED, ReaderLine, Status
from syndicate.core.readers import Change, Person, Reader, Subscription, SubscriptionState, arrange
from syndicate.flows.readership import NO_FORM, Readership
from syndicate.model import Choice, SubscriberId, SubscriberState
from syndicate.storage.consents import Consent, ConsentKind, record_consents
from syndicate.storage.counter import current_number
from syndicate.storage.letters import Letter, LetterKind, queue_letters
from syndicate.storage.subscribers import (
    Kept,
    NewSubscriber,
    add_subscribers,
    change_subscribers,
    find_many,
    new_nonce,
)
from syndicate.storage.subscriptions import Interned, leave_all, load_subscriptions, put_subscriptions
from syndicate.storage.suppressions import find_reasons, suppress

STATES = {
    Status.CONFIRMED: SubscriberState.CONFIRMED,
    Status.ASK: SubscriberState.PENDING,
    Status.UNSUBSCRIBED: SubscriberState.UNSUBSCRIBED,
    Status.BOUNCED: SubscriberState.BOUNCED,
    Status.SUPPRESSED: SubscriberState.SUPPRESSED,
}
OPEN = (SubscriberState.CONFIRMED, SubscriberState.PENDING)
KEPT_AWAY = (SubscriberState.BOUNCED, SubscriberState.SUPPRESSED)


class LineOutcome(StrEnum):
    """What a line did."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


class RacedError(Exception):
    """Somebody else added one of these readers meanwhile; the transaction is undone and may be tried again."""


@dataclass(slots=True, kw_only=True)
class _Work:
    """What a chunk of lines makes of the database, gathered to be written at once."""

    now: datetime
    new: dict[str, tuple[ReaderLine, NewSubscriber]] = field(default_factory=dict)
    changed: list[tuple[SubscriberId, dict[str, object]]] = field(default_factory=list)
    wanted: dict[SubscriberId, Sequence[Subscription]] = field(default_factory=dict)
    leaving: list[SubscriberId] = field(default_factory=list)
    suppressed: dict[str, list[str]] = field(default_factory=dict)
    consents: list[Consent] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    alike: dict[tuple[object, ...], tuple[Subscription, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineImport:
    """Applies lines. `source` names the file in the proof of consent.

    Who left, bounced, was suppressed or erased here is never brought back, and what a reader chose himself on his page is never
    changed: such lines count as unchanged.
    """

    readership: Readership
    source: str
    interned: Interned

    async def apply(self, connection: AsyncConnection, lines: Sequence[ReaderLine]) -> list[LineOutcome]:
        """Put lines of different readers into the database and return what each did. Raises RacedError."""
        keys = [self.readership.key.email(line.email) for line in lines]
        known = await find_many(connection, keys, lock=True)
        reasons = await find_reasons(connection, keys)
        numbers = [kept.subscriber.id for kept in known.values()]
        had = await load_subscriptions(connection, numbers) if numbers else {}
        seq = await current_number(connection)
        work = _Work(now=self.readership.clock.now())
        outcomes = []
        for key, line in zip(keys, lines, strict=True):
            kept = known.get(key)
            if kept is None:
                outcomes.append(self._add(work, key, line, reason=reasons.get(key)))
            else:
                reader = Reader(subscriber=kept.subscriber, subscriptions=had[kept.subscriber.id])
                outcomes.append(self._change(work, kept, reader, line, reason=reasons.get(key), seq=seq))
        await self._write(connection, work, seq=seq)
        return outcomes

    def _add(self, work: _Work, key: str, line: ReaderLine, *, reason: str | None) -> LineOutcome:
        if reason is not None:
            return LineOutcome.UNCHANGED
        person = self.readership.person(_person_of(line))
        asks = line.status is Status.ASK
        confirmed_at = (line.consented_at or work.now) if line.status is Status.CONFIRMED else None
        new = NewSubscriber(
            email=line.email,
            email_key=key,
            state=STATES[line.status],
            confirmed_at=confirmed_at,
            nonce=new_nonce() if asks else None,
            asked_at=work.now if asks else None,
            person=person,
        )
        work.new[key] = (line, new)
        if new.state in KEPT_AWAY:
            work.suppressed.setdefault(f"imported as {new.state}", []).append(key)
        return LineOutcome.ADDED

    def _change(
        self, work: _Work, kept: Kept, reader: Reader, line: ReaderLine, *, reason: str | None, seq: int
    ) -> LineOutcome:
        state = kept.subscriber.state
        if line.status not in WANTED:
            return self._end(work, kept, STATES[line.status])
        if state not in OPEN or reason is not None or kept.chose_at is not None:
            return LineOutcome.UNCHANGED
        person = self.readership.person(_person_of(line), kept=kept)
        after = SubscriberState.CONFIRMED if line.status is Status.CONFIRMED else state
        values: dict[str, object] = {}
        if person != _of(kept):
            values |= person.columns()
        if after is not state:
            values |= {
                "state": after,
                "confirmed_at": line.consented_at or work.now,
                "nonce": None,
                "asked_at": None,
            }
            work.consents.append(self._consent(kept.subscriber.id, line, work.now))
        subscriptions = self._arranged(reader, line, person, state=after, since=_since(line, work.now), seq=seq)
        if values:
            work.changed.append((kept.subscriber.id, values))
        if subscriptions:
            work.wanted[kept.subscriber.id] = subscriptions
        return LineOutcome.UPDATED if values or subscriptions else LineOutcome.UNCHANGED

    def _end(self, work: _Work, kept: Kept, state: SubscriberState) -> LineOutcome:
        """Let a reader go whom the file knows to have gone; a graver reason than ours counts, a lesser does not."""
        before = kept.subscriber.state
        if before in KEPT_AWAY or before is state:
            return LineOutcome.UNCHANGED
        work.changed.append((kept.subscriber.id, {"state": state, "nonce": None, "asked_at": None}))
        if state in KEPT_AWAY:
            work.suppressed.setdefault(f"imported as {state}", []).append(kept.email_key)
        else:
            work.leaving.append(kept.subscriber.id)
        return LineOutcome.UPDATED

    def _arranged(
        self,
        reader: Reader | None,
        line: ReaderLine,
        person: Person,
        *,
        state: SubscriberState,
        since: datetime,
        seq: int,
    ) -> tuple[Subscription, ...]:
        choice = Choice(sections=line.sections, language=person.language, format=person.format)
        return arrange(
            () if reader is None else reader.subscriptions,
            choice=choice,
            rhythms=self.readership.rhythms(choice, zone=person.timezone, reader=reader),
            state=SubscriptionState.ACTIVE if state is SubscriberState.CONFIRMED else SubscriptionState.PENDING,
            now=since,
            seq=seq,
        )

    async def _write(self, connection: AsyncConnection, work: _Work, *, seq: int) -> None:
        made = await add_subscribers(connection, [new for _, new in work.new.values()], now=work.now)
        if len(made) < len(work.new):
            raise RacedError
        for key, number in made.items():
            self._begin(work, number, *work.new[key], seq=seq)
        alike: dict[tuple[str, ...], list[tuple[SubscriberId, dict[str, object]]]] = {}
        for number, values in work.changed:
            alike.setdefault(tuple(values), []).append((number, values))
        for rows in alike.values():
            await change_subscribers(connection, rows)
        if work.leaving:
            await leave_all(connection, work.leaving)
        await put_subscriptions(connection, work.wanted, interned=self.interned)
        await record_consents(connection, work.consents)
        for reason, keys in work.suppressed.items():
            await suppress(connection, keys, reason=reason, now=work.now)
        if work.letters:
            await queue_letters(connection, work.letters, now=work.now)

    def _begin(self, work: _Work, number: SubscriberId, line: ReaderLine, new: NewSubscriber, *, seq: int) -> None:
        """Gather what belongs to a new reader, now that he has a number."""
        if line.status not in WANTED:
            return
        since = _since(line, work.now)
        likeness = (line.sections, new.person.timezone, new.person.language, new.person.format, line.status, since)
        if likeness not in work.alike:
            work.alike[likeness] = self._arranged(None, line, new.person, state=new.state, since=since, seq=seq)
        work.wanted[number] = work.alike[likeness]
        work.consents.append(self._consent(number, line, work.now))
        if line.status is Status.ASK:
            slugs, names = _names(line.sections)
            letter = Letter(
                kind=LetterKind.CONFIRMATION, subscriber=number, email_key=new.email_key, sections=slugs, digests=names
            )
            work.letters.append(letter)

    def _consent(self, number: SubscriberId, line: ReaderLine, now: datetime) -> Consent:
        asked = line.status is Status.ASK
        return Consent(
            subscriber=number,
            at=now if asked else line.consented_at or now,
            kind=ConsentKind.ASKED if asked else ConsentKind.IMPORTED,
            text=NO_FORM if asked else "given before, elsewhere",
            source=line.consent_source or self.source,
        )


def _since(line: ReaderLine, now: datetime) -> datetime:
    """Return when a subscription begins: who consented before is owed every slot that came since and is not stale."""
    return min(line.consented_at or now, now) if line.status is Status.CONFIRMED else now


def _person_of(line: ReaderLine) -> Change:
    return Change(timezone=line.timezone, language=line.language, name=line.name)


def _of(kept: Kept) -> Person:
    one = kept.subscriber
    return Person(name=one.name, timezone=one.timezone, language=one.language, format=one.format)


def _names(pairs: Sequence[tuple[str, Sequence[str]]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(slug for slug, _ in pairs), tuple(dict.fromkeys(name for _, names in pairs for name in names))
