"""Send a digest in the foreground: plan what is due, deliver it, and tell what became of it."""

from datetime import datetime

from syndicate.flows.deliver import Delivering
from syndicate.flows.plan import Planning
from syndicate.flows.tally import Tally
from syndicate.flows.work import finish_digest, take_back


async def send_digest(
    planning: Planning, delivering: Delivering, *, digest: str, at: datetime | None, tally: Tally | None = None
) -> Tally:
    """Plan what is due now, or at the editorial moment `at`, and deliver it and what an interrupted run left.

    `tally` is counted up as it goes. Returns when none of this digest's deliveries is planned or in flight; those that wait for another try do not hold it up.
    """
    await take_back(delivering)
    made = await planning.plan(digest=digest, at=at, coalesce=False)
    tally = Tally() if tally is None else tally
    tally.editions += len(made)
    await finish_digest(delivering, digest, tally)
    return tally
