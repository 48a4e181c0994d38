"""Judge whether an article is new to a reader: marks, windows and lanes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from msgspec import Struct

from syndicate.model import ArticleKey, Cadence, Choice, Mark, Placing

NO_TAGS: Mapping[str, Collection[str]] = MappingProxyType({})
SPEED = {Cadence.INSTANT: 0, Cadence.DAILY: 1, Cadence.WEEKLY: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What one edition can carry: numbers up to `to_seq`; by date, a first edition covers (first_from, at]."""

    to_seq: int
    first_from: datetime
    at: datetime


class Cohort(Struct, frozen=True, kw_only=True):
    """All that decides what a reader gets from one edition; readers who are equal in it get the same.

    `mark` is None before the first edition of this digest; then `since_seq` (instant digests only) is the counter when he came.
    `not_before`: after a pause, nothing that was published by then, one period before his first edition since. `had`: articles that would be
    new to him by his mark, and came to him before. `held` are faster digests that are silent now (quiet hours), with his marks there:
    this edition carries what they still owe him.
    """

    choice: Choice
    mark: Mark | None
    since_seq: int | None = None
    not_before: datetime | None = None
    held: tuple[tuple[str, Mark | None], ...] = ()
    had: frozenset[ArticleKey] = frozenset()


def falls_in(
    window: Window, mark: Mark | None, placing: Placing, published: datetime, *, since_seq: int | None = None
) -> bool:
    """Tell whether an article lies between a reader's mark and the end of an edition.

    A first edition goes by date of publication; every later one by arrival, whatever the date. Backlog (what was old when it arrived)
    always goes by date, so that an import of the archive is not shown as news.
    """
    if placing.seq > window.to_seq:
        return False
    if mark is None:
        if published > window.at:
            return False
        arrived_since = since_seq is not None and placing.seq > since_seq and not placing.backlog
        return published > window.first_from or arrived_since
    if placing.backlog:
        return mark.at < published <= window.at
    return placing.seq > mark.seq or (mark.by_date and published > mark.at)


def lane_order(cadences: Mapping[str, Cadence]) -> dict[str, int]:
    """Return the rank of each digest, fastest first; digests of one cadence in the order they are configured."""
    ordered = sorted(cadences, key=lambda name: SPEED[cadences[name]])
    return {name: rank for rank, name in enumerate(ordered)}


def takes(digest: str, tags: Collection[str], *, only: Mapping[str, Collection[str]]) -> bool:
    """Tell whether a digest takes an article of these tags: any, unless `only` says which it wants."""
    wanted = only.get(digest, ())
    return not wanted or any(tag in wanted for tag in tags)


def lane_of(
    choice: Choice,
    sections: Collection[str],
    order: Mapping[str, int],
    *,
    tags: Collection[str] = (),
    only: Mapping[str, Collection[str]] = NO_TAGS,
) -> str | None:
    """Return the digest that brings an article of these sections first: the fastest the reader chose for any of them that takes it."""
    chosen = {name for slug, digests in choice.sections if slug in sections for name in digests if name in order}
    fitting = [name for name in chosen if takes(name, tags, only=only)]
    return min(fitting, key=lambda name: order[name], default=None)
