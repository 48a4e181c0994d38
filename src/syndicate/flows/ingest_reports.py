"""Deal with reports that come back: keep each, and do to readers and streams what it proves."""

import asyncio
import hashlib
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.core.bounce import Report, Reported, read_report
from syndicate.core.bounce_class import BounceClass, judge_reply
from syndicate.core.leaving_mail import leaving_token
from syndicate.core.links import Signer
from syndicate.core.stream_health import LEAST_DEAD, LEAST_REFUSALS, gives_up, scored
from syndicate.errors import TokenError
from syndicate.flows.readership import Readership
from syndicate.flows.report_proof import Proof, Prover
from syndicate.flows.unsubscribe import Unsubscribing
from syndicate.model import EditionId, Receipt, SubscriberId, SubscriberState
from syndicate.storage import bounces, pauses
from syndicate.storage.subscribers import Kept, find_by_id, find_by_key
from syndicate.storage.suppressions import BOUNCED, suppress

log = structlog.get_logger()
logging.getLogger("flufl.bounce").setLevel(
    logging.CRITICAL
)  # it logs what it stumbles over, and our own reading follows

MOST_KEPT = 256 * 1024  # bytes of a report that nobody could read
SEVEREST = (
    BounceClass.COMPLAINT,
    BounceClass.HARD,
    BounceClass.SOFT,
    BounceClass.POLICY,
    BounceClass.DELAYED,
    BounceClass.NONE,
)
KNOWN, IGNORED, KEPT, RECORDED, SCORED, SUPPRESSED = "known", "ignored", "kept", "recorded", "scored", "suppressed"
UNSUBSCRIBED = "unsubscribed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a report says of a recipient, and what was done: ignored, kept (unread), recorded, scored, suppressed, paused …, unsubscribed, known before."""

    recipient: str | None
    kind: str
    status: str
    verdict: BounceClass
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReports:
    """Takes reports in. With `return_paths` a failure counts only if it came to the return path of one of our messages.

    `dead` counts, for each digest, the addresses that were given up by this process.
    """

    readership: Readership
    signer: Signer
    return_paths: bool
    from_domain: str
    dead: Counter[str] = field(default_factory=Counter)

    @property
    def _prover(self) -> Prover:
        return Prover(
            readership=self.readership,
            signer=self.signer,
            return_paths=self.return_paths,
            from_domain=self.from_domain,
        )

    async def take(self, reports: Sequence[bytes]) -> list[tuple[Taken, ...]]:
        """Take raw reports in, in one transaction, so give at most a few dozen; one that was taken before changes nothing."""
        left = [await self._leave(raw) for raw in reports]
        # a hostile one takes long, and others are to be served meanwhile
        read = [
            (fingerprint(raw), raw, await asyncio.to_thread(read_report, raw, domain=self.from_domain))
            for raw, gone in zip(reports, left, strict=True)
            if gone is None
        ]
        async with self.readership.database.begin() as connection:
            rest = iter([await self._take_one(connection, name, raw, report) for name, raw, report in read])
        return [(gone,) if gone is not None else next(rest) for gone in left]

    async def _leave(self, raw: bytes) -> Taken | None:
        """Let a reader go whose mail program asks for that; None when this is no such mail, or the token is none of ours."""
        if (token := await asyncio.to_thread(leaving_token, raw)) is None:
            return None
        unsubscribing = Unsubscribing(readership=self.readership, signer=self.signer)
        try:
            departure = await unsubscribing.unsubscribe(token, source="mail")
        except TokenError:
            return None
        address = None if departure.reader is None else departure.reader.subscriber.email
        return Taken(recipient=address, kind="other", status="", verdict=BounceClass.NONE, action=UNSUBSCRIBED)

    async def take_events(self, name: str, events: Sequence[Reported]) -> tuple[Taken, ...]:
        """Take what a mail provider tells us itself; its word is proof. `name` tells its messages apart."""
        async with self.readership.database.begin() as connection:
            found = []
            for one in events:
                kept = await self._find(connection, one)
                proof = None if kept is None else Proof(kept=kept, digest=await self._digest(connection, kept, one))
                found.append(await self._settle(connection, fingerprint(name.encode()), one, proof))
            return tuple(found)

    async def note_refusal(
        self,
        connection: AsyncConnection,
        *,
        edition: EditionId,
        digest: str,
        subscriber: SubscriberId,
        receipt: Receipt,
    ) -> str:
        """Act on a delivery that a server refused while we spoke to it, in the transaction that marks it; return what was done."""
        kept = await find_by_id(connection, subscriber)
        if kept is None:
            return IGNORED
        found = judge_reply(receipt.text, status=receipt.enhanced, code=receipt.code)
        one = Reported(
            recipient=kept.subscriber.email,
            kind="smtp",
            status=found.status,
            verdict=found.kind,
            text=receipt.text,
            sure=found.sure,
        )
        proof = Proof(kept=kept, digest=digest)
        return (await self._settle(connection, f"smtp:{edition}:{subscriber}", one, proof)).action

    async def _take_one(self, connection: AsyncConnection, name: str, raw: bytes, report: Report) -> tuple[Taken, ...]:
        found: dict[int, Taken] = {}
        done: set[SubscriberId] = set()
        order = sorted(range(len(report.reported)), key=lambda place: SEVEREST.index(report.reported[place].verdict))
        for place in order:
            one = report.reported[place]
            proof = None
            if one.verdict not in (BounceClass.NONE, BounceClass.DELAYED):
                proof = await self._prover.prove(connection, report, one)
            # A message has one reader: what a report says of further addresses (an alias's members) does not count again.
            if proof is not None and proof.kept.subscriber.id in done:
                proof = None
            found[place] = await self._settle(connection, name, one, proof, raw=raw)
            if proof is not None:
                done.add(proof.kept.subscriber.id)
        return tuple(found[place] for place in range(len(report.reported)))

    async def _settle(
        self, connection: AsyncConnection, name: str, one: Reported, proof: Proof | None, *, raw: bytes | None = None
    ) -> Taken:
        """Keep one recipient of a report and act on it, both or neither, and only once."""
        readable = one.recipient is not None or proof is not None
        row = bounces.BounceRow(
            report=name,
            recipient_key=self._whom(one, proof),
            kind=one.kind,
            verdict=one.verdict,
            status=one.status,
            stream="" if proof is None else proof.digest,
            raw=None if readable or raw is None else raw[:MOST_KEPT],
        )
        number = await bounces.record_bounce(connection, row, now=self.readership.clock.now())
        action = KNOWN
        if number is not None:
            action = await self._act(connection, one, proof)
            if action == RECORDED and not readable and raw is not None:
                action = KEPT
            await bounces.note_action(connection, number, action)
        recipient = one.recipient if proof is None else proof.kept.subscriber.email or one.recipient
        return Taken(recipient=recipient, kind=one.kind, status=one.status, verdict=one.verdict, action=action)

    def _whom(self, one: Reported, proof: Proof | None) -> str:
        """Return what a recipient is counted by: the reader himself where he is proven, for a report may name any address for him."""
        if proof is not None:
            return proof.kept.email_key or self.readership.key.email(proof.kept.subscriber.public_id)
        return self.readership.key.email(one.recipient) if one.recipient else ""

    async def _act(self, connection: AsyncConnection, one: Reported, proof: Proof | None) -> str:
        if one.verdict is BounceClass.DELAYED or (one.verdict is BounceClass.NONE and one.recipient is not None):
            return IGNORED
        if proof is None:
            return RECORDED
        if one.verdict is BounceClass.COMPLAINT:
            await self._stop(connection, proof.kept, SubscriberState.SUPPRESSED, reason="complaint")
            return f"{SUPPRESSED}{await self._check_stream(connection, proof.digest)}"
        if one.verdict is BounceClass.POLICY:
            # What was sent takes long to count, and a blocked edition is refused thousands of times: every twentieth asks.
            refusals = await bounces.refusals_lately(connection, proof.digest, now=self.readership.clock.now())
            if refusals % LEAST_REFUSALS:
                return RECORDED
            checked = await self._check_stream(connection, proof.digest, spoken=one.kind == "smtp")
            return checked.removeprefix(", ") or RECORDED
        if one.verdict is BounceClass.HARD and one.sure:
            await self._stop(connection, proof.kept, SubscriberState.BOUNCED, reason=f"{BOUNCED} {one.status}".strip())
            return f"{SUPPRESSED}{await self._check_dead(connection, one, proof)}"
        return await self._score(connection, proof.kept)

    async def _stop(self, connection: AsyncConnection, kept: Kept, state: SubscriberState, *, reason: str) -> None:
        """Send nothing more to an address; who has left or was suppressed stays what he is."""
        if not kept.subscriber.email:
            return
        await suppress(connection, [kept.email_key], reason=reason, now=self.readership.clock.now())
        if kept.subscriber.state in (SubscriberState.CONFIRMED, SubscriberState.PENDING):
            await self.readership.set_state(connection, kept, state)
        log.info("reader_stopped", subscriber=kept.subscriber.id, reason=reason)

    async def _score(self, connection: AsyncConnection, kept: Kept) -> str:
        number, now = kept.subscriber.id, self.readership.clock.now()
        before = await bounces.load_score(connection, number)
        days = await bounces.accepted_days(connection, number, since=before.at)
        score = scored(before, accepted_days=days, now=now)
        if score is None:
            return RECORDED
        await bounces.store_score(connection, number, score)
        if not gives_up(score):
            return SCORED
        await self._stop(connection, kept, SubscriberState.BOUNCED, reason=f"{BOUNCED} too often")
        return SUPPRESSED

    async def _check_dead(self, connection: AsyncConnection, one: Reported, proof: Proof) -> str:
        """Look, after each two hundredth address of a digest that is said to be gone, whether that many can be."""
        self.dead[proof.digest] += 1
        if self.dead[proof.digest] % LEAST_DEAD:
            return ""
        return await self._check_stream(connection, proof.digest, spoken=one.kind == "smtp")

    async def _check_stream(self, connection: AsyncConnection, digest: str, *, spoken: bool = False) -> str:
        """Pause a digest of which too much comes back; return what to add to the action. `spoken`: a server refused it while we spoke."""
        if not digest:
            return ""
        now = self.readership.clock.now()
        health = await bounces.stream_health(connection, digest, now=now, today=spoken)
        if health.warns:
            log.warning("complaint_rate", digest=digest, rate=round(health.complaint_rate, 5), sent=health.sent)
        if (reason := health.stops) is None or not await pauses.pause_digest(
            connection, digest, reason=reason, now=now
        ):
            return ""
        log.error("digest_paused", digest=digest, reason=reason)
        return f", paused digest {digest}"

    async def _find(self, connection: AsyncConnection, one: Reported) -> Kept | None:
        for address in (one.recipient, *one.aliases):
            kept = await find_by_key(connection, self.readership.key.email(address), lock=True) if address else None
            if kept is not None:
                return kept
        return None

    async def _digest(self, connection: AsyncConnection, kept: Kept, one: Reported) -> str:
        """Return what an event is booked to: the digest of the message it is about, or where it does not tell, the reader's last."""
        told = await self._prover.digest_of_event(connection, kept, one)
        if told is not None:
            return told
        sent = await bounces.sent_lately(connection, kept.subscriber.id)
        return sent[0].digest if sent else ""


def fingerprint(raw: bytes) -> str:
    """Return what a report is known by, however its lines end."""
    return hashlib.sha256(raw.replace(b"\r\n", b"\n").strip()).hexdigest()
