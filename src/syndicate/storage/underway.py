"""Tell how far the sending of a digest is, whoever sends it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.model import DeliveryState
from syndicate.storage.counts import counts_of
from syndicate.storage.tables import batch, edition

OUT = (DeliveryState.PLANNED, DeliveryState.SENDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class HowFar:
    """How many readers of some editions are dealt with, by state, and about how many there are. `skipped` holds those for whom there was nothing."""

    states: Mapping[str, int]
    readers: int

    @property
    def dealt_with(self) -> int:
        """How many readers had their turn."""
        return sum(self.states.values())


async def newest_edition(connection: AsyncConnection) -> int:
    """Return the number of the newest edition of all; 0 when there is none."""
    return (await connection.execute(select(func.max(edition.c.id)))).scalar() or 0


async def how_far(
    connection: AsyncConnection, *, digest: str, after: int, known: Collection[int], size: int
) -> tuple[list[int], HowFar]:
    """Return the editions of a digest that are open, known or newer than one, and how far they are. `size` readers make a batch."""
    is_meant = or_(edition.c.state == "open", edition.c.id > after, edition.c.id.in_(known))
    query = select(edition.c.id).where(edition.c.digest == digest, edition.c.state != "waiting", is_meant)
    editions = list((await connection.execute(query)).scalars())
    span = batch.c.hi - batch.c.lo
    readers = case((span < size, span), else_=size)  # no more than there are numbers
    waiting = case((batch.c.state == "open", (batch.c.hi - batch.c.cursor) * 1.0 / span * readers), else_=0)
    passed = func.sum(batch.c.n_empty + batch.c.n_skipped)
    row = (
        await connection.execute(select(func.sum(waiting), passed).where(batch.c.edition.in_(editions), span > 0))
    ).one()
    counted: dict[str, int] = {}
    for counts in (await counts_of(connection, editions)).values():
        for state, number in counts.items():
            counted[state] = counted.get(state, 0) + number
    counted["skipped"] = counted.get("skipped", 0) + int(row[1] or 0)
    out = sum(counted.pop(state, 0) for state in OUT)
    readers_in_all = sum(counted.values()) + out + round(float(row[0] or 0))
    return editions, HowFar(states=counted, readers=readers_in_all)
