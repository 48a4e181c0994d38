"""Keep the list of addresses that get no mail, as hashes."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.storage.choices import insert_into
from syndicate.storage.tables import suppression

ERASED = "erased"  # keeps imports away; the person may come back by signing up and confirming
BOUNCED = "bounced"  # how the reasons of addresses begin to which nothing could be delivered


async def suppress(connection: AsyncConnection, email_keys: Iterable[str], *, reason: str, now: datetime) -> None:
    """Put addresses on the list; one that is there keeps its reason, unless that was only that it was erased."""
    rows = [{"email_key": key, "reason": reason, "at": now} for key in dict.fromkeys(email_keys)]
    if rows:
        statement = insert_into(connection, suppression)
        changed = {"reason": statement.excluded.reason, "at": statement.excluded.at}
        await connection.execute(
            statement.on_conflict_do_update(
                index_elements=["email_key"], set_=changed, where=suppression.c.reason == ERASED
            ),
            rows,
        )


async def lift(connection: AsyncConnection, email_key: str, *, reason: str | None = None) -> bool:
    """Take an address off the list, or only if it is there for one reason; tell whether it was."""
    statement = delete(suppression).where(suppression.c.email_key == email_key)
    if reason is not None:
        statement = statement.where(suppression.c.reason == reason)
    return (await connection.execute(statement)).rowcount > 0


async def find_bounced(connection: AsyncConnection, *, since: datetime, after: str, count: int) -> list[str]:
    """Return a page of the addresses that are on the list since a moment because nothing could be delivered there, in the order of keys."""
    query = (
        select(suppression.c.email_key)
        .where(
            suppression.c.at >= since,
            suppression.c.reason.startswith(BOUNCED, autoescape=True),
            suppression.c.email_key > after,
        )
        .order_by(suppression.c.email_key)
        .limit(count)
    )
    return list((await connection.execute(query)).scalars())


async def find_reasons(connection: AsyncConnection, email_keys: Iterable[str]) -> dict[str, str]:
    """Return why addresses are on the list, for those that are. Ask for at most a few hundred at a time."""
    query = select(suppression.c.email_key, suppression.c.reason).where(suppression.c.email_key.in_(list(email_keys)))
    return {row.email_key: row.reason for row in await connection.execute(query)}
