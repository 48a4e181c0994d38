"""Corrections are told to exactly those readers who received the wrong version."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from syndicate.clock import StoppedClock
from syndicate.model import Outcome, Receipt
from tests.press import Press, body_of

DIGESTS = """
[[digest]]
name = "daily"
at = "07:00"
[[digest]]
name = "weekly"
cadence = "weekly"
at = "07:00"
day = "tuesday"
[[digest]]
name = "long"
cadence = "daily"
at = "07:00"
max-items = 200
[editions]
uncertain = "hold"
"""
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NOTE = "The bridge is in Leith."
HEADING = "We have corrected an article that we sent you:"
WITHDRAWN = "We have withdrawn an article that we sent you:"


@pytest.fixture
async def press(database_url: str, tmp_path: Path, clock: StoppedClock) -> AsyncIterator[Press]:
    """Yield a newsroom on Monday at six, whose daily goes out at seven."""
    opened = await Press.open(database_url, tmp_path, clock, DIGESTS)
    yield opened
    await opened.close()


async def told(press: Press, digest: str = "daily", *, heading: str = HEADING, note: str = NOTE) -> dict[str, bool]:
    """Send a digest and return address → whether the message told of it, in both its parts."""
    await press.send(digest)
    found = {}
    for message in press.outbox.take():
        parts = [heading in body_of(message, kind) and note in body_of(message, kind) for kind in ("plain", "html")]
        assert parts[0] == parts[1]
        found[str(message["To"])] = parts[0]
    return found


async def correct(press: Press, name: str = "bridge", revision: int | None = None) -> None:
    """Correct an article."""
    await press.app.correcting.correct((await press.article(name)).key, note=NOTE, wrong_to=revision)


async def next_morning(press: Press, *, news: bool = True) -> None:
    """Move on to the next morning, with a fresh article."""
    press.clock.advance(DAY)
    if news:
        await press.write(f"fresh{press.clock.now().day}")


async def test_only_who_received_it_is_told_and_only_once(press: Press) -> None:
    """Not who reads other sections, nor who came later."""
    got = await press.reader("got", "daily")
    other = await press.reader("other", "daily", at=["sport"])
    await press.write("bridge")
    await press.write("match", "Sport")
    press.clock.advance(HOUR)
    assert await told(press) == {got: False, other: False}
    late = await press.reader("late", "daily")
    await correct(press)

    await next_morning(press)
    await press.write("cup", "Sport")

    assert await told(press) == {got: True, other: False, late: False}
    await next_morning(press)
    assert await told(press) == {got: False, late: False}


async def test_what_a_message_had_no_room_for_was_not_received(press: Press) -> None:
    """It is on the web, as the message says; of what stood in it everybody hears."""
    reader = await press.reader("ann", "long", at=["world", "sport"])
    for number in range(120):
        press.put(f"story{number}", "World" if number % 4 else "Sport", title=f"Story {number}: {'long words ' * 25}")
    await press.collect()
    press.clock.advance(HOUR)
    await press.send("long")
    body = body_of(press.outbox.take(reader)[0], "html")
    shown = [number for number in range(120) if f"Story {number}:" in body]
    left = sorted(set(range(120)) - set(shown))
    assert (
        min(len([n for n in shown if n % 4]), len([n for n in shown if not n % 4])) > 20
    )  # neither section crowds the other out

    await correct(press, f"story{left[0]}")
    await next_morning(press)
    assert await told(press, "long") == {reader: False}
    await correct(press, f"story{shown[-1]}")
    await next_morning(press)
    assert await told(press, "long") == {reader: True}


async def test_who_got_the_mended_version_is_not_told(press: Press) -> None:
    """An article that was mended in its store a short while ago is wrong in its former revisions only."""
    early = await press.reader("early", "daily")
    late = await press.reader("late", "daily", zone="Atlantic/Cape_Verde")  # an hour behind
    await press.write("bridge")
    press.clock.advance(HOUR)
    assert await told(press) == {early: False}
    await press.change("bridge", body="<p>The bridge of Leith is closed for 3 weeks.</p>")
    press.clock.advance(HOUR)
    assert await told(press) == {late: False}
    await correct(press)

    await next_morning(press)

    assert await told(press) == {early: True, late: False}


async def test_who_got_the_note_beside_the_article_is_not_told_again(press: Press) -> None:
    """The article is labelled in every digest that goes out after its correction, and that is enough."""
    early, late = await press.reader("early", "daily"), await press.reader("late", "daily", zone="Atlantic/Cape_Verde")
    await press.write("bridge")
    press.clock.advance(HOUR)
    assert await told(press) == {early: False}
    await correct(press)
    press.clock.advance(HOUR)
    await press.send("daily")
    (labelled,) = press.outbox.take(late)
    assert "CORRECTED" in body_of(labelled).upper()
    assert body_of(labelled).count(NOTE) == 1

    await next_morning(press)

    assert await told(press) == {early: True, late: False}


async def test_the_notice_waits_for_news(press: Press) -> None:
    """Nothing goes out for a correction alone; the next edition that has news brings it."""
    got = await press.reader("got", "daily")
    await press.write("bridge")
    press.clock.advance(HOUR)
    await told(press)
    await correct(press)

    await next_morning(press, news=False)
    assert await told(press) == {}
    await next_morning(press)
    assert await told(press) == {got: True}


async def test_one_digest_tells_for_all(press: Press) -> None:
    """Who got it with two digests is told with the first of them that comes."""
    got = await press.reader("got", "daily", "weekly")
    await press.write("bridge")
    press.clock.advance(HOUR)
    await told(press)
    await correct(press)
    await next_morning(press)

    assert await told(press) == {got: True}
    assert await told(press, "weekly") == {got: False}


async def test_a_withdrawn_article_is_told_and_gone(press: Press) -> None:
    """Also from the editions that are still to come."""
    got = await press.reader("got", "daily")
    late = await press.reader("late", "daily", zone="Atlantic/Cape_Verde")
    await press.write("bridge")
    await press.write("other")
    press.clock.advance(HOUR)
    assert sorted((await press.morning())[got]) == ["bridge", "other"]
    await press.app.correcting.withdraw((await press.article("bridge")).key, note=NOTE)
    press.clock.advance(HOUR)
    assert await press.morning() == {late: ["other"]}

    await next_morning(press)

    assert await told(press, heading=WITHDRAWN) == {got: True, late: False}


@pytest.mark.parametrize(("tell", "note"), [(True, ""), (True, "Not so."), (False, "")])
async def test_a_withdrawal_is_told_once(press: Press, tell: bool, note: str) -> None:
    """Who received it is told that it was withdrawn, once however often it is done, and without a link; with tell off nobody is."""
    got = await press.reader("got", "daily")
    await press.write("bridge")
    press.clock.advance(HOUR)
    await told(press)
    bridge = await press.article("bridge")
    await press.app.correcting.withdraw(bridge.key, tell=tell, note=note)
    for _ in range(2):
        await press.app.correcting.withdraw(bridge.key, tell=tell)
    await next_morning(press)

    await press.send("daily")

    (message,) = press.outbox.take(got)
    for kind in ("plain", "html"):
        body = body_of(message, kind)
        assert (body.count(WITHDRAWN), body.count(bridge.title)) == ((1, 1) if tell else (0, 0))
        assert bridge.url not in body


async def test_what_its_store_takes_back_is_told_to_nobody(press: Press) -> None:
    """It may have been moved, merged or held until later."""
    got = await press.reader("got", "daily")
    await press.write("bridge")
    press.clock.advance(HOUR)
    await told(press)
    await press.change("bridge", status="withdrawn")
    await next_morning(press)

    assert await told(press, heading=WITHDRAWN, note="") == {got: False}


async def test_who_did_not_get_the_notice_is_told_with_the_next(press: Press) -> None:
    """A refused copy told him nothing."""
    got = await press.reader("got", "daily")
    await press.write("bridge")
    press.clock.advance(HOUR)
    await told(press)
    await correct(press)
    await next_morning(press)
    press.outbox.answers[got] = Receipt(outcome=Outcome.REFUSED, code=554)
    assert await told(press) == {}

    press.outbox.answers.clear()
    await next_morning(press)

    assert await told(press) == {got: True}


async def test_another_try_tells_the_same(press: Press) -> None:
    """What was put off comes with its notice, and an article corrected meanwhile comes with its note and is not told again."""
    got = await press.reader("got", "daily")
    await press.write("bridge")
    press.clock.advance(HOUR)
    await told(press)
    await correct(press)
    await next_morning(press)
    press.outbox.answers[got] = Receipt(outcome=Outcome.DEFERRED, code=451)
    assert await told(press) == {}
    fresh = f"fresh{press.clock.now().day}"
    await press.app.correcting.correct((await press.article(fresh)).key, note="It was Tuesday.")
    press.outbox.answers.clear()
    press.clock.advance(HOUR)

    await press.send("daily")
    (message,) = press.outbox.take(got)
    assert NOTE in body_of(message)
    assert "It was Tuesday." in body_of(message)

    await next_morning(press)
    await press.send("daily")
    (message,) = press.outbox.take(got)
    assert "It was Tuesday." not in body_of(message)


async def test_feeds_show_it(press: Press) -> None:
    """With the next publish."""
    await press.write("bridge")
    await press.app.publish()
    await correct(press)
    await press.app.publish()

    shelved = press.app.shelf.get("world.json")
    assert shelved is not None
    assert NOTE.encode() in shelved.content


async def test_the_wrong_revisions_can_be_named(press: Press) -> None:
    """For what was revised since for another reason."""
    got = await press.reader("got", "daily")
    await press.write("bridge")
    await press.change("bridge", body="<p>The bridge was closed in 1923, said 14 people.</p>")
    press.clock.advance(HOUR)
    await told(press)
    await correct(press, revision=2)

    await next_morning(press)

    assert await told(press) == {got: True}


@pytest.mark.parametrize(("days", "tells"), [(13, True), (14, False)])
async def test_corrections_are_told_for_two_weeks(press: Press, days: int, tells: bool) -> None:
    """An edition that comes later says nothing of them."""
    got = await press.reader("got", "daily")
    await press.write("bridge")
    press.clock.advance(HOUR)
    await told(press)
    await correct(press)
    press.clock.advance((days - 1) * DAY)

    await next_morning(press)

    assert await told(press) == {got: tells}
