"""Read the small languages of the configuration: spans, rates, hours, addresses, templates."""

import re
from datetime import timedelta
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from jinja2 import Environment, TemplateSyntaxError
from jinja2.defaults import DEFAULT_NAMESPACE
from jinja2.meta import find_undeclared_variables

LONGEST_SPAN = 100 * 365 * 86400
SUBJECT_NAMES = {"title", "site", "date", "lead", "sections"} | DEFAULT_NAMESPACE.keys()
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


def parse_span(text: str) -> timedelta:
    """Read a span like "90s", "10m", "72h", "3d" or "1w". Raises ValueError."""
    number, unit = text.strip()[:-1], text.strip()[-1:]
    if unit not in UNITS or not number.replace(".", "", 1).isdigit() or not number.isascii():
        raise ValueError(f"{text!r} is not a span")
    seconds = float(number) * UNITS[unit]
    if seconds > LONGEST_SPAN:
        raise ValueError(f"{text!r} is longer than a century")
    return timedelta(seconds=seconds)


def parse_pause(text: str) -> timedelta:
    """Read a span that lasts: how often something is done. Raises ValueError."""
    span = parse_span(text)
    if span < timedelta(seconds=1):
        raise ValueError(f"{text!r} is shorter than a second")
    return span


def parse_memory(text: str) -> timedelta:
    """Read for how long something is remembered to which answers come for hours. Raises ValueError."""
    span = parse_span(text)
    if span < timedelta(days=1):
        raise ValueError(f"{text!r} is shorter than a day")
    return span


def parse_rate(text: str) -> float:
    """Read a rate like "100/s" or "5000/h" as messages a second; 0 means no limit. Raises ValueError."""
    number, slash, unit = text.strip().partition("/")
    if not slash or unit not in UNITS or not number.strip().replace(".", "", 1).isdigit() or not number.isascii():
        raise ValueError(f"{text!r} is not a rate")
    return float(number) / UNITS[unit]


def parse_hour(text: str) -> int:
    """Read a local time like "07:00" as minutes after midnight. Raises ValueError."""
    hour, colon, minute = text.strip().partition(":")
    if (
        not colon
        or not text.isascii()
        or not (hour.isdigit() and minute.isdigit() and len(minute) == 2 and len(hour) <= 2)
    ):
        raise ValueError(f"{text!r} is not a time of day")
    total = int(hour) * 60 + int(minute)
    if int(hour) > 23 or int(minute) > 59:
        raise ValueError(f"{text!r} is not a time of day")
    return total


def parse_quiet(text: str) -> tuple[int, int] | None:
    """Read quiet hours like "22:00-07:00" as minutes after midnight; an empty text is none. Raises ValueError."""
    if not text.strip():
        return None
    start, dash, end = text.partition("-")
    if not dash:
        raise ValueError(f"{text!r} is not a span of hours")
    return parse_hour(start), parse_hour(end)


_UNSAFE = re.compile(r"[\s\x00-\x1f\x7f<>\"\\^`{|}]")  # RFC 3986: what no address may hold
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_HOST = re.compile(r"[A-Za-z0-9._:%-]+")


def parse_address(text: str) -> str:
    """Read a web address, as it is. Raises ValueError."""
    parts = urlsplit(text)
    if parts.username is not None or parts.password is not None:
        raise ValueError("holds a user name or a password, which everybody would see")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0 or _UNSAFE.search(text):
        raise ValueError(f"{text!r} is not a web address")
    return text


def parse_host(text: str) -> str:
    """Read the name or address of a host, as it is. Raises ValueError."""
    if not _HOST.fullmatch(text):
        raise ValueError(f"{text!r} is not a host")
    return text


def parse_domain(text: str) -> str:
    """Read the domain of mail addresses, as it is. Raises ValueError."""
    if len(text) > 200 or not _DOMAIN.fullmatch(text):
        raise ValueError(f"{text!r} is not a domain")
    return text


def parse_listen(text: str) -> tuple[str, int]:
    """Read where to listen, such as "127.0.0.1:2424". Raises ValueError."""
    host, colon, port = text.rpartition(":")
    if not colon or not host or re.search(r"[\s/]", host) or not re.fullmatch(r"[0-9]{1,5}", port) or int(port) > 65535:
        raise ValueError(f"{text!r} is not an address")
    return host, int(port)


def parse_line(text: str) -> str:
    """Read a text of one line, as it is. Raises ValueError."""
    if not text.isprintable():
        raise ValueError("holds a line end or another control character")
    return text


def parse_template(text: str) -> str:
    """Read a template, as it is. Raises ValueError."""
    try:
        Environment(autoescape=True).parse(text)
    except TemplateSyntaxError as error:
        raise ValueError(f"is not a template ({error.message})") from error
    return text


_OWN_FILTERS = ("wrap", "underline", "if_given")
_OPTIONAL = re.compile(r"\|\s*default\b|\bis (?:not )?defined\b")  # asks for what there need not be


def parse_subject(text: str) -> str:
    """Read a template for a digest's subject, as it is. Raises ValueError."""
    environment = Environment(autoescape=True)
    environment.filters |= dict.fromkeys(_OWN_FILTERS, str)
    try:
        unknown = sorted(find_undeclared_variables(environment.parse(parse_template(text))) - SUBJECT_NAMES)
    except TemplateSyntaxError as error:  # no such filter, or no such test
        raise ValueError(f"is not a template ({error.message})") from error
    if unknown and not _OPTIONAL.search(text):
        raise ValueError(f"asks for {unknown[0]!r}, which there is not")
    return text


def has_port(parts: SplitResult) -> bool:
    """Tell whether the port of an address can be one, or is not stated."""
    try:
        return parts.port != 0
    except ValueError:
        return False


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address can only be this machine."""
    name = host.lower().rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):  # RFC 6761 6.3
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
