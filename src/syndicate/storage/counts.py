"""Count deliveries by state: of open editions as they stand, of all others as it was written down when they were finished."""

from collections.abc import Collection, Mapping

from sqlalchemy import ColumnElement, Subquery, delete, func, insert, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.storage.deliveries import STATES
from syndicate.storage.tables import delivery, edition, edition_count


async def count_by_state(
    connection: AsyncConnection, *, edition_id: int | None = None, digest: str | None = None
) -> dict[str, int]:
    """Return state → number of deliveries."""
    which: list[ColumnElement[bool]] = []
    if edition_id is not None:
        which.append(edition.c.id == edition_id)
    if digest is not None:
        which.append(edition.c.digest == digest)
    counted = _counted(*which)
    query = select(counted.c.state, func.sum(counted.c.n)).group_by(counted.c.state)
    return {STATES[state].value: int(number) for state, number in (await connection.execute(query)).all()}


async def counts_of(connection: AsyncConnection, editions: Collection[int]) -> Mapping[int, Mapping[str, int]]:
    """Return edition → state → number of deliveries."""
    found: dict[int, dict[str, int]] = {}
    for row in await connection.execute(select(_counted(edition.c.id.in_(editions)))):
        found.setdefault(row.edition, {})[STATES[row.state].value] = row.n
    return found


def _counted(*which: ColumnElement[bool]) -> Subquery:
    """Return edition, state and `n` of the editions that are so."""
    live = (
        select(delivery.c.edition, delivery.c.state, func.count().label("n"))
        .where(delivery.c.edition.in_(select(edition.c.id).where(edition.c.state == "open", *which)))
        .group_by(delivery.c.edition, delivery.c.state)
    )
    kept = select(edition_count).where(edition_count.c.edition.in_(select(edition.c.id).where(*which)))
    return union_all(live, kept).subquery()


async def keep_counts(connection: AsyncConnection, editions: Collection[int]) -> None:
    """Write down what became of editions that are over. Whoever calls it has their rows locked."""
    await connection.execute(delete(edition_count).where(edition_count.c.edition.in_(editions)))
    found = (
        select(delivery.c.edition, delivery.c.state, func.count())
        .where(delivery.c.edition.in_(editions))
        .group_by(delivery.c.edition, delivery.c.state)
    )
    await connection.execute(insert(edition_count).from_select(["edition", "state", "n"], found))


async def forget_counts(connection: AsyncConnection, edition_id: int) -> None:
    """Count an edition where it stands from now on, because it is open again."""
    await connection.execute(delete(edition_count).where(edition_count.c.edition == edition_id))


async def recount(connection: AsyncConnection, editions: Collection[int]) -> None:
    """Write down anew what became of those of these editions that are over, because deliveries of them were changed by hand."""
    over = select(edition.c.id).where(edition.c.id.in_(editions), edition.c.state != "open").order_by(edition.c.id)
    await keep_counts(connection, (await connection.execute(over.with_for_update())).scalars().all())
