"""A small newsroom with readers and a way out for mail, for tests of whole mornings; every text written by us."""

import email
import email.policy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

from sqlalchemy import select

from syndicate.app import App
from syndicate.clock import StoppedClock
from syndicate.config import load
from syndicate.flows.send import send_digest
from syndicate.flows.tally import Tally
from syndicate.model import Article, Candidate, Envelope, Incoming, Outcome, Page, Receipt
from syndicate.options import Config, TransportOptions
from syndicate.ports import Transport
from syndicate.storage import counts, sections
from syndicate.storage.articles import list_articles
from syndicate.storage.tables import edition

CONFIGURATION = """
[site]
title = "The Daily Example"
url = "https://news.example/"
public-url = "https://feeds.news.example/"
timezone = "UTC"
postal-address = "1 Example Street, London"
secret = "a secret that is long enough"
[database]
url = "{url}"
[[section]]
slug = "world"
title = "World"
[[section]]
slug = "sport"
title = "Sport"
[mail]
from = "The Daily Example <digest@news.example>"
[[transport]]
name = "outbox"
kind = "console"
{digests}
"""
# No two of these words stand in one title, so that no article is about the same news as another.
WORDS = [
    "harbour",
    "vineyard",
    "parliament",
    "glacier",
    "orchestra",
    "locomotive",
    "almond",
    "fisheries",
    "lighthouse",
    "cathedral",
    "tramway",
    "volcano",
    "pottery",
    "beekeepers",
    "dockyard",
    "marathon",
    "observatory",
    "quarry",
    "reservoir",
    "sawmill",
    "telegraph",
    "umbrella",
    "viaduct",
    "watermill",
    "xylophone",
    "yacht",
    "zoology",
    "apricot",
    "brewery",
    "carnival",
]
# A text for several articles that tell the same story.
COPIED = "".join(
    f"<p>The {word} committee found that {word} costs rose in the {word} valley after a long {word} winter.</p>"
    for word in ("harbour", "vineyard", "parliament", "glacier", "orchestra", "locomotive", "almond")
)


@dataclass(slots=True)
class Outbox:
    """A transport that keeps what it is given; `answers` says what it answers to whom in place of yes."""

    name: str = "outbox"
    sent: list[Envelope] = field(default_factory=list)
    answers: dict[str, Receipt] = field(default_factory=dict)

    async def open(self) -> None:
        """There is nothing to open."""

    async def send(self, envelopes: Sequence[Envelope]) -> list[Receipt]:
        """Keep what is accepted, and answer."""
        receipts = [self.answers.get(one.recipient, Receipt(outcome=Outcome.ACCEPTED, code=250)) for one in envelopes]
        self.sent += [one for one, receipt in zip(envelopes, receipts, strict=True) if receipt.code == 250]
        return receipts

    async def check(self) -> str:
        """Say that it is there."""
        return "there"

    async def close(self) -> None:
        """There is nothing to close."""

    def take(self, recipient: str | None = None) -> list[EmailMessage]:
        """Return the messages to a reader, or to all, in the order they came, and forget them."""
        mine = [one for one in self.sent if recipient in (None, one.recipient)]
        self.sent = [one for one in self.sent if one not in mine]
        parsed = [email.message_from_bytes(b"".join(one.parts), policy=email.policy.default) for one in mine]
        return [one for one in parsed if isinstance(one, EmailMessage)]


class PressApp(App):
    """The application with an outbox in place of a relay."""

    outbox: Outbox

    def transport(self, options: TransportOptions) -> Transport:
        """Return the outbox."""
        return self.outbox


@dataclass(slots=True)
class Store:
    """A content store in memory; every pass reads all of it."""

    name: str = "newsroom"
    always_full: bool = True
    articles: dict[str, Incoming] = field(default_factory=dict)

    def fetch(self, bookmark: str | None, *, full: bool) -> Iterator[Page]:
        """Yield everything on one page."""
        found = tuple(
            Candidate(source_id=key, fingerprint=repr(one), read=lambda one=one: one)  # type: ignore[misc]  # binds each
            for key, one in self.articles.items()
        )
        yield Page(candidates=found, bookmark=None)

    def check(self) -> str:
        """Say that it is there."""
        return "there"

    def close(self) -> None:
        """There is nothing to close."""


class Press:
    """The application with its newsroom, its readers' letter boxes and a clock that the test moves."""

    def __init__(self, config: Config, clock: StoppedClock) -> None:
        self.clock, self.store, self.outbox = clock, Store(), Outbox()
        self.app = PressApp(config, clock=clock)
        self.app.outbox = self.outbox

    @classmethod
    async def open(cls, url: str, folder: Path, clock: StoppedClock, digests: str) -> "Press":
        """Set everything up on an empty database that has our tables."""
        path = folder / "syndicate.toml"
        path.write_text(CONFIGURATION.format(url=url, digests=digests), encoding="utf-8")
        press = cls(load(str(path), env={}), clock)
        async with press.app.database.begin() as connection:
            await sections.store_configured(connection, press.app.configured_sections)
        return press

    async def close(self) -> None:
        """Close the application."""
        await self.app.close()

    async def write(self, name: str, section: str = "World", *, at: datetime | None = None, **changes: object) -> None:
        """Let the store have an article, and collect it."""
        self.put(name, section, at=at, **changes)
        await self.collect()

    def put(self, name: str, section: str = "World", *, at: datetime | None = None, **changes: object) -> None:
        """Let the store have an article, published now or at a moment. Its title holds a word of its own."""
        word = WORDS[len(self.store.articles) % len(WORDS)]
        number = len(self.store.articles)
        plain = Incoming(
            source_id=name,
            title=f"{name}: {word}",
            body=f"<p>{word.capitalize()} {number * 7919} {word}ish {word}ly {word}er.</p>",
            published=at or self.clock.now(),
            url=f"/stories/{name}",
            labels=(section,),
            summary=f"All about the {word}.",
        )
        self.store.articles[name] = replace(plain, **changes)  # type: ignore[arg-type]  # names fields of Incoming

    async def change(self, name: str, **changes: object) -> None:
        """Let the store change an article, and collect it."""
        self.store.articles[name] = replace(self.store.articles[name], **changes)  # type: ignore[arg-type]  # the same
        await self.collect()

    async def collect(self) -> None:
        """Collect what is new."""
        await self.app.collecting.release()
        await self.app.collecting.collect(self.store)

    async def article(self, name: str) -> Article:
        """Return an article as readers get it."""
        async with self.app.database.read() as connection:
            return next(one for one in await list_articles(connection) if one.source_id == name)

    async def reader(self, name: str, *digests: str, at: Sequence[str] = ("world",), zone: str = "UTC") -> str:
        """Let there be a confirmed reader, and return his address."""
        address = f"{name}@readers.example"
        desk = await self.app.desk()
        await desk.add(email=address, sections=at, digests=digests, timezone=zone, confirmed=True)
        return address

    async def send(self, digest: str, *, at: datetime | None = None) -> Tally:
        """Plan what is due and deliver it."""
        return await send_digest(self.app.planning, await self.app.delivering(), digest=digest, at=at)

    async def morning(self, digest: str = "daily") -> dict[str, list[str]]:
        """Send what is due and return address → what came, by name, in order."""
        await self.send(digest)
        return self.received()

    def received(self) -> dict[str, list[str]]:
        """Return address → the names of the articles that came, and forget the messages."""
        found: dict[str, list[str]] = {}
        for message in self.outbox.take():
            found.setdefault(str(message["To"]).strip("<>"), []).extend(names_in(message, self.store.articles))
        return found

    async def states(self) -> dict[str, int]:
        """Return state → number of deliveries."""
        async with self.app.database.read() as connection:
            return await counts.count_by_state(connection)

    async def editions(self) -> list[tuple[str, str, str]]:
        """Return (digest, slot, state) of all editions, oldest first."""
        async with self.app.database.read() as connection:
            query = select(edition.c.digest, edition.c.slot, edition.c.state).order_by(edition.c.id)
            return [(row.digest, row.slot, row.state) for row in await connection.execute(query)]


def body_of(message: EmailMessage, kind: str = "plain") -> str:
    """Return the text or the HTML of a message."""
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def names_in(message: EmailMessage, names: Iterator[str] | dict[str, Incoming]) -> list[str]:
    """Return which articles a message brings, in the order they stand in its text."""
    text = " ".join(body_of(message).split()) + " "
    found = {name: text.find(f"/stories/{name} ") for name in names}
    return sorted((name for name, place in found.items() if place >= 0), key=lambda name: found[name])
