"""Sixty days of a newsroom and its readers, against a brute-force model of what each of them must get.

The days hold the end of summer time in the north and its beginning in the south. The real flows run on a real database; only the relay
and the look of the mails are ours. Readers change hour, zone, sections and their digests, pause, leave and return; articles come late, enter a second
section, move, are edited, withdrawn and brought back; archives are imported; the machine stands still for hours and for more than the grace; relays
refuse, put off and leave unanswered.

Allowed, as the data model says:
- a section moved from a slower digest to a faster one does not catch up what waited for the slower one;
- an alert that is given up after a later one was claimed is not brought again;
- what is owed to a reader who was away longer than one period is one period.
No article comes to anybody twice, whatever he changes, and whatever comes and goes in the newsroom.
"""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from syndicate.clock import StoppedClock
from syndicate.core.readers import Change
from syndicate.flows.deliver import Delivering
from syndicate.flows.tally import Tally
from syndicate.flows.unsubscribe import Scope
from syndicate.model import Envelope, Receipt
from syndicate.storage.database import Database, async_url
from tests.conftest import PostgreSQL
from tests.flows.newsroom import (
    ACCEPTED,
    DEFERRED,
    REFUSED,
    SECTIONS,
    UNANSWERED,
    Newsroom,
    open_newsroom,
    utc,
)
from tests.flows.oracle import DAYS, Due, Ended, Oracle, Person, Tie

ZONES = ("Europe/London", "America/New_York", "Australia/Lord_Howe")
HOURS = (7 * 60, 19 * 60 + 30)
WEEKLY = (("monday",), ("thursday",))
DAILY = (DAYS, DAYS[:5], ("monday", "saturday"))
START = utc("2026-09-20T00:00")
STEP = timedelta(hours=5)


@dataclass(slots=True, kw_only=True)
class Expected:
    """A message that a reader must get, and where he stood before."""

    person: Person
    due: Due
    articles: set[str]
    before: Ended | None


@dataclass(slots=True, kw_only=True)
class Simulation:
    """The newsroom beside its model, driven by one source of chance."""

    newsroom: Newsroom
    chance: random.Random
    readers: int
    oracle: Oracle = field(default_factory=Oracle)
    delivering: Delivering = field(init=False)
    waiting: list[Expected] = field(default_factory=list)
    history: dict[str, Counter[str]] = field(default_factory=dict)
    troubles: dict[str, str] = field(default_factory=dict)
    pending: dict[str, tuple[datetime, set[str]]] = field(default_factory=dict)
    checked: int = 0
    articles: int = 0
    steps: int = 0

    def __post_init__(self) -> None:
        self.delivering = self.newsroom.delivering()
        self.newsroom.relay.answer = self.answer

    @property
    def now(self) -> datetime:
        """What the clock shows."""
        return self.newsroom.clock.now()

    # -- the relay

    def answer(self, envelope: Envelope) -> Receipt:
        """Refuse, put off or leave unanswered whom this hour has trouble in store for, each the first time only."""
        name = envelope.recipient.partition("@")[0]
        trouble = self.troubles.get(name)
        if trouble in ("deferred", "unanswered"):
            del self.troubles[name]
        return {"refused": REFUSED, "deferred": DEFERRED, "unanswered": UNANSWERED}.get(trouble or "", ACCEPTED)

    # -- one step

    async def step(self) -> None:
        """Let some hours pass: readers change their minds, articles come in, what is due goes out and is looked at."""
        self.newsroom.clock.advance(STEP)
        for _ in range(self.chance.choice((0, 1, 1, 2))):
            await self.change_somebody()
        self.steps += 1
        if self.steps % 3 == 1:
            await self.collect()
        self.troubles = {
            person.name: self.chance.choice(("refused", "deferred", "unanswered"))
            for person in self.oracle.people.values()
            if self.chance.random() < 0.03
        }
        before = len(self.newsroom.relay.accepted)
        expected = self.expect()
        if await self.newsroom.planning.plan():
            await self.deliver()
            self.newsroom.clock.advance(timedelta(minutes=20))  # and what was put off is tried again
            await self.deliver()
            self.newsroom.clock.advance(-timedelta(minutes=20))
        self.compare(expected, before)

    async def deliver(self) -> None:
        """Work on every batch that is due."""
        while (lease := await self.delivering.next_batch()) is not None:
            await self.delivering.run(lease, Tally())

    def expect(self) -> list[Expected]:
        """Ask the model what must go out now."""
        expected: list[Expected] = []
        for due in self.oracle.due(self.now):
            digest = due.rhythm[0]
            for person in self.oracle.people.values():
                owed = self.oracle.owed(person, due, now=self.now)
                if owed:
                    before = self.oracle.sent(person.ties[digest], due)
                    expected.append(Expected(person=person, due=due, articles=owed, before=before))
                    if self.troubles.get(person.name) != "refused":
                        person.got |= owed
        return expected

    def compare(self, expected: list[Expected], before: int) -> None:
        """Hold what the relay accepted against what the model asked for."""
        copies: dict[str, tuple[str, set[str]]] = {}
        for sent in self.newsroom.relay.accepted[before:]:
            name = sent.recipient.partition("@")[0]
            articles = sent.articles
            assert len(articles) == len(set(articles)), f"{name} gets an article twice in one mail: {articles}"
            copies[sent.message_id] = (name, set(articles))
        got = Counter((name, frozenset(articles)) for name, articles in copies.values())
        wanted: Counter[tuple[str, frozenset[str]]] = Counter()
        for one in expected:
            if self.troubles.get(one.person.name) == "refused":
                tie = one.person.ties[one.due.rhythm[0]]
                tie.last = one.before
                continue
            wanted[one.person.name, frozenset(one.articles)] += 1
            self.history.setdefault(one.person.name, Counter()).update(one.articles)
        assert got == wanted, f"at {self.now}: not asked for {got - wanted}; not sent {wanted - got}"
        self.checked += wanted.total()

    # -- articles

    async def collect(self) -> None:
        """Write and edit some articles, and make a pass."""
        for _ in range(self.chance.randint(0, 3)):
            self.write(age=timedelta(minutes=self.chance.randint(0, 300)))
        if self.chance.random() < 0.3:  # late
            self.write(age=timedelta(hours=self.chance.randint(6, 70)))
        if self.chance.random() < 0.04:  # an archive is imported
            for _ in range(5):
                self.write(age=timedelta(days=self.chance.randint(4, 20)))
        known = [story for story in self.oracle.stories.values() if not story.withdrawn][-40:]
        gone = [story for story in self.oracle.stories.values() if story.withdrawn]
        if known and self.chance.random() < 0.5:
            self.edit(self.chance.choice(known).name)
        if known and self.chance.random() < 0.15:
            name = self.chance.choice(known).name
            if name not in self.pending:
                self.newsroom.store.change(name, status="withdrawn")
                self.oracle.stories[name].withdrawn = True
        if gone and self.chance.random() < 0.1:
            story = self.chance.choice(gone)
            if self.newsroom.store.rows[story.name][1].status == "withdrawn" and story.entered:
                self.newsroom.store.change(story.name, status="published")
                self.pending[story.name] = (story.published, set(story.sections))
        await self.newsroom.collect()
        self.oracle.collected(self.pending, now=self.now)
        self.pending = {}

    def write(self, *, age: timedelta) -> None:
        """Write an article in one or two sections."""
        self.articles += 1
        name, published = f"a{self.articles}", self.now - age
        sections = set(self.chance.sample(SECTIONS, self.chance.choice((1, 1, 1, 2))))
        self.newsroom.store.put(name, labels=[one.title() for one in sorted(sections)], published=published)
        self.pending[name] = (published, sections)

    def edit(self, name: str) -> None:
        """Mend a typo, rewrite, put into another section too, or move."""
        story, what = self.oracle.stories[name], self.chance.choice(("typo", "rewrite", "enter", "move"))
        incoming = self.newsroom.store.rows[name][1]
        sections = set(story.sections)
        if what == "typo":
            self.newsroom.store.change(name, body=incoming.body.replace("ba", "bba", 1))
        if what == "rewrite":
            self.newsroom.store.change(name, title=f"{incoming.title} again")
        if what in ("enter", "move"):
            section = self.chance.choice(SECTIONS)
            sections = sections | {section} if what == "enter" else {section}
            self.newsroom.store.change(name, labels=tuple(one.title() for one in sorted(sections)))
        self.pending[name] = (story.published, sections)

    # -- readers

    async def arrive(self) -> None:
        """Bring a new reader."""
        name = f"r{len(self.oracle.people)}"
        zone = self.chance.choice(ZONES)
        person = Person(name=name, zone=zone, choice={})
        self.oracle.people[name] = person
        digests = self.chance.choice((("daily",), ("daily",), ("weekly",), ("breaking", "daily"), ("daily", "weekly")))
        sections = self.chance.sample(SECTIONS, self.chance.randint(1, 3))
        await self.newsroom.add_reader(name, sections=sections, digests=digests, zone=zone)
        self.arrange(person, dict.fromkeys(sections, digests))

    def choose(self) -> dict[str, tuple[str, ...]]:
        """Draw sections with their digests."""
        sections = self.chance.sample(SECTIONS, self.chance.randint(1, 3))
        kinds = (
            ("daily",),
            ("daily",),
            ("daily",),
            ("weekly",),
            ("breaking",),
            ("breaking", "daily"),
            ("daily", "weekly"),
        )
        return {section: self.chance.choice(kinds) for section in sections}

    def arrange(self, person: Person, choice: dict[str, tuple[str, ...]]) -> None:
        """Have the model follow a choice."""
        person.choice = dict(choice)
        wanted = {digest for digests in choice.values() for digest in digests}
        for digest in wanted:
            tie = person.ties.get(digest)
            minute = {"daily": 420, "weekly": 480}.get(digest, -1)
            if tie is None:
                days = WEEKLY[0] if digest == "weekly" else DAYS
                person.ties[digest] = Tie(minute=minute, days=days, since=self.now, since_pass=self.oracle.passes)
            elif not tie.active:
                tie.active, tie.since, tie.since_pass = True, self.now, self.oracle.passes
        for digest in person.ties.keys() - wanted:
            person.ties[digest].active = False

    async def change_somebody(self) -> None:
        """Let a reader do something, by the pages."""
        if len(self.oracle.people) < self.readers and self.chance.random() < 0.5:
            await self.arrive()
        person = self.chance.choice(list(self.oracle.people.values()))
        what = self.chance.choice(
            ("hour", "hour", "zone", "zone", "widen", "widen", "move", "pause", "pause", "leave", "drop")
        )
        if what == "hour":
            await self.set_hour(person)
        elif what == "zone":
            person.zone = self.chance.choice(ZONES)
            await self.apply(person, Change(timezone=person.zone))
        elif what == "widen":
            await self.set_choice(person, self.choose() | person.choice)
        elif what == "move":
            await self.set_choice(person, person.choice | self.choose())
        elif what == "pause":
            await self.pause(person)
        elif what == "drop" and person.choice:
            section = self.chance.choice(list(person.choice))
            choice = {slug: digests for slug, digests in person.choice.items() if slug != section}
            await self.set_choice(person, choice or self.choose())
        elif what == "leave" and any(tie.active for tie in person.ties.values()):
            await self.leave(person)

    async def set_choice(self, person: Person, choice: dict[str, tuple[str, ...]]) -> None:
        self.arrange(person, choice)
        await self.apply(person, Change(sections=tuple(choice.items())))

    async def set_hour(self, person: Person) -> None:
        minute = self.chance.choice(HOURS)
        minutes, days = {}, {}
        for digest in ("daily", "weekly"):
            tie = person.ties.get(digest)
            if tie is not None and tie.active:
                tie.minute, minutes[digest] = minute, minute
                tie.days = days[digest] = self.chance.choice(WEEKLY if digest == "weekly" else DAILY)
        await self.apply(person, Change(minutes=minutes, days=days))

    async def apply(self, person: Person, change: Change) -> None:
        await self.newsroom.choosing.change(await self.newsroom.token(person.name), change)

    async def pause(self, person: Person) -> None:
        token = await self.newsroom.token(person.name)
        if person.paused_until is not None and person.paused_until > self.now:
            person.paused_until = self.now
            await self.newsroom.choosing.resume(token)
        else:
            person.paused_until = self.now + timedelta(hours=self.chance.randint(10, 200))
            await self.newsroom.choosing.pause(token, until=person.paused_until)

    async def leave(self, person: Person) -> None:
        """Leave one digest by the link of a mail, and perhaps come back another day by the preferences."""
        digest = self.chance.choice([name for name, tie in person.ties.items() if tie.active])
        token = self.newsroom.choosing.signer.unsubscribe(await self.newsroom.public_id(person.name), digest)
        await self.newsroom.unsubscribing.unsubscribe(token, scope=Scope.DIGEST)
        choice = {
            section: rest
            for section, digests in person.choice.items()
            if (rest := tuple(name for name in digests if name != digest))
        }
        self.arrange(person, choice)

    # -- the end

    def nothing_came_twice(self) -> int:
        """Look at each reader's whole history, whatever the model thinks; return how many histories were looked at."""
        for name, counts in self.history.items():
            twice = {article: number for article, number in counts.items() if number > 1}
            assert not twice, f"{name} got {twice} twice"
        return len(self.history)


async def simulate(database: Database, *, days: int, readers: int, seed: int, start: datetime = START) -> Simulation:
    """Let days pass."""
    newsroom = await open_newsroom(database, StoppedClock(start))
    simulation = Simulation(newsroom=newsroom, chance=random.Random(seed), readers=readers)
    for _ in range(readers * 2 // 3):
        await simulation.arrive()
    while newsroom.clock.now() < start + timedelta(days=days):
        if simulation.chance.random() < 0.02:  # the machine stands still
            newsroom.clock.advance(timedelta(hours=simulation.chance.choice((2, 5, 9, 30))))
        await simulation.step()
    return simulation


async def test_sixty_days_on_sqlite(sqlite_template: Path, tmp_path: Path) -> None:
    """Hundreds of readers get each article once, and none is missed."""
    path = tmp_path / "syndicate.db"
    path.write_bytes(sqlite_template.read_bytes())
    database = Database(async_url(f"sqlite:///{path}", folder=tmp_path), pool_size=5)
    try:
        simulation = await simulate(database, days=60, readers=160, seed=1)
    finally:
        await database.close()

    assert simulation.checked > 3_000
    assert simulation.nothing_came_twice() > 50


async def test_the_change_of_clocks_on_postgresql(postgresql: PostgreSQL) -> None:
    """The same holds on PostgreSQL, for the weeks in which the clocks change."""
    with postgresql.clone() as url:
        database = Database(async_url(url.render_as_string(hide_password=False), folder=Path()), pool_size=5)
        try:
            simulation = await simulate(database, days=5, readers=20, seed=2, start=utc("2026-10-23T00:00"))
        finally:
            await database.close()

    assert simulation.checked > 30
