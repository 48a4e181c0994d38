"""The related links that are kept, and those that are shown: of articles that tell the same story, one."""

from sqlalchemy import delete, insert, select

from syndicate.core.related import Match
from syndicate.storage.articles import links_today
from syndicate.storage.neighbours import neighbours_of, replace_neighbours
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


async def test_an_article_keeps_its_ten_best_links_and_all_copies(newsroom: Newsroom) -> None:
    """However many find one article, it keeps the best ten, each of them its link; if it goes, all that may show it are built again."""
    for number in range(16):
        newsroom.store.put(f"a{number}", labels=["World"], published=utc("2026-05-04T05:00"))
    await newsroom.collecting.collect(newsroom.store)
    async with newsroom.database.begin() as connection:
        hub, *others = sorted((await connection.execute(select(article.c.key))).scalars())
        await connection.execute(delete(related))
        for number, key in enumerate(others):
            match = Match(key=hub, score=0.6 + number / 100, same_story=number == 0)
            await replace_neighbours(connection, {key: [match]})
        held = await connection.execute(select(related.c.other).where(related.c.article == hub))
        holding = await connection.execute(select(related.c.article).where(related.c.other == hub))
        links = await links_today(connection, [hub])
        building = await neighbours_of(connection, [hub])

    assert set(held.scalars()) == {others[0], *others[5:]}
    assert set(holding.scalars()) == set(others)
    assert [link.score for link in links[hub]] == [0.74, 0.73, 0.72, 0.71, 0.7]
    assert set(building) == set(others[1:])
