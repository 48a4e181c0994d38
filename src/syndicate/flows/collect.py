"""Collect: bring what is new in a content store into the database, page by page."""

import asyncio
import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.clock import Clock
from syndicate.core.intake import IntakeSettings
from syndicate.core.legal import legal
from syndicate.core.related import RelatedIndex
from syndicate.core.sections import SectionRule, assign, label_key
from syndicate.core.terms import Terms
from syndicate.errors import SourceError
from syndicate.flows.judging import Facts, Judged, is_shown, judge_page
from syndicate.model import ArticleKey, Candidate, Page, RelatedLink, Section
from syndicate.ports import Source, Summariser
from syndicate.storage import collected, editions, sections, sources
from syndicate.storage.articles import NOWHERE
from syndicate.storage.collected import Place, Prepared, Stored
from syndicate.storage.counter import ARTICLE, take_numbers
from syndicate.storage.database import Database

log = structlog.get_logger(__name__)

SWEEP = timedelta(hours=24)
VANISH_LIMIT = 0.2
RELEASE = 500
INDEX_WINDOW = timedelta(days=60)
LONGEST_KEY = 2_000  # bytes
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
    index: RelatedIndex = field(default_factory=RelatedIndex)
    summariser: Summariser | None = None
    _loaded_to: int = 0
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

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
        if result.changed() or result.rejected:
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
        await self._load_index(now)
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

    async def _load_index(self, now: datetime) -> None:
        """Bring the articles into the index that were stored since the last look, by whomever."""
        self.index.forget_before((now - INDEX_WINDOW).timestamp())
        async with self.database.read() as connection:
            rows = await collected.load_terms(connection, since=now - INDEX_WINDOW, after=self._loaded_to)
        if rows:
            await asyncio.to_thread(self._index_all, rows)

    def _index_all(self, rows: Sequence[tuple[int, bytes]]) -> None:
        unread = 0
        for key, blob in rows:
            if key in self.index:
                continue
            try:
                self.index.add(key, Terms.from_bytes(blob))
            except ValueError:  # another version's: the article is related to nothing new until the index is rebuilt
                unread += 1
        if unread:
            log.warning("terms_of_another_version", articles=unread, mend="syndicate articles reindex")
        self._loaded_to = max(self._loaded_to, rows[-1][0])

    async def _take_page(self, name: str, page: Page, recipe: str, result: Collected) -> None:
        now = self.clock.now()
        storable = [one for one in page.candidates if _is_storable(one.source_id)]
        result.rejected += [
            Rejected(source=name, id=legal(one.source_id)[:SHOWN_ID], reason="its id cannot be stored")
            for one in page.candidates
            if not _is_storable(one.source_id)
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
            summariser=self.summariser,
        )
        try:
            judged = await asyncio.to_thread(judge_page, todo, facts, self.index)
            await self._write(name, page, judged, stored, result, now)
        except BaseException:
            self.index, self._loaded_to = (
                RelatedIndex(),
                0,
            )  # it holds what was not stored: nothing may be related to that
            raise

    async def _write(
        self,
        name: str,
        page: Page,
        judged: Judged,
        stored: Mapping[str, Stored],
        result: Collected,
        now: datetime,
    ) -> None:
        """Store a judged page in one transaction: articles, places, neighbours, versions, bookmark."""
        async with self.database.begin() as connection:
            await take_numbers(
                connection, 0
            )  # one collector at a time writes, so that none waits for another in a circle
            await sources.open_source(connection, name)
            await self._drop_changed(connection, name, judged, stored)
            await self._drop_taken(connection, name, judged)
            changed = [*judged.added, *judged.revised]
            links = await self._links(connection, changed)
            await collected.insert_articles(connection, judged.added, now=now)
            for one in judged.revised:
                await collected.update_article(connection, one, now=now)
            await collected.insert_revisions(connection, changed, links)
            await collected.replace_neighbours(connection, changed)
            await collected.note_unchanged(connection, judged.unchanged)
            await self._place(connection, changed, judged.withdrawn, now=now)
            await sources.replace_rejections(connection, name, mended=judged.mended, rejected=judged.rejected, now=now)
            await sources.move_bookmark(connection, name, page.bookmark)
        result.added += len(judged.added)
        result.revised += len(judged.revised)
        result.withdrawn += len(judged.withdrawn)
        result.unchanged += len(judged.unchanged) + judged.ignored
        result.rejected += [
            Rejected(source=name, id=one, reason=reason) for one, (_, reason) in judged.rejected.items()
        ]

    async def _drop_taken(self, connection: AsyncConnection, name: str, judged: Judged) -> None:
        """Leave out what another process stored meanwhile, and reject ids that another article has."""
        there = await collected.load_stored(connection, name, [one.cleaned.source_id for one in judged.added])
        guids: dict[str, ArticleKey] = {}
        kept = []
        taken = await collected.taken_guids(connection, {one.cleaned.guid: one.key for one in judged.added})
        for one in judged.added:
            if one.cleaned.source_id in there:
                judged.ignored += 1
            elif not _is_storable(one.cleaned.guid):
                judged.rejected[one.cleaned.source_id] = (one.fingerprint, "its id is too long")
                judged.mended.discard(one.cleaned.source_id)
            elif one.cleaned.guid in taken or one.cleaned.guid in guids:
                judged.rejected[one.cleaned.source_id] = (
                    one.fingerprint,
                    f"its guid {one.cleaned.guid[:80]!r} belongs to another article",
                )
                judged.mended.discard(one.cleaned.source_id)
            else:
                guids[one.cleaned.guid] = one.key
                kept.append(one)
        gone = {one.key for one in judged.added} - set(guids.values())
        for key in gone:
            self.index.remove(key)
        judged.added = [_without(one, gone) for one in kept]
        judged.revised = [_without(one, gone) for one in judged.revised]

    async def _drop_changed(
        self, connection: AsyncConnection, name: str, judged: Judged, stored: Mapping[str, Stored]
    ) -> None:
        """Leave out the articles that another process changed after we had read what is stored of them."""
        keys = {*(one.key for one in judged.revised), *judged.withdrawn}
        now = await collected.load_stored(connection, name, [one for one, was in stored.items() if was.key in keys])
        changed = {was.key for one, was in stored.items() if one in now and now[one].fingerprint != was.fingerprint}
        judged.ignored += len(changed & keys)
        judged.revised = [one for one in judged.revised if one.key not in changed]
        judged.withdrawn = [key for key in judged.withdrawn if key not in changed]

    async def _links(
        self, connection: AsyncConnection, articles: Sequence[Prepared]
    ) -> dict[int, tuple[RelatedLink, ...]]:
        """Return the related links that stand now, for the feeds."""
        keys = {match.key for one in articles for match in one.matches if not match.same_story}
        shown = await collected.load_links(connection, keys)
        shown |= {one.key: (one.cleaned.guid, one.url, one.cleaned.title) for one in articles if is_shown(one)}
        found: dict[int, tuple[RelatedLink, ...]] = {}
        for one in articles:
            links = [
                RelatedLink(
                    id=shown[match.key][0],
                    url=shown[match.key][1],
                    title=shown[match.key][2],
                    score=round(match.score, 4),
                )
                for match in one.matches
                if not match.same_story and match.key in shown
            ]
            found[one.key] = tuple(links[: collected.FROZEN_LINKS])
        return found

    async def _place(
        self, connection: AsyncConnection, changed: Sequence[Prepared], withdrawn: Sequence[int], *, now: datetime
    ) -> None:
        """Put articles in their sections, number them, and tell which sections changed."""
        shown = sorted(
            (one for one in changed if is_shown(one)), key=lambda one: (one.cleaned.published, one.cleaned.guid)
        )
        known = await sections.automatic_slugs(connection)
        wanted = {one.key: await self._sections(connection, one.cleaned.labels, known) for one in shown}
        published = {one.key: one.cleaned.published for one in shown}
        touched = await self._enter(connection, wanted, published, now=now)
        revised = [one.key for one in changed if one.revision > 1]
        if withdrawn:
            await collected.withdraw(connection, withdrawn, by="source", now=now)
        # those who link to what was withdrawn change too: a headline that was taken back is printed nowhere
        linking = await collected.neighbours_of(connection, withdrawn)
        places = await collected.load_places(connection, [*withdrawn, *revised, *linking])
        touched |= {slug for one in places.values() for slug in one}
        if touched:
            await collected.bump_versions(connection, touched, seq=await take_numbers(connection, 1), now=now)
        if withdrawn or revised:
            await editions.revise_open_editions(connection)

    async def _enter(
        self,
        connection: AsyncConnection,
        wanted: dict[ArticleKey, list[str]],
        published: dict[ArticleKey, datetime],
        *,
        now: datetime,
    ) -> set[str]:
        """Store the places of articles in sections; return the sections that gained or lost one."""
        places = await collected.load_places(connection, list(wanted))
        fresh = [
            (key, slug, at)
            for key, slugs in wanted.items()
            for at, slug in enumerate(slugs)
            if slug not in places.get(key, {})
        ]
        first = await take_numbers(connection, len(fresh)) if fresh else 0
        rows = []
        for number, (key, slug, position) in enumerate(fresh, first):
            backlog = now - published[key] > self.max_age
            visible_at = published[key] if backlog else now
            rows.append(
                {
                    "article": key,
                    "section": slug,
                    "seq": number,
                    "visible_at": visible_at,
                    "backlog": backlog,
                    "position": position,
                }
            )
        await collected.enter_sections(connection, rows)
        touched = {slug for _, slug, _ in fresh}
        for number, there in places.items():
            key = ArticleKey(number)
            slugs = wanted[key]
            for place in there.values():
                position = slugs.index(place.section) if place.section in slugs else place.position
                now_there = Place(section=place.section, position=position, removed=place.section not in slugs)
                if now_there != place:
                    await collected.change_place(connection, key, now_there)
                    touched.add(place.section)
        return touched

    async def _sections(self, connection: AsyncConnection, labels: tuple[str, ...], known: dict[str, str]) -> list[str]:
        """Return the slugs of an article with these labels; automatic sections that are new are stored, and known from then on."""
        found: Sequence[Section] = assign(labels, rules=self.rules, auto=self.auto, known_auto=known)
        stored = {rule.section.slug for rule in self.rules} | set(known.values())
        by_title = {label_key(label) for label in labels}
        for one in found:
            if one.slug not in stored and label_key(one.title) in by_title:
                known[label_key(one.title)] = one.slug
                await sections.add_automatic(connection, slug=one.slug, title=one.title, label=label_key(one.title))
                log.info("section_appeared", section=one.slug)
        return [one.slug for one in found] or [NOWHERE]

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
            await self._place(connection, [], [key for key, _ in gone], now=now)
            await sources.forget_rejections(connection, name, [source_id for _, source_id in gone])
        for gone_key, _ in gone:
            self.index.remove(gone_key)
        result.withdrawn += len(gone)

    async def release(self) -> int:
        """Show the embargoed articles whose hour has come; return how many."""
        now, count = self.clock.now(), 0
        while True:
            async with self.database.read() as connection:
                if not await collected.due_embargoes(connection, now=now, most=1):
                    return count
            async with self.database.begin() as connection:
                await take_numbers(connection, 0)
                due = await collected.due_embargoes(connection, now=now, most=RELEASE)
                known = await sections.automatic_slugs(connection)
                wanted = {ArticleKey(key): await self._sections(connection, labels, known) for key, labels, _ in due}
                await collected.show(connection, [key for key, _, _ in due], now=now)
                touched = await self._enter(connection, wanted, {ArticleKey(key): at for key, _, at in due}, now=now)
                await collected.bump_versions(connection, touched, seq=await take_numbers(connection, 1), now=now)
                count += len(due)


def _next_page(pages: Iterator[Page]) -> Page | None:
    return next(pages, None)


def _is_storable(name: str) -> bool:
    """Tell whether a database can keep a text as a key: legal characters, and few enough bytes for an index."""
    return legal(name) == name and len(name.encode()) <= LONGEST_KEY


def _without(one: Prepared, gone: Collection[int]) -> Prepared:
    """Return an article without its ties to others that are not stored after all."""
    if not any(match.key in gone for match in one.matches):
        return one
    return replace(one, matches=tuple(match for match in one.matches if match.key not in gone))


def _mark(source_id: str) -> bytes:
    return hashlib.blake2b(source_id.encode("utf-8", "surrogatepass"), digest_size=8).digest()


def _fingerprint(candidate: Candidate, recipe: str) -> str:
    return hashlib.blake2b(
        f"{recipe}{candidate.fingerprint}".encode("utf-8", "surrogatepass"), digest_size=16
    ).hexdigest()
