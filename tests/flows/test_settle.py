"""What is stored follows the configuration: sections that get another name, other rules, digests that come at another hour."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from syndicate.clock import StoppedClock
from syndicate.config import load
from syndicate.core.readers import Change
from syndicate.flows.choosing import Choosing
from syndicate.model import Rhythm
from syndicate.storage.tables import subscriber
from tests.press import CONFIGURATION, Press

DAILY = '[[digest]]\nname = "daily"\nat = "07:00"\n'
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@asynccontextmanager
async def configured(
    before: Press | None, url: str, folder: Path, clock: StoppedClock, digests: str, *changes: tuple[str, str]
) -> AsyncIterator[Press]:
    """Start the program on a configuration, with the content store that there was before."""
    text = CONFIGURATION.format(url=url, digests=digests)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / "syndicate.toml").write_text(text, encoding="utf-8")
    press = Press(load(str(folder / "syndicate.toml"), env={}), clock)
    if before is not None:
        press.store = before.store
    try:
        await press.app.open()
        yield press
    finally:
        await press.close()


RENAMED = ('slug = "world"\ntitle = "World"', 'slug = "abroad"\ntitle = "Abroad"\nwas = ["world"]\nmatch = ["World"]')


async def test_a_section_that_gets_another_name_keeps_its_articles_and_its_readers(
    database_url: str, tmp_path: Path, clock: StoppedClock
) -> None:
    """Nothing comes twice and nothing is missed; who had chosen it has it under its new name, and its feed is the same."""
    async with configured(None, database_url, tmp_path, clock, DAILY) as press:
        await press.reader("bea", "daily", at=["sport", "world"])
        await press.reader("ann", "daily")
        await press.write("a")
        clock.advance(HOUR)
        first = await press.morning()
        before = (await press.app.publish()).written
    async with configured(press, database_url, tmp_path, clock, DAILY, RENAMED) as press:
        await press.write("b")
        again = await press.article("a")
        clock.advance(DAY)
        second = await press.morning()
        after = (await press.app.publish()).written
        desk = await press.app.desk()
        chosen = [one["section"] for one in (await desk.show("bea@readers.example"))["sections"]]

    assert first == {"ann@readers.example": ["a"], "bea@readers.example": ["a"]}
    assert second == {"ann@readers.example": ["b"], "bea@readers.example": ["b"]}
    assert list(again.sections) == ["abroad"]
    assert chosen == ["sport", "abroad"]
    assert any("world" in one for one in before)
    assert any("abroad" in one for one in after)


async def test_a_section_comes_to_one_that_there_is(database_url: str, tmp_path: Path, clock: StoppedClock) -> None:
    """Two that become one: the articles move as they are read again, those who had both have one, and nothing comes twice."""
    merged = (
        ('[[section]]\nslug = "world"\ntitle = "World"\n', ""),
        (
            'slug = "sport"\n',
            'slug = "sport"\nwas = ["world"]\nmatch = ["Sport", "World"]\n',
        ),
    )
    async with configured(None, database_url, tmp_path, clock, DAILY) as press:
        await press.reader("ann", "daily", at=["world", "sport"])
        await press.reader("bea", "daily", at=["world"])
        await press.reader("cem", "daily", at=["sport"])
        await press.write("a")
        await press.write("b", "Sport")
        clock.advance(HOUR)
        first = await press.morning()
    async with configured(press, database_url, tmp_path, clock, DAILY, *merged) as press:
        await press.write("c")
        clock.advance(DAY)
        second = await press.morning()
        sections = {name: list((await press.article(name)).sections) for name in "abc"}

    assert {name: set(names) for name, names in first.items()} == {
        "ann@readers.example": {"a", "b"},
        "bea@readers.example": {"a"},
        "cem@readers.example": {"b"},
    }
    assert second["ann@readers.example"] == ["c"]
    assert "a" not in second["bea@readers.example"]
    assert "b" not in second["cem@readers.example"]
    assert sections == {name: ["sport"] for name in "abc"}


async def test_a_section_that_is_renamed_after_another_came_to_it_keeps_its_places(
    database_url: str, tmp_path: Path, clock: StoppedClock
) -> None:
    """What is left below the first name does not keep the second from moving."""
    first = (
        ('slug = "sport"\n', 'slug = "sport"\nwas = ["world"]\n'),
        ('[[section]]\nslug = "world"\ntitle = "World"\n', ""),
    )
    second = (
        ('[[section]]\nslug = "world"\ntitle = "World"\n', ""),
        ('slug = "sport"\n', 'slug = "games"\nwas = ["world", "sport"]\n'),
    )
    async with configured(None, database_url, tmp_path, clock, DAILY) as press:
        await press.write("a")
        await press.write("b", "Sport")
    async with configured(press, database_url, tmp_path, clock, DAILY, *first) as press:
        pass
    async with configured(press, database_url, tmp_path, clock, DAILY, *second) as press:
        moved = list((await press.article("b")).sections)
        await press.collect()
        sections = {name: list((await press.article(name)).sections) for name in "ab"}

    assert moved == ["games"]
    assert sections == {"a": ["games"], "b": ["games"]}


async def test_rules_that_change_move_what_is_known(database_url: str, tmp_path: Path, clock: StoppedClock) -> None:
    """An article that is as it was goes where the rules want it now, and not to those who had it."""
    moved = ('slug = "sport"\ntitle = "Sport"', 'slug = "sport"\ntitle = "Sport"\nmatch = ["Sport", "Chess"]')
    async with configured(None, database_url, tmp_path, clock, DAILY) as press:
        await press.write("a", "Chess")
        await press.reader("ann", "daily", at=["chess", "sport"])
        clock.advance(HOUR)
        first = await press.morning()
        automatic = list((await press.article("a")).sections)
    async with configured(press, database_url, tmp_path, clock, DAILY, moved) as press:
        await press.collect()
        now = list((await press.article("a")).sections)
        await press.app.publish()
        feed = (tmp_path / "public" / "sport.xml").read_text("utf-8")
        clock.advance(DAY)
        second = await press.morning()

    assert (automatic, now) == (["chess"], ["sport"])
    assert "/stories/a" in feed
    assert first == {"ann@readers.example": ["a"]}
    assert second == {}


async def rhythm(press: Press, name: str) -> Rhythm:
    """Return when a reader's first digest comes."""
    readership = await press.app.readership()
    async with press.app.database.read() as connection:
        public_id = await connection.scalar(
            select(subscriber.c.public_id).where(subscriber.c.email == f"{name}@readers.example")
        )
    found = await Choosing(readership=readership, signer=press.app.signer).preferences(
        press.app.signer.preferences(str(public_id))
    )
    return found.reader.subscriptions[0].rhythm


async def choose(press: Press, name: str, change: Change) -> None:
    """Let a reader choose on his page."""
    async with press.app.database.read() as connection:
        public_id = await connection.scalar(
            select(subscriber.c.public_id).where(subscriber.c.email == f"{name}@readers.example")
        )
    choosing = Choosing(readership=await press.app.readership(), signer=press.app.signer)
    await choosing.change(press.app.signer.preferences(str(public_id)), change)


@pytest.mark.parametrize(
    ("digest", "theirs", "his"),
    [
        ('name = "daily"\nat = "09:00"\n', (540, 0b1111111), (1110, 0b1111111)),
        ('name = "daily"\nat = "07:00"\ndays = ["monday"]\n', (420, 0b0000001), (1110, 0b1111111)),
        ('name = "daily"\nat = "08:00"\ncadence = "weekly"\nday = "friday"\n', (480, 0b0010000), (1110, 0b0010000)),
        ('name = "daily"\ncadence = "instant"\nquiet = "22:00-06:00"\n', (None, 0b1111111), (None, 0b1111111)),
    ],
)
async def test_a_digest_that_is_offered_otherwise_comes_so(
    database_url: str,
    tmp_path: Path,
    clock: StoppedClock,
    digest: str,
    theirs: tuple[int | None, int],
    his: tuple[int | None, int],
) -> None:
    """To those who took it as it was, whatever their zone; an hour that a reader chose himself stays his."""
    async with configured(None, database_url, tmp_path, clock, DAILY) as press:
        await press.reader("ann", "daily")
        await press.reader("bea", "daily", zone="Asia/Tokyo")
        await press.reader("cem", "daily")
        await choose(press, "cem", Change(minutes={"daily": 1110}))
    for _ in range(2):
        async with configured(press, database_url, tmp_path, clock, f"[[digest]]\n{digest}") as press:
            found = {name: await rhythm(press, name) for name in ("ann", "bea", "cem")}

    assert (found["ann"].minute, found["ann"].weekdays) == theirs
    assert (found["bea"].minute, found["bea"].weekdays, found["bea"].zone) == (*theirs, "Asia/Tokyo")
    assert (found["cem"].minute, found["cem"].weekdays) == his
    assert len({one.quiet for one in found.values()}) == 1


async def test_a_later_hour_repeats_nothing(database_url: str, tmp_path: Path, clock: StoppedClock) -> None:
    """Who had today's gets at the new hour what came since, and nothing else."""
    async with configured(None, database_url, tmp_path, clock, DAILY) as press:
        await press.reader("ann", "daily")
        await press.write("a")
        clock.advance(HOUR)
        first = await press.morning()
        await press.write("b")
    async with configured(press, database_url, tmp_path, clock, DAILY.replace("07:00", "09:00")) as press:
        clock.advance(2 * HOUR)
        second = await press.morning()
        clock.advance(DAY)
        third = await press.morning()

    assert (first, second, third) == ({"ann@readers.example": ["a"]}, {"ann@readers.example": ["b"]}, {})


async def test_what_is_read_here_moves_with_the_public_address(
    database_url: str, tmp_path: Path, clock: StoppedClock
) -> None:
    """An article without an address of its own has its page below the new one; a start that changes nothing leaves it."""
    moved = ("https://feeds.news.example/", "https://read.news.example/")
    async with configured(None, database_url, tmp_path, clock, DAILY) as press:
        await press.write("a", url="")
        before = (await press.article("a")).url
    async with configured(press, database_url, tmp_path, clock, DAILY, moved) as press:
        after = (await press.article("a")).url
    async with configured(press, database_url, tmp_path, clock, DAILY, moved, RENAMED) as press:
        again = (await press.article("a")).url

    assert before.startswith("https://feeds.news.example/articles/")
    assert after == again == before.replace("feeds.", "read.")
