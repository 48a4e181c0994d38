"""Let the operator rule on deliveries of which nobody knows what became."""

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.model import DeliveryState
from syndicate.storage.deliveries import CODES
from syndicate.storage.tables import delivery


async def accept_uncertain(connection: AsyncConnection, *, edition_id: int | None = None) -> int:
    """Count every uncertain delivery as accepted; return how many."""
    statement = update(delivery).where(delivery.c.state == CODES[DeliveryState.UNCERTAIN])
    if edition_id is not None:
        statement = statement.where(delivery.c.edition == edition_id)
    values = {"state": CODES[DeliveryState.ACCEPTED], "next_try": None, "note": "unanswered, accepted by hand"}
    return (await connection.execute(statement.values(values))).rowcount
