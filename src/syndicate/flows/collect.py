"""Collect: bring what is new in a content store into the database, page by page."""

import asyncio
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from syndicate.clock import Clock
from syndicate.core.intake import IntakeSettings
from syndicate.core.legal import legal
from syndicate.core.sections import SectionRule
from syndicate.errors import SourceError
from syndicate.flows.asking import Asking
from syndicate.flows.judging import Facts, Judged, judge_page, relate
from syndicate.flows.keeping import Keeping, is_storable
from syndicate.flows.memory import Memory
from syndicate.flows.placing import Placing
from syndicate.model import ArticleKey, Candidate, Page
from syndicate.ports import Source
from syndicate.storage import collected, sources
from syndicate.storage.counter import ARTICLE, take_numbers
from syndicate.storage.database import Database

log = structlog.get_logger(__name__)

SWEEP = timedelta(hours=24)
VANISH_LIMIT = 0.2
SHOWN_ID = 100
INTAKE_VERSION = "2"  # raise it when intake judges the same article otherwise


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """An article that could not be taken, and why."""

    source: str
    id: str
    reason: str


@dataclass(slots=True, kw_only=True)
class Collected:
    """What became of the articles that were read.

    `troubles` tell of sources that could not be read, or not whole; `unread` names those that could not be read to their end.
    """

    added: int = 0
    revised: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    seconds: float = 0.0
    troubles: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    def add(self, other: "Collected") -> None:
        """Add what became of another source's articles."""
        self.added += other.added
        self.revised += other.revised
        self.unchanged += other.unchanged
        self.withdrawn += other.withdrawn
        self.rejected += other.rejected
        self.seconds = round(self.seconds + other.seconds, 3)
        self.troubles += other.troubles
        self.unread += other.unread

    def count(self, judged: Judged, *, source: str) -> None:
        """Count what was kept of a page."""
        self.added += len(judged.added)
        self.revised += len(judged.revised)
        self.withdrawn += len(judged.withdrawn)
        self.unchanged += len(judged.unchanged) + judged.ignored
        self.rejected += [
            Rejected(source=source, id=one, reason=reason) for one, (_, reason) in judged.rejected.items()
        ]

    def changed(self) -> bool:
        """Tell whether readers would notice."""
        return bool(self.added or self.revised or self.withdrawn)


@dataclass(slots=True, kw_only=True)
class Collecting:
    """Collects articles. `max_age`: what is older than this when it arrives is backlog."""

    database: Database
    clock: Clock
    settings: IntakeSettings
    public_url: str
    rules: tuple[SectionRule, ...]
    auto: bool
    max_age: timedelta
    memory: Memory = field(default_factory=Memory)
    asking: Asking | None = None
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def _placing(self) -> Placing:
        return Placing(rules=self.rules, auto=self.auto, max_age=self.max_age)

    @property
    def recipe(self) -> str:
        """Return what stands for the settings that articles are judged by: when it changes, all are judged again."""
        told = repr((INTAKE_VERSION, [(rule.section, rule.match) for rule in self.rules], self.auto, self.settings))
        return hashlib.blake2b(told.encode(), digest_size=12).hexdigest()

    async def collect(self, source: Source, *, full: bool = False) -> Collected:
        """Make one pass over a source. A source that fails is reported in `troubles`; what came before the failure stays."""
        async with self._one_at_a_time:
            started, result = self.clock.monotonic(), Collected()
            try:
                await self._pass(source, full=full, result=result)
            except SourceError as error:
                result.troubles.append(str(error))
                result.unread.append(source.name)
                log.error("source_failed", source=source.name, trouble=error.trouble)
            result.seconds = round(self.clock.monotonic() - started, 3)
            await self._note(source.name, result)
            return result

    async def _note(self, name: str, result: Collected) -> None:
        outcome = {kind: getattr(result, kind) for kind in ("added", "revised", "unchanged", "withdrawn")} | {
            "rejected": len(result.rejected)
        }
        async with self.database.begin() as connection:
            await sources.note_pass(
                connection,
                name,
                collected_at=self.clock.now(),
                seconds=result.seconds,
                outcome=outcome,
                trouble="; ".join(result.troubles) or None,
            )
        if result.changed():
            log.info("collected", source=name, seconds=result.seconds, **outcome)

    async def _pass(self, source: Source, *, full: bool, result: Collected) -> None:
        now, recipe = self.clock.now(), self.recipe
        async with self.database.begin() as connection:
            row = await sources.open_source(connection, source.name)
        sweep = (
            full
            or source.always_full
            or row.recipe != recipe
            or row.swept_at is None
            or now - row.swept_at >= SWEEP
            or row.swept_at > now
        )
        await self.memory.recall(self.database, now)
        seen: set[bytes] = set()
        pages = source.fetch(row.cursor, full=sweep)
        while (page := await asyncio.to_thread(_next_page, pages)) is not None:
            await self._take_page(source.name, page, recipe, result)
            if sweep:
                seen.update(_mark(candidate.source_id) for candidate in page.candidates)
        if sweep:
            await self._withdraw_vanished(source.name, seen, result, since=now)
            async with self.database.begin() as connection:
                await sources.note_pass(connection, source.name, swept_at=now, recipe=recipe)

    async def _take_page(self, name: str, page: Page, recipe: str, result: Collected) -> None:
        now = self.clock.now()
        storable = [one for one in page.candidates if is_storable(one.source_id)]
        result.rejected += [
            Rejected(source=name, id=legal(one.source_id)[:SHOWN_ID], reason="its id cannot be stored")
            for one in page.candidates
            if not is_storable(one.source_id)
        ]
        candidates = {one.source_id: (one, _fingerprint(one, recipe)) for one in storable}
        ids = list(candidates)
        async with self.database.read() as connection:
            stored = await collected.load_stored(connection, name, ids)
            refused = await sources.load_rejections(connection, name, ids)
            todo: list[tuple[Candidate, str]] = []
            for one, fingerprint in candidates.values():
                if one.source_id in stored and stored[one.source_id].fingerprint == fingerprint:
                    result.unchanged += 1
                elif refused.get(one.source_id, ("", ""))[0] == fingerprint:
                    result.rejected.append(Rejected(source=name, id=one.source_id, reason=refused[one.source_id][1]))
                else:
                    todo.append((one, fingerprint))
            known = await collected.load_known(connection, name, [one.source_id for one, _ in todo])
        result.unchanged += len(storable) - len(candidates)  # the same article twice on one page
        if not todo:
            async with self.database.begin() as connection:
                await sources.move_bookmark(connection, name, page.bookmark)
            return
        async with self.database.begin() as connection:
            first = await take_numbers(connection, len(todo), name=ARTICLE)
        fresh = [ArticleKey(first + place) for place in range(len(todo))]
        facts = Facts(
            source=name,
            settings=self.settings,
            public_url=self.public_url,
            now=now,
            stored=stored,
            known=known,
            fresh=fresh,
        )
        try:
            judged = await self._judged(todo, facts)
            keeping = Keeping(source=name, database=self.database, placing=self._placing, index=self.memory.index)
            await keeping.keep(judged, stored, bookmark=page.bookmark, now=now)
        except BaseException:  # the index holds what was not stored: nothing may be related to that
            self.memory.forget()
            raise
        result.count(judged, source=name)
        for source_id, (_, reason) in judged.rejected.items():
            log.warning("article_rejected", source=name, article=source_id, reason=reason)

    async def _judged(self, todo: list[tuple[Candidate, str]], facts: Facts) -> Judged:
        """Judge a page, have its summaries written, and compare its articles with each other and with all that is remembered."""
        self.memory.make_room(facts.now)
        judged = await asyncio.to_thread(judge_page, todo, facts, self.memory.index)
        if self.asking is not None:
            await self.asking.ask(judged, now=facts.now)
        dates = [one.cleaned.published for one in (*judged.added, *judged.revised)]
        await self.memory.recall_around(self.database, dates, facts.now)
        await asyncio.to_thread(relate, judged, self.memory.index)
        return judged

    async def _withdraw_vanished(self, name: str, seen: set[bytes], result: Collected, *, since: datetime) -> None:
        """Withdraw what the source has no more; refuse when it looks like an accident.

        What another process stored after our pass began, `since`, we may have passed by before it was there.
        """
        async with self.database.read() as connection:
            there = await collected.ids_of_source(connection, name, until=since)
        gone = [(key, source_id) for key, source_id in there if _mark(source_id) not in seen]
        if not gone:
            return
        if len(gone) > VANISH_LIMIT * len(there):
            trouble = f"source {name}: {len(gone)} of {len(there)} articles vanished; none was withdrawn, as that is over {VANISH_LIMIT:.0%}"
            result.troubles.append(trouble)
            log.error("too_many_vanished", source=name, vanished=len(gone), of=len(there))
            return
        now = self.clock.now()
        async with self.database.begin() as connection:
            await take_numbers(connection, 0)
            await self._placing.place(connection, [], [key for key, _ in gone], now=now)
            await sources.forget_rejections(connection, name, [source_id for _, source_id in gone])
        for gone_key, _ in gone:
            self.memory.index.remove(gone_key)
        result.withdrawn += len(gone)

    async def release(self) -> int:
        """Show the embargoed articles whose hour has come; return how many."""
        return await self._placing.release(self.database, now=self.clock.now())


def _next_page(pages: Iterator[Page]) -> Page | None:
    return next(pages, None)


def _mark(source_id: str) -> bytes:
    return hashlib.blake2b(source_id.encode("utf-8", "surrogatepass"), digest_size=8).digest()


def _fingerprint(candidate: Candidate, recipe: str) -> str:
    return hashlib.blake2b(
        f"{recipe}{candidate.fingerprint}".encode("utf-8", "surrogatepass"), digest_size=16
    ).hexdigest()
