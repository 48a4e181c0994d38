"""What the ledger and the marks rest on, whoever comes between: the epoch of a lease, one delivery to a reader, marks that only go forward."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from syndicate.core.window import Window
from syndicate.model import EditionId, Mark, SubscriberId
from syndicate.storage import batches, carried, deliveries
from syndicate.storage.tables import batch, edition, subscriber, subscription
from tests.flows.newsroom import Newsroom, utc
from tests.marks import moved

SLOT = utc("2026-05-04T07:00")
EARLY, LATE = Mark(seq=5, at=SLOT), Mark(seq=9, at=SLOT + timedelta(days=1))
DIGEST = "daily"


@pytest.fixture
async def planned(newsroom: Newsroom) -> Newsroom:
    """Return a newsroom with a planned edition for two readers."""
    newsroom.store.put("a1", labels=["World"], published=utc("2026-05-04T05:00"))
    await newsroom.collect()
    for name in ("ann", "bob"):
        await newsroom.add_reader(name, digests=["daily", "weekly"])
    newsroom.clock.moment = SLOT
    await newsroom.planning.plan(digest=DIGEST)
    return newsroom


async def numbers(newsroom: Newsroom) -> tuple[EditionId, SubscriberId]:
    """Return the numbers of the edition and of Ann."""
    async with newsroom.database.read() as connection:
        ann = select(subscriber.c.id).where(subscriber.c.email == "ann@ann.example")
        edition_id = (await connection.execute(select(edition.c.id))).scalar_one()
        return EditionId(edition_id), SubscriberId((await connection.execute(ann)).scalar_one())


async def mark_of(newsroom: Newsroom, reader: SubscriberId, digest: str = DIGEST) -> Mark | None:
    """Return a reader's mark."""
    query = select(subscription.c.seen, subscription.c.seen_at, subscription.c.seen_by_date).where(
        subscription.c.subscriber == reader, subscription.c.digest == digest
    )
    async with newsroom.database.read() as connection:
        row = (await connection.execute(query)).one()
    return None if row.seen is None else Mark(seq=row.seen, at=row.seen_at, by_date=row.seen_by_date)


async def move(newsroom: Newsroom, reader: SubscriberId, mark: Mark, digest: str = DIGEST) -> None:
    """Move a reader's mark as a claim does."""
    async with newsroom.database.begin() as connection:
        await deliveries.move_marks(connection, digest=digest, readers=[reader], mark=mark)


async def test_a_lease_of_a_former_epoch_holds_nothing(planned: Newsroom) -> None:
    """Though the batch is open still and another is in the middle of it: its cursor does not move for who has lost it."""
    slow, quick = planned.delivering(owner="slow"), planned.delivering(owner="quick")
    lost = await slow.next_batch(digest=DIGEST)
    assert lost is not None
    async with planned.database.begin() as connection:
        await batches.free_batches_of(connection, "slow")
    held = await quick.next_batch(digest=DIGEST)
    assert held is not None

    async with planned.database.begin() as connection:
        renewed = [
            await batches.renew(connection, lease, now=SLOT, cursor=cursor)
            for lease, cursor in ((lost, held.hi), (held, held.lo))
        ]
        cursor = (await connection.execute(select(batch.c.cursor).where(batch.c.id == held.id))).scalar_one()

    assert renewed == [False, True]
    assert cursor == held.lo


async def test_who_has_a_delivery_is_not_written_to_again(planned: Newsroom) -> None:
    """Even if the cursor and the marks were lost and all readers are gone through once more."""
    await planned.finish()
    async with planned.database.begin() as connection:
        await connection.execute(update(subscription).values(seen=None, seen_at=None, seen_by_date=False))
        await connection.execute(update(batch).values(state="open", cursor=batch.c.lo))
        await connection.execute(update(edition).values(state="open"))

    tally = await planned.finish()

    assert (tally.planned, tally.accepted) == (0, 0)
    assert sorted(sent.recipient for sent in planned.relay.tried) == ["ann@ann.example", "bob@bob.example"]


async def test_marks_go_forward_only(planned: Newsroom) -> None:
    """A first edition makes a mark that goes by date; an edition that comes late moves neither its number nor its moment back."""
    _, ann = await numbers(planned)
    expected, marks = [], []
    mark: Mark | None = None
    for end in (EARLY, LATE):
        mark = moved(mark, Window(to_seq=end.seq, first_from=SLOT - timedelta(days=1), at=end.at))
        await move(planned, ann, end)
        expected.append(mark)
        marks.append(await mark_of(planned, ann))
    await move(planned, ann, EARLY)

    assert marks == expected
    assert await mark_of(planned, ann) == LATE


async def test_only_a_mark_that_stayed_is_put_back(planned: Newsroom) -> None:
    """Who had a later edition meanwhile keeps his mark when an earlier one is given up."""
    edition_id, ann = await numbers(planned)
    await planned.finish()
    sent = await mark_of(planned, ann)
    assert sent is not None
    found = []
    for later in (Mark(seq=sent.seq + 1, at=LATE.at), None):
        if later is None:  # as the claim left it
            async with planned.database.begin() as connection:
                await connection.execute(update(subscription).values(seen=sent.seq))
        else:
            await move(planned, ann, later)
        async with planned.database.begin() as connection:
            await deliveries.put_back_marks(
                connection, edition_id=edition_id, digest=DIGEST, to_seq=sent.seq, readers=[ann]
            )
        found.append(await mark_of(planned, ann))

    assert found == [Mark(seq=sent.seq + 1, at=LATE.at), None]


async def test_only_a_mark_of_a_carried_digest_that_stayed_is_put_back(planned: Newsroom) -> None:
    """The same for a faster digest whose leftovers the edition was to bring."""
    edition_id, ann = await numbers(planned)
    found = []
    for later in (LATE, None):
        async with planned.database.begin() as connection:
            await connection.execute(update(subscription).values(seen=None, seen_at=None, seen_by_date=False))
            await carried.move_held(connection, edition_id, {ann: [("weekly", None)]}, mark=EARLY)
        if later is not None:
            await move(planned, ann, later, "weekly")
        async with planned.database.begin() as connection:
            await carried.undo(connection, edition_id, to_seq=EARLY.seq, readers=[ann])
        found.append(await mark_of(planned, ann, "weekly"))

    assert found == [LATE, None]


async def test_who_came_after_the_hour_gets_the_next_edition(newsroom: Newsroom) -> None:
    """Though the edition was planned after he came, and brings others what is new to him too."""
    newsroom.store.put("a1", labels=["World"], published=utc("2026-05-04T05:00"))
    await newsroom.collect()
    await newsroom.add_reader("ann")
    newsroom.clock.moment = SLOT + timedelta(minutes=5)
    await newsroom.add_reader("late")

    await newsroom.send()

    assert [sent.recipient for sent in newsroom.relay.accepted] == ["ann@ann.example"]
