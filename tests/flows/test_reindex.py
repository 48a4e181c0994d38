"""Reindex: what articles are compared by comes back from their texts, and another version's costs no pass."""

from dataclasses import replace

from sqlalchemy import select, update

from syndicate.flows.memory import Memory
from syndicate.flows.reindex import reindex
from syndicate.storage.database import Database
from syndicate.storage.tables import article
from tests.flows.newsroom import Newsroom, utc


async def _terms(database: Database) -> dict[str, bytes]:
    async with database.read() as connection:
        return {
            row.source_id: row.terms for row in await connection.execute(select(article.c.source_id, article.c.terms))
        }


async def test_terms_of_another_version_are_passed_over_and_rebuilt(newsroom: Newsroom) -> None:
    """A collector starts among unreadable terms, and the command restores what was there, to the byte."""
    for number in range(5):
        newsroom.store.put(f"a{number}", labels=["World"], published=utc("2026-05-04T05:00"))
    await newsroom.collecting.collect(newsroom.store)
    before = await _terms(newsroom.database)
    async with newsroom.database.begin() as connection:
        await connection.execute(update(article).values(terms=b"\x00of another version"))

    assert len(before) == 5
    started = replace(newsroom.collecting, memory=Memory())
    assert not (await started.collect(newsroom.store, full=True)).troubles
    assert len(started.memory.index) == 0

    assert await reindex(newsroom.database) == len(before)
    assert await _terms(newsroom.database) == before
