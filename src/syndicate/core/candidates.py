"""Find, among the articles an edition could carry, those that may be new to a reader, without looking at each."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property

from syndicate.core.window import Cohort, Window
from syndicate.model import ArticleKey, Placed


class Candidates:
    """The articles that an edition could carry for some reader."""

    def __init__(self, placed: Sequence[Placed]) -> None:
        self._placed = sorted(placed, key=lambda one: (one.article.published, one.article.id))
        self._published = [one.article.published for one in self._placed]
        self._arrived = sorted(self._placed, key=_newest)
        self._numbers = [_newest(one) for one in self._arrived]

    @cached_property
    def returned(self) -> dict[ArticleKey, int]:
        """Return the articles that had been shown before they entered a section, or entered it once more, with their number there."""
        found = ((one, [at.seq for at in one.placings.values() if at.again]) for one in self._placed)
        return {one.article.key: max(seqs) for one, seqs in found if seqs}

    @cached_property
    def newest(self) -> dict[ArticleKey, int]:
        """Return each article's highest number."""
        return {one.article.key: _newest(one) for one in self._placed}

    def __iter__(self) -> Iterator[Placed]:
        return iter(self._placed)

    def maybe_new(self, cohort: Cohort, window: Window) -> list[Placed]:
        """Return at least all that window.falls_in lets through for this cohort, for its own mark or for one that is held."""
        marks = [cohort.mark, *(mark for _, mark in cohort.held)]
        since = min(window.first_from if mark is None else mark.at for mark in marks)
        numbers = [mark.seq for mark in marks if mark is not None]
        if cohort.mark is None and cohort.since_seq is not None:
            numbers.append(cohort.since_seq)
        late = self._arrived[bisect_right(self._numbers, min(numbers)) :] if numbers else []
        found = self._placed[bisect_right(self._published, since) :]
        return [*found, *(one for one in late if one.article.published <= since)]


def _newest(placed: Placed) -> int:
    return max((placing.seq for placing in placed.placings.values()), default=0)
