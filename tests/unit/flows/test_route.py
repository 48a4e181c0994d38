"""Sharing messages among relays: by weight, pace and health, and around slow domains."""

from datetime import timedelta

import pytest

from syndicate.clock import StoppedClock
from syndicate.core.lateness import MOST_OUT
from syndicate.core.pace import JUDGED, Urgency
from syndicate.flows.route import Route, Router
from syndicate.model import Outcome, Receipt
from syndicate.storage.database import Database
from tests.unit.flows.relays import ACCEPTED, PUT_OFF, UNSENT, Relay, letters, paced


async def test_messages_are_shared_by_weight(clock: StoppedClock) -> None:
    """Three to one, over many small sends."""
    big, small = Relay(name="big"), Relay(name="small")
    router = Router(routes=[Route(transport=big, weight=3), Route(transport=small)], clock=clock)

    for _ in range(40):
        await router.send(letters(5))

    assert (len(big.taken), len(small.taken)) == (150, 50)


async def test_what_one_relay_could_not_begin_goes_through_the_other(clock: StoppedClock) -> None:
    """A relay that is down costs nobody a try, and is asked less and less."""
    down, up = Relay(name="down", answer=lambda envelope: UNSENT), Relay(name="up")
    router = Router(routes=[Route(transport=down), Route(transport=up)], clock=clock)

    for _ in range(20):
        results = await router.send(letters(5))
        assert {(receipt.outcome, name) for receipt, name in results} == {(Outcome.ACCEPTED, "up")}

    assert len(up.taken) == 100
    assert len(down.taken) == 5
    clock.advance(timedelta(seconds=1.1))
    for _ in range(4):
        await router.send(letters(5))
    assert len(down.taken) == 10


async def test_a_relay_that_is_back_gets_its_share_again(clock: StoppedClock) -> None:
    """The first message that it takes ends the back-off."""
    flaky, steady = Relay(name="flaky", answer=lambda envelope: UNSENT), Relay(name="steady")
    router = Router(routes=[Route(transport=flaky), Route(transport=steady)], clock=clock)
    await router.send(letters(5))
    flaky.answer, flaky.taken = lambda envelope: ACCEPTED, []
    clock.advance(timedelta(seconds=2))

    for _ in range(20):
        await router.send(letters(5))

    assert len(flaky.taken) == pytest.approx(50, abs=5)


async def test_nobody_is_claimed_in_vain_while_no_relay_can_be_reached(clock: StoppedClock) -> None:
    """A patient router gives no leave until the back-off is over, and then only for a few."""
    router = Router(
        routes=[Route(transport=Relay(name="down", answer=lambda envelope: UNSENT))], clock=clock, patient=True
    )
    await router.send(letters(5))

    leave = await router.reserve(25)

    assert not router.is_free
    assert (leave.count, leave.wait) == (0, 1.0)
    clock.advance(timedelta(seconds=1))
    assert (await router.reserve(25)).count == 5


async def test_a_slow_domain_never_delays_another(clock: StoppedClock) -> None:
    """Its messages are set aside at once, and the others' go."""
    relay = Relay(
        name="relay", answer=lambda envelope: PUT_OFF if envelope.recipient.endswith("@slow.example") else ACCEPTED
    )
    router = Router(routes=[Route(transport=relay)], clock=clock)
    for _ in range(JUDGED):
        await router.send(letters(1, "slow.example"))
    asked = len(relay.taken)

    results = await router.send([*letters(10, "slow.example"), *letters(10, "quick.example")])

    outcomes = [receipt.outcome for receipt, _ in results]
    assert outcomes[1:10] == [Outcome.SET_ASIDE] * 9
    assert outcomes[10:] == [Outcome.ACCEPTED] * 10
    assert len(relay.taken) == asked + 11


async def test_a_domain_that_is_answered_late_goes_apart(clock: StoppedClock) -> None:
    """Few at a time and each alone; the rest is set aside, except a letter, and nobody else is concerned."""
    late = Receipt(outcome=Outcome.ACCEPTED, code=250, seconds=4.0)
    relay = Relay(name="relay", answer=lambda envelope: late if "@late." in envelope.recipient else ACCEPTED)
    router = Router(routes=[Route(transport=relay)], clock=clock)
    await router.send([*letters(1, "quick.example"), *letters(2, "late.example")])
    relay.taken = []

    results = await router.send([*letters(20, "late.example"), *letters(10, "quick.example")])
    letter = await router.send(letters(1, "late.example"), urgency=Urgency.LETTER)

    outcomes = [receipt.outcome for receipt, _ in results]
    assert outcomes[:20] == [Outcome.ACCEPTED] * MOST_OUT + [Outcome.SET_ASIDE] * (20 - MOST_OUT)
    assert outcomes[20:] == [Outcome.ACCEPTED] * 10
    assert letter == [(late, "relay")]
    assert {one.alone for one in relay.taken if "@late." in one.recipient} == {True}
    assert {one.alone for one in relay.taken if "@quick." in one.recipient} == {False}


async def test_a_send_of_which_all_is_set_aside_says_nothing_of_the_relay(clock: StoppedClock) -> None:
    """It was not asked, so it is not down."""
    relay = Relay(name="relay", answer=lambda envelope: PUT_OFF)
    router = Router(routes=[Route(transport=relay)], clock=clock, patient=True)
    for _ in range(JUDGED + 1):
        await router.send(letters(1))

    results = await router.send(letters(5))

    assert {receipt.outcome for receipt, _ in results} == {Outcome.SET_ASIDE}
    assert router.is_free


async def test_a_slow_domain_recovers(clock: StoppedClock) -> None:
    """Once it accepts again, it soon gets everything."""
    relay = Relay(name="relay", answer=lambda envelope: PUT_OFF)
    router = Router(routes=[Route(transport=relay)], clock=clock)
    for _ in range(JUDGED):
        await router.send(letters(1))
    relay.answer = lambda envelope: ACCEPTED

    seconds = 0
    while router.lanes.slow and seconds < 60:
        await router.send(letters(50))
        clock.advance(timedelta(seconds=0.1))
        seconds += 1

    assert not router.lanes.slow
    assert all(receipt is ACCEPTED for receipt, _ in await router.send(letters(50)))


async def test_two_processes_share_one_rate(database: Database, clock: StoppedClock) -> None:
    """However many ask, the relay's row in the database knows what is gone. (PostgreSQL's own clock does not stand still.)"""
    routers = [
        Router(
            routes=[Route(transport=Relay(name="relay"), pace=paced(database, clock, "relay", rate=0.01))], clock=clock
        )
        for _ in range(2)
    ]

    counts = [(await router.reserve(25)).count for router in routers]

    assert counts == [1, 0]


async def test_leave_that_was_not_used_is_used_first(database: Database, clock: StoppedClock) -> None:
    """What was handed back costs no second leave."""
    pace = paced(database, clock, "relay", rate=50)
    router = Router(routes=[Route(transport=Relay(name="relay"), pace=pace)], clock=clock)
    leave = await router.reserve(25)
    router.give_back(leave.count)

    assert leave.count == 5
    assert (await router.reserve(5)).count == 5
    assert pace.promised == 5


async def test_what_goes_without_leave_is_made_good(database: Database, clock: StoppedClock) -> None:
    """A test message goes at once, and the next ones wait for it."""
    pace = paced(database, clock, "relay", rate=0.01)
    router = Router(routes=[Route(transport=Relay(name="relay"), pace=pace)], clock=clock)

    await router.send(letters(3))

    assert pace.debt == 3
    assert (await router.reserve(5)).count == 0


async def test_letters_come_before_digests(database: Database, clock: StoppedClock) -> None:
    """When digests have used everything up, letters still go."""
    router = Router(
        routes=[Route(transport=Relay(name="relay"), pace=paced(database, clock, "relay", rate=0.01))], clock=clock
    )
    assert (await router.reserve(1)).count == 1

    assert (await router.reserve(1)).count == 0
    assert (await router.reserve(1, urgency=Urgency.BREAKING)).count == 1
    assert (await router.reserve(1, urgency=Urgency.LETTER)).count == 1


async def test_what_a_new_relay_may_not_take_goes_through_the_old_one(database: Database, clock: StoppedClock) -> None:
    """The daily cap of one is no limit to the others, and no leave is asked for twice."""
    new, old = Relay(name="new"), Relay(name="old")
    router = Router(
        routes=[Route(transport=new, pace=paced(database, clock, "new", per_day=12)), Route(transport=old)], clock=clock
    )

    for _ in range(10):
        leave = await router.reserve(10)
        assert leave.count == 10
        await router.send(letters(5))
        await router.send(letters(5))

    assert len(new.taken) == 12
    assert len(old.taken) == 88


async def test_leave_that_was_not_used_counts_not_among_a_days(database: Database, clock: StoppedClock) -> None:
    """An alert to one reader asks for fifty, and may not cost fifty; what another process took stays."""
    routers = [
        Router(routes=[Route(transport=Relay(name="new"), pace=paced(database, clock, "new", per_day=60))], clock=clock)
        for _ in range(2)
    ]
    assert (await routers[1].reserve(5)).count == 5
    for _ in range(4):
        assert (await routers[0].reserve(50)).count == 50
        await routers[0].send(letters(1))
        routers[0].give_back(49)
        await routers[0].book_back()
        await routers[0].book_back()
        clock.advance(timedelta(minutes=11))

    assert (await routers[0].reserve(100)).count == 60 - 5 - 4


async def test_no_letter_waits_for_tomorrow(database: Database, clock: StoppedClock) -> None:
    """When the day's number is used up, letters still go, and count; nothing else does."""
    router = Router(
        routes=[Route(transport=Relay(name="new"), pace=paced(database, clock, "new", per_day=20))], clock=clock
    )
    assert (await router.reserve(15)).count == 15
    assert (await router.reserve(10, urgency=Urgency.LETTER)).count == 10

    assert (await router.reserve(1, urgency=Urgency.BREAKING)).count == 0
    assert (await router.reserve(1, urgency=Urgency.LETTER)).count == 1


@pytest.mark.parametrize("text", ["Zugriff f\udcfcr Unbefugte", "no\0thanks", "no\r\nthanks", "\ud800"])
async def test_whatever_a_server_says_a_ledger_can_keep(clock: StoppedClock, text: str) -> None:
    """Bytes that were no UTF-8, NUL and line ends become characters; who sent them costs nobody an answer."""

    said = Receipt(outcome=Outcome.REFUSED, code=550, text=text)
    rude = Relay(name="rude", answer=lambda _: said)
    ((receipt, _),) = await Router(routes=[Route(transport=rude)], clock=clock).send(letters(1))

    assert receipt.code == 550
    assert receipt.text.isprintable()
    assert receipt.text.encode()


@pytest.mark.parametrize(
    "database_url", ["sqlite"], indirect=True
)  # PostgreSQL keeps its own time, which no test can stop
async def test_the_daily_cap_slides(database: Database, clock: StoppedClock) -> None:
    """What went yesterday at this time is free again today; until then nothing is."""
    router = Router(
        routes=[Route(transport=Relay(name="new"), pace=paced(database, clock, "new", per_day=20))], clock=clock
    )
    assert (await router.reserve(25)).count == 20

    clock.advance(timedelta(hours=23, minutes=40))
    leave = await router.reserve(25)
    assert leave.count == 0
    assert 0 < leave.wait <= 60
    clock.advance(timedelta(minutes=20))
    assert (await router.reserve(25)).count == 20
