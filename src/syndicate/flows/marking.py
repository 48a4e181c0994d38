"""Mark deliveries: what follows from each answer of a transport goes into the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.core.retry import Policy, after
from syndicate.flows.ingest_reports import IngestReports
from syndicate.flows.tally import Tally
from syndicate.model import DeliveryState, Receipt, SubscriberId
from syndicate.model import Outcome as Unknown
from syndicate.storage import deliveries
from syndicate.storage.deliveries import Outcome
from syndicate.storage.editions import EditionRow


class Answer(Struct, frozen=True, kw_only=True):
    """A transport's answer for one delivery."""

    subscriber: SubscriberId
    attempt: int
    note: str | None
    receipt: Receipt
    transport: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Marking:
    """Marks the deliveries of one batch. `policy` says what an unanswered message means; `reports` hears of every refusal."""

    policy: Policy
    reports: IngestReports | None
    tally: Tally

    async def mark(
        self, connection: AsyncConnection, edition: EditionRow, answers: Sequence[Answer], *, now: datetime
    ) -> None:
        """Record what each answer means, and give the readers of what was refused their marks back."""
        outcomes, refused = [], []
        for answer in answers:
            verdict = after(
                answer.receipt,
                attempt=answer.attempt,
                former_note=answer.note,
                policy=self.policy,
                now=now,
                stale_at=edition.stale_at,
            )
            outcomes.append(
                Outcome(
                    subscriber=answer.subscriber,
                    state=verdict.state,
                    code=answer.receipt.code,
                    next_try=verdict.next_try,
                    transport=answer.transport,
                    note=verdict.note,
                    tried=verdict.tried,
                )
            )
            if verdict.state is DeliveryState.REFUSED:
                refused.append(answer.subscriber)
            self.tally.count(verdict.state)
        await deliveries.mark_outcomes(connection, edition.id, outcomes)
        if refused:
            await deliveries.put_back_marks(
                connection, edition_id=edition.id, digest=edition.digest, to_seq=edition.to_seq, readers=refused
            )
        await self._report(connection, edition, answers)

    async def _report(self, connection: AsyncConnection, edition: EditionRow, answers: Sequence[Answer]) -> None:
        """Pass on what a server refused: it is a report like those that come back by mail."""
        if self.reports is None:
            return
        for answer in answers:
            if answer.receipt.outcome is Unknown.REFUSED:
                await self.reports.note_refusal(
                    connection,
                    edition=edition.id,
                    digest=edition.digest,
                    subscriber=answer.subscriber,
                    receipt=answer.receipt,
                )
