"""Know visitors by their network address: behind trusted proxies too, and how often each came."""

from collections import OrderedDict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.requests import Request

_MOST = 20_000  # visitors remembered; the ones seen longest ago are forgotten first


class Proxies:
    """The proxies whose X-Forwarded-For is believed, as addresses or networks. Raises ValueError for what is neither."""

    def __init__(self, trusted: Iterable[str]) -> None:
        self._trusted = [ip_network(one, strict=False) for one in trusted]

    def visitor(self, request: Request) -> str | None:
        """Return the address of who asks: the last one in the chain that is not a proxy of ours."""
        peer = _address(request.client.host) if request.client is not None else None
        if peer is None or not self._is_ours(peer):
            return None if peer is None else str(peer)
        chain = ",".join(request.headers.getlist("x-forwarded-for")).split(",")
        found = peer
        for text in reversed(chain):
            one = _address(text)
            if one is None:
                break
            found = one
            if not self._is_ours(one):
                break
        return str(found)

    def _is_ours(self, address: IPv4Address | IPv6Address) -> bool:
        return any(address in network for network in self._trusted)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


@dataclass(slots=True, kw_only=True)
class Limit:
    """At most `most` visits of one network in each `span`. It lives in this process's memory and forgets when that ends."""

    most: int
    span: timedelta
    _visits: OrderedDict[str, deque[float]] = field(default_factory=OrderedDict)

    def wait(self, visitor: str | None, *, at: float) -> int:
        """Count a visit at a monotonic second; return 0, or in how many seconds the next one is welcome."""
        key = _network(visitor)
        visits = self._visits.setdefault(key, deque())
        self._visits.move_to_end(key)
        while len(self._visits) > _MOST:
            self._visits.popitem(last=False)
        span = self.span.total_seconds()
        while visits and visits[0] <= at - span:
            visits.popleft()
        if len(visits) >= self.most:
            return int(visits[0] + span - at) + 1
        visits.append(at)
        return 0


def _network(visitor: str | None) -> str:
    """Return what is counted as one visitor: an IPv4 address, or the /64 that one IPv6 line has."""
    if visitor is None or ":" not in visitor:
        return visitor or ""
    return str(IPv6Network((visitor, 64), strict=False))
