"""What becomes of a delivery after a relay's answer."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.core.retry import UNANSWERED, Policy, Verdict, after
from syndicate.model import DeliveryState, Outcome, Receipt

NOW = datetime(2026, 3, 1, 7, tzinfo=UTC)
STALE = NOW + timedelta(hours=6)


def judge(
    outcome: Outcome,
    *,
    attempt: int = 1,
    note: str | None = None,
    policy: Policy = "retry",
    now: datetime = NOW,
    text: str = "",
) -> Verdict:
    """Return the verdict on an answer."""
    receipt = Receipt(outcome=outcome, text=text)
    return after(receipt, attempt=attempt, former_note=note, policy=policy, now=now, stale_at=STALE)


def test_accepted_and_refused_are_final() -> None:
    """2xx and 5xx end a delivery; the refusal keeps its reason."""
    assert judge(Outcome.ACCEPTED).state is DeliveryState.ACCEPTED
    refused = judge(Outcome.REFUSED, text="no such user")

    assert (refused.state, refused.next_try, refused.note) == (DeliveryState.REFUSED, None, "no such user")


@given(st.integers(1, 40), st.integers(0, 12 * 60))
def test_a_deferred_delivery_ends_when_its_edition_is_stale(attempt: int, minutes: int) -> None:
    """Every next try lies ahead and not behind the hour at which the edition is stale; then there is none."""
    now = NOW + timedelta(minutes=minutes)
    verdict = judge(Outcome.DEFERRED, attempt=attempt, now=now)

    if now >= STALE:
        assert (verdict.state, verdict.next_try) == (DeliveryState.REFUSED, None)
    else:
        assert verdict.state is DeliveryState.DEFERRED
        assert verdict.next_try is not None
        assert now < verdict.next_try <= STALE


def test_waits_grow() -> None:
    """Each further try waits longer, up to hours; one that never left waits a minute only."""
    waits = [verdict.next_try - NOW for n in range(1, 6) if (verdict := judge(Outcome.DEFERRED, attempt=n)).next_try]
    unsent = judge(Outcome.UNSENT, attempt=5)

    assert waits == sorted(set(waits))
    assert unsent.next_try == NOW + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("policy", "note", "state", "again"),
    [
        ("retry", None, DeliveryState.UNCERTAIN, True),
        ("retry", "interrupted", DeliveryState.UNCERTAIN, True),
        ("retry", UNANSWERED, DeliveryState.UNCERTAIN, False),
        ("hold", None, DeliveryState.UNCERTAIN, False),
        ("accept", None, DeliveryState.ACCEPTED, False),
    ],
)
def test_an_answer_that_never_came_follows_the_policy(
    policy: Policy, note: str | None, state: DeliveryState, again: bool
) -> None:
    """Tried once more and then held; held; or counted as accepted."""
    verdict = judge(Outcome.UNCERTAIN, policy=policy, note=note)

    assert (verdict.state, verdict.next_try is not None) == (state, again)


@pytest.mark.parametrize(("note", "state"), [(None, DeliveryState.DEFERRED), (UNANSWERED, DeliveryState.UNCERTAIN)])
def test_what_was_set_aside_was_not_tried(note: str | None, state: DeliveryState) -> None:
    """It waits as long as the transport says, and that is no try; one that may have arrived stays uncertain."""
    receipt = Receipt(outcome=Outcome.SET_ASIDE, wait=7)

    verdict = after(receipt, attempt=3, former_note=note, policy="retry", now=NOW, stale_at=STALE)

    assert (verdict.state, verdict.tried, verdict.next_try) == (state, False, NOW + timedelta(seconds=7))


def test_what_is_set_aside_until_it_is_stale_is_given_up() -> None:
    """A slow domain keeps no edition open."""
    assert judge(Outcome.SET_ASIDE, now=STALE).state is DeliveryState.REFUSED
