"""The related links that are shown: of articles that tell the same story, one."""

from sqlalchemy import delete, insert, select

from syndicate.storage.articles import links_today
from syndicate.storage.tables import article, related
from tests.flows.newsroom import Newsroom, utc

PAIRS = ((0, 1, 0.9, False), (0, 2, 0.8, False), (0, 3, 0.7, False), (1, 2, 0.9, True))


async def test_of_two_copies_one_is_shown(newsroom: Newsroom) -> None:
    """An article is related to two wire copies and a third article: the better copy and the third are shown; a copy shows the article."""
    for number in range(4):
        newsroom.store.put(f"a{number}", labels=["World"], published=utc("2026-05-04T05:00"))
    await newsroom.collecting.collect(newsroom.store)
    async with newsroom.database.begin() as connection:
        rows = await connection.execute(select(article.c.source_id, article.c.key))
        keys = {row.source_id: row.key for row in rows}
        pairs = [(keys[f"a{a}"], keys[f"a{b}"], score, same) for a, b, score, same in PAIRS]
        pairs += [(b, a, score, same) for a, b, score, same in pairs]
        await connection.execute(delete(related))
        await connection.execute(
            insert(related),
            [dict(zip(("article", "other", "score", "same_story"), pair, strict=True)) for pair in pairs],
        )
    async with newsroom.database.read() as connection:
        found = await links_today(connection, keys.values())

    assert [link.url[-1] for link in found[keys["a0"]]] == ["1", "3"]
    assert [link.url[-1] for link in found[keys["a2"]]] == ["0"]
