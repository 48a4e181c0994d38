"""Hold the inverted index from terms to the articles they stand for, in sealed segments."""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.uint32]
Weights = NDArray[np.uint8]

_NEWEST = 128  # articles that are gathered before they are sealed
_MERGED = 6  # segments of one size that become one of the next
_SIZES = 4


class Segment:
    """Postings of a run of articles, grouped by term and never changed."""

    __slots__ = ("_articles", "_starts", "_terms", "_weights", "first", "last")

    def __init__(self, terms: Numbers, articles: Numbers, weights: Weights) -> None:
        order = np.argsort(terms, kind="stable")
        grouped = terms[order]
        self.first = int(articles.min())
        self.last = int(articles.max())
        starts = np.flatnonzero(np.append(True, grouped[1:] != grouped[:-1]))
        self._terms = grouped[starts]
        self._starts = np.append(starts, len(grouped)).astype(np.uint32)
        self._articles = (articles[order] - self.first).astype(
            np.uint16 if self.last - self.first < 1 << 16 else np.uint32
        )
        self._weights = weights[order]

    def score(self, terms: Numbers, weights: NDArray[np.float32], scores: NDArray[np.float32]) -> None:
        """Add to each article's score what the terms it shares weigh."""
        at = np.minimum(np.searchsorted(self._terms, terms), len(self._terms) - 1)
        hit = np.flatnonzero(self._terms[at] == terms)
        begins, ends = self._starts[at[hit]].tolist(), self._starts[at[hit] + 1].tolist()
        window = scores[self.first : self.last + 1]
        for begin, end, weight in zip(begins, ends, weights[hit], strict=True):
            # An article has a term at most once, so no index repeats within a span.
            window[self._articles[begin:end]] += self._weights[begin:end] * weight

    def unpack(self) -> tuple[Numbers, Numbers, Weights]:
        """Return the postings as they were given, in order of terms."""
        lengths = self._starts[1:] - self._starts[:-1]
        return np.repeat(self._terms, lengths), self._articles.astype(np.uint32) + np.uint32(self.first), self._weights


class Postings:
    """The whole inverted index; articles are numbered from zero and come in order."""

    __slots__ = ("_newest", "_sealed", "_segments")

    def __init__(self) -> None:
        self._newest: list[tuple[Numbers, int, Weights]] = []
        self._sealed: Segment | None = None  # the newest, for as long as none is added
        self._segments: list[list[Segment]] = [[] for _ in range(_SIZES)]

    def add(self, article: int, terms: Numbers, weights: Weights) -> None:
        """Enter an article under its best terms."""
        if len(terms) == 0:
            return
        self._newest.append((terms, article, weights))
        self._sealed = None
        if len(self._newest) < _NEWEST:
            return
        self._segments[0].append(self._seal())
        self._newest.clear()
        for smaller, larger in zip(self._segments, self._segments[1:], strict=False):
            if len(smaller) == _MERGED:
                columns = zip(*(segment.unpack() for segment in smaller), strict=True)
                terms_, articles, weights_ = columns
                larger.append(Segment(np.concatenate(terms_), np.concatenate(articles), np.concatenate(weights_)))
                smaller.clear()

    def score(self, terms: Numbers, weights: NDArray[np.float32], articles: int) -> NDArray[np.float32]:
        """Return a score for each of so many articles."""
        scores = np.zeros(articles, dtype=np.float32)
        for segments in self._segments:
            for segment in segments:
                segment.score(terms, weights, scores)
        if self._newest:
            self._sealed = self._sealed or self._seal()
            self._sealed.score(terms, weights, scores)
        return scores

    def _seal(self) -> Segment:
        lengths = [len(terms) for terms, _, _ in self._newest]
        articles = np.repeat(np.array([article for _, article, _ in self._newest], dtype=np.uint32), lengths)
        terms = np.concatenate([terms for terms, _, _ in self._newest])
        return Segment(terms, articles, np.concatenate([weights for _, _, weights in self._newest]))
