"""How visitors are known by their network address."""

from datetime import timedelta

import pytest
from starlette.requests import Request

from syndicate.web.visitors import Limit, Proxies


def request(peer: str | None, *forwarded: str) -> Request:
    """Return a request as it arrives from a peer."""
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    return Request({"type": "http", "client": None if peer is None else (peer, 1), "headers": headers})


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("198.51.100.9", ["203.0.113.5"], "198.51.100.9"),
        ("10.0.0.1", ["203.0.113.5"], "203.0.113.5"),
        ("10.0.0.1", ["6.6.6.6, 203.0.113.5"], "203.0.113.5"),
        ("10.0.0.1", ["6.6.6.6, 203.0.113.5, 10.0.0.2"], "203.0.113.5"),
        ("10.0.0.1", ["6.6.6.6", "203.0.113.5"], "203.0.113.5"),
        ("10.0.0.1", ["nonsense"], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.5, nonsense"], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.5:4711"], "203.0.113.5"),
        ("10.0.0.1", ["[2001:db8::1]:443"], "2001:db8::1"),
        ("::ffff:10.0.0.1", ["203.0.113.5"], "203.0.113.5"),
        ("10.0.0.1", [], "10.0.0.1"),
        (None, ["203.0.113.5"], None),
    ],
)
def test_only_our_proxies_are_believed(peer: str | None, forwarded: list[str], expected: str | None) -> None:
    """The visitor is the last address of the chain that no proxy of ours has."""
    assert Proxies(["10.0.0.0/24"]).visitor(request(peer, *forwarded)) == expected


def test_a_limit_forgets_in_time() -> None:
    """So many visits in a span, whenever they were; then it says how long to wait."""
    limit = Limit(most=2, span=timedelta(seconds=60))

    waits = [limit.wait("203.0.113.5", at=at) for at in (0.0, 30.0, 40.0, 59.0, 61.0, 62.0)]

    assert waits == [0, 0, 21, 2, 0, 29]
    assert limit.wait("203.0.113.6", at=62.0) == 0


def test_one_ipv6_line_is_one_visitor() -> None:
    """Whoever has a /64 cannot come as many."""
    limit = Limit(most=1, span=timedelta(seconds=60))

    assert limit.wait("2001:db8:1:2::1", at=0.0) == 0
    assert limit.wait("2001:db8:1:2:ffff::9", at=1.0) > 0
    assert limit.wait("2001:db8:1:3::1", at=2.0) == 0
