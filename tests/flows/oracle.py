"""Say by brute force what each reader must get, from the promises of the contract and not from the code.

It knows passes of collecting (in place of sequence numbers), readers' choices and the hours; it goes through all articles for
every reader and edition, and keeps of a reader where his last edition ended and what he has got: nothing comes to him twice.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

MAX_AGE = timedelta(days=3)
GRACE = timedelta(hours=6)
REACH = timedelta(days=31)
FASTEST = ("breaking", "daily", "weekly")
QUIET = (time(0), time(5))
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Beat = tuple[str, str, int, tuple[str, ...]]  # what decides when a digest comes: its name, zone, minute, days


@dataclass(slots=True, kw_only=True)
class Story:
    """An article: `entered` maps sections to the pass in which it came in, also those it has left since."""

    name: str
    published: datetime
    sections: set[str]
    entered: dict[str, int] = field(default_factory=dict)
    backlog: dict[str, bool] = field(default_factory=dict)
    shown: dict[str, datetime] = field(default_factory=dict)
    withdrawn: bool = False


@dataclass(slots=True, kw_only=True)
class Ended:
    """Where a reader's last edition of a digest ended. `by_date`: it was his first."""

    passes: int
    at: datetime
    by_date: bool


@dataclass(slots=True, kw_only=True)
class Tie:
    """A reader's tie to one digest."""

    minute: int
    days: tuple[str, ...]
    since: datetime
    since_pass: int
    active: bool = True
    last: Ended | None = None


@dataclass(slots=True, kw_only=True)
class Person:
    """A reader: sections in order, each with the digests he wants it in."""

    name: str
    zone: str
    choice: dict[str, tuple[str, ...]]
    ties: dict[str, Tie] = field(default_factory=dict)
    paused_until: datetime | None = None
    got: set[str] = field(default_factory=set)

    def rhythm(self, digest: str) -> Beat:
        """Return what decides when a digest comes."""
        tie = self.ties[digest]
        if digest == "breaking":
            return digest, self.zone, -1, DAYS
        return digest, self.zone, tie.minute, tie.days


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """An edition that is due."""

    rhythm: Beat
    at: datetime
    period_from: datetime
    passes: int


@dataclass(slots=True, kw_only=True)
class Oracle:
    """The promises, acted out."""

    stories: dict[str, Story] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    passes: int = 0
    newest: int = 0
    _planned: set[tuple[Beat, date]] = field(default_factory=set)
    _told: dict[Beat, int] = field(default_factory=dict)

    # -- what comes in

    def collected(self, changed: dict[str, tuple[datetime, set[str]]], *, now: datetime) -> None:
        """Note what a pass brought: name → published, sections."""
        self.passes += 1
        for name, (published, sections) in changed.items():
            story = self.stories.setdefault(name, Story(name=name, published=published, sections=set()))
            anew = story.entered.keys() | sections if story.withdrawn else sections - story.sections
            story.sections, story.withdrawn = set(sections), False
            for section in anew:
                story.entered[section] = self.passes
                story.backlog.setdefault(section, now - published > MAX_AGE)
                story.shown[section] = published if story.backlog[section] else now
                if not story.backlog[section]:
                    self.newest = self.passes

    # -- what is due

    def due(self, now: datetime) -> list[Due]:
        """Return the editions that are due and were not made before."""
        rhythms = {
            person.rhythm(digest)
            for person in self.people.values()
            for digest, tie in person.ties.items()
            if tie.active
        }
        found = [one for rhythm in sorted(rhythms) if (one := self._due(rhythm, now)) is not None]
        return sorted(found, key=lambda one: FASTEST.index(one.rhythm[0]))

    def _due(self, rhythm: Beat, now: datetime) -> Due | None:
        digest, zone, minute, days = rhythm
        if digest == "breaking":
            local = now.astimezone(ZoneInfo(zone)).time()
            if QUIET[0] <= local < QUIET[1] or self.newest <= self._told.get(rhythm, 0):
                return None
            self._told[rhythm] = self.passes
            return Due(rhythm=rhythm, at=now, period_from=now - timedelta(hours=1), passes=self.passes)
        today = now.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
        dates = [today - timedelta(days=back) for back in range(16)]
        latest = next(one for one in dates if DAYS[one.weekday()] in days and first_moment(zone, one, minute) <= now)
        at = first_moment(zone, latest, minute)
        if at <= now - GRACE or (rhythm, latest) in self._planned:
            return None
        if not self._has_readers(rhythm, at):
            return None
        self._planned.add((rhythm, latest))
        before = first_moment(zone, date_before(latest, days), minute)
        return Due(rhythm=rhythm, at=at, period_from=before, passes=self.passes)

    def _has_readers(self, rhythm: Beat, at: datetime) -> bool:
        """Tell whether somebody held a rhythm already when its hour came."""
        digest = rhythm[0]
        ties = [(one, tie) for one in self.people.values() if (tie := one.ties.get(digest)) is not None and tie.active]
        return any(tie.since <= at and one.rhythm(digest) == rhythm for one, tie in ties)

    # -- what a reader must get

    def owed(self, person: Person, due: Due, *, now: datetime) -> set[str] | None:
        """Return the articles an edition owes a reader; None when it is not for him."""
        digest = due.rhythm[0]
        tie = person.ties.get(digest)
        if tie is None or not tie.active or person.rhythm(digest) != due.rhythm or tie.since > due.at:
            return None
        if person.paused_until is not None and person.paused_until > now:
            return None
        return {story.name for story in self.stories.values() if self._is_owed(story, person, tie, due, now)}

    def _is_owed(self, story: Story, person: Person, tie: Tie, due: Due, now: datetime) -> bool:
        digest = due.rhythm[0]
        here = [section for section in person.choice if section in story.sections]
        wanting = {name for section in here for name in person.choice[section]}
        if story.withdrawn or story.name in person.got or not wanting or min(wanting, key=FASTEST.index) != digest:
            return False
        mine = [section for section, digests in person.choice.items() if digest in digests and section in story.entered]
        reach = story.published > due.at - REACH and story.published <= due.at
        mine = [section for section in mine if reach or story.shown[section] > now - REACH]
        if not mine:
            return False
        # of those of one pass, where it is news
        first = min(mine, key=lambda section: (story.entered[section], story.backlog[section], section))
        arrived, backlog = story.entered[first], story.backlog[first]
        if tie.last is None:
            if story.published > due.at:
                return False
            since = digest == "breaking" and arrived > tie.since_pass and not backlog
            return story.published > due.period_from or since
        if backlog:
            new = tie.last.at < story.published <= due.at
        else:
            new = arrived > tie.last.passes or (tie.last.by_date and story.published > tie.last.at)
        back = self._back_since(person, tie, now)
        return new and (back is None or story.published > min(due.period_from, self._period_before(due.rhythm, back)))

    def _back_since(self, person: Person, tie: Tie, now: datetime) -> datetime | None:
        """Return when he came back who was away since his last edition: what is older than one period then is not owed to him."""
        assert tie.last is not None
        if person.paused_until is not None and person.paused_until <= now and tie.last.at < person.paused_until:
            return person.paused_until
        return tie.since if tie.since_pass > tie.last.passes else None

    @staticmethod
    def _period_before(rhythm: Beat, back: datetime) -> datetime:
        """Return the beginning of the period that the first edition after a moment covers."""
        digest, zone, minute, days = rhythm
        if digest == "breaking":
            return back - timedelta(hours=1)
        today = back.astimezone(ZoneInfo(zone)).date()
        dates = [today + timedelta(days=ahead) for ahead in range(-1, 9)]
        first = next(one for one in dates if DAYS[one.weekday()] in days and first_moment(zone, one, minute) > back)
        return first_moment(zone, date_before(first, days), minute)

    @staticmethod
    def sent(tie: Tie, due: Due) -> Ended | None:
        """Note that an edition was sent; return where the one before ended, should it have to be taken back."""
        before = tie.last
        tie.last = Ended(
            passes=max(due.passes, before.passes if before else 0),
            at=max(due.at, before.at if before else due.at),
            by_date=before is None,
        )
        return before


def date_before(day: date, days: tuple[str, ...]) -> date:
    """Return the last date before a day on which a digest comes."""
    return next(one for back in range(1, 8) if DAYS[(one := day - timedelta(days=back)).weekday()] in days)


@cache
def first_moment(zone: str, day: date, minute: int) -> datetime:
    """Return the first minute at which clocks in a zone show an hour of a day or later, found by looking at each."""
    wanted = datetime.combine(day, time(minute // 60, minute % 60))
    moment = wanted.replace(tzinfo=UTC) - timedelta(hours=15)
    while moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) < wanted:
        moment += timedelta(minutes=1)
    return moment
