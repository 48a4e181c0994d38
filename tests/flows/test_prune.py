"""Pruning the ledger: only what is old and over goes, in slices."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, insert, select

from syndicate.clock import StoppedClock
from syndicate.flows.prune import prune
from syndicate.storage import prune as slices
from syndicate.storage.database import Database
from syndicate.storage.tables import batch, delivery, edition, outbox, rhythm, variant

NOW = datetime(2026, 5, 4, 7, tzinfo=UTC)
KEEP = timedelta(days=90)


async def write(database: Database, *, ages: dict[int, int], states: dict[int, str] | None = None) -> None:
    """Put editions of these ages in days into the ledger, each with a batch, a variant and 25 deliveries."""
    async with database.begin() as connection:
        await connection.execute(
            insert(rhythm).values(id=1, zone="UTC", minute=420, weekdays=127, quiet_from=-1, quiet_to=-1)
        )
        for number, days in ages.items():
            at = NOW - timedelta(days=days)
            state = (states or {}).get(number, "done")
            await connection.execute(
                insert(edition).values(
                    id=number, digest="daily", rhythm=1, slot=f"s{number}", at=at, to_seq=number, state=state,
                    planned_at=at, stale_at=at,
                )
            )  # fmt: skip
            await connection.execute(
                insert(batch).values(edition=number, lo=0, hi=25, cursor=25, wake_at=at, state="done")
            )
            await connection.execute(
                insert(variant).values(
                    id=number, edition=number, hash="h", language="en", format="html", subject="", content=b""
                )
            )
            rows = [{"edition": number, "subscriber": n, "variant": number, "state": 4} for n in range(1, 26)]
            await connection.execute(insert(delivery), rows)


async def left(database: Database) -> dict[int, int]:
    """Return edition → number of deliveries."""
    async with database.read() as connection:
        query = (
            select(edition.c.id, func.count(delivery.c.subscriber).label("number"))
            .outerjoin(delivery, delivery.c.edition == edition.c.id)
            .group_by(edition.c.id)
        )
        return {row.id: row.number for row in await connection.execute(query)}


async def test_what_is_old_and_over_goes_with_all_it_consists_of(database: Database) -> None:
    """An open edition stays however old, and so does the newest, which says how far the alerts are."""
    await write(database, ages={1: 120, 2: 100, 3: 95, 4: 10}, states={2: "open"})

    pruned = await prune(database, clock=StoppedClock(NOW), keep=KEEP)

    assert pruned.deliveries == 50
    assert await left(database) == {2: 25, 4: 25}
    async with database.read() as connection:
        for table in (batch, variant):
            found = (await connection.execute(select(table.c.edition).order_by(table.c.edition))).scalars()
            assert list(found) == [2, 4]


async def test_the_newest_edition_of_a_rhythm_stays(database: Database) -> None:
    """Else an alert that went long ago would seem never to have gone."""
    await write(database, ages={1: 200, 2: 150})

    await prune(database, clock=StoppedClock(NOW), keep=KEEP)

    assert await left(database) == {2: 25}


async def test_a_run_removes_a_bounded_number(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left goes with the next runs."""
    monkeypatch.setattr(slices, "SLICE", 2)
    await write(database, ages={1: 120, 2: 1})

    first = await prune(database, clock=StoppedClock(NOW), keep=KEEP)
    second = await prune(database, clock=StoppedClock(NOW), keep=KEEP)

    assert (first.deliveries, second.deliveries) == (24, 1)
    assert await left(database) == {2: 25}


async def test_letters_that_are_done_go_and_open_ones_stay(database: Database) -> None:
    """However old they are."""
    old = NOW - timedelta(days=100)
    async with database.begin() as connection:
        for key, state, at in (("a", "done", old), ("b", "open", old), ("c", "done", NOW)):
            await connection.execute(
                insert(outbox).values(kind="x", key=key, payload="{}", state=state, next_try=at, created_at=at)
            )

    pruned = await prune(database, clock=StoppedClock(NOW), keep=KEEP)

    async with database.read() as connection:
        assert sorted((await connection.execute(select(outbox.c.key))).scalars()) == ["b", "c"]
    assert pruned.letters == 1
