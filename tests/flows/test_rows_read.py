"""What PostgreSQL reads to find a few rows of a large edition, whatever its planner believes."""

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.clock import StoppedClock
from syndicate.model import DeliveryState, EditionId, Mark, SubscriberId
from syndicate.storage import audience, deliveries
from syndicate.storage.database import Database
from syndicate.storage.deliveries import CODES, STATES, Outcome
from syndicate.storage.tables import choice, delivery, rhythm, subscriber, subscription

READERS = 3_000
HERE = range(2_001, 2_031)
READ = text(
    "SELECT coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0) FROM pg_stat_xact_user_tables "
    "WHERE relname IN ('delivery', 'subscription', 'subscriber')"
)


@pytest.fixture
async def postgresql_database(database: Database) -> Database:
    """Return a database on PostgreSQL: SQLite's planner goes by the keys alone."""
    if database.is_sqlite:
        pytest.skip("a question for PostgreSQL")
    return database


async def analyse(connection: AsyncConnection) -> None:
    """Have the planner's figures made anew."""
    await connection.execute(text("ANALYZE"))


async def rows_read(connection: AsyncConnection) -> int:
    """Return how many rows this connection has read so far."""
    return int((await connection.execute(READ)).scalar_one())


async def enter(connection: AsyncConnection, edition: int) -> None:
    """Record an edition to everybody as being sent."""
    state = CODES[DeliveryState.SENDING]
    rows = [
        {"edition": edition, "subscriber": number, "variant": 1, "state": state} for number in range(1, READERS + 1)
    ]
    await connection.execute(insert(delivery), rows)


async def test_marking_reads_what_it_marks(postgresql_database: Database) -> None:
    """The planner has never heard of the edition, takes it for empty, and would read it whole each time."""
    async with postgresql_database.begin() as connection:
        await enter(connection, 1)
        await analyse(connection)
        await enter(connection, 2)
    accepted = [
        Outcome(
            subscriber=SubscriberId(number),
            state=DeliveryState.ACCEPTED,
            code=250,
            next_try=None,
            transport="relay",
            note=None,
        )
        for number in HERE
    ]
    async with postgresql_database.begin() as connection:
        before = await rows_read(connection)
        await deliveries.mark_outcomes(connection, EditionId(2), accepted)
        read = await rows_read(connection) - before
        query = select(delivery.c.state, func.count()).where(delivery.c.edition == 2).group_by(delivery.c.state)
        counts = {STATES[state].value: number for state, number in await connection.execute(query)}

        before = await rows_read(connection)
        await deliveries.put_back_marks(
            connection, edition_id=EditionId(2), digest="daily", to_seq=5, readers=list(HERE)
        )
        read_again = await rows_read(connection) - before

    assert counts == {"accepted": len(HERE), "sending": READERS - len(HERE)}
    assert max(read, read_again) <= 3 * len(HERE)


async def test_claiming_reads_whom_it_claims(postgresql_database: Database, clock: StoppedClock) -> None:
    """Not all readers before them, in which a merge of two tables begins; and of a digest that came today not all of it."""
    now = clock.now()
    people = [
        {
            "id": number,
            "public_id": f"p{number}",
            "email": f"r{number}@readers.example",
            "email_key": f"k{number}",
            "name": "",
            "state": "confirmed",
            "created_at": now,
            "timezone": "UTC",
            "language": "en",
        }
        for number in range(1, READERS + 1)
    ]

    def chosen(digest: str) -> list[dict[str, object]]:
        return [
            {
                "subscriber": one["id"],
                "digest": digest,
                "rhythm": 1,
                "choice": 1,
                "state": "active",
                "since": now,
                "since_seq": 0,
            }
            for one in people
        ]

    async with postgresql_database.begin() as connection:
        await connection.execute(
            insert(rhythm), [{"zone": "UTC", "minute": 420, "weekdays": 127, "quiet_from": -1, "quiet_to": -1}]
        )
        await connection.execute(insert(choice), [{"hash": "h", "json": "{}"}])
        await connection.execute(insert(subscriber), people)
        await connection.execute(insert(subscription), chosen("daily"))
        await analyse(connection)
        await connection.execute(insert(subscription), chosen("weekly"))
    for digest in ("daily", "weekly"):
        async with postgresql_database.begin() as connection:
            before = await rows_read(connection)
            readers = await audience.next_readers(
                connection, digest=digest, rhythm_id=1, after=HERE.start - 1, hi=READERS, count=len(HERE)
            )
            await deliveries.move_marks(
                connection, digest=digest, readers=[one.subscriber for one in readers], mark=Mark(seq=5, at=now)
            )
            read = await rows_read(connection) - before

        assert [one.subscriber for one in readers] == list(HERE)
        assert read <= 6 * len(HERE), digest
