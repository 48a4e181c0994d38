"""A terminal shows messages and obeys none of them."""

import io

import pytest

from syndicate.errors import TransportError
from syndicate.model import Envelope, Outcome
from syndicate.transports.console import ConsoleTransport


async def test_control_characters_are_not_obeyed() -> None:
    """A title with an escape sequence cannot drive the terminal."""
    stream = io.StringIO()
    evil = Envelope(
        sender="a@x.example",
        recipient="b@y.example",
        parts=(b"Subject: \x1b[2J\x07\r\n\r\nbody\r\n",),
        message_id="<1@x>",
    )
    await ConsoleTransport(name="out", settings={}, stream=stream).send([evil])

    assert "\x1b" not in stream.getvalue()
    assert "\x07" not in stream.getvalue()
    assert "to <b@y.example>" in stream.getvalue()


async def test_the_stream_is_chosen_by_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    """Standard error unless told otherwise, because standard output may hold JSON."""
    plain = Envelope(sender="a@x.example", recipient="b@y.example", parts=(b"\r\nbody\r\n",), message_id="<1@x>")
    await ConsoleTransport(name="out", settings={}).send([plain])
    first = capsys.readouterr()
    await ConsoleTransport(name="out", settings={"stream": "stdout"}).send([plain])
    second = capsys.readouterr()

    assert (first.out, second.err) == ("", "")
    assert "body" in first.err
    assert "body" in second.out


async def test_a_closed_stream_defers() -> None:
    """What could not be shown is tried again."""
    stream = io.StringIO()
    stream.close()
    plain = Envelope(sender="a@x.example", recipient="b@y.example", parts=(b"\r\n",), message_id="<1@x>")
    receipts = await ConsoleTransport(name="out", settings={}, stream=stream).send([plain])

    assert receipts[0].outcome is Outcome.DEFERRED


def test_an_unknown_stream_is_named() -> None:
    """Only the two standard streams."""
    with pytest.raises(TransportError, match="stream = 'log'"):
        ConsoleTransport(name="out", settings={"stream": "log"})
