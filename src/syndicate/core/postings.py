"""Hold the inverted index from terms to the articles they stand for, in sealed segments."""

import numpy as np
from numpy.typing import NDArray

_SMALL = 512  # articles in a new segment
_MERGED = 16  # small segments that become one large one


class Segment:
    """Postings of a run of articles, grouped by term and never changed."""

    __slots__ = ("_articles", "_starts", "_terms", "_weights", "first", "last")

    def __init__(self, terms: NDArray[np.uint32], articles: NDArray[np.uint32], weights: NDArray[np.uint8]) -> None:
        order = np.argsort(terms, kind="stable")
        grouped = terms[order]
        self.first = int(articles.min())
        self.last = int(articles.max())
        self._terms, starts = np.unique(grouped, return_index=True)
        self._starts = np.append(starts, len(grouped)).astype(np.uint32)
        self._articles = (articles[order] - self.first).astype(np.uint16)
        self._weights = weights[order]

    def score(self, terms: NDArray[np.uint32], weights: NDArray[np.float32], scores: NDArray[np.float32]) -> None:
        """Add to each article's score what the terms it shares weigh."""
        at = np.searchsorted(self._terms, terms)
        at[at == len(self._terms)] = 0
        hit = self._terms[at] == terms
        window = scores[self.first : self.last + 1]
        for place, weight in zip(at[hit].tolist(), weights[hit].tolist(), strict=True):
            span = slice(self._starts[place], self._starts[place + 1])
            # An article has a term at most once, so no index repeats within a span.
            window[self._articles[span]] += self._weights[span] * np.float32(weight)

    def unpack(self) -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint8]]:
        """Return the postings as they were given, in order of terms."""
        terms = np.repeat(self._terms, np.diff(self._starts.astype(np.int64)))
        return terms, self._articles.astype(np.uint32) + np.uint32(self.first), self._weights


class Postings:
    """The whole inverted index; articles are numbered from zero and come in order."""

    __slots__ = ("_large", "_recent", "_small")

    def __init__(self) -> None:
        self._recent: list[tuple[NDArray[np.uint32], int, NDArray[np.uint8]]] = []
        self._small: list[Segment] = []
        self._large: list[Segment] = []

    def add(self, article: int, terms: NDArray[np.uint32], weights: NDArray[np.uint8]) -> None:
        """Enter an article under its best terms."""
        self._recent.append((terms, article, weights))
        if len(self._recent) >= _SMALL:
            if (sealed := self._seal()) is not None:
                self._small.append(sealed)
            self._recent.clear()
        if len(self._small) >= _MERGED:
            parts = [segment.unpack() for segment in self._small]
            self._large.append(Segment(*(np.concatenate(column) for column in zip(*parts, strict=True))))
            self._small.clear()

    def score(self, terms: NDArray[np.uint32], weights: NDArray[np.float32], articles: int) -> NDArray[np.float32]:
        """Return a score for each of so many articles; the terms are sorted."""
        scores = np.zeros(articles, dtype=np.float32)
        for segment in (*self._large, *self._small):
            segment.score(terms, weights, scores)
        if (recent := self._seal()) is not None:
            recent.score(terms, weights, scores)
        return scores

    def _seal(self) -> Segment | None:
        if not self._recent or not any(len(terms) for terms, _, _ in self._recent):
            return None
        lengths = [len(terms) for terms, _, _ in self._recent]
        articles = np.repeat(np.array([article for _, article, _ in self._recent], dtype=np.uint32), lengths)
        terms = np.concatenate([terms for terms, _, _ in self._recent])
        return Segment(terms, articles, np.concatenate([weights for _, _, weights in self._recent]))
