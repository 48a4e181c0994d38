"""Several relays, of which one is down, hangs, has no room or lacks what a message needs."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from syndicate.clock import StoppedClock
from syndicate.core.pace import HALF, Urgency
from syndicate.flows.relay_health import PROBE
from syndicate.flows.route import Result, Route, Router
from syndicate.model import Envelope, Outcome, Receipt
from syndicate.storage.database import Database
from tests.unit.flows.relays import UNSENT, Relay, letters, paced

FULL = Receipt(outcome=Outcome.DEFERRED, code=452, enhanced="4.3.1", text="no room", elsewhere=True)
UNFIT = Receipt(outcome=Outcome.UNFIT, code=553, enhanced="5.6.7", text="no SMTPUTF8")
GREYLISTED = Receipt(outcome=Outcome.DEFERRED, code=450, enhanced="4.7.1", text="greylisted")


@dataclass(slots=True, kw_only=True)
class HungRelay(Relay):
    """A relay that answers when it is let."""

    let: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, envelopes: Sequence[Envelope]) -> list[Receipt]:
        """Wait."""
        receipts = await Relay.send(self, envelopes)
        await self.let.wait()
        return receipts


def outcomes(results: Sequence[Result]) -> Counter[tuple[Outcome, str]]:
    """Count what became of messages, and where."""
    return Counter((receipt.outcome, name) for receipt, name in results)


async def test_a_days_number_holds_while_another_relay_is_down(database: Database, clock: StoppedClock) -> None:
    """However often the other's pause ends, and however many messages it cannot take."""
    big, new = Relay(name="big", answer=lambda envelope: UNSENT), Relay(name="new")
    pace = paced(database, clock, "new", per_day=20)
    router = Router(routes=[Route(transport=big, weight=3), Route(transport=new, pace=pace)], clock=clock, patient=True)

    for _ in range(20):
        if (leave := await router.reserve(50)).count:
            await router.send(letters(leave.count))
        clock.advance(timedelta(seconds=30))

    assert len(new.taken) == 20
    assert len(big.taken) <= 50 + 20 * PROBE
    assert pace.debt == 0


async def test_what_went_without_leave_counts_on_a_day_that_is_used_up(database: Database, clock: StoppedClock) -> None:
    """Other processes learn of it too."""
    mine, others = (paced(database, clock, "new", per_day=20) for _ in range(2))
    assert (await mine.reserve(20, urgency=Urgency.DIGEST)).count == 20
    mine.use(25)

    assert (await mine.reserve(5, urgency=Urgency.DIGEST)).count == 0

    assert mine.debt == 0
    assert (await others.reserve(5, urgency=Urgency.DIGEST)).count == 0
    assert (await others.reserve(1, urgency=Urgency.LETTER)).count == 1


async def test_leave_for_what_never_left_is_good_for_another(database: Database, clock: StoppedClock) -> None:
    """A day's number counts what a relay was given."""
    down = Relay(name="new", answer=lambda envelope: UNSENT)
    pace = paced(database, clock, "new", per_day=20)
    router = Router(routes=[Route(transport=down, pace=pace)], clock=clock)
    await router.reserve(20)
    await router.send(letters(20))
    await router.book_back()

    assert (await router.reserve(50)).count == 20


async def test_a_relay_that_never_answers_leaves_the_others_room(clock: StoppedClock) -> None:
    """It holds half the places at most, and the other takes what comes."""
    hung, good = HungRelay(name="hung"), Relay(name="good")
    router = Router(routes=[Route(transport=hung, weight=9), Route(transport=good)], clock=clock)

    sends = [asyncio.create_task(router.send(letters(10))) for _ in range(50)]
    for _ in range(500):
        await asyncio.sleep(0)

    assert len(hung.taken) <= HALF
    assert len(good.taken) >= 500 - HALF
    hung.let.set()
    results = [result for send in sends for result in await send]
    assert outcomes(results) == {
        (Outcome.ACCEPTED, "hung"): len(hung.taken),
        (Outcome.ACCEPTED, "good"): len(good.taken),
    }


async def test_who_waits_for_a_place_gets_the_next(clock: StoppedClock) -> None:
    """Where all relays have enough out, messages wait until one answers; a letter waits for none."""
    slow, slower = HungRelay(name="slow"), HungRelay(name="slower")
    router = Router(routes=[Route(transport=slow), Route(transport=slower)], clock=clock)
    sends = [asyncio.create_task(router.send(letters(10))) for _ in range(5)]
    for _ in range(20):
        await asyncio.sleep(0)
    assert (len(slow.taken), len(slower.taken)) == (20, 20)

    letter = asyncio.create_task(router.send(letters(10), urgency=Urgency.LETTER))
    for _ in range(20):
        await asyncio.sleep(0)
    assert len(slow.taken) + len(slower.taken) == 50
    slow.let.set()
    for _ in range(20):
        await asyncio.sleep(0)

    slower.let.set()
    assert len(await letter) == 10
    assert sum(len(results) for results in await asyncio.gather(*sends)) == 50


async def test_the_pause_is_as_long_as_it_took_to_fail(clock: StoppedClock) -> None:
    """A relay that lets us wait for half a minute is not asked again after a second; then with a few messages."""

    def expire(_: Envelope) -> Receipt:
        clock.advance(timedelta(seconds=3))
        return UNSENT

    hung, good = Relay(name="hung", answer=expire), Relay(name="good")
    router = Router(routes=[Route(transport=hung), Route(transport=good)], clock=clock, patient=True)
    await router.send(letters(10))
    for _ in range(10):
        await router.send(letters(10))
    assert len(hung.taken) == 10

    clock.advance(timedelta(seconds=30))
    await router.send(letters(10))
    await router.send(letters(10))

    assert len(hung.taken) == 10 + PROBE


async def test_what_a_full_relay_puts_off_goes_through_another(clock: StoppedClock) -> None:
    """At once, and the full one is left alone for a while; where all are full, it is put off in the words of one."""
    full, good = Relay(name="full", answer=lambda envelope: FULL), Relay(name="good")
    router = Router(routes=[Route(transport=full), Route(transport=good)], clock=clock)

    for _ in range(10):
        assert outcomes(await router.send(letters(10))) == {(Outcome.ACCEPTED, "good"): 10}

    assert len(full.taken) == 10
    good.answer = lambda envelope: FULL
    assert {receipt for receipt, _ in await router.send(letters(10))} == {FULL}


async def test_what_a_single_relay_puts_off_is_put_off(clock: StoppedClock) -> None:
    """Nobody else can be asked."""
    full = Relay(name="full", answer=lambda envelope: FULL)
    router = Router(routes=[Route(transport=full)], clock=clock, patient=True)

    assert {receipt for receipt, _ in await router.send(letters(10))} == {FULL}
    assert router.is_free


async def test_what_is_the_receivers_word_stays(clock: StoppedClock) -> None:
    """Greylisting would only begin anew at another relay."""
    relays = [Relay(name=name, answer=lambda envelope: GREYLISTED) for name in ("one", "two")]
    router = Router(routes=[Route(transport=relay) for relay in relays], clock=clock)

    await router.send(letters(10))

    assert [len(relay.taken) for relay in relays] == [10, 0]


@pytest.mark.parametrize("turn", [0, 1])
async def test_what_one_relay_cannot_carry_another_may(clock: StoppedClock, turn: int) -> None:
    """Whoever is asked first; and nobody is refused for good while there is one who was not asked."""
    old, new = Relay(name="old", answer=lambda envelope: UNFIT), Relay(name="new")
    router = Router(routes=[Route(transport=relay) for relay in (old, new)], clock=clock, patient=True)
    if turn:
        await router.send(letters(1))

    assert outcomes(await router.send(letters(10))) == {(Outcome.ACCEPTED, "new"): 10}

    new.answer = lambda envelope: UNSENT
    for _ in range(4):
        assert {outcome for outcome, _ in outcomes(await router.send(letters(10)))} == {Outcome.UNSENT}
    clock.advance(timedelta(seconds=60))
    new.answer = lambda envelope: UNFIT
    for _ in range(3):
        results = await router.send(letters(PROBE))
    assert {outcome for outcome, _ in outcomes(results)} == {Outcome.UNFIT}
