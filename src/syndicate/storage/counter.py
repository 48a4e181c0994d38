"""Hand out numbers from one row each, so that number order is commit order."""

from typing import cast

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.storage.tables import counter

SEQ = "seq"
ARTICLE = "article"


async def take_numbers(connection: AsyncConnection, count: int, *, name: str = SEQ) -> int:
    """Take `count` numbers and return the first; the row stays locked until the transaction ends."""
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = make(counter).values(name=name, n=count)
    statement = statement.on_conflict_do_update(index_elements=["name"], set_={"n": counter.c.n + count})
    return cast(int, (await connection.execute(statement.returning(counter.c.n))).scalar_one()) - count + 1


async def current_number(connection: AsyncConnection, *, name: str = SEQ) -> int:
    """Return the last number handed out by a committed transaction, or 0."""
    return (await connection.execute(select(counter.c.n).where(counter.c.name == name))).scalar() or 0
