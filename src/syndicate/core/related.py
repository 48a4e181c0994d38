"""Find the articles that tell of the same event as a given one."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from syndicate.core.postings import Postings
from syndicate.core.stories import SAME_STORY, containment
from syndicate.core.terms import ID_BITS, Terms

RELATED = 0.6
_BEST_TERMS = 40
_CANDIDATES = 60
_DAY = 86400.0
_COUNT = np.log(np.maximum(np.arange(16), 1)).astype(np.float32) + np.float32(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Another article, the probability that it tells of the same event, and whether it is the same text."""

    key: int
    score: float
    same_story: bool


class RelatedIndex:
    """Articles by what they tell of, for one thread at a time; articles far apart in time are never related."""

    def __init__(self, *, window_days: float = 30.0) -> None:
        self._window = window_days * _DAY
        self._slots: dict[int, int] = {}
        self._keys: list[int] = []
        self._terms: list[Terms | None] = []
        self._dates = np.zeros(1024, dtype=np.float64)
        self._frequencies = np.zeros(1 << ID_BITS, dtype=np.int32)
        self._postings = Postings()

    def __len__(self) -> int:
        return len(self._slots)

    def __contains__(self, key: int) -> bool:
        return key in self._slots

    def add(self, key: int, terms: Terms) -> None:
        """Enter an article, or replace it."""
        self.remove(key)
        slot = len(self._keys)
        if slot == len(self._dates):
            self._dates = np.concatenate((self._dates, np.zeros(slot)))
        self._slots[key] = slot
        self._keys.append(key)
        self._terms.append(terms)
        self._dates[slot] = terms.published
        codes = terms.codes
        ids = codes >> 10
        self._frequencies[ids] += 1
        weights = self._weights(codes)
        best = _largest(weights, _BEST_TERMS)
        norm = float(np.linalg.norm(weights)) or 1.0
        self._postings.add(slot, ids[best], np.clip(weights[best] / norm * 255, 1, 255).astype(np.uint8))

    def remove(self, key: int) -> None:
        """Forget an article; one that is not held is no error."""
        if (slot := self._slots.pop(key, None)) is None:
            return
        terms = self._terms[slot]
        assert terms is not None
        self._frequencies[terms.codes >> 10] -= 1
        self._terms[slot] = None
        if len(self._keys) > 2 * len(self._slots) + 1024:
            self._rebuild()

    def find(self, terms: Terms, *, exclude: int | None = None, limit: int = 10) -> list[Match]:
        """Return the related articles and the same stories, best first; none is a valid answer."""
        slots = self._candidates(terms, None if exclude is None else self._slots.get(exclude))
        if len(slots) == 0:
            return []
        found = [self._terms[slot] for slot in slots.tolist()]
        others = [other for other in found if other is not None]
        scores = self._scores(terms, others)
        shingles = terms.shingles
        matches = []
        for slot, other, score in zip(slots.tolist(), others, scores.tolist(), strict=True):
            same = containment(shingles, other.shingles) >= SAME_STORY
            if same or score >= RELATED:
                matches.append(Match(key=self._keys[slot], score=score, same_story=same))
        matches.sort(key=lambda match: (-match.score, match.key))
        return matches[:limit]

    def compare(self, a: Terms, b: Terms) -> float:
        """Return the probability that two articles tell of the same event, whether they are held or not."""
        return float(self._scores(a, [b])[0])

    def _rebuild(self) -> None:
        held = [(key, self._terms[slot]) for key, slot in self._slots.items()]
        self.__init__(window_days=self._window / _DAY)  # type: ignore[misc]  # a fresh start is meant
        for key, terms in held:
            if terms is not None:
                self.add(key, terms)

    def _weights(self, codes: NDArray[np.uint32]) -> NDArray[np.float32]:
        count = len(self._slots) + 1
        rarity = np.log((count + 1) / (self._frequencies[codes >> 10] + 0.5)).astype(np.float32)
        return np.maximum(rarity, 0.05).astype(np.float32) * _COUNT[codes >> 6 & 15]

    def _candidates(self, terms: Terms, excluded: int | None) -> NDArray[np.intp]:
        codes = terms.codes
        weights = self._weights(codes)
        best = np.sort(_largest(weights, _BEST_TERMS))
        scores = self._postings.score(codes[best] >> 10, weights[best], len(self._keys))
        if excluded is not None:
            scores[excluded] = 0
        slots = np.flatnonzero(scores)
        slots = slots[~(np.abs(self._dates[slots] - terms.published) > self._window)]
        slots = np.array(
            [
                slot
                for slot in slots[_largest(scores[slots], 2 * _CANDIDATES)].tolist()
                if self._terms[slot] is not None
            ],
            dtype=np.intp,
        )
        return slots[_largest(scores[slots], _CANDIDATES)]

    def _scores(self, terms: Terms, others: list[Terms]) -> NDArray[np.float64]:
        mine = terms.codes
        parts = [other.codes for other in others]
        theirs = np.concatenate(parts)
        rows = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
        mine_weights, weights = self._weights(mine), self._weights(theirs)
        norm = float(np.linalg.norm(mine_weights)) or 1.0
        norms = np.sqrt(np.bincount(rows, weights=weights**2, minlength=len(parts)))
        at = np.searchsorted(mine >> 10, theirs >> 10)
        at[at == len(mine)] = 0
        shared = (mine >> 10)[at] == theirs >> 10 if len(mine) else np.zeros(len(theirs), dtype=bool)
        dots = np.bincount(rows[shared], weights=weights[shared] * mine_weights[at[shared]], minlength=len(parts))
        cosine = dots / np.maximum(norms * norm, 1e-9)
        return np.asarray(1 / (1 + np.exp(-(cosine - 0.25) * 20)), dtype=np.float64)


def _largest(values: NDArray[np.float32], count: int) -> NDArray[np.intp]:
    """Return where the largest values stand, in no order."""
    if len(values) <= count:
        return np.arange(len(values))
    return np.argpartition(values, len(values) - count)[len(values) - count :]
