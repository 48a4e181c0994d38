"""Address a prepared message to one reader: sign its links, fill its slots, write its envelope."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from msgspec import structs

from syndicate.core.addresses import Address, check_address, stored_address
from syndicate.core.dkim import SigningKey, prepare, sign
from syndicate.core.filling import PreparedMessage, fill
from syndicate.core.headers import mailbox
from syndicate.core.heads import MailSettings, date_header, message_id
from syndicate.core.links import Signer
from syndicate.model import EditionId, Envelope, VariantId
from syndicate.storage.audience import ReaderRow
from syndicate.storage.editions import EditionRow

TO_ROOM = 78 - len("To: ")

Sign = Callable[[Sequence[bytes]], Awaitable[Sequence[bytes]]]  # SHA-256 digests to their signatures, in order


@dataclass(frozen=True, slots=True, kw_only=True)
class Postman:
    """Writes envelopes. With a `bounce_domain` each has a return path of its own (VERP); with a `key` it is signed (DKIM)."""

    signer: Signer
    mail: MailSettings
    bounce_domain: str = ""
    key: SigningKey | None = None

    def envelope(
        self,
        reader: ReaderRow,
        edition: EditionRow,
        variant: VariantId,
        message: PreparedMessage,
        *,
        now: datetime,
        notice: Mapping[str, str] | None = None,
    ) -> Envelope:
        """Return one reader's copy of an edition. The Message-ID is the same at every try. Raises AddressError.

        `notice` fills the slots of what he must be told of corrections.
        """
        address = stored_address(reader.email)
        values = self._values(reader, address, edition, variant, now=now)
        if notice:
            values |= notice
        return Envelope(
            sender=self._sender(edition.id, reader.public_id),
            recipient=address.text,
            parts=fill(message, values),
            message_id=values["message_id"],
            smtputf8=address.smtputf8,
            head=message.head,
        )

    def signed(self, envelope: Envelope, *, now: datetime) -> Envelope:
        """Return an envelope with its DKIM signature in front, where we sign. Half a millisecond of CPU for RSA: not in a transaction."""
        if self.key is None:
            return envelope
        parts, head = envelope.parts, envelope.head
        return _with_header(envelope, sign(b"".join(parts[:head]), parts[head:], self.key, int(now.timestamp())))

    async def signed_by(self, sign: Sign, envelopes: Sequence[Envelope], *, now: datetime) -> Sequence[Envelope]:
        """Return envelopes with their DKIM signatures in front, made elsewhere."""
        if self.key is None:
            return envelopes
        at = int(now.timestamp())
        drafts = [prepare(b"".join(one.parts[: one.head]), one.parts[one.head :], self.key, at) for one in envelopes]
        signatures = await sign([draft.digest for draft in drafts])
        return [
            _with_header(envelope, draft.with_signature(signature))
            for envelope, draft, signature in zip(envelopes, drafts, signatures, strict=True)
        ]

    def values(self, reader: ReaderRow, edition: EditionRow, variant: VariantId, *, now: datetime) -> dict[str, str]:
        """Return what fills the slots of one reader's copy."""
        return self._values(reader, stored_address(reader.email), edition, variant, now=now)

    def _values(
        self, reader: ReaderRow, address: Address, edition: EditionRow, variant: VariantId, *, now: datetime
    ) -> dict[str, str]:
        base = self.mail.public_url
        token = self.signer.unsubscribe(reader.public_id, edition.digest)
        return {
            "to": mailbox(reader.name, address.text, room=TO_ROOM) if reader.name else address.text,
            "name": reader.name,
            "date": _date(now),
            "message_id": message_id(
                digest=edition.digest,
                slot=edition.slot,
                at=_moment(edition.at),
                public_id=reader.public_id,
                domain=self.mail.from_domain,
            ),
            "unsubscribe_url": f"{base}unsubscribe/{token}",
            "unsubscribe_mailto": f"mailto:{self.mail.owner_address}?subject=unsubscribe%20{token}",
            "preferences_url": f"{base}preferences/{self.signer.preferences(reader.public_id)}",
            "web_url": f"{base}editions/{_view(self.signer, edition.id, variant)}",
        }

    def letter(
        self,
        *,
        kind: str,
        key: str,
        public_id: str,
        email: str,
        name: str,
        message: PreparedMessage,
        values: dict[str, str],
        now: datetime,
    ) -> Envelope:
        """Return a letter that answers something a reader did; `key` makes its Message-ID the same at every try."""
        address = check_address(email)
        identity = message_id(digest=kind, slot=key, at="", public_id=public_id, domain=self.mail.from_domain)
        head = {"to": mailbox(name, address.text, room=TO_ROOM), "date": date_header(now), "message_id": identity}
        return Envelope(
            sender=self._sender(EditionId(0), public_id),
            recipient=address.text,
            parts=fill(message, values | head),
            message_id=identity,
            smtputf8=address.smtputf8,
            head=message.head,
        )

    def _sender(self, edition: EditionId, public_id: str) -> str:
        if not self.bounce_domain:
            return self.mail.from_address
        return f"{self.signer.verp_local(edition, public_id)}@{self.bounce_domain}"


def _with_header(envelope: Envelope, header: bytes) -> Envelope:
    return structs.replace(envelope, parts=(header, *envelope.parts), head=envelope.head + 1)


# What all readers of a batch share is made once.


@lru_cache(maxsize=8)
def _moment(at: datetime) -> str:
    return at.isoformat()


@lru_cache(maxsize=256)
def _view(signer: Signer, edition: EditionId, variant: VariantId) -> str:
    return signer.edition(edition, variant)


@lru_cache(maxsize=8)
def _date(moment: datetime) -> str:
    return date_header(moment)
