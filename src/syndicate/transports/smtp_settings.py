"""Read the settings of one SMTP relay."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from syndicate.errors import TransportError
from syndicate.values import is_loopback

TLS_KINDS = ("none", "starttls", "tls")
USUAL_PORTS = {"none": 25, "starttls": 587, "tls": 465}
SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h)?")
SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
SURE_TYPES = (str, int, float)


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpSettings:
    """How to reach a relay and how to treat it; spans in seconds.

    `connect_timeout` covers everything up to the answer to EHLO or AUTH; `reply_timeout` each answer to MAIL, RCPT and DATA;
    `final_timeout` the answer to a message (RFC 5321 4.5.3.2). A relay that cannot be
    reached is left alone for `back_off`, doubled each time up to LONGEST_PAUSE. A connection is closed after `recycle` messages or `idle` seconds.
    """

    host: str
    port: int
    tls: str
    username: str | None
    password: str | None = field(repr=False)
    ca_file: str | None
    hello: str | None
    connections: int
    recycle: int
    idle: float
    connect_timeout: float
    reply_timeout: float
    final_timeout: float
    back_off: float


def read_settings(name: str, settings: Mapping[str, object]) -> SmtpSettings:
    """Check the settings of the transport of this name. Raises TransportError."""
    given = _Given(name, settings)
    tls = given.text("tls", "none")
    host = given.text("host", "127.0.0.1").strip("[]")
    if tls not in TLS_KINDS:
        raise TransportError(f"transport {name}: tls = {tls!r} is not one of {', '.join(TLS_KINDS)}")
    if tls == "none" and not is_loopback(host):
        raise TransportError(
            f'transport {name}: {host} is not this machine, so mail needs TLS: set tls = "starttls" or "tls"'
        )
    return SmtpSettings(
        host=host,
        port=given.count("port", USUAL_PORTS[tls], most=65535),
        tls=tls,
        username=given.text("username", "") or None,
        password=given.text("password", "") or None,
        ca_file=given.text("ca-file", "") or None,
        hello=given.text("hello", "") or None,
        connections=given.count("connections", 10, most=1000),
        recycle=given.count("recycle", 1000, most=1_000_000),
        idle=given.span("idle", 30.0),
        connect_timeout=given.span("connect-timeout", 30.0),
        reply_timeout=given.span("reply-timeout", 120.0),
        final_timeout=given.span("final-timeout", 300.0),
        back_off=given.span("back-off", 0.5),
    )


class _Given:
    """The settings as they came, asked key by key; a hyphen may be an underscore."""

    def __init__(self, name: str, settings: Mapping[str, object]) -> None:
        self._name = name
        self._values = {key.replace("_", "-"): value for key, value in settings.items() if value is not None}

    def text(self, key: str, default: str) -> str:
        value = self._values.get(key, default)
        if not isinstance(value, str):
            raise self._wrong(key, value, "a text")
        return value

    def count(self, key: str, default: int, *, most: int) -> int:
        value = self._values.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
            raise self._wrong(key, value, f"a whole number from 1 to {most}")
        return value

    def span(self, key: str, default: float) -> float:
        value = self._values.get(key, default)
        match = SPAN.fullmatch(str(value).strip()) if isinstance(value, SURE_TYPES) else None
        seconds = float(match[1]) * SECONDS[match[2] or "s"] if match is not None else 0.0
        if seconds <= 0:
            raise self._wrong(key, value, 'a span such as "30s"')
        return seconds

    def _wrong(self, key: str, value: object, wanted: str) -> TransportError:
        return TransportError(f"transport {self._name}: {key} = {value!r} is not {wanted}")
