"""Hand out sequence numbers from one row, so that number order is commit order."""

from typing import cast

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.storage.tables import counter

SEQ = "seq"


async def create_counter(connection: AsyncConnection) -> None:
    """Put the counter row in place at zero."""
    await connection.execute(insert(counter).values(name=SEQ, n=0))


async def take_numbers(connection: AsyncConnection, count: int) -> int:
    """Take `count` numbers and return the first; the row stays locked until the transaction ends."""
    statement = update(counter).where(counter.c.name == SEQ).values(n=counter.c.n + count).returning(counter.c.n)
    return cast(int, (await connection.execute(statement)).scalar_one()) - count + 1


async def current_number(connection: AsyncConnection) -> int:
    """Return the last number handed out by a committed transaction."""
    return cast(int, (await connection.execute(select(counter.c.n).where(counter.c.name == SEQ))).scalar_one())
