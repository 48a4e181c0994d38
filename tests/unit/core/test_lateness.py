"""Which domains are answered late, and who waits for them."""

import pytest

from syndicate.core.lateness import FARTHEST, LATE, MOST_OUT, NEAREST, PROOF, Lateness, admit, learned


def after(*seconds: float, other_quick: float = 100.0) -> Lateness | None:
    """Return what is known after answers that took so long, all at the same moment."""
    known = None
    for took in seconds:
        known = learned(known, seconds=took, other_quick=other_quick, now=100.0)
    return known


def test_two_late_answers_in_a_row_are_enough() -> None:
    """One may be chance."""
    once, twice = after(4.0), after(4.0, 4.0)

    assert once is not None
    assert not once.is_late
    assert twice is not None
    assert twice.is_late


def test_a_late_answer_among_many_is_chance() -> None:
    """Nobody is set aside for it, and it is forgotten."""
    some = after(*[4.0, 0.0, 0.0, 0.0, 0.0] * 10)

    assert some is None or not some.is_late
    assert after(4.0, *[0.0] * 10) is None
    assert after(LATE / 2, LATE / 2) is None


def test_a_relay_that_is_late_for_all_is_no_domain_s_fault() -> None:
    """Somebody else must have been answered quickly since the message waited, or shortly before."""
    assert after(4.0, 4.0, other_quick=float("-inf")) is None
    assert after(4.0, 4.0, other_quick=96.0 - PROOF - 0.1) is None
    assert after(4.0, 4.0, other_quick=96.0 - PROOF) is not None


def test_a_late_domain_stays_late_when_all_others_are_done() -> None:
    """Its answers are late still, whoever else is answered."""
    known = after(4.0, 4.0)
    for moment in range(200, 300, 4):
        known = learned(known, seconds=4.0, other_quick=100.0, now=float(moment))

    assert known is not None
    assert known.is_late


def test_a_domain_recovers_by_quick_answers() -> None:
    """A few in a row, however long it was late."""
    known = after(*[4.0] * 50)
    for _ in range(4):
        known = learned(known, seconds=0.0, other_quick=100.0, now=100.0)

    assert known is not None
    assert not known.is_late


def test_some_go_and_the_rest_come_back_as_fast_as_those_are_answered() -> None:
    """Each a little later than the one before, and none after a quarter of an hour."""
    known = after(4.0, 4.0)
    assert known is not None
    assert admit(known, out=MOST_OUT - 1, now=100.0) == (known, 0.0)
    waits = []
    for _ in range(2_000):
        known, wait = admit(known, out=MOST_OUT, now=100.0)
        waits.append(wait)

    assert waits[0] == pytest.approx(NEAREST + 4.0 / MOST_OUT)
    assert waits[99] == pytest.approx(NEAREST + 100 * 4.0 / MOST_OUT)
    assert waits == sorted(waits)
    assert waits[-1] == FARTHEST
