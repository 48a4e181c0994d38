"""Settings of a relay have sound defaults, and slips are named."""

import pytest

from syndicate.errors import TransportError
from syndicate.transports.smtp_settings import read_settings
from syndicate.values import is_loopback


def test_defaults_are_a_local_relay() -> None:
    """Nothing given means: this machine, port 25, ten connections."""
    settings = read_settings("relay", {})

    assert (settings.host, settings.port, settings.tls, settings.connections) == ("127.0.0.1", 25, "none", 10)
    assert (settings.connect_timeout, settings.reply_timeout, settings.final_timeout) == (30.0, 120.0, 300.0)


@pytest.mark.parametrize(("tls", "port"), [("starttls", 587), ("tls", 465)])
def test_the_port_follows_the_kind_of_tls(tls: str, port: int) -> None:
    """The usual submission ports."""
    assert read_settings("relay", {"host": "relay.example", "tls": tls}).port == port


def test_spans_and_hyphens_are_read_either_way() -> None:
    """A span is a number of seconds or has a unit."""
    settings = read_settings("relay", {"reply_timeout": "2m", "final-timeout": 7, "idle": "250ms"})

    assert (settings.reply_timeout, settings.final_timeout, settings.idle) == (120.0, 7.0, 0.25)


def test_the_password_is_not_shown() -> None:
    """`repr` may end in a log."""
    assert "sesame" not in repr(read_settings("relay", {"username": "u", "password": "sesame"}))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("tls", "ssl"),
        ("port", 0),
        ("port", "25"),
        ("connections", 1001),
        ("connections", True),
        ("idle", "soon"),
        ("recycle", 0),
        ("host", 5),
    ],
)
def test_slips_name_the_transport_and_the_key(key: str, value: object) -> None:
    """The operator reads where to look."""
    with pytest.raises(TransportError, match=f"transport relay: {key} = "):
        read_settings("relay", {key: value})


@pytest.mark.parametrize(
    ("host", "is_local"),
    [
        ("localhost", True),
        ("LOCALHOST.", True),
        ("relay.localhost", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("[::1]", True),
        ("10.0.0.1", False),
        ("0.0.0.0", False),
        ("mail", False),
    ],
)
def test_loopback_is_recognised(host: str, is_local: bool) -> None:
    """Only what cannot leave the machine counts."""
    assert is_loopback(host) is is_local
