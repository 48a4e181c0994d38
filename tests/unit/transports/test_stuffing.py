"""Dots are doubled wherever lines begin, however a message is cut into parts."""

import re

from hypothesis import given
from hypothesis import strategies as st

from syndicate.transports.stuffing import WORTH_KEEPING, Stuffing

messages = st.lists(st.sampled_from([b"\r\n", b".", b"a", b"\r\n.", b"..", b"\r\n.\r\n", b"bc"]), max_size=30).map(
    b"".join
)


def unstuffed(wire: bytes) -> bytes:
    """What a server makes of it (RFC 5321 4.5.2); there must be exactly one end, at the end."""
    assert wire.endswith(b"\r\n.\r\n") or wire == b".\r\n"
    body = wire.removesuffix(b".\r\n")
    assert not re.search(rb"(?:\A|\r\n)\.(?!\.)", body)
    return re.sub(rb"(\A|\r\n)\.", rb"\1", body)


@given(messages, st.data())
def test_any_cut_survives(message: bytes, data: st.DataObject) -> None:
    """Borders between the parts fall anywhere, even inside a line end."""
    cuts = sorted(data.draw(st.lists(st.integers(0, len(message)), max_size=6)))
    parts = [message[start:end] for start, end in zip([0, *cuts], [*cuts, len(message)], strict=True)]
    received = unstuffed(b"".join(Stuffing().stuff(parts)))

    assert received == message if message.endswith(b"\r\n") or not message else message + b"\r\n"


def test_shared_parts_are_doubled_once() -> None:
    """A large part that many messages share is the same object in each of them."""
    shared, stuffing = b"\r\n.x" * WORTH_KEEPING, Stuffing()
    first, second = stuffing.stuff([b"one", shared]), stuffing.stuff([b"two", shared])

    assert first[1] is second[1]
    assert first[1] == b"\r\n..x" * WORTH_KEEPING
