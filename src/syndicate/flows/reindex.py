"""Rebuild the index of related articles: boil every stored article down again."""

import asyncio
from collections.abc import Sequence

from syndicate.core.plain import text_of
from syndicate.core.terms import extract
from syndicate.storage.database import Database
from syndicate.storage.terms import Comparable, load_texts, store_terms

SLICE = 200  # articles in one transaction


async def reindex(database: Database) -> int:
    """Extract the terms of every article anew from its stored text; return of how many.

    Stored links stay. Being killed in between is harmless; running processes read the new terms when they start next.
    """
    after = count = 0
    while True:
        async with database.read() as connection:
            found = await load_texts(connection, after=after, most=SLICE)
        if not found:
            return count
        made = await asyncio.to_thread(_extracted, found)
        async with database.begin() as connection:
            await store_terms(connection, made)
        after, count = found[-1].key, count + len(found)


def _extracted(found: Sequence[Comparable]) -> list[tuple[Comparable, bytes]]:
    return [
        (
            one,
            extract(
                title=one.title, text=text_of(one.body), language=one.language, published=one.published.timestamp()
            ).to_bytes(),
        )
        for one in found
    ]
