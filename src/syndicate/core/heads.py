"""Write the header block of each kind of message, and the identity a message keeps through every retry."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b

from syndicate.core.cards import label
from syndicate.core.frames import Hole, Part
from syndicate.core.headers import identified, mailbox, structured
from syndicate.core.slots import Form, Slot
from syndicate.model import ComposedDigest

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    """What our messages say of their sender. Addresses are checked ones (core.addresses); URLs absolute.

    `list_domain` is the domain of List-Id and Feedback-ID, usually the From address's. `owner_address` is a person's, for List-Owner;
    `reply_to` is empty when replies go to From. `public_url` is where syndicate is reached, `site_url` where articles are read. `sources` says
    what readers call each source.
    """

    from_name: str
    from_address: str
    site_title: str
    site_url: str
    public_url: str
    postal_address: str
    list_domain: str
    owner_address: str
    reply_to: str = ""
    sources: Mapping[str, str] = field(default_factory=dict)

    @property
    def from_domain(self) -> str:
        """Return the domain that message ids are made at."""
        return self.from_address.rpartition("@")[2]


def message_id(*, digest: str, slot: str, at: str, public_id: str, domain: str) -> str:
    """Return the Message-ID of one reader's copy, angle brackets included: the same facts give the same id, which tells no address.

    `at` sets apart what digest and slot do not, such as the rhythm; letters use their kind as digest and their outbox key as slot.
    """
    facts = "\x1f".join((digest, slot, at, public_id)).encode()
    return f"<{blake2b(facts, digest_size=20).hexdigest()}@{domain}>"


def date_header(moment: datetime) -> str:
    """Return an aware moment as RFC 5322 writes it."""
    offset = moment.strftime("%z")[:5]
    return f"{_DAYS[moment.weekday()]}, {moment.day:02} {_MONTHS[moment.month - 1]} {moment.year} {moment:%H:%M:%S} {offset}"


def digest_head(digest: ComposedDigest, settings: MailSettings) -> tuple[Part, ...]:
    """Return the headers of a digest."""
    fixed = (
        structured("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
        + _stream(_token(digest.digest), digest.title, settings)
        + structured("List-Archive", f"<{settings.public_url}>")
        + _feedback(f"{_token(digest.digest)}:{digest.date:%Y%m%d}:{digest.cadence.value}", settings)
    )
    return (
        *_common(settings),
        # Not folded before the link, however long: some readers then keep the fold's blank as part of the value.
        Slot(name="unsubscribe_url", form=Form.HEADER, before=b"List-Unsubscribe: <", after=b">"),
        Slot(name="unsubscribe_mailto", form=Form.HEADER, before=b",\r\n <", after=b">"),
        b"\r\n" + fixed,
    )


def letter_head(settings: MailSettings, *, form_sub: bool = False) -> tuple[Part, ...]:
    """Return the headers of a message that answers something a reader did; with `form_sub` a web form that anybody may fill in.

    Letters are a stream of their own, with nothing to unsubscribe from.
    """
    fixed = _stream("letters", settings.site_title, settings) + (structured("Form-Sub", "v=1") if form_sub else b"")
    return (*_common(settings), fixed)


def _stream(name: str, title: str, settings: MailSettings) -> bytes:
    """Return what says that a message was made by a machine for many, and which of its streams this is."""
    return (
        identified("List-Id", label(title), f"{name}.{settings.list_domain}")
        + structured("List-Help", f"<{settings.public_url}>")
        + structured("List-Owner", f"<mailto:{settings.owner_address}>")
        + structured("List-Post", "NO")
        + structured("Precedence", "bulk")
        + structured("Auto-Submitted", "auto-generated")
    )


def _feedback(stream: str, settings: MailSettings) -> bytes:
    sender = _token(settings.list_domain)[:15].strip("-.")  # mailbox providers want 5 to 15 characters here
    return structured("Feedback-ID", f"{stream}:{sender}")


def _common(settings: MailSettings) -> tuple[Part, ...]:
    sender = f"From: {mailbox(settings.from_name, settings.from_address)}\r\n".encode()
    reply = f"Reply-To: {mailbox('', settings.reply_to)}\r\n".encode() if settings.reply_to else b""
    return (
        sender + reply,
        Slot(name="to", form=Form.HEADER, before=b"To: ", after=b"\r\n"),
        Hole.SUBJECT_HEADER,
        Slot(name="date", form=Form.HEADER, before=b"Date: ", after=b"\r\n"),
        Slot(name="message_id", form=Form.HEADER, before=b"Message-ID: ", after=b"\r\n"),
    )


def _token(text: str) -> str:
    return "".join(c if c.isascii() and (c.isalnum() or c in "-.") else "-" for c in text)
