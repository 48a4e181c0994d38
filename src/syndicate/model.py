"""Name the nouns of syndicate: frozen values that every room understands."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from msgspec import Struct

ArticleKey = NewType("ArticleKey", int)
SubscriberId = NewType("SubscriberId", int)
EditionId = NewType("EditionId", int)
VariantId = NewType("VariantId", int)
BatchId = NewType("BatchId", int)
Seq = NewType("Seq", int)


class ArticleState(StrEnum):
    """Where an article stands: shown, waiting for its hour, or taken back."""

    PUBLISHED = "published"
    EMBARGOED = "embargoed"
    WITHDRAWN = "withdrawn"


class Cadence(StrEnum):
    """How often a digest comes, fastest first."""

    INSTANT = "instant"
    DAILY = "daily"
    WEEKLY = "weekly"


class SubscriberState(StrEnum):
    """Whether mail may be sent to a subscriber."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"
    SUPPRESSED = "suppressed"
    ERASED = "erased"


class DeliveryState(StrEnum):
    """What became of one message to one reader; we never say "delivered"."""

    PLANNED = "planned"
    SENDING = "sending"
    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"
    SUPPRESSED = "suppressed"
    SKIPPED = "skipped"
    UNREACHED = "unreached"


# --- articles -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture with what a reader who cannot see it needs. `length` in bytes, sizes in pixels; None = unknown."""

    url: str
    alt: str = ""
    caption: str = ""
    credit: str = ""
    type: str | None = None
    width: int | None = None
    height: int | None = None
    length: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """An article as its content store tells it: unclean, unjudged.

    `labels` are section names as the store spells them. A `date` (no hour) or a naive moment or text without zone is
    read in `zone` (an IANA name). `url` may be relative to the site, or None when the store gives no address.
    `body_is_html` False means plain text, paragraphs separated by newlines.
    """

    source_id: str
    title: str
    body: str
    published: str | datetime | date | float | None
    updated: str | datetime | date | float | None = None
    url: str | None = None
    labels: tuple[str, ...] = ()
    summary: str | None = None
    authors: tuple[str, ...] = ()
    image: Image | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()
    status: str = "published"
    guid: str | None = None
    zone: str = "UTC"
    body_is_html: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One article that a source holds, not read yet: `fingerprint` tells whether it changed since last time.

    `read` parses it and raises MalformedArticleError with a reason when it cannot.
    """

    source_id: str
    fingerprint: str
    read: Callable[[], Incoming]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some candidates of a pass over a source, and the bookmark to store once they are dealt with."""

    candidates: tuple[Candidate, ...]
    bookmark: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """An article after intake, before it has a key: legal characters, safe HTML, absolute URLs, aware UTC dates.

    `url` is None when the store gives none (it is then served at /articles/{id}). `repairs` are short notes on what had to
    be mended. `text` is the body's plain text, paragraphs separated by newlines. `given_summary` is the editor's own.
    """

    source: str
    source_id: str
    guid: str
    url: str | None
    title: str
    labels: tuple[str, ...]
    body: str
    text: str
    given_summary: str | None
    authors: tuple[str, ...]
    language: str
    tags: tuple[str, ...]
    image: Image | None
    published: datetime
    updated: datetime
    state: ArticleState
    minutes: int
    repairs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedLink:
    """A link to an article about the same news; `score` is the probability that it is."""

    id: str
    url: str
    title: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AlsoAt:
    """Another article that tells the same story: which, and at what revision. `new`: it might have stood in the place of the first."""

    url: str
    title: str
    source: str
    key: int = 0
    revision: int = 0
    new: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article as readers get it, at one revision. `id` is its guid, equal in every format; `sections` are slugs.

    `related` are the links that stood when it was last added or revised. `correction` is the newest correction's note, `corrected` its number.
    """

    key: ArticleKey
    id: str
    source: str
    source_id: str
    url: str
    title: str
    sections: tuple[str, ...]
    authors: tuple[str, ...]
    language: str
    tags: tuple[str, ...]
    body: str
    summary: str
    standfirst: str
    minutes: int
    image: Image | None
    published: datetime
    updated: datetime
    state: ArticleState
    revision: int
    related: tuple[RelatedLink, ...] = ()
    also_at: tuple[AlsoAt, ...] = ()
    correction: str | None = None
    corrected: int | None = None


# --- sections and feeds ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the newsroom with feeds of its own, e.g. world."""

    slug: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """A withdrawn article that would still be in the feed's window (RFC 6721)."""

    id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What one feed document says, whatever its format; built by core.feed, written by formats.

    URLs are absolute. `self_urls` maps format (rss, atom, json) to the address of that document. `articles` newest first.
    `content` is "full" or "summary". Archive documents have `archive` True and `current_urls`. `public_url` is where syndicate is
    reached; it ends with a slash.
    """

    id: str
    section: Section
    title: str
    description: str
    language: str
    home_url: str
    site_title: str
    self_urls: dict[str, str]
    icon_url: str | None
    hubs: tuple[str, ...]
    updated: datetime
    articles: tuple[Article, ...]
    tombstones: tuple[Tombstone, ...]
    content: str
    ttl_minutes: int
    section_titles: dict[str, str]
    public_url: str
    archive: bool = False
    current_urls: dict[str, str] | None = None
    prev_archive_urls: dict[str, str] | None = None
    next_archive_urls: dict[str, str] | None = None


# --- readers --------------------------------------------------------------------------------------------------------


class Choice(Struct, frozen=True, kw_only=True):
    """What a reader chose: sections in order, each with the digests it comes in; language; html or text.

    It covers all of a reader's sections, so that every digest knows what the faster ones carry.
    """

    sections: tuple[tuple[str, tuple[str, ...]], ...]
    language: str
    format: str = "html"

    def sections_of(self, digest: str) -> tuple[str, ...]:
        """Return the slugs that this digest carries, in the reader's order."""
        return tuple(slug for slug, digests in self.sections if digest in digests)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """When a digest is due: local minute of the day in a zone, on some weekdays (bit 0 = Monday).

    `minute` is None for instant alerts, which are due whenever there is something new. Quiet minutes (from, to) hold instant
    alerts back; None = no quiet hours.
    """

    zone: str
    minute: int | None
    weekdays: int = 0b1111111
    quiet: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One due date of a rhythm: the local date (or for instant alerts the sequence number) and its moment in UTC."""

    name: str
    at: datetime


class Mark(Struct, frozen=True, kw_only=True, order=True):
    """How far a reader's digest has come: everything up to sequence number `seq` is dealt with.

    `at` is the editorial end of his last edition. `by_date`: that edition was his first and went by date of publication, so what
    was published after `at` is still to come although its number is not after `seq`.
    """

    seq: int
    at: datetime
    by_date: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """A person who asked for digests. `public_id` is random and safe to show; it never tells the address."""

    id: SubscriberId
    public_id: str
    email: str
    name: str
    state: SubscriberState
    timezone: str
    language: str
    format: str
    created_at: datetime
    confirmed_at: datetime | None
    paused_until: datetime | None


# --- digests --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """Where an article stands in one section: its sequence number there, and whether it was old when it arrived.

    `left`: it stands there no more, but whoever reads that section may have got it while it did. `again`: it had been
    shown before it got this number, here or in another section, or has left one since.
    """

    seq: int
    backlog: bool
    left: bool = False
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A related article as a digest needs it: the link, and its number in each of its sections."""

    link: RelatedLink
    key: ArticleKey
    seqs: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """An article that tells the same story, as a digest needs it: where it is, and its number in each of its sections."""

    link: AlsoAt
    key: ArticleKey
    seqs: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """An article that competes for a place in a digest, with all that decides it: slug → its placing there.

    `tags` are those it was published with, in small letters: they decide which digest brings it, and a tag that comes or goes later
    must not bring it twice, or never. Its neighbours and copies are those that were known when the edition was planned.
    """

    article: Article
    placings: dict[str, Placing]
    tags: tuple[str, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()
    copies: tuple[Copy, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestEntry:
    """One article in a digest, in the section under which it is shown."""

    article: Article
    section: str
    related: tuple[RelatedLink, ...] = ()
    also_at: tuple[AlsoAt, ...] = ()
    label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestGroup:
    """The entries of one section, in rank order."""

    section: Section
    entries: tuple[DigestEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposedDigest:
    """What a group of readers gets: the same articles in the same order, language and format.

    `lead` stands first and is not repeated in the groups; `lead_section` is its section. `date` is the local date of the edition. `more`
    counts the articles left out by max-items, and `rest` names the first of them; `web_url` shows them.
    """

    digest: str
    title: str
    cadence: Cadence
    date: date
    language: str
    format: str
    lead: DigestEntry
    lead_section: Section
    groups: tuple[DigestGroup, ...]
    more: int = 0
    rest: tuple[ArticleKey, ...] = ()


# --- mail -----------------------------------------------------------------------------------------------------------


class Envelope(Struct, frozen=True, kw_only=True):
    """One message for one recipient. `parts` joined are the message's bytes: CRLF line ends, not dot-stuffed, ASCII or 8bit.

    `sender` and `recipient` are checked, IDNA-encoded addresses; `smtputf8` when the recipient's local part is not ASCII. The first
    `head` parts are the headers. One that goes `alone` will be answered late: nothing is to wait behind it.
    """

    sender: str
    recipient: str
    parts: tuple[bytes, ...]
    message_id: str
    smtputf8: bool = False
    head: int = 0
    alone: bool = False


class Outcome(StrEnum):
    """What a transport can say of one message."""

    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"
    UNSENT = "unsent"
    UNFIT = "unfit"
    SET_ASIDE = "set aside"


class Receipt(Struct, frozen=True, kw_only=True):
    """A transport's answer for one message. `code` is the SMTP reply code or 0; `enhanced` like "5.1.1" or "".

    UNSENT: the message never left (no connection), so it may be tried at once elsewhere. UNFIT: this transport cannot carry such a message, and
    did not offer it to its server. UNCERTAIN: the connection died after the message's last byte and before the answer. SET_ASIDE: no
    transport was asked, so that others go on; look again after `wait` seconds. `seconds` is how long the server took over this message
    alone, where that was long, else 0. `elsewhere` with DEFERRED: it is the server that takes nothing now, so another may be asked at once.
    """

    outcome: Outcome
    code: int = 0
    enhanced: str = ""
    text: str = ""
    wait: float = 0.0
    seconds: float = 0.0
    elsewhere: bool = False
