"""Do what every road to a reader shares: find him, change what he chose, let him go."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.clock import Clock
from syndicate.core.address_key import AddressKey
from syndicate.core.cadence import WEEKDAYS
from syndicate.core.readers import (
    Catalogue,
    Change,
    Offer,
    Person,
    Reader,
    SubscriptionState,
    arrange,
    check_format,
    check_language,
    check_name,
    check_zone,
    digests_of,
)
from syndicate.core.slugs import title_of
from syndicate.errors import UsageError
from syndicate.model import Cadence, Choice, Rhythm, Section, SubscriberState
from syndicate.options import Config, DigestOptions, SectionOptions
from syndicate.storage.address_key import open_address_key
from syndicate.storage.consents import Consent, ConsentKind, record_consents
from syndicate.storage.counter import current_number
from syndicate.storage.database import Database
from syndicate.storage.letters import Letter, LetterKind, queue_letters
from syndicate.storage.subscribers import Kept, change_subscriber
from syndicate.storage.subscriptions import load_subscriptions, put_subscriptions
from syndicate.storage.suppressions import ERASED, lift
from syndicate.storage.tables import section
from syndicate.values import parse_hour, parse_quiet

NO_FORM = "no form was shown: the operator entered the address"


@dataclass(frozen=True, slots=True, kw_only=True)
class Readership:
    """The readers of one site: where they are kept, what they may choose, and what they consent to.

    `sections` are the configured ones; those made by themselves are read from the database. `consent_text` gives the words
    that a reader is shown and consents to, with their version, on a page in a language; the proof keeps them.
    """

    database: Database
    clock: Clock
    key: AddressKey
    offers: tuple[Offer, ...]
    sections: tuple[SectionOptions, ...] = ()
    language: str = "en"
    zone: str = "UTC"
    consent_text: Callable[[str], str] = lambda language: NO_FORM

    @classmethod
    async def open(cls, database: Database, *, clock: Clock, config: Config) -> "Readership":
        """Return the readership of a configured site; makes the address key on first use."""
        document = config.document
        return cls(
            database=database,
            clock=clock,
            key=await open_address_key(database, config.secrets),
            offers=tuple(offer_of(one) for one in document.digest),
            sections=tuple(document.section),
            language=document.site.language,
            zone=document.site.timezone,
        )

    async def catalogue(self, connection: AsyncConnection) -> Catalogue:
        """Return what there is to choose now."""
        query = select(section.c.slug, section.c.title, section.c.label).order_by(section.c.position, section.c.slug)
        rows = (await connection.execute(query)).all()
        titles = {one.slug: one.title or title_of(one.slug) for one in self.sections}
        titles |= {row.slug: row.title for row in rows if row.slug not in titles}
        labels = {row.label: row.slug for row in rows if row.label}
        labels |= {old: one.slug for one in self.sections for old in (*one.was, *one.match)}
        return Catalogue(
            sections=tuple(Section(slug=slug, title=title) for slug, title in titles.items()),
            offers=self.offers,
            labels=labels,
        )

    async def reader(self, connection: AsyncConnection, kept: Kept) -> Reader:
        """Return a subscriber with his subscriptions."""
        number = kept.subscriber.id
        return Reader(
            subscriber=kept.subscriber, subscriptions=(await load_subscriptions(connection, [number]))[number]
        )

    def rhythms(
        self, choice: Choice, *, zone: str, reader: Reader | None = None, change: Change | None = None
    ) -> dict[str, Rhythm]:
        """Return when each chosen digest comes: as changed, else as he had it, else as it is offered. Raises UsageError."""
        had = {one.digest: one.rhythm for one in reader.subscriptions} if reader is not None else {}
        minutes, days = ({}, {}) if change is None else (change.minutes, change.days)
        offers = {one.name: one for one in self.offers}
        found = {}
        for name in digests_of(choice):
            if name in offers:
                _check_hour(minutes.get(name), days.get(name, ()))
                found[name] = offers[name].rhythm(
                    zone, like=had.get(name), minute=minutes.get(name), days=days.get(name, ())
                )
            else:
                found[name] = replace(had[name], zone=zone)  # a digest that the configuration no longer has
        return found

    async def choose(
        self,
        connection: AsyncConnection,
        reader: Reader,
        choice: Choice,
        *,
        rhythms: Mapping[str, Rhythm],
        state: SubscriptionState,
    ) -> None:
        """Make a reader's subscriptions follow a choice; what he keeps keeps its mark."""
        arranged = arrange(
            reader.subscriptions,
            choice=choice,
            rhythms=rhythms,
            state=state,
            now=self.clock.now(),
            seq=await current_number(connection),
        )
        await put_subscriptions(connection, {reader.subscriber.id: arranged})

    async def set_state(self, connection: AsyncConnection, kept: Kept, state: SubscriberState) -> None:
        """Give a subscriber another state."""
        values: dict[str, object] = {"state": state}
        if state is not SubscriberState.PENDING:
            values |= {"nonce": None, "asked_at": None}
        if state is SubscriberState.CONFIRMED:
            values["confirmed_at"] = self.clock.now()
        await change_subscriber(connection, kept.subscriber.id, values)

    async def activate(self, connection: AsyncConnection, kept: Kept) -> None:
        """Begin the digests that waited for a confirmation; who was erased once is no longer kept away."""
        await self.set_state(connection, kept, SubscriberState.CONFIRMED)
        reader = await self.reader(connection, kept)
        rhythms = {one.digest: one.rhythm for one in reader.kept}
        await self.choose(connection, reader, reader.choice, rhythms=rhythms, state=SubscriptionState.ACTIVE)
        await lift(connection, kept.email_key, reason=ERASED)

    async def let_go(
        self, connection: AsyncConnection, kept: Kept, *, source: str, text: str, goodbye: Iterable[str] = ()
    ) -> None:
        """Note that a reader has left everything; a letter says goodbye to the digests named, if he had ever confirmed."""
        confirmed = kept.subscriber.state is SubscriberState.CONFIRMED
        if confirmed or kept.subscriber.state is SubscriberState.PENDING:
            await self.set_state(connection, kept, SubscriberState.UNSUBSCRIBED)
        await self.note(connection, kept, ConsentKind.LEFT, source=source, text=text)
        digests = tuple(goodbye)
        if digests and confirmed:
            letter = Letter(
                kind=LetterKind.GOODBYE, subscriber=kept.subscriber.id, email_key=kept.email_key, digests=digests
            )
            await queue_letters(connection, [letter], now=self.clock.now())

    async def note(
        self,
        connection: AsyncConnection,
        kept: Kept,
        kind: ConsentKind,
        *,
        source: str,
        text: str,
        ip: str | None = None,
    ) -> None:
        """Keep the proof of what a reader did."""
        one = Consent(
            subscriber=kept.subscriber.id,
            at=self.clock.now(),
            kind=kind,
            text=text,
            source=source,
            ip_key=None if ip is None else self.key.ip(ip),
        )
        await record_consents(connection, [one])

    def person(self, change: Change, *, kept: Kept | None = None) -> Person:
        """Return what is known of a person after a change. Raises UsageError."""
        before = None if kept is None else kept.subscriber
        zone, language = (self.zone, self.language) if before is None else (before.timezone, before.language)
        name = "" if before is None else before.name
        return Person(
            name=name if change.name is None else check_name(change.name),
            timezone=check_zone(change.timezone or "", default=zone),
            language=check_language(change.language or "", default=language),
            format=check_format(change.format or ("html" if before is None else before.format)),
        )


def offer_of(options: DigestOptions) -> Offer:
    """Return a configured digest as readers can choose it."""
    return Offer(
        name=options.name,
        title=options.title or title_of(options.name),
        cadence=options.cadence,
        minute=parse_hour(options.at),
        days=(options.day,) if options.cadence is Cadence.WEEKLY else tuple(options.days) or WEEKDAYS,
        quiet=parse_quiet(options.quiet),
    )


def _check_hour(minute: int | None, days: Iterable[str]) -> None:
    if minute is not None and not 0 <= minute < 24 * 60:
        raise UsageError(f"minute {minute}: a day has none such; write one from 0 to 1439")
    for day in days:
        if day not in WEEKDAYS:
            raise UsageError(f"day {day[:40]!r}: write one of {', '.join(WEEKDAYS)}")
