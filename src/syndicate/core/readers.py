"""Say what a reader may choose, and what a choice makes of his subscriptions."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from msgspec import structs

from syndicate.core.cadence import WEEKDAYS, days_of, find_zone, rhythm_of
from syndicate.core.characters import one_line
from syndicate.errors import UsageError
from syndicate.model import Cadence, Choice, Rhythm, Section, Subscriber

FORMATS = ("html", "text")
LONGEST_NAME = 200
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


class SubscriptionState(StrEnum):
    """Whether a digest waits for a confirmation, comes, or was left."""

    PENDING = "pending"
    ACTIVE = "active"
    LEFT = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A standing digest that readers can choose, with the hour and the days at which it comes unless they say otherwise."""

    name: str
    title: str
    cadence: Cadence
    minute: int
    days: tuple[str, ...] = WEEKDAYS
    quiet: tuple[int, int] | None = None

    def rhythm(
        self, zone: str, *, like: Rhythm | None = None, minute: int | None = None, days: tuple[str, ...] = ()
    ) -> Rhythm:
        """Return when it comes in a zone: at the given hour and days, else at those of a rhythm he had, else as it is offered."""
        if like is not None and like.minute is not None:
            minute = like.minute if minute is None else minute
            had = days_of(like.weekdays)
            days = days or (had if self.cadence is not Cadence.WEEKLY or len(had) == 1 else ())
        minute, days = self.minute if minute is None else minute, days or self.days
        return rhythm_of(self.cadence, zone=zone, minute=minute, days=days, quiet=self.quiet)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A reader's tie to one digest. `seen` is the number of his mark there; None before his first edition.

    `moved_seq` is the counter when he last chose other sections, or other digests for them: what came by another one may lie beyond the mark.
    """

    digest: str
    rhythm: Rhythm
    choice: Choice
    state: SubscriptionState
    since: datetime
    since_seq: int
    seen: int | None = None
    moved_seq: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A subscriber with his subscriptions, those he left too."""

    subscriber: Subscriber
    subscriptions: tuple[Subscription, ...]

    @property
    def kept(self) -> tuple[Subscription, ...]:
        """Return the subscriptions that he has not left."""
        return tuple(one for one in self.subscriptions if one.state is not SubscriptionState.LEFT)

    @property
    def choice(self) -> Choice:
        """Return what he chose; for somebody who left everything, what he had."""
        if self.subscriptions:
            return _latest(self.subscriptions)
        return Choice(sections=(), language=self.subscriber.language, format=self.subscriber.format)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a reader changes; None leaves it as it is.

    `sections` are slugs with the digests each comes in; none at all means leaving. `minutes` and `days` map digests to a local
    minute of the day, and to days of the week: one for a weekly digest, one or more for a daily one.
    """

    sections: tuple[tuple[str, tuple[str, ...]], ...] | None = None
    minutes: Mapping[str, int] = field(default_factory=dict)
    days: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    timezone: str | None = None
    language: str | None = None
    format: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What a reader says of himself."""

    name: str
    timezone: str
    language: str
    format: str

    def columns(self) -> dict[str, str]:
        """Return it by name."""
        return {"name": self.name, "timezone": self.timezone, "language": self.language, "format": self.format}


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """What there is to choose. `labels` maps other names of sections (labels, old slugs) to slugs."""

    sections: tuple[Section, ...]
    offers: tuple[Offer, ...]
    labels: Mapping[str, str] = field(default_factory=dict)

    def offer(self, name: str) -> Offer | None:
        """Return the digest of that name."""
        return next((one for one in self.offers if one.name == name), None)

    def find_sections(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return the slugs of sections named by slug, title or label, in order. Raises UsageError naming what exists."""
        known = {name.casefold(): slug for name, slug in self.labels.items()}
        known |= {one.title.casefold(): one.slug for one in self.sections} | {
            one.slug: one.slug for one in self.sections
        }
        return _find(names, known, kind="section", exist=[one.slug for one in self.sections])

    def find_digests(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return the names of digests, in the order they are offered. Raises UsageError naming what exists."""
        exist = [one.name for one in self.offers]
        found = _find(names, {name.casefold(): name for name in exist}, kind="digest", exist=exist)
        return tuple(name for name in exist if name in found)

    def find(self, *, sections: Iterable[str], digests: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the slugs and digests of a request; where there is one of a kind it need not be named. Raises UsageError."""
        slugs, names = self.find_sections(sections), self.find_digests(digests)
        if not slugs and len(self.sections) == 1:
            slugs = (self.sections[0].slug,)
        if not names and len(self.offers) == 1:
            names = (self.offers[0].name,)
        if not slugs:
            raise UsageError(f"no section chosen; there are: {', '.join(one.slug for one in self.sections) or 'none'}")
        if not names:
            raise UsageError(f"no digest chosen; there are: {', '.join(one.name for one in self.offers) or 'none'}")
        return slugs, names

    def find_pairs(self, pairs: Iterable[tuple[str, Sequence[str]]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return sections with their digests, those without any left out. Raises UsageError naming what exists."""
        found: dict[str, tuple[str, ...]] = {}
        for name, digests in pairs:
            (slug,) = self.find_sections([name]) or ("",)
            found[slug] = self.find_digests([*found.get(slug, ()), *digests])
        return tuple((slug, digests) for slug, digests in found.items() if slug and digests)


def _find(names: Iterable[str], known: Mapping[str, str], *, kind: str, exist: Sequence[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for name in names:
        if not name.strip():
            continue
        slug = known.get(" ".join(name.split()).casefold())
        if slug is None:
            listed = ", ".join(exist[:30]) + (", …" if len(exist) > 30 else "")
            raise UsageError(f"{kind} {one_line(name)[:80]!r}: there is none; there are: {listed or 'none at all'}")
        found[slug] = None
    return tuple(found)


def offered_with(sections: Iterable[str], digests: Sequence[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return each section with each of the digests."""
    return tuple((slug, tuple(digests)) for slug in sections)


def check_zone(name: str, *, default: str) -> str:
    """Return a time zone's proper name; blank is the default. Raises UsageError."""
    if not name.strip():
        return default
    zone = find_zone(name)
    if zone is None:
        raise UsageError(f"time zone {one_line(name)[:80]!r}: there is none; write an IANA name like Europe/London")
    return zone


def check_language(tag: str, *, default: str) -> str:
    """Return a language tag; blank is the default. Raises UsageError."""
    tag = tag.strip().replace("_", "-")
    if tag and _LANGUAGE.fullmatch(tag) is None:
        raise UsageError(f"language {one_line(tag)[:80]!r}: not a language tag; write one like en or pt-BR")
    return tag or default


def check_format(name: str) -> str:
    """Return a message format. Raises UsageError."""
    if name not in FORMATS:
        raise UsageError(f"format {one_line(name)[:80]!r}: write one of {', '.join(FORMATS)}")
    return name


def check_name(text: str) -> str:
    """Return a reader's name on one line, cut to a sensible length."""
    return one_line(text)[:LONGEST_NAME]


def without_digests(choice: Choice, digests: Iterable[str]) -> Choice:
    """Return a choice in which some digests no longer come; sections that come in none are left out.

    A choice must not name a digest its reader has left: the slower ones would wait for it to carry what they hold back.
    """
    gone = set(digests)
    pairs = ((slug, tuple(name for name in names if name not in gone)) for slug, names in choice.sections)
    return structs.replace(choice, sections=tuple((slug, names) for slug, names in pairs if names))


def without_section(choice: Choice, section: str) -> Choice:
    """Return a choice without one section."""
    return structs.replace(choice, sections=tuple(pair for pair in choice.sections if pair[0] != section))


def renamed(
    sections: Sequence[tuple[str, tuple[str, ...]]], *, old: str, new: str
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return chosen sections after one got another slug; in a choice that has both, it comes with the digests of both."""
    found: dict[str, tuple[str, ...]] = {}
    for slug, digests in sections:
        name = new if slug == old else slug
        found[name] = tuple(dict.fromkeys((*found.get(name, ()), *digests)))
    return tuple(found.items())


def followed(rhythm: Rhythm, *, before: Offer, now: Offer) -> Rhythm:
    """Return the rhythm of a reader after a digest is offered otherwise: what he chose himself stays, unless the cadence is another."""
    if rhythm == before.rhythm(rhythm.zone):
        return now.rhythm(rhythm.zone)
    if before.cadence is now.cadence:
        return rhythm
    if before.cadence is Cadence.WEEKLY:  # his one day is no choice among seven
        return now.rhythm(rhythm.zone, minute=rhythm.minute)
    return now.rhythm(rhythm.zone, like=rhythm)


def digests_of(choice: Choice) -> tuple[str, ...]:
    """Return the digests that carry anything at all, each once."""
    return tuple(dict.fromkeys(name for _, names in choice.sections for name in names))


def arrange(
    current: Sequence[Subscription],
    *,
    choice: Choice,
    rhythms: Mapping[str, Rhythm],
    state: SubscriptionState,
    now: datetime,
    seq: int,
) -> tuple[Subscription, ...]:
    """Return the subscriptions that a choice makes of those a reader has; only what differs.

    Whatever he keeps keeps its mark and its beginning; a digest that is new to him, or comes back, begins now; one that he
    no longer wants is left, its mark kept, so that coming back repeats nothing.
    """
    known = {one.digest: one for one in current}
    moved_seq = seq if _moves(current, choice) else None
    arranged = []
    for digest in digests_of(choice):
        before = known.get(digest)
        if before is not None and before.state is state:
            after = replace(before, choice=choice, rhythm=rhythms[digest])
        else:
            seen = None if before is None else before.seen
            after = Subscription(
                digest=digest, rhythm=rhythms[digest], choice=choice, state=state, since=now, since_seq=seq, seen=seen
            )
        if moved_seq is not None:
            after = replace(after, moved_seq=moved_seq)
        arranged.append(after)
    wanted = {one.digest for one in arranged}
    arranged += [replace(one, state=SubscriptionState.LEFT) for one in current if one.digest not in wanted]
    return tuple(one for one in arranged if one != known.get(one.digest))


def _latest(subscriptions: Sequence[Subscription]) -> Choice:
    """Return the choice of those that were not left, or if all were, of those."""
    kept = [one for one in subscriptions if one.state is not SubscriptionState.LEFT]
    return max(kept or subscriptions, key=lambda one: one.since).choice


def _moves(current: Sequence[Subscription], choice: Choice) -> bool:
    """Tell whether a choice is another one than before: by other digests or sections, what has come might come again."""
    return bool(current) and _pairs(_latest(current)) != _pairs(choice)


def _pairs(choice: Choice) -> set[tuple[str, str]]:
    return {(slug, digest) for slug, digests in choice.sections for digest in digests}
