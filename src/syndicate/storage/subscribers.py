"""Keep subscribers: who they are, and whether mail may go to them."""

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import token_bytes
from typing import Any

from sqlalchemy import BindParameter, Row, Select, bindparam, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.core.readers import Person
from syndicate.model import Subscriber, SubscriberId, SubscriberState
from syndicate.storage.choices import insert_into
from syndicate.storage.tables import subscriber

PUBLIC_ID_BYTES = 10  # sixteen letters


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A subscriber with what only the flows that change him need to know.

    `email_key` is unique among all who have an address. `nonce` is what a confirmation must bear; `chose_at` is when he last changed his
    choices himself.
    """

    subscriber: Subscriber
    email_key: str
    nonce: str | None
    asked_at: datetime | None
    chose_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSubscriber:
    """What is known of somebody who is not kept yet."""

    email: str
    email_key: str
    person: Person
    state: SubscriberState
    confirmed_at: datetime | None = None
    nonce: str | None = None
    asked_at: datetime | None = None


def new_public_id() -> str:
    """Return sixteen random letters that fit into an address and survive any casing."""
    return base64.b32encode(token_bytes(PUBLIC_ID_BYTES)).decode().lower()


new_nonce = new_public_id


async def find_by_key(connection: AsyncConnection, email_key: str, *, lock: bool = False) -> Kept | None:
    """Return the subscriber with this address; with `lock` nobody else changes him until the transaction ends."""
    return await _one(connection, select(subscriber).where(subscriber.c.email_key == email_key), lock=lock)


async def find_by_public_id(connection: AsyncConnection, public_id: str, *, lock: bool = False) -> Kept | None:
    """Return the subscriber with this public id; with `lock` nobody else changes him until the transaction ends."""
    return await _one(connection, select(subscriber).where(subscriber.c.public_id == public_id), lock=lock)


async def find_by_id(connection: AsyncConnection, number: SubscriberId) -> Kept | None:
    """Return the subscriber with this number."""
    return await _one(connection, select(subscriber).where(subscriber.c.id == number), lock=False)


async def find_many(connection: AsyncConnection, email_keys: Sequence[str], *, lock: bool = False) -> dict[str, Kept]:
    """Return the subscribers with these addresses, by their keys. Ask for at most a few hundred at a time."""
    query = select(subscriber).where(subscriber.c.email_key.in_(email_keys)).order_by(subscriber.c.id)
    rows = await connection.execute(query.with_for_update() if lock else query)
    return {row.email_key: _kept(row) for row in rows}


async def add_subscribers(
    connection: AsyncConnection, people: Sequence[NewSubscriber], *, now: datetime
) -> dict[str, SubscriberId]:
    """Record new subscribers; return the numbers of those who were not there already, by their keys."""
    if not people:
        return {}
    rows = [
        {
            "public_id": new_public_id(),
            "email": one.email,
            "email_key": one.email_key,
            **one.person.columns(),
            "state": one.state,
            "created_at": now,
            "confirmed_at": one.confirmed_at,
            "nonce": one.nonce,
            "asked_at": one.asked_at,
        }
        for one in people
    ]
    statement = insert_into(connection, subscriber).on_conflict_do_nothing()
    made = await connection.execute(statement.returning(subscriber.c.id, subscriber.c.email_key), rows)
    return {row.email_key: SubscriberId(row.id) for row in made}


async def change_subscriber(connection: AsyncConnection, number: SubscriberId, values: Mapping[str, object]) -> None:
    """Set columns of one subscriber."""
    if values:
        await connection.execute(update(subscriber).where(subscriber.c.id == number).values(dict(values)))


async def change_subscribers(
    connection: AsyncConnection, rows: Sequence[tuple[SubscriberId, dict[str, object]]]
) -> None:
    """Set the same columns, to values of their own, of many subscribers."""
    if rows:
        columns: dict[str, BindParameter[object]] = {name: bindparam(f"new_{name}") for name in rows[0][1]}
        statement = update(subscriber).where(subscriber.c.id == bindparam("number")).values(columns)
        await connection.execute(
            statement,
            [{"number": number} | {f"new_{name}": value for name, value in values.items()} for number, values in rows],
        )


async def forget_address(connection: AsyncConnection, kept: Kept) -> None:
    """Take from a subscriber all that tells who he is; his number stays, for the ledger's sake."""
    await change_subscriber(
        connection,
        kept.subscriber.id,
        {
            "email": None,
            "email_key": f"erased:{kept.subscriber.public_id}",
            "name": "",
            "state": SubscriberState.ERASED,
            "timezone": "UTC",
            "language": "und",
            "nonce": None,
            "asked_at": None,
            "chose_at": None,
            "confirmed_at": None,
            "paused_until": None,
        },
    )


async def walk_subscribers(
    connection: AsyncConnection, *, after: int = 0, count: int = 500, state: SubscriberState | None = None
) -> list[Kept]:
    """Return the next subscribers after a number, in order; erased ones are left out."""
    query = select(subscriber).where(subscriber.c.id > after, subscriber.c.email.is_not(None))
    if state is not None:
        query = query.where(subscriber.c.state == state)
    return [_kept(row) for row in await connection.execute(query.order_by(subscriber.c.id).limit(count))]


async def find_stale_requests(connection: AsyncConnection, *, before: datetime, count: int = 500) -> list[Kept]:
    """Return some of those who were asked to confirm before a moment and have not."""
    query = select(subscriber).where(subscriber.c.state == SubscriberState.PENDING, subscriber.c.asked_at < before)
    return [
        _kept(row) for row in await connection.execute(query.order_by(subscriber.c.id).limit(count).with_for_update())
    ]


async def delete_subscribers(connection: AsyncConnection, numbers: Iterable[SubscriberId]) -> None:
    """Delete subscribers with their subscriptions and proofs, as if they had never asked."""
    await connection.execute(delete(subscriber).where(subscriber.c.id.in_(list(numbers))))


async def count_subscribers(connection: AsyncConnection) -> dict[str, int]:
    """Return how many subscribers there are in each state."""
    query = select(subscriber.c.state, func.count().label("number")).group_by(subscriber.c.state)
    return {row.state: row.number for row in await connection.execute(query)}


async def _one(connection: AsyncConnection, query: Select[Any], *, lock: bool) -> Kept | None:  # Any: rows are untyped
    row = (await connection.execute(query.with_for_update() if lock else query)).one_or_none()
    return None if row is None else _kept(row)


def _kept(row: Row[Any]) -> Kept:  # Any: rows are untyped
    person = Subscriber(
        id=SubscriberId(row.id),
        public_id=row.public_id,
        email=row.email or "",
        name=row.name,
        state=SubscriberState(row.state),
        timezone=row.timezone,
        language=row.language,
        format=row.format,
        created_at=row.created_at,
        confirmed_at=row.confirmed_at,
        paused_until=row.paused_until,
    )
    return Kept(
        subscriber=person, email_key=row.email_key, nonce=row.nonce, asked_at=row.asked_at, chose_at=row.chose_at
    )
