"""How fast messages may go to a relay and to a domain."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.core.pace import (
    BURST,
    FIRST_RATE,
    JUDGED,
    LOWEST_RATE,
    NEAREST,
    DomainPace,
    Urgency,
    admit,
    answered,
    is_stuck,
    next_back_off,
    take,
    window,
)

ASKED = st.lists(st.tuples(st.floats(0.0, 2.0), st.integers(1, 60)), min_size=1, max_size=60)


@given(asked=ASKED, rate=st.floats(0.2, 2000.0))
def test_over_any_span_no_more_goes_than_the_rate_and_one_burst(asked: list[tuple[float, int]], rate: float) -> None:
    """Whoever asks whenever, what is granted stays below rate × span + one burst."""
    now, tat, granted = 1000.0, 0.0, []
    for pause, wanted in asked:
        now += pause
        grant = take(tat, now=now, wanted=wanted, rate=rate)
        tat = grant.tat
        granted.append((now, grant.count))

    burst = max(1.0, rate * BURST)
    for first in range(len(granted)):
        total = 0
        for last in range(first, len(granted)):
            total += granted[last][1]
            span = granted[last][0] - granted[first][0]
            assert total <= rate * span + burst + 1e-3


@given(rate=st.floats(0.2, 2000.0), wanted=st.integers(1, 60))
def test_a_denied_request_is_granted_after_the_wait_it_names(rate: float, wanted: int) -> None:
    """The wait is long enough, and never longer than a message or a burst takes."""
    empty = take(0.0, now=1000.0, wanted=10_000, rate=rate).tat
    denied = take(empty, now=1000.0, wanted=wanted, rate=rate)
    later = take(denied.tat, now=1000.0 + denied.wait + 1e-6, wanted=wanted, rate=rate)

    assert denied.count == 0
    assert later.count >= 1
    assert denied.wait <= max(1.0, rate * BURST) / rate + 0.001


def test_letters_go_when_digests_have_used_everything_up() -> None:
    """Each level of urgency has a burst of its own on top."""
    tat = take(0.0, now=50.0, wanted=1000, rate=100.0).tat

    assert take(tat, now=50.0, wanted=5, rate=100.0).count == 0
    assert take(tat, now=50.0, wanted=5, rate=100.0, urgency=Urgency.BREAKING).count == 5
    assert take(tat, now=50.0, wanted=15, rate=100.0, urgency=Urgency.LETTER).count == 15


def test_a_clock_that_was_set_back_does_not_silence_a_relay() -> None:
    """A moment far in the future counts as the full queue, no more."""
    grant = take(1e9, now=1000.0, wanted=5, rate=10.0)

    assert grant.count == 0
    assert take(grant.tat, now=1002.0, wanted=5, rate=10.0).count >= 1


def put_off(pace: DomainPace | None, times: int, *, now: float = 0.0, text: str = "try later") -> DomainPace | None:
    """Answer so often with 451."""
    for _ in range(times):
        pace = answered(pace or DomainPace(), code=451, text=text, now=now)
    return pace


def test_a_few_refusals_among_many_do_not_slow_a_domain() -> None:
    """A tenth put off is nothing unusual."""
    pace: DomainPace | None = DomainPace()
    for number in range(200):
        pace = answered(pace or DomainPace(), code=451 if number % 10 == 0 else 250, text="", now=0.0)

    assert pace is None or pace.rate is None


def test_a_domain_that_puts_everything_off_is_slowed_once_a_second() -> None:
    """What was in flight together halves the rate once, however much it was."""
    pace = put_off(None, JUDGED + 30)
    assert pace is not None
    assert pace.rate == FIRST_RATE

    slower = put_off(pace, 5, now=1.5)
    assert slower is not None
    assert slower.rate == FIRST_RATE / 2


def test_the_rate_of_a_slow_domain_has_a_floor() -> None:
    """Somebody always tries whether it is well again."""
    pace = put_off(None, JUDGED)
    for second in range(1, 60):
        pace = put_off(pace, 1, now=second * 1.1)

    assert pace is not None
    assert pace.rate == LOWEST_RATE


def test_greylisting_slows_nobody() -> None:
    """Each message has to be put off once there; going slower would only take longer."""
    pace = put_off(None, 100, text="4.2.0 Greylisted, see the manual")

    assert pace is None or pace.rate is None


def test_a_domain_recovers_by_what_it_accepts() -> None:
    """Step by step, until nothing is remembered."""
    pace = put_off(None, JUDGED)
    taken = 0
    while pace is not None and taken < 1000:
        pace = answered(pace, code=250, text="", now=10.0)
        taken += 1

    assert 10 < taken < 100


def test_what_is_set_aside_comes_back_at_the_pace_of_the_domain() -> None:
    """One goes, the others are spread over the time that they will take."""
    pace = put_off(None, JUDGED)
    assert pace is not None
    waits = []
    for _ in range(50):
        pace, wait = admit(pace, now=100.0)
        waits.append(wait)

    assert waits[0] == 0.0
    assert waits[1:] == sorted(waits[1:])
    assert waits[1] >= NEAREST
    assert waits[-1] == pytest.approx(NEAREST + 49 / FIRST_RATE)


def test_what_is_urgent_goes_ahead() -> None:
    """A letter does not wait behind a digest's readers; they wait the longer for it."""
    pace = put_off(None, JUDGED)
    assert pace is not None
    pace, _ = admit(pace, now=100.0)
    pace, wait = admit(pace, now=100.0, urgent=True)

    assert wait == 0.0
    assert admit(pace, now=100.0 + 1.5 / FIRST_RATE)[1] > 0.0
    assert admit(pace, now=100.0 + 2.01 / FIRST_RATE)[1] == 0.0


def test_a_stuck_domain_is_one_that_alone_does_not_answer() -> None:
    """Where nobody answers the relay is slow, and no domain is to blame."""
    assert is_stuck(flying=12, last_answer=0.0, other_answer=9.5, now=10.0)
    assert not is_stuck(flying=12, last_answer=0.0, other_answer=0.0, now=10.0)
    assert not is_stuck(flying=5, last_answer=0.0, other_answer=9.5, now=10.0)
    assert not is_stuck(flying=12, last_answer=9.0, other_answer=9.5, now=10.0)


def test_back_off_doubles_to_a_minute() -> None:
    """A relay that is down is asked ever more seldom, but at least once a minute."""
    pauses = [0.0]
    for _ in range(10):
        pauses.append(next_back_off(pauses[-1]))

    assert pauses[1:8] == [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0]
    assert pauses[-1] == 60.0


def test_a_relay_that_took_long_to_fail_is_left_alone_as_long() -> None:
    """But never for more than a minute."""
    assert next_back_off(0.0, took=30.0) == 30.0
    assert next_back_off(40.0, took=30.0) == 60.0


def test_what_a_relay_may_have_out_leaves_the_others_room() -> None:
    """Its share where it answers; where it is silent, no more than any other."""
    assert window(relays=2, share=0.5, silent=0.1) == 25
    assert window(relays=2, share=0.9, silent=0.1) == 45
    assert window(relays=2, share=0.9, silent=30.0) == 25
    assert window(relays=3, share=0.3, silent=30.0) == 16
    assert window(relays=20, share=0.05, silent=30.0) == 15
