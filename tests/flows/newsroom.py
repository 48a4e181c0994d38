"""A newsroom for the tests of the flows: its content store, its readers, its relay, and the real flows between them."""

import asyncio
import itertools
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from syndicate.clock import StoppedClock
from syndicate.core.filling import PreparedMessage
from syndicate.core.intake import IntakeSettings
from syndicate.core.letters import Letters
from syndicate.core.links import Signer
from syndicate.core.message import MessageComposer
from syndicate.core.ranking import DigestRules
from syndicate.core.readers import Offer
from syndicate.core.retry import Policy
from syndicate.core.sections import SectionRule
from syndicate.core.window import lane_order
from syndicate.flows.choosing import Choosing
from syndicate.flows.collect import Collecting
from syndicate.flows.compose import Composing
from syndicate.flows.deliver import Delivering
from syndicate.flows.envelopes import Postman
from syndicate.flows.plan import PlannedDigest, Planning
from syndicate.flows.readers import ReaderDesk
from syndicate.flows.readership import Readership
from syndicate.flows.route import Route, Router
from syndicate.flows.send import send_digest
from syndicate.flows.subscribe import Subscribing
from syndicate.flows.tally import Tally
from syndicate.flows.unsubscribe import Unsubscribing
from syndicate.flows.work import finish_digest
from syndicate.model import (
    ArticleKey,
    Cadence,
    Candidate,
    ComposedDigest,
    Envelope,
    Incoming,
    Outcome,
    Page,
    Receipt,
    Section,
)
from syndicate.options import SectionOptions
from syndicate.storage.address_key import open_address_key
from syndicate.storage.counts import count_by_state
from syndicate.storage.database import Database
from syndicate.storage.sections import store_configured
from syndicate.storage.tables import article, batch, edition, subscriber, subscription
from tests.mail_samples import SETTINGS, our_templates

SECRET = "a secret that is long enough"
SECTIONS = ("world", "sport", "culture")
ACCEPTED = Receipt(outcome=Outcome.ACCEPTED, code=250, enhanced="2.0.0")
DEFERRED = Receipt(outcome=Outcome.DEFERRED, code=452, enhanced="4.2.2", text="mailbox full")
REFUSED = Receipt(outcome=Outcome.REFUSED, code=550, enhanced="5.1.1", text="no such user")
UNANSWERED = Receipt(outcome=Outcome.UNCERTAIN, text="connection lost")
OFFERS = (
    Offer(name="breaking", title="Breaking", cadence=Cadence.INSTANT, minute=0, quiet=(0, 300)),
    Offer(name="daily", title="Daily", cadence=Cadence.DAILY, minute=7 * 60),
    Offer(name="weekly", title="Weekly", cadence=Cadence.WEEKLY, minute=8 * 60, days=("monday",)),
)
SYLLABLES = ("ba", "de", "fi", "go", "lu", "ma", "ne", "po", "ri", "su", "ta", "ve", "wo", "xa", "zi", "ko")


class PlainComposer(MessageComposer):
    """Writes the articles' ids, one a line, so that a test reads quickly what a message carries: ids, then also-at addresses."""

    def compose(self, digest: ComposedDigest, *, subject: str | None = None) -> PreparedMessage:
        """Return a message without any slot."""
        entries = [digest.lead, *(entry for group in digest.groups for entry in group.entries)]
        lines = [entry.article.source_id for entry in entries]
        lines += [f"also {other.url}" for entry in entries for other in entry.also_at]
        lines += [f"more {digest.more}"] if digest.more else []
        return PreparedMessage(
            parts=("\n".join(lines).encode(),), head=0, routes=(), subject="s", html_pieces=(), text_pieces=()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message as the relay got it."""

    recipient: str
    message_id: str
    body: str
    at: datetime

    @property
    def articles(self) -> list[str]:
        """Return the ids of the articles it carries, as PlainComposer wrote them."""
        return [line for line in self.body.splitlines() if line and not line.startswith(("also ", "more "))]


@dataclass(slots=True, kw_only=True)
class Relay:
    """A transport that writes down what it is given. `answer` may say what it thinks of it; `before` runs at each hand-over."""

    clock: StoppedClock
    name: str = "relay"
    answer: Callable[[Envelope], Receipt] = lambda _: ACCEPTED
    before: Callable[[Sequence[Envelope]], Awaitable[None]] | None = None
    tried: list[Sent] = field(default_factory=list)
    accepted: list[Sent] = field(default_factory=list)

    async def open(self) -> None:
        """Be ready."""

    async def send(self, envelopes: Sequence[Envelope]) -> list[Receipt]:
        """Answer for each message."""
        if self.before is not None:
            await self.before(envelopes)
        await asyncio.sleep(0)
        receipts = [self.answer(envelope) for envelope in envelopes]
        for envelope, receipt in zip(envelopes, receipts, strict=True):
            sent = Sent(
                recipient=envelope.recipient,
                message_id=envelope.message_id,
                body=b"".join(envelope.parts).decode(errors="replace"),
                at=self.clock.now(),
            )
            self.tried.append(sent)
            if receipt.outcome is Outcome.ACCEPTED:
                self.accepted.append(sent)
        return receipts

    async def check(self) -> str:
        """Be well."""
        return "well"

    async def close(self) -> None:
        """Nothing is open."""

    def to(self, name: str) -> list[Sent]:
        """Return what was accepted for one reader."""
        return [sent for sent in self.accepted if sent.recipient.startswith(f"{name}@")]


def words(number: int, count: int = 60) -> str:
    """Return a text that is unlike that of every other number."""
    state, found = number * 7919 + 13, []
    for _ in range(count):
        state = (state * 1103515245 + 12345) % (1 << 31)
        found.append("".join(SYLLABLES[state >> shift & 15] for shift in (4, 9, 14, 19)))
    return " ".join(found)


@dataclass(slots=True, kw_only=True)
class Store:
    """A content store in memory. What changes is read at the next pass, in the order of its changes; `size` to a page."""

    name: str = "newsroom"
    size: int = 50
    always_full: bool = False
    rows: dict[str, tuple[int, Incoming]] = field(default_factory=dict)
    _changes: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def put(
        self,
        source_id: str,
        *,
        labels: Sequence[str],
        published: datetime | str,
        text: str | None = None,
        **more: object,
    ) -> None:
        """Write an article, or write it again."""
        number = int("".join(filter(str.isdigit, source_id)) or 0)
        plain = Incoming(
            source_id=source_id,
            title=f"Title {source_id} {words(number, 6)}",
            body=f"<p>{text or words(number)}</p>",
            published=published,
            url=f"https://news.example/{number}",
            labels=tuple(labels),
            language="en",
        )
        self.rows[source_id] = (next(self._changes), replace(plain, **more))  # type: ignore[arg-type]  # fields by name

    def change(self, source_id: str, **changes: object) -> None:
        """Edit an article."""
        incoming = replace(self.rows[source_id][1], **changes)  # type: ignore[arg-type]  # fields by name
        self.rows[source_id] = (next(self._changes), incoming)

    def fetch(self, bookmark: str | None, *, full: bool) -> Iterator[Page]:
        """Yield what changed since the bookmark."""
        since = 0 if full or bookmark is None else int(bookmark)
        rows = sorted((row for row in self.rows.values() if row[0] > since), key=lambda row: row[0])
        for start in range(0, len(rows), self.size):
            part = rows[start : start + self.size]
            yield Page(
                candidates=tuple(
                    Candidate(source_id=one.source_id, fingerprint=str(number), read=lambda one=one: one)  # type: ignore[misc]  # bound now
                    for number, one in part
                ),
                bookmark=str(part[-1][0]),
            )

    def check(self) -> str:
        """Be well."""
        return "well"

    def close(self) -> None:
        """Nothing is open."""


def rules_of(
    cadences: Mapping[str, Cadence], *, best: Sequence[str] = (), max_items: int = 1000, min_items: int = 1
) -> dict[str, DigestRules]:
    """Return what each digest carries."""
    order = lane_order({name: cadence for name, cadence in cadences.items() if name not in best})
    return {
        name: DigestRules(
            name=name,
            title=name.title(),
            cadence=cadence,
            max_items=max_items,
            min_items=min_items,
            best_of=name in best,
            order=order,
            titles={},
        )
        for name, cadence in cadences.items()
    }


@dataclass(slots=True, kw_only=True)
class Newsroom:
    """Everything between a content store and an inbox, on one database."""

    database: Database
    clock: StoppedClock
    store: Store
    relay: Relay
    readership: Readership
    collecting: Collecting
    planning: Planning
    composing: Composing
    desk: ReaderDesk
    choosing: Choosing
    unsubscribing: Unsubscribing
    policy: Policy = "retry"
    tally: Tally = field(default_factory=Tally)

    async def collect(self, *, full: bool = False) -> None:
        """Make one pass over the store, after what was embargoed."""
        await self.collecting.release()
        result = await self.collecting.collect(self.store, full=full)
        assert not result.troubles, result.troubles

    def delivering(self, *, owner: str = "us", relay: Relay | None = None) -> Delivering:
        """Make a worker's flow."""
        return Delivering(
            database=self.database,
            clock=self.clock,
            owner=owner,
            composing=replace(self.composing, _works=OrderedDict(), _prepared=OrderedDict()),
            postman=Postman(signer=Signer([SECRET]), mail=SETTINGS),
            router=Router(routes=[Route(transport=relay or self.relay)], clock=self.clock),
            policy=self.policy,
        )

    async def send(self, digest: str = "daily", *, at: datetime | None = None) -> Tally:
        """Plan and deliver one digest in the foreground."""
        return await send_digest(self.planning, self.delivering(), digest=digest, at=at)

    async def finish(self, digest: str = "daily") -> Tally:
        """Deliver what is due and planned already."""
        tally = Tally()
        await finish_digest(self.delivering(), digest, tally)
        return tally

    async def add_reader(
        self,
        name: str,
        *,
        sections: Sequence[str] = ("world",),
        digests: Sequence[str] = ("daily",),
        zone: str = "UTC",
    ) -> None:
        """Subscribe somebody who has confirmed."""
        await self.desk.add(
            email=f"{name}@{name}.example", sections=sections, digests=digests, timezone=zone, confirmed=True
        )

    async def token(self, name: str) -> str:
        """Return the token of a reader's preferences page."""
        return self.choosing.signer.preferences(await self.public_id(name))

    async def public_id(self, name: str) -> str:
        """Return a reader's public id."""
        async with self.database.read() as connection:
            query = select(subscriber.c.public_id).where(subscriber.c.email == f"{name}@{name}.example")
            return str((await connection.execute(query)).scalar_one())

    async def key(self, source_id: str) -> ArticleKey:
        """Return an article's key."""
        async with self.database.read() as connection:
            query = select(article.c.key).where(article.c.source_id == source_id)
            return ArticleKey((await connection.execute(query)).scalar_one())

    async def states(self, digest: str = "daily") -> dict[str, int]:
        """Return how many deliveries of a digest stand in each state."""
        async with self.database.read() as connection:
            return await count_by_state(connection, digest=digest)

    async def marks(self) -> dict[tuple[str, str], tuple[int | None, datetime | None]]:
        """Return (reader, digest) → his mark."""
        query = select(subscriber.c.email, subscription.c.digest, subscription.c.seen, subscription.c.seen_at).join(
            subscriber, subscriber.c.id == subscription.c.subscriber
        )
        async with self.database.read() as connection:
            return {
                ((row.email or "").partition("@")[0], row.digest): (row.seen, row.seen_at)
                for row in await connection.execute(query)
            }

    async def open_work(self) -> tuple[int, int]:
        """Return how many editions and batches are open."""
        async with self.database.read() as connection:
            found = [
                len((await connection.execute(select(table.c.id).where(table.c.state == "open"))).all())
                for table in (edition, batch)
            ]
        return found[0], found[1]


async def open_newsroom(
    database: Database,
    clock: StoppedClock,
    *,
    offers: Sequence[Offer] = OFFERS,
    best: Sequence[str] = (),
    max_items: int = 1000,
    min_items: int = 1,
    composer: MessageComposer | None = None,
    batch_size: int = 500,
    grace: timedelta = timedelta(hours=6),
    auto: bool = True,
) -> Newsroom:
    """Return a newsroom with the sections World, Sport and Culture, and the offered digests."""
    cadences = {one.name: one.cadence for one in offers}
    configured = [Section(slug=slug, title=slug.title()) for slug in SECTIONS]
    async with database.begin() as connection:
        await store_configured(connection, configured)
    readership = Readership(
        database=database,
        clock=clock,
        key=await open_address_key(database, [SECRET]),
        offers=tuple(offers),
        sections=tuple(SectionOptions(slug=one.slug, title=one.title) for one in configured),
    )
    signer = Signer([SECRET])
    return Newsroom(
        database=database,
        clock=clock,
        store=Store(),
        relay=Relay(clock=clock),
        readership=readership,
        collecting=Collecting(
            database=database,
            clock=clock,
            settings=IntakeSettings(site_url="https://news.example/", domain="news.example"),
            public_url="https://feeds.news.example/",
            rules=tuple(SectionRule(section=one, match=(one.title,)) for one in configured),
            auto=auto,
            max_age=timedelta(days=3),
        ),
        planning=Planning(
            database=database,
            clock=clock,
            digests=[PlannedDigest(name=name, cadence=cadence, grace=grace) for name, cadence in cadences.items()],
            batch_size=batch_size,
        ),
        composing=Composing(
            composer=composer or PlainComposer(our_templates(), SETTINGS),
            letters=Letters(our_templates(), SETTINGS),
            rules=rules_of(cadences, best=best, max_items=max_items, min_items=min_items),
        ),
        desk=ReaderDesk(readership=readership, subscribing=Subscribing(readership=readership, signer=signer)),
        choosing=Choosing(readership=readership, signer=signer),
        unsubscribing=Unsubscribing(readership=readership, signer=signer),
    )


def utc(text: str) -> datetime:
    """Read a moment."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
