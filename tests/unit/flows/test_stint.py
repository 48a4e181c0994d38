"""A worker's time with one batch."""

from datetime import timedelta

from syndicate.clock import StoppedClock
from syndicate.flows.pace import RelayPace
from syndicate.flows.route import Route, Router
from syndicate.flows.stint import SLICE, STAY, Stint
from syndicate.storage.buckets import Limits
from syndicate.storage.database import Database
from syndicate.transports.console import ConsoleTransport


def routed(database: Database, clock: StoppedClock, *, rate: float | None) -> Router:
    """Return a router with one relay, at a rate or without."""
    limits = Limits(rate=rate)
    pace = None if rate is None else RelayPace(relay="relay", limits=limits, database=database, clock=clock)
    return Router(routes=[Route(transport=ConsoleTransport(name="relay", settings={}), pace=pace)], clock=clock)


async def test_without_a_rate_everything_wanted_may_be_claimed(database: Database, clock: StoppedClock) -> None:
    """And nobody is asked."""
    stint = Stint(router=routed(database, clock, rate=None), clock=clock, priority=5)

    assert await stint.leave(25) == 25
    assert stint.wait is None
    assert not stint.is_over


async def test_a_batch_is_given_back_after_its_slice(database: Database, clock: StoppedClock) -> None:
    """So that what is more urgent comes first, and a pause takes hold."""
    stint = Stint(router=routed(database, clock, rate=None), clock=clock, priority=5)

    clock.advance(timedelta(seconds=SLICE))

    assert stint.is_over
    assert stint.pause == 0


async def test_a_batch_that_would_wait_long_is_given_back_meanwhile(database: Database, clock: StoppedClock) -> None:
    """It is taken up again when the relay gives leave."""
    stint = Stint(router=routed(database, clock, rate=0.01), clock=clock, priority=5)
    assert await stint.leave(25) == 1

    assert await stint.leave(25) == 0

    assert stint.is_over
    assert stint.pause > STAY


async def test_a_short_wait_keeps_the_batch(database: Database, clock: StoppedClock) -> None:
    """And nobody is asked again before it is over."""
    stint = Stint(router=routed(database, clock, rate=1), clock=clock, priority=5)
    while await stint.leave(1):
        pass

    assert not stint.is_over
    assert stint.wait is not None
    assert stint.wait <= 1.0
    assert await stint.leave(25) == 0
