"""Editions that wait for an editor's yes."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from syndicate.clock import StoppedClock
from syndicate.flows.preview import Previewed
from syndicate.model import EditionId
from syndicate.storage import approvals
from tests.press import COPIED, Press, body_of, names_in

DIGESTS = """
[[digest]]
name = "daily"
at = "07:00"
approval = true
deadline = "20m"
otherwise = "send"
[[digest]]
name = "careful"
at = "07:00"
approval = true
deadline = "20m"
otherwise = "skip"
"""
FIRE = (
    "<p>The old Carfin factory in Leith burned down on Sunday night. Forty firefighters fought the flames until dawn.</p>"
    "<p>Nobody was hurt, said fire chief Moira Tennant. The factory of Carfin had stood empty since the spring.</p>"
)
ARSON = (
    "<p>Police believe that the fire at the Carfin factory in Leith was laid. A can of petrol was found, fire chief Moira Tennant said.</p>"
    "<p>The factory burned down on Sunday; the flames could be seen across Leith. Carfin wanted to sell it in the spring.</p>"
)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
async def press(database_url: str, tmp_path: Path, clock: StoppedClock) -> AsyncIterator[Press]:
    """Yield a newsroom at seven, with an article."""
    opened = await Press.open(database_url, tmp_path, clock, DIGESTS)
    await opened.write("bridge")
    clock.advance(HOUR)
    yield opened
    await opened.close()


async def preview_of(press: Press, reader: str) -> Previewed:
    """Return what an editor sees."""
    found = await press.app.previewing.preview(
        reader, digest="daily", at=None, letters=press.app.letters, postman=press.app.postman
    )
    assert isinstance(found, Previewed)
    return found


async def say_yes(press: Press, edition: int = 1) -> bool:
    """Let an edition go."""
    async with press.app.database.begin() as connection:
        return await approvals.approve(connection, EditionId(edition), now=press.clock.now())


async def say_no(press: Press) -> bool:
    """Stop the first edition."""
    async with press.app.database.begin() as connection:
        return await approvals.reject(connection, EditionId(1))


async def test_nothing_goes_before_the_yes(press: Press) -> None:
    """Then it does, once."""
    ann = await press.reader("ann", "daily")
    assert await press.morning() == {}
    assert await press.editions() == [("daily", "2026-05-04", "waiting")]
    assert await press.states() == {}
    press.clock.advance(5 * MINUTE)
    assert await press.morning() == {}

    assert await say_yes(press)
    assert not await say_yes(press)

    assert await press.morning() == {ann: ["bridge"]}
    assert await press.morning() == {}
    assert await press.editions() == [("daily", "2026-05-04", "done")]


async def test_a_no_keeps_the_articles_for_the_next(press: Press) -> None:
    """Nothing is lost by it, and the edition cannot be approved any more."""
    ann = await press.reader("ann", "daily")
    await press.send("daily")

    assert await say_no(press)
    assert not await say_yes(press)
    press.clock.advance(HOUR)
    assert await press.morning() == {}
    press.clock.advance(DAY - HOUR)
    await press.write("ferry")
    await press.send("daily")
    await say_yes(press, 2)

    assert sorted((await press.morning())[ann]) == ["ferry"]  # his first edition covers one period by date


async def test_without_an_answer_the_policy_decides(press: Press) -> None:
    """At the deadline, by the digest's own."""
    ann, bob = await press.reader("ann", "daily"), await press.reader("bob", "careful")
    await press.send("daily")
    await press.send("careful")
    press.clock.advance(19 * MINUTE)
    assert (await press.morning(), await press.morning("careful")) == ({}, {})

    press.clock.advance(MINUTE)

    assert await press.morning() == {ann: ["bridge"]}
    assert await press.morning("careful") == {}
    assert [state for _, _, state in await press.editions()] == ["done", "rejected"]
    assert bob not in press.received()


async def test_what_changes_while_it_waits_is_seen(press: Press) -> None:
    """A withdrawn article is gone, and what came in since is for the next."""
    ann = await press.reader("ann", "daily")
    await press.write("ferry")
    await press.send("daily")
    await press.write("late")
    await press.app.correcting.withdraw((await press.article("bridge")).key)
    await say_yes(press)

    assert await press.morning() == {ann: ["ferry"]}


async def test_an_editor_is_shown_what_waits_for_his_yes(press: Press) -> None:
    """Not what has come in since: the subject that he reads is the one that goes."""
    ann = await press.reader("ann", "daily")
    await press.send("daily")
    press.clock.advance(5 * MINUTE)
    await press.write("late")

    explained = await press.app.previewing.explain(ann, digest="daily", at=None)
    await say_yes(press)
    went = await press.morning()

    assert went == {ann: ["bridge"]}
    assert [one.placed.article.source_id for one in explained.selection.rulings if one.included] == ["bridge"]


async def test_a_copy_that_comes_while_it_waits_is_for_the_next(press: Press) -> None:
    """It makes the story that it tells no bigger and stands nowhere beside it; the next day it stands alone."""
    ann = await press.reader("ann", "daily")
    await press.write("fire", at=press.clock.now() - 2 * HOUR, body=COPIED, summary=None)
    await press.send("daily")
    press.clock.advance(5 * MINUTE)
    shown = await preview_of(press, ann)
    await press.write("wire", title="The wire has it", body=COPIED, summary=None)
    again = await preview_of(press, ann)
    await say_yes(press)
    await press.send("daily")
    (message,) = press.outbox.take()

    assert sorted(names_in(message, press.store.articles)) == ["bridge", "fire"]
    assert message["Subject"] == shown.subject == again.subject == "bridge: harbour"
    assert "The wire has it" not in body_of(message)
    press.clock.advance(DAY)
    await press.send("daily")
    await say_yes(press, 2)
    assert await press.morning() == {ann: ["wire"]}


async def test_a_link_to_what_comes_while_it_waits_is_for_the_next(press: Press) -> None:
    """An edition links to what was there when it was planned."""
    await press.reader("ann", "daily")
    await press.write("fire", title="Factory in Leith burns down", body=FIRE, summary=None)
    await press.send("daily")
    press.clock.advance(5 * MINUTE)
    await press.write("arson", title="Police on factory that burned down in Leith", body=ARSON, summary=None)
    await say_yes(press)
    await press.send("daily")
    (message,) = press.outbox.take()

    assert [link.url for link in (await press.article("fire")).related] == ["https://news.example/stories/arson"]
    assert sorted(names_in(message, press.store.articles)) == ["bridge", "fire"]


async def test_a_reader_is_named_whose_mail_an_editor_can_look_at(press: Press) -> None:
    """The first to whom the edition may go."""
    ann, ben = [await press.reader(name, "daily") for name in ("ann", "ben")]
    await press.send("daily")
    async with press.app.database.read() as connection:
        (waiting,) = await approvals.waiting_editions(connection)
    examples = [await press.app.previewing.example(waiting)]
    for reader in (ann, ben):
        await (await press.app.desk()).suppress(reader)
        examples.append(await press.app.previewing.example(waiting))

    assert examples == [ann, ben, None]


async def test_an_editor_sees_what_changed_since_the_last(press: Press) -> None:
    """New articles, and those that stood in the last edition alone."""
    ann = await press.reader("ann", "daily")
    await press.send("daily")
    await say_yes(press)
    await press.morning()
    press.clock.advance(DAY)
    await press.write("ferry")

    found = await press.app.previewing.compare(ann, digest="daily", at=None)

    assert [one.source_id for one in found.added] == ["ferry"]
    assert [one.source_id for one in found.removed] == ["bridge"]
    assert found.kept == ()


async def test_a_long_deadline_leaves_time_to_send(database_url: str, tmp_path: Path, clock: StoppedClock) -> None:
    """The grace of six hours begins when the editor's time is over; an edition that is older even so is turned down, and lost to nobody."""
    press = await Press.open(database_url, tmp_path, clock, DIGESTS.replace('"20m"', '"8h"'))
    try:
        ann = await press.reader("ann", "daily")
        await press.write("bridge")
        clock.advance(HOUR)
        assert await press.morning() == {}
        clock.advance(8 * HOUR + MINUTE)
        late = await press.morning()
        await press.write("tunnel")
        clock.advance(16 * HOUR)
        await press.send("daily")
        clock.advance(DAY)  # nobody was there, and neither was the daemon
        assert not await say_yes(press, 2)
        await press.app.planning.plan()
        clock.advance(8 * HOUR + MINUTE)

        assert late == {ann: ["bridge"]}
        assert [state for _, _, state in await press.editions()] == ["done", "rejected", "waiting"]
        assert await press.morning() == {ann: ["tunnel"]}
    finally:
        await press.close()
