"""Collect: every article once, in the order of the commits, whatever else is on the page; on both databases."""

import asyncio
import random
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from syndicate.clock import StoppedClock
from syndicate.demo.newsroom import load as load_demo
from syndicate.flows.collect import Collected, Collecting
from syndicate.flows.correct import Correcting
from syndicate.flows.memory import Memory
from syndicate.flows.publish import publish
from syndicate.formats.cache import EntryCache
from syndicate.model import Incoming, Page
from syndicate.storage.articles import list_articles, load_articles
from syndicate.storage.counter import current_number
from syndicate.storage.database import Database, async_url
from syndicate.storage.feeds import load_versions
from syndicate.storage.shelf import Shelf
from syndicate.storage.tables import article, article_section, related, section
from tests.feed_newsroom import SETTINGS as FEED_SETTINGS
from tests.flows.newsroom import Newsroom, Store, utc, words

EARLY = utc("2026-05-04T05:00")


async def _pass(newsroom: Newsroom, store: Store | None = None, *, full: bool = False) -> Collected:
    return await newsroom.collecting.collect(store or newsroom.store, full=full)


def _other_process(newsroom: Newsroom) -> Collecting:
    """Return a collector that shares nothing but the database."""
    return replace(newsroom.collecting, memory=Memory(), _one_at_a_time=asyncio.Lock())


async def _numbers(database: Database) -> dict[str, list[tuple[str, int]]]:
    """Return article → its sections with their numbers."""
    query = (
        select(article.c.source_id, article_section.c.section, article_section.c.seq)
        .join(article, article.c.key == article_section.c.article)
        .order_by(article_section.c.seq)
    )
    found: dict[str, list[tuple[str, int]]] = {}
    async with database.read() as connection:
        for row in await connection.execute(query):
            found.setdefault(row.source_id, []).append((row.section, row.seq))
    return found


async def _states(database: Database) -> dict[str, str]:
    async with database.read() as connection:
        rows = await connection.execute(select(article.c.source_id, article.c.state))
        return {row.source_id: row.state for row in rows}


async def test_every_page_is_read_and_each_article_counted_once(newsroom: Newsroom) -> None:
    """Small pages, equal dates, a second pass: nothing is skipped and nothing is added again."""
    newsroom.store.size = 3
    for number in range(10):
        newsroom.store.put(f"a{number}", labels=["World"], published=EARLY)
    first, second, swept = await _pass(newsroom), await _pass(newsroom), await _pass(newsroom, full=True)

    assert (first.added, first.rejected) == (10, [])
    assert (second.added, second.revised, second.unchanged) == (0, 0, 0)
    assert (swept.added, swept.revised, swept.unchanged) == (0, 0, 10)


async def test_an_article_that_comes_late_has_a_late_number(newsroom: Newsroom) -> None:
    """Numbers follow the commits and not the dates, so that a mark never passes an article by."""
    newsroom.store.put("new", labels=["World"], published=EARLY)
    await _pass(newsroom)
    newsroom.store.put("late", labels=["World"], published=EARLY - timedelta(hours=30))
    await _pass(newsroom)
    numbers = await _numbers(newsroom.database)

    assert numbers["new"][0][1] < numbers["late"][0][1]


async def test_edits_are_revisions_and_keep_their_place(newsroom: Newsroom) -> None:
    """A typo mended and a story rewritten are revised; the number in a section stays; another section gets a new one."""
    newsroom.store.put(
        "a1", labels=["World"], published=EARLY, text="Ten words of a story that is long enough to be one."
    )
    await _pass(newsroom)
    before = await _numbers(newsroom.database)
    newsroom.store.change("a1", body="<p>Ten words of the story that is long enough to be one.</p>")
    typo = await _pass(newsroom)
    newsroom.store.change("a1", title="Another headline", labels=("World", "Sport"))
    rewritten = await _pass(newsroom)
    newsroom.store.change("a1", status="withdrawn")
    withdrawn = await _pass(newsroom)
    newsroom.store.change("a1", status="published")
    back = await _pass(newsroom)
    after = await _numbers(newsroom.database)

    assert [one.revised for one in (typo, rewritten, withdrawn, back)] == [1, 1, 0, 1]
    assert withdrawn.withdrawn == 1
    assert after["a1"][0] == before["a1"][0]
    assert [slug for slug, _ in after["a1"]] == ["world", "sport"]


async def test_deleted_articles_are_withdrawn_by_a_sweep_unless_too_many_are_gone(newsroom: Newsroom) -> None:
    """One of ten is taken back; three of nine look like an accident, are reported and stay."""
    for number in range(10):
        newsroom.store.put(f"a{number}", labels=["World"], published=EARLY)
    await _pass(newsroom)
    del newsroom.store.rows["a0"]
    one = await _pass(newsroom, full=True)
    for number in (1, 2, 3):
        del newsroom.store.rows[f"a{number}"]
    many = await _pass(newsroom, full=True)

    assert (one.withdrawn, one.troubles) == (1, [])
    assert (many.withdrawn, len(many.troubles)) == (0, 1)
    assert list((await _states(newsroom.database)).values()).count("withdrawn") == 1


async def test_a_rejected_article_is_told_of_and_comes_in_when_it_is_mended(newsroom: Newsroom) -> None:
    """It is rejected again at each sweep, with the reason, logged once, and costs the others nothing."""
    newsroom.store.put("a1", labels=["World"], published=EARLY, title="")
    newsroom.store.put("a2", labels=["World"], published="no date at all")
    newsroom.store.put("a3", labels=["World"], published=EARLY, url="javascript:alert(1)")
    newsroom.store.put("a4", labels=["World"], published=EARLY)
    with capture_logs() as lines:
        first = await _pass(newsroom)
        again = await _pass(newsroom, full=True)
    newsroom.store.change("a1", title="A title")
    mended = await _pass(newsroom)

    assert (first.added, sorted(one.id for one in first.rejected)) == (1, ["a1", "a2", "a3"])
    assert all(one.reason for one in first.rejected)
    assert sorted(one.id for one in again.rejected) == ["a1", "a2", "a3"]
    logged = {one["article"]: one["reason"] for one in lines if one["event"] == "article_rejected"}
    assert logged == {one.id: one.reason for one in first.rejected}
    assert len(lines) == len(logged) + 1
    assert (mended.added, mended.rejected) == (1, [])


async def test_the_dirtiest_article_costs_no_other_its_place(newsroom: Newsroom, tmp_path: Path) -> None:
    """Not in collecting, not in the feeds, not in a digest."""
    dirt = "\x00\x0b\ud800 ]]> <script>alert(1)</script> &bogus; \uffff"
    store = newsroom.store
    store.put("good1", labels=["World"], published=EARLY)
    store.put("dirty1", labels=["World"], published=EARLY, title="=?utf-8?q?a=0D=0ABcc:_x=40y?=" + dirt, text=dirt)
    store.put("dirty2", labels=["World", "\x00\ud800"], published=EARLY, text=words(2, 200_000), authors=())
    store.put("dirty3", labels=["World"], published="1969-12-31T23:59:59Z", summary=dirt, tags=(dirt,), guid=dirt)
    store.put("dirty4", labels=["World"], published="2100-01-01T00:00:00Z", authors=(dirt, ""), language=dirt)
    store.put("dirty5", labels=["World"], published="", url=dirt, title=dirt)
    store.put("bad\ud800\x00id", labels=["World"], published=EARLY)
    store.put("x" * 20_000, labels=["World"], published=EARLY)
    store.put("long9", labels=["World"], published=EARLY, guid="\u4e16" * 5_000)
    store.put("good2", labels=["World"], published=EARLY)

    result = await _pass(newsroom)
    again = await _pass(newsroom, full=True)
    await newsroom.add_reader("ann")
    newsroom.clock.moment = utc("2026-05-04T07:00")
    published = await publish(
        database=newsroom.database,
        shelf=Shelf(tmp_path / "public"),
        settings=FEED_SETTINGS,
        clock=newsroom.clock,
        cache=EntryCache(),
        sections=None,
    )
    await newsroom.send()

    states = await _states(newsroom.database)
    assert not result.troubles
    assert not again.troubles
    assert (again.added, again.revised) == (0, 0)
    assert {"good1", "good2", "dirty1", "dirty2"} <= {name for name, state in states.items() if state == "published"}
    assert {one.id for one in result.rejected} >= {"long9"}
    assert len(result.rejected) + result.added == 10
    assert not published.troubles
    feed = (tmp_path / "public" / "world.xml").read_text()
    assert feed.count("<item>") >= 4
    assert "<script" not in feed
    (mail,) = newsroom.relay.to("ann")
    assert {"good1", "good2", "dirty1"} <= set(mail.articles)


async def test_an_embargo_ends_at_its_hour(newsroom: Newsroom) -> None:
    """Nobody sees it before, not even its number."""
    newsroom.store.put("a1", labels=["World"], published=utc("2026-05-04T06:30"))
    added = await _pass(newsroom)
    early, before = await newsroom.collecting.release(), await _numbers(newsroom.database)
    newsroom.clock.moment = utc("2026-05-04T06:30")
    released, after = await newsroom.collecting.release(), await _numbers(newsroom.database)

    assert (added.added, early, before) == (1, 0, {})
    assert released == 1
    assert list(after) == ["a1"]
    assert await newsroom.collecting.release() == 0


async def test_two_collectors_at_once_agree(newsroom: Newsroom) -> None:
    """Both read the same new, changed and withdrawn articles; each is stored once."""
    for number in range(8):
        newsroom.store.put(f"a{number}", labels=["World", f"Label {number}"], published=EARLY)
    one, two = newsroom.collecting, _other_process(newsroom)
    first = await asyncio.gather(one.collect(newsroom.store), two.collect(newsroom.store))
    for number in range(4):
        newsroom.store.change(f"a{number}", title=f"Changed {number}")
    newsroom.store.change("a7", status="withdrawn")
    second = await asyncio.gather(one.collect(newsroom.store), two.collect(newsroom.store))

    assert sum(result.added for result in first) == 8
    assert sum(result.revised for result in second) == 4
    assert sum(result.withdrawn for result in second) == 1
    assert not [result.troubles for result in (*first, *second) if result.troubles]


async def test_a_taken_guid_is_rejected_and_leaves_no_trace(newsroom: Newsroom) -> None:
    """Two articles that claim one id, beside others that tell the same story: the second is rejected, the page is stored."""
    text = words(1)
    newsroom.store.put("a1", labels=["World"], published=EARLY, text=text, guid="urn:one")
    newsroom.store.put("a2", labels=["World"], published=EARLY, text=text, guid="urn:one")
    newsroom.store.put("a3", labels=["World"], published=EARLY, text=text)
    result = await _pass(newsroom)
    later = Store(name="elsewhere")
    later.put("a4", labels=["World"], published=EARLY, text=text, guid="urn:one")
    later.put("a5", labels=["World"], published=EARLY, text=text)
    clash = await _pass(newsroom, later)

    assert (result.added, [one.id for one in result.rejected]) == (2, ["a2"])
    assert (clash.added, [one.id for one in clash.rejected]) == (1, ["a4"])


async def test_a_pass_that_was_cut_off_leaves_nothing_behind(newsroom: Newsroom) -> None:
    """What was judged and not stored is related to nothing when the pass is made again."""
    text, reading, go_on = words(1), threading.Event(), threading.Event()
    for name in ("a1", "a2", "a3"):
        newsroom.store.put(name, labels=["World"], published=EARLY, text=text)

    class Slow(Store):
        """A store whose last article takes its time."""

        def fetch(self, bookmark: str | None, *, full: bool) -> Iterator[Page]:
            """Yield one page."""
            (page,) = super().fetch(bookmark, full=full)
            *others, last = page.candidates

            def read() -> Incoming:
                reading.set()
                go_on.wait(30)
                return last.read()

            yield replace(page, candidates=(*others, replace(last, read=read)))

    slow = Slow(rows=newsroom.store.rows)
    task = asyncio.create_task(newsroom.collecting.collect(slow))
    await asyncio.to_thread(reading.wait, 30)
    task.cancel()
    go_on.set()
    await asyncio.gather(task, return_exceptions=True)
    result = await _pass(newsroom)
    async with newsroom.database.read() as connection:
        pairs = len((await connection.execute(select(related.c.article))).all())

    assert result.added == 3
    assert pairs == 6


async def _links(newsroom: Newsroom) -> dict[str, set[str]]:
    """Return article → those related to it, and those that tell the same story."""
    other = article.alias()
    query = (
        select(article.c.source_id, other.c.source_id.label("other"))
        .join(related, related.c.article == article.c.key)
        .join(other, other.c.key == related.c.other)
    )
    found: dict[str, set[str]] = {}
    async with newsroom.database.read() as connection:
        for row in await connection.execute(query):
            found.setdefault(row.source_id, set()).add(row.other)
    return found


async def test_old_articles_find_those_around_their_own_date(newsroom: Newsroom) -> None:
    """Years after the news, a process that starts anew relates what comes late to what was published within seven days of it."""
    long_ago = EARLY - timedelta(days=1000)
    for number, days in enumerate((-8, -7, 0, 7, 8)):
        newsroom.store.put(
            f"a{number}", labels=["World"], published=long_ago + timedelta(days=days), text=words(number)
        )
    await _pass(newsroom)
    late = _other_process(newsroom)
    for number in (1, 3, 4):
        newsroom.store.put(f"b{number}", labels=["World"], published=long_ago, text=words(number))
    await late.collect(newsroom.store)
    remembered = len(late.memory.index)
    await late.collect(newsroom.store)
    links = await _links(newsroom)

    assert (links["b1"], links["b3"]) == ({"a1"}, {"a3"})
    assert remembered >= 6
    assert len(late.memory.index) == 0


async def test_the_first_of_a_page_knows_the_last(newsroom: Newsroom) -> None:
    """Of thirty events three articles each come in their order, all on one page: the first find the others as the last do."""
    chance, vocabulary = random.Random(3), words(1000, 3000).split()
    newsroom.store.size = 100
    for number in range(90):
        if number % 3 == 0:
            event = chance.sample(vocabulary, 30)
        text = " ".join(chance.choices(event, k=60) + chance.choices(vocabulary, k=90))
        newsroom.store.put(f"a{number:02}", labels=["World"], published=EARLY, text=text)
    await _pass(newsroom)
    links = await _links(newsroom)
    events = [{f"a{number:02}" for number in range(first, first + 3)} for first in range(0, 90, 3)]

    assert links == {name: event - {name} for event in events for name in event}


async def test_automatic_sections_keep_their_slugs(newsroom: Newsroom) -> None:
    """A label that was met before gets what it got, however it is spelled; a clash gets a number."""
    newsroom.store.put("a1", labels=["Arts; Books"], published=EARLY)
    newsroom.store.put("a2", labels=["Arts, Books"], published=EARLY)
    await _pass(newsroom)
    newsroom.store.put("a3", labels=["ARTS,  books"], published=EARLY)
    newsroom.store.put("a4", labels=["Admin"], published=EARLY)
    await _pass(newsroom)
    async with newsroom.database.read() as connection:
        slugs = set((await connection.execute(select(section.c.slug).where(section.c.label.is_not(None)))).scalars())
    numbers = await _numbers(newsroom.database)

    assert slugs == {"arts-books", "arts-books-2", "admin-2"}
    assert numbers["a2"][0][0] == numbers["a3"][0][0] == "arts-books-2"


async def test_an_article_that_moves_is_not_sent_again(newsroom: Newsroom, clock: StoppedClock) -> None:
    """Who reads both sections got it where it stood before."""
    newsroom.store.put("a1", labels=["World"], published=EARLY)
    await newsroom.collect()
    await newsroom.add_reader("ann", sections=["world", "sport"])
    await newsroom.add_reader("bob", sections=["sport"])
    clock.moment = utc("2026-05-04T07:00")
    await newsroom.send()
    clock.advance(timedelta(hours=1))
    newsroom.store.change("a1", labels=("Sport",))
    newsroom.store.put("a2", labels=["Sport"], published=clock.now())
    await newsroom.collect()
    clock.moment = utc("2026-05-05T07:00")
    await newsroom.send()

    assert [sent.articles for sent in newsroom.relay.to("ann")] == [["a1"], ["a2"]]
    assert [sorted(sent.articles) for sent in newsroom.relay.to("bob")] == [["a2"]]


COUNTING = """
import asyncio, sys
from pathlib import Path
from sqlalchemy import text
from syndicate.storage.counter import take_numbers
from syndicate.storage.database import Database, async_url

async def main() -> None:
    database = Database(async_url(sys.argv[1], folder=Path(".")))
    for _ in range(50):
        async with database.begin() as connection:
            before = (await connection.execute(text("SELECT n FROM counter WHERE name = 'by hand'"))).scalar_one()
            await connection.execute(text("UPDATE counter SET n = :n WHERE name = 'by hand'"), {"n": before + 1})
            await take_numbers(connection, 1)
    await database.close()

asyncio.run(main())
"""


async def test_two_processes_lose_no_write(sqlite_template: Path, tmp_path: Path) -> None:
    """SQLite's write lock is taken before anything is read, so that what was read still holds when it is written."""
    path = tmp_path / "syndicate.db"
    path.write_bytes(sqlite_template.read_bytes())
    database = Database(async_url(f"sqlite:///{path}", folder=tmp_path), pool_size=1)
    async with database.begin() as connection:
        await connection.exec_driver_sql("INSERT INTO counter (name, n) VALUES ('by hand', 0)")
    workers = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", COUNTING, f"sqlite:///{path}") for _ in range(2)
    ]
    codes = [await worker.wait() for worker in workers]
    async with database.read() as connection:
        counts = await current_number(connection, name="by hand"), await current_number(connection)
    await database.close()

    assert codes == [0, 0]
    assert counts == (100, 100)


async def test_a_withdrawn_article_is_linked_to_nowhere(newsroom: Newsroom) -> None:
    """Who linked to it is built again without it, also in sections that it was not in."""
    for one in load_demo():
        if one.arrives is None:
            section = "World" if one.id.endswith("e") else "Sport"
            newsroom.store.put(one.id, labels=[section], published=EARLY, text=one.body)
    await _pass(newsroom)
    async with newsroom.database.read() as connection:
        before = await list_articles(connection)
        loaded = await load_articles(connection, [one.key for one in before])
        versions = await load_versions(connection)
    linking = next(one for one in loaded.values() if one.related)
    gone = next(one for one in before if one.id == linking.related[0].id)

    correcting = Correcting(database=newsroom.database, clock=newsroom.clock, index=newsroom.collecting.memory.index)
    await correcting.withdraw(gone.key)

    async with newsroom.database.read() as connection:
        after = (await load_articles(connection, [linking.key]))[linking.key]
        moved = await load_versions(connection)
    assert gone.id not in {link.id for link in after.related}
    assert all(moved[slug].seq > versions[slug].seq for slug in (*linking.sections, *gone.sections))


@pytest.mark.parametrize("by", ["operator", "source"])
async def test_a_headline_that_was_taken_back_is_printed_in_no_section(newsroom: Newsroom, by: str) -> None:
    """The sections of those that link to it are built again, whoever took it back and wherever it stood itself."""
    for one in load_demo():
        if one.arrives is None:
            section = "World" if one.id.endswith("e") else "Sport"
            newsroom.store.put(one.id, labels=[section], published=EARLY, text=one.body)
    await _pass(newsroom)
    async with newsroom.database.read() as connection:
        known = {one.id: one for one in await list_articles(connection)}
        loaded = await load_articles(connection, [one.key for one in known.values()])
        before = await load_versions(connection)
    pairs = [(one, known[link.id]) for one in loaded.values() for link in one.related]
    linking, gone = next((one, other) for one, other in pairs if not {*one.sections} & {*other.sections})

    if by == "operator":
        correcting = Correcting(
            database=newsroom.database, clock=newsroom.clock, index=newsroom.collecting.memory.index
        )
        await correcting.withdraw(gone.key)
    else:
        newsroom.store.change(gone.source_id, status="withdrawn")
        await _pass(newsroom)

    async with newsroom.database.read() as connection:
        after = await load_versions(connection)
    assert all(after[slug].seq > before[slug].seq for slug in linking.sections)
