"""Keep the ties between subscribers and digests, with their marks."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.core.readers import Subscription, SubscriptionState
from syndicate.model import Choice, Rhythm, SubscriberId
from syndicate.storage.choices import insert_into, intern_choices, intern_rhythms, load_choice_rows
from syndicate.storage.editions import rhythm_of_row
from syndicate.storage.tables import rhythm, subscription

_WRITTEN = ("rhythm", "choice", "state", "since", "since_seq", "moved_seq")


async def load_subscriptions(
    connection: AsyncConnection, subscribers: Iterable[SubscriberId]
) -> dict[SubscriberId, tuple[Subscription, ...]]:
    """Return the subscriptions of some subscribers, those they left too, in the order of the digests' names."""
    numbers = list(subscribers)
    found: dict[SubscriberId, list[Subscription]] = {number: [] for number in numbers}
    query = (
        select(subscription, rhythm)
        .join(rhythm, rhythm.c.id == subscription.c.rhythm)
        .where(subscription.c.subscriber.in_(numbers))
        .order_by(subscription.c.subscriber, subscription.c.digest)
    )
    rows = (await connection.execute(query)).all()
    choices = await load_choice_rows(connection, (row.choice for row in rows))
    rhythms: dict[int, Rhythm] = {}
    for row in rows:
        if row.rhythm not in rhythms:
            rhythms[row.rhythm] = rhythm_of_row(row)
        one = Subscription(
            digest=row.digest,
            rhythm=rhythms[row.rhythm],
            choice=choices[row.choice],
            state=SubscriptionState(row.state),
            since=row.since,
            since_seq=row.since_seq,
            seen=row.seen,
            moved_seq=row.moved_seq,
        )
        found[SubscriberId(row.subscriber)].append(one)
    return {number: tuple(ones) for number, ones in found.items()}


class Interned:
    """The ids of choices and rhythms met before, so that an import asks for each but once; forgets all when it has too many."""

    def __init__(self, *, most: int = 20_000) -> None:
        self.choices: dict[Choice, int] = {}
        self.rhythms: dict[Rhythm, int] = {}
        self._most = most

    async def learn(self, connection: AsyncConnection, subscriptions: Sequence[Subscription]) -> None:
        """Get the ids of what these subscriptions need."""
        choices = {one.choice for one in subscriptions} - self.choices.keys()
        rhythms = {one.rhythm for one in subscriptions} - self.rhythms.keys()
        if len(self.choices) + len(choices) > self._most:
            self.choices.clear()
            choices = {one.choice for one in subscriptions}
        if choices:
            self.choices |= await intern_choices(connection, choices)
        if rhythms:
            self.rhythms |= await intern_rhythms(connection, rhythms)

    def forget(self) -> None:
        """Forget everything, because the transaction that stored it was undone."""
        self.choices.clear()
        self.rhythms.clear()


async def put_subscriptions(
    connection: AsyncConnection,
    wanted: Mapping[SubscriberId, Sequence[Subscription]],
    *,
    interned: Interned | None = None,
) -> None:
    """Store subscriptions as they shall be; marks are never touched."""
    known = Interned() if interned is None else interned
    await known.learn(connection, [one for ones in wanted.values() for one in ones])
    rows = [
        {
            "subscriber": number,
            "digest": one.digest,
            "rhythm": known.rhythms[one.rhythm],
            "choice": known.choices[one.choice],
            "state": one.state,
            "since": one.since,
            "since_seq": one.since_seq,
            "moved_seq": one.moved_seq,
        }
        for number, ones in sorted(wanted.items())
        for one in ones
    ]
    if not rows:
        return
    statement = insert_into(connection, subscription)
    changed = {name: statement.excluded[name] for name in _WRITTEN}
    await connection.execute(
        statement.on_conflict_do_update(index_elements=["subscriber", "digest"], set_=changed), rows
    )


async def move_rhythm(connection: AsyncConnection, *, digest: str, old: int, new: int, most: int) -> int:
    """Give readers of a digest another rhythm, `most` at a time; return how many."""
    held = (subscription.c.digest == digest) & (subscription.c.rhythm == old)
    some = select(subscription.c.subscriber).where(held).order_by(subscription.c.subscriber).limit(most)
    numbers = (await connection.scalars(some)).all()
    if numbers:
        between = subscription.c.subscriber.between(numbers[0], numbers[-1])
        await connection.execute(update(subscription).where(held, between).values(rhythm=new))
    return len(numbers)


async def leave_all(connection: AsyncConnection, subscribers: Sequence[SubscriberId]) -> None:
    """End every subscription of some subscribers; marks stay."""
    await connection.execute(
        update(subscription)
        .where(subscription.c.subscriber.in_(subscribers), subscription.c.state != SubscriptionState.LEFT)
        .values(state=SubscriptionState.LEFT)
    )


async def forget_subscriptions(connection: AsyncConnection, subscriber: SubscriberId) -> None:
    """Delete the subscriptions of one who is erased."""
    await connection.execute(subscription.delete().where(subscription.c.subscriber == subscriber))
