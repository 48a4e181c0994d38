"""Dots are doubled wherever lines begin."""

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from syndicate.model import Envelope
from syndicate.transports.stuffing import stuffed

messages = st.lists(st.sampled_from([b"\r\n", b".", b"a", b"\r\n.", b"..", b"\r\n.\r\n", b"bc"]), max_size=30).map(
    b"".join
)


def unstuffed(wire: bytes) -> bytes:
    """What a server makes of it (RFC 5321 4.5.2); there must be exactly one end, at the end."""
    assert wire.endswith(b"\r\n.\r\n") or wire == b".\r\n"
    body = wire.removesuffix(b".\r\n")
    assert not re.search(rb"(?:\A|\r\n)\.(?!\.)", body)
    return re.sub(rb"(\A|\r\n)\.", rb"\1", body)


@given(messages, st.lists(st.integers(0, 60), max_size=5), st.integers(0, 3))
def test_any_message_survives(message: bytes, cuts: list[int], head: int) -> None:
    """A server gets what was sent, in whatever parts it came, and a line end where there was none."""
    places = [0, *sorted(cut for cut in cuts if cut < len(message)), len(message)]
    parts = tuple(message[start:end] for start, end in pairwise(places))
    envelope = Envelope(sender="a@news.example", recipient="b@c.example", parts=parts, message_id="<1@c>", head=head)
    received = unstuffed(b"".join(stuffed(message, envelope)))

    assert received == message if message.endswith(b"\r\n") or not message else message + b"\r\n"
