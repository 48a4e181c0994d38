"""When an address is given up, and when a digest must stop."""

from datetime import UTC, datetime, timedelta

import pytest

from syndicate.core.stream_health import Score, StreamHealth, busiest_day, gives_up, scored

MONDAY = datetime(2026, 5, 4, 6, tzinfo=UTC)


def failures(*, count: int, every: timedelta, accepted_days: int) -> int | None:
    """Return after which failure an address is given up."""
    score = Score(points=0.0, at=None)
    for number in range(count):
        after = scored(score, accepted_days=accepted_days, now=MONDAY + number * every)
        score = score if after is None else after
        if gives_up(score):
            return number + 1
    return None


def test_an_address_that_fails_each_day_is_given_up_on_the_fifth() -> None:
    """One point a day; nothing was accepted in between."""
    assert failures(count=20, every=timedelta(days=1), accepted_days=0) == 5


def test_a_daily_failure_counts_each_day_though_it_comes_some_seconds_earlier() -> None:
    """No server answers to the second."""
    assert failures(count=20, every=timedelta(days=1) - timedelta(seconds=30), accepted_days=0) == 5
    assert failures(count=20, every=timedelta(hours=12), accepted_days=0) == 9


def test_failures_that_follow_acceptance_are_given_up_too() -> None:
    """A server that takes each message and sends it back later does not keep an address alive for ever."""
    assert failures(count=20, every=timedelta(days=1), accepted_days=1) == 7
    assert failures(count=20, every=timedelta(days=7), accepted_days=1) == 7


def test_ten_failures_in_an_hour_are_one() -> None:
    """At most one point a day."""
    assert failures(count=10, every=timedelta(minutes=5), accepted_days=0) is None


def test_a_month_of_accepted_mail_forgives() -> None:
    """What failed long ago hardly counts."""
    after = scored(Score(points=4.5, at=MONDAY), accepted_days=30, now=MONDAY + timedelta(days=31))

    assert after is not None
    assert after.points < 1.3


@pytest.mark.parametrize(
    ("complaints", "sent", "warns", "stops"),
    [
        (0, 0, False, False),
        (1, 100, False, False),
        (1, 1000, True, False),
        (2, 1000, True, False),
        (3, 1000, True, True),
        (9, 10000, False, False),
        (10, 10000, True, False),
        (30, 10000, True, True),
    ],
)
def test_complaints(complaints: int, sent: int, warns: bool, stops: bool) -> None:
    """A warning at 0.1 %, a stop at 0.3 %; one angry reader among a hundred is no rate."""
    health = StreamHealth(complaints=complaints, sent=sent, refusals=0, busiest=sent)

    assert (health.warns, health.stops is not None) == (warns, stops)


@pytest.mark.parametrize(
    ("refusals", "sent", "stops"),
    [(20, 0, False), (20, 19, False), (19, 20, False), (20, 20, True), (20, 300, False), (30, 300, True)],
)
def test_refusals_by_policy(refusals: int, sent: int, stops: bool) -> None:
    """A tenth of a day's messages refused for what we are, not for who reads, stops the stream."""
    assert (StreamHealth(complaints=0, sent=sent, refusals=refusals, busiest=sent).stops is not None) is stops


@pytest.mark.parametrize(
    ("dead", "sent", "stops"), [(199, 199, False), (200, 500, True), (200, 501, False), (4_000, 10_000, True)]
)
def test_addresses_that_are_gone(dead: int, sent: int, stops: bool) -> None:
    """No list is so bad that two fifths of it are gone: the relay has lost its own."""
    assert (StreamHealth(complaints=0, sent=sent, refusals=0, busiest=sent, dead=dead).stops is not None) is stops


def test_the_busiest_day_is_any_day_and_night() -> None:
    """Editions of an hour are added up; of a weekly digest it is the one of the week."""
    hours = [(MONDAY + timedelta(hours=number), 10) for number in range(30)]

    assert busiest_day(hours) == 240
    assert busiest_day([*hours, (MONDAY + timedelta(days=5), 500)]) == 500
    assert busiest_day([]) == 0
