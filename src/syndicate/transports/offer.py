"""Know what a relay offers, and put an envelope into the commands it understands."""

from collections.abc import Mapping
from dataclasses import dataclass

from syndicate.model import Envelope, Outcome, Receipt
from syndicate.transports.address import is_safe


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """The extensions of a relay that matter to us; `size` is None when it does not name a limit, 0 when it has none."""

    pipelining: bool = False
    chunking: bool = False
    eight_bit: bool = False
    smtputf8: bool = False
    size: int | None = None

    @classmethod
    def of(cls, extensions: Mapping[str, str]) -> "Offer":
        """Read the keywords of an answer to EHLO, in lower case, with their parameters."""
        size = extensions.get("size")
        return cls(
            pipelining="pipelining" in extensions,
            chunking="chunking" in extensions,
            eight_bit="8bitmime" in extensions,
            smtputf8="smtputf8" in extensions,
            size=None if size is None else int(size) if size.strip().isdecimal() else 0,
        )

    def __str__(self) -> str:
        """Name the extensions as the relay does."""
        names = {"PIPELINING": self.pipelining, "CHUNKING": self.chunking, "8BITMIME": self.eight_bit}
        offered = [name for name, there in (names | {"SMTPUTF8": self.smtputf8}).items() if there]
        return " ".join([*offered, *([] if self.size is None else [f"SIZE {self.size}"])]) or "no extensions"


def mail_command(offer: Offer, envelope: Envelope, message: bytes) -> bytes:
    """Write MAIL with the parameters that the message needs and the relay offers."""
    line = b"MAIL FROM:<%b>" % envelope.sender.encode()
    if offer.size is not None:
        line += b" SIZE=%d" % len(message)
    if offer.eight_bit and not message.isascii():
        line += b" BODY=8BITMIME"
    if envelope.smtputf8:
        line += b" SMTPUTF8"
    return line + b"\r\n"


def rcpt_command(envelope: Envelope) -> bytes:
    """Write RCPT."""
    return b"RCPT TO:<%b>\r\n" % envelope.recipient.encode()


def objection(offer: Offer, envelope: Envelope, message: bytes) -> Receipt | None:
    """Say here what the relay is known to be unable to take; another may be able to."""
    if not is_safe(envelope):
        text = "the address holds characters that no address may hold (not sent)"
        return Receipt(outcome=Outcome.REFUSED, code=553, enhanced="5.1.3", text=text)
    if envelope.smtputf8 and not offer.smtputf8:
        return _unfit(553, "5.6.7", "the address is not ASCII and the relay does not offer SMTPUTF8")
    if not envelope.smtputf8 and not (envelope.recipient.isascii() and envelope.sender.isascii()):
        return _unfit(553, "5.6.7", "the address is not ASCII and the message is not marked for SMTPUTF8")
    if offer.size and len(message) > offer.size:
        return _unfit(552, "5.3.4", f"the message has {len(message)} bytes and the relay takes at most {offer.size}")
    if not offer.eight_bit and not message.isascii():
        return _unfit(554, "5.6.3", "the message holds 8-bit bytes and the relay does not offer 8BITMIME")
    return None


def _unfit(code: int, enhanced: str, text: str) -> Receipt:
    return Receipt(outcome=Outcome.UNFIT, code=code, enhanced=enhanced, text=f"{text} (not sent)")
