"""A relay's habits are learned from few connections and not from coincidence."""

from syndicate.transports.relay import AFRESH, PATIENCE, SCOUTED, Relay


def test_a_limit_is_believed_when_two_connections_agree() -> None:
    """Connections that end after different numbers of messages make no rule."""
    relay = Relay()
    limits = []
    for count in (40, 10, 33, 10, 33, 40):
        relay.hung_up(count, now=0.0)
        limits.append(relay.limit)

    assert limits == [None, None, None, 10, 10, 10]


def test_a_small_limit_is_tested_again_and_a_large_one_kept() -> None:
    """Beyond a small one it is scouting again, so nothing is risked; a large one costs too little to be doubted."""
    small, large = Relay(), Relay()
    for relay, count in ((small, 2), (large, 100)):
        relay.answered(500)
        relay.hung_up(count, now=0.0)
        relay.hung_up(count, now=0.0)
        relay.reconsider(now=AFRESH)
    early = (small.limit, large.limit)
    for relay in (small, large):
        relay.reconsider(now=AFRESH + 1)

    assert early == (2, 100)
    assert (small.limit, small.proven, small.is_scouted) == (None, 2, False)
    assert (large.limit, large.proven) == (100, 500)


def test_one_bad_moment_is_one_trouble() -> None:
    """Ten connections that die together count once; only new ones that fail as well lose the relay its trust."""
    relay = Relay()
    for _ in range(10):
        relay.trouble(opened=1.0, now=2.0)
    trusted = not relay.step_by_step
    for episode in range(1, PATIENCE):
        relay.trouble(opened=10.0 * episode, now=10.0 * episode + 1)

    assert trusted
    assert relay.step_by_step


def test_restarts_now_and_then_are_forgiven() -> None:
    """Troubles far apart never add up."""
    relay = Relay()
    for night in range(20):
        relay.trouble(opened=night * 2 * AFRESH, now=night * 2 * AFRESH + 1)

    assert not relay.step_by_step


def test_a_relay_is_scouted_once() -> None:
    """What one connection has proven holds for all."""
    relay = Relay()
    relay.answered(SCOUTED - 1)
    before = relay.is_scouted
    relay.answered(SCOUTED)
    relay.answered(1)

    assert not before
    assert relay.is_scouted
