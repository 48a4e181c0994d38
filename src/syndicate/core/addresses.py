"""Check e-mail addresses: one reader, one address that nothing can be smuggled into."""

import re

from email_validator import EmailNotValidError, validate_email
from msgspec import Struct

from syndicate.errors import AddressError

_NAMED = re.compile(r'\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<plain>[^<>"]*?))\s*<(?P<address>[^<>]*)>\s*')


_USUAL = re.compile(
    r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", re.ASCII
)


class Address(Struct, frozen=True, kw_only=True):
    """A checked address: its domain in ASCII; `smtputf8` when the local part is not, and the relay must offer it."""

    text: str
    smtputf8: bool

    @property
    def domain(self) -> str:
        """Return what follows the @."""
        return self.text.rsplit("@", 1)[1]


def check_address(text: str) -> Address:
    """Return the address that mail for `text` goes to, its domain in lower case and IDNA-encoded. Raises AddressError."""
    try:
        # names for private networks are fine; whether mail gets there is the relay's to say
        found = validate_email(text.strip(" \t"), check_deliverability=False, strict=True, globally_deliverable=False)
    except EmailNotValidError as error:
        raise AddressError(f"{mask(text)} is not an e-mail address: {_without(str(error), text)}") from error
    if "\ufffd" in found.normalized:
        raise AddressError(f"{mask(text)} is not an e-mail address: some of its bytes were not UTF-8")
    if "." not in found.ascii_domain and found.ascii_domain != "localhost":
        raise AddressError(f"{mask(text)} is not an e-mail address: its domain has no dot")
    if found.ascii_email is not None:
        return Address(text=found.ascii_email, smtputf8=False)
    return Address(text=f"{found.local_part}@{found.ascii_domain}", smtputf8=True)


def stored_address(text: str) -> Address:
    """Return an address that was checked when it was stored, for its envelope. Raises AddressError.

    The usual ones are recognised by their shape, 100 times as fast as they were checked; any other is checked again.
    """
    if len(text) <= 254 and _USUAL.fullmatch(text):
        return Address(text=text, smtputf8=False)
    return check_address(text)


def parse_mailbox(text: str) -> tuple[str, Address]:
    """Return the name and the address of `Name <address>` or of a bare address. Raises AddressError."""
    named = _NAMED.fullmatch(text)
    if named is None:
        return "", check_address(text)
    quoted = named["quoted"]
    name = named["plain"] if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
    return name.strip(), check_address(named["address"])


def mask(text: str) -> str:
    """Return an address as logs may show it: the first letter and the domain."""
    local, at, domain = "".join(c if c.isprintable() else "?" for c in text).rpartition("@")
    return f"{local[:1]}***@{domain[:64]}" if at and local else "***"


def _without(message: str, text: str) -> str:
    local = text.strip().rpartition("@")[0]
    return message.replace(local, "***") if len(local) > 2 else message
