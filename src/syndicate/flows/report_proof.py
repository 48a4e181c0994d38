"""Find out whether a report speaks of a message of ours, and of whose copy: a stranger's word about an address counts for nothing."""

import re
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.core.bounce import Report, Reported
from syndicate.core.heads import message_id
from syndicate.core.links import Leaving, ReturnPath, Signer
from syndicate.core.report_fields import Fields
from syndicate.errors import TokenError
from syndicate.flows.readership import Readership
from syndicate.storage.bounces import digest_of, sent_lately
from syndicate.storage.subscribers import Kept, find_by_key, find_by_public_id

_TOKEN = re.compile(r"unsubscribe(?:/|(?:%20|\+| ))([\w.-]{20,300})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """The reader whose copy a report is about, and the digest it was of, "" for a letter."""

    kept: Kept
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prover:
    """Proves reports. With `return_paths` each message of ours has its own; then a failure that did not come to one proves nothing."""

    readership: Readership
    signer: Signer
    return_paths: bool
    from_domain: str

    async def prove(self, connection: AsyncConnection, report: Report, one: Reported) -> Proof | None:
        """Return the proven reader, or None: nothing may then be done to anybody."""
        path = self._return_path(report)
        if path is not None:
            kept = await find_by_public_id(connection, path.public_id, lock=True)
            return None if kept is None else Proof(kept=kept, digest=await digest_of(connection, path.edition))
        if self.return_paths and one.kind != "arf":
            return None
        return await self._by_returned(connection, report, one)

    async def digest_of_event(self, connection: AsyncConnection, kept: Kept, one: Reported) -> str | None:
        """Return the digest that a provider's event about a reader is about, going by our headers in it, or None when they do not tell."""
        leaving = self._leaving(one.returned)
        if leaving is not None and leaving.public_id == kept.subscriber.public_id:
            return leaving.digest
        return await self._sent_to(connection, kept, _message_ids(one.returned))

    def _return_path(self, report: Report) -> ReturnPath | None:
        for address in report.came_to:
            try:
                return self.signer.read_verp_local(address.rpartition("@")[0])
            except TokenError:
                continue  # an address of somebody else's, or a forged one: neither proves anything
        return None

    async def _by_returned(self, connection: AsyncConnection, report: Report, one: Reported) -> Proof | None:
        leaving = self._leaving(report.returned)
        if leaving is not None:
            kept = await find_by_public_id(connection, leaving.public_id, lock=True)
            if kept is not None and (one.kind == "arf" or self._is_about(one, kept)):
                return Proof(kept=kept, digest=leaving.digest)
        ids = _message_ids(report.returned)
        for address in (one.recipient, *one.aliases) if ids else ():
            kept = await find_by_key(connection, self.readership.key.email(address), lock=True) if address else None
            if kept is not None and (digest := await self._sent_to(connection, kept, ids)) is not None:
                return Proof(kept=kept, digest=digest)
        return None

    def _leaving(self, returned: Fields) -> Leaving | None:
        """Return what our own unsubscribe link in the returned headers says; it is signed."""
        for value in returned.get("list-unsubscribe", ()):
            for token in _TOKEN.findall("".join(value.split())):
                try:
                    return self.signer.read_unsubscribe(token)
                except TokenError:
                    continue  # somebody else's link
        return None

    def _is_about(self, one: Reported, kept: Kept) -> bool:
        named = (one.recipient, *one.aliases)
        return any(self.readership.key.email(address) == kept.email_key for address in named if address)

    async def _sent_to(self, connection: AsyncConnection, kept: Kept, ids: set[str]) -> str | None:
        """Return the digest whose copy for this reader bears one of these Message-IDs; they hold what only we and he know."""
        if not self.from_domain or not ids:
            return None
        for sent in await sent_lately(connection, kept.subscriber.id):
            ours = message_id(
                digest=sent.digest,
                slot=sent.slot,
                at=sent.at.isoformat(),
                public_id=kept.subscriber.public_id,
                domain=self.from_domain,
            )
            if ours in ids:
                return sent.digest
        return None


def _message_ids(returned: Fields) -> set[str]:
    return {" ".join(value.split()) for value in returned.get("message-id", ())}
