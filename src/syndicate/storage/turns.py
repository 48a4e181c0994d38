"""Say whose turn it is first, so that editions that are cut short do not leave out the same readers each time."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.storage.tables import batch, edition

FAR = 0.618  # of a round; multiples of the golden section lie evenly on a circle, however many there are


async def place_to_begin(connection: AsyncConnection, *, digest: str, rhythm_id: int, now: datetime) -> int:
    """Return the reader after whom the next edition begins: where the last one of the same digest and rhythm stopped; 0 when it reached all.

    It stopped before the batch of which nobody had his turn; where some of each had, within the first that it did not end. How far one comes
    that still goes, nobody knows: the next begins well away from where that one began.
    """
    query = (
        select(edition.c.id, edition.c.state, edition.c.stale_at)
        .where(edition.c.digest == digest, edition.c.rhythm == rhythm_id)
        .order_by(edition.c.id.desc())
        .limit(1)
    )
    last = (await connection.execute(query)).one_or_none()
    if last is None:
        return 0
    its_batches = batch.c.edition == last.id
    if last.state in ("open", "waiting") and now < last.stale_at:
        number = (await connection.execute(select(func.count()).where(its_batches))).scalar_one()
        place = select(batch.c.lo).where(its_batches).order_by(batch.c.id).offset(int(number * FAR)).limit(1)
    else:
        unfinished = select(batch.c.cursor).where(its_batches, batch.c.cursor < batch.c.hi)
        place = unfinished.order_by(batch.c.cursor > batch.c.lo, batch.c.id).limit(1)
    return (await connection.execute(place)).scalar() or 0
