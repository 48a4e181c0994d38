"""Write which articles are related, and tell who links to one."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import delete, func, or_, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.core.related import Match
from syndicate.storage.tables import related

MOST_RELATED = 10  # of one article, beside its copies


async def replace_neighbours(
    connection: AsyncConnection, found: Mapping[int, Sequence[Match]], *, revised: Collection[int] = ()
) -> None:
    """Store related pairs in both directions, the best of each article; what an earlier revision had is forgotten."""
    if revised:
        await connection.execute(
            delete(related).where(or_(related.c.article.in_(revised), related.c.other.in_(revised)))
        )
    pairs: dict[tuple[int, int], tuple[float, bool]] = {}
    for key, matches in found.items():
        for match in matches:
            # two of one page find each other: the better score counts, so that their order does not matter
            score, same = pairs.get((key, match.key), (0.0, False))
            told = (max(score, match.score), same or match.same_story)
            pairs[key, match.key] = pairs[match.key, key] = told
    rows = [{"article": a, "other": b, "score": score, "same_story": same} for (a, b), (score, same) in pairs.items()]
    if rows:
        make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        await connection.execute(make(related).on_conflict_do_nothing(), rows)
        await _keep_best(connection, {key for key, _ in pairs})


async def _keep_best(connection: AsyncConnection, keys: Collection[int]) -> None:
    """Let go of what articles are least related to, so that one which all are like does not gather them all; copies stay."""
    place = func.row_number().over(partition_by=related.c.article, order_by=(related.c.score.desc(), related.c.other))
    ranked = (
        select(related.c.article, related.c.other, place.label("place"))
        .where(related.c.article.in_(keys), related.c.same_story.is_(False))
        .subquery()
    )
    surplus = select(ranked.c.article, ranked.c.other).where(ranked.c.place > MOST_RELATED)
    await connection.execute(delete(related).where(tuple_(related.c.article, related.c.other).in_(surplus)))


async def neighbours_of(connection: AsyncConnection, keys: Collection[int]) -> list[int]:
    """Return the keys of the articles that link to any of these, or did before they had better links, which these may still show."""
    if not keys:
        return []
    there = select(related.c.other).where(related.c.article.in_(keys), related.c.same_story.is_(False))
    back = select(related.c.article).where(related.c.other.in_(keys), related.c.same_story.is_(False))
    found = [(await connection.execute(query.distinct())).scalars() for query in (there, back)]
    return sorted({key for part in found for key in part})
