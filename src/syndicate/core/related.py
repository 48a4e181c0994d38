"""Find the articles that tell of the same event as a given one."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from syndicate.core import likeness
from syndicate.core.postings import Postings
from syndicate.core.stories import SAME_STORY, containment
from syndicate.core.terms import ID_BITS, Terms

RELATED = 0.6
_BEST_TERMS = 40
_CANDIDATES = 60
_MAY_BE_SAME = 0.45  # reach below which no text can be a copy of another
_SHIFT = np.uint32(10)  # what stands before the bits that hash the term
_DAY = 86400.0
_COUNT = (np.log(np.maximum(np.arange(16), 1)) + 1).astype(np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Another article, the probability that it tells of the same event, and whether it is the same text."""

    key: int
    score: float
    same_story: bool


class RelatedIndex:
    """Articles by what they tell of, for one thread at a time; articles far apart in time are never related."""

    def __init__(self, *, window_days: float = 400.0) -> None:
        self._window = window_days * _DAY
        self._frequencies = np.zeros(1 << ID_BITS, dtype=np.int32)
        self._clear()

    def _clear(self) -> None:
        self._slots: dict[int, int] = {}
        self._keys: list[int] = []
        self._blobs: list[bytes | None] = []  # bare: an object around each would cost 5 MB in 100,000
        self._dates = np.zeros(1024, dtype=np.float64)
        self._held = np.zeros(1024, dtype=bool)
        self._postings = Postings()

    def __len__(self) -> int:
        return len(self._slots)

    def __contains__(self, key: int) -> bool:
        return key in self._slots

    def add(self, key: int, terms: Terms) -> None:
        """Enter an article, or replace it."""
        self.remove(key)
        self._frequencies[terms.codes >> _SHIFT] += 1
        self._enter(key, terms)

    def remove(self, key: int) -> None:
        """Forget an article; one that is not held is no error."""
        if (slot := self._slots.pop(key, None)) is None:
            return
        terms = self._at(slot)
        self._frequencies[terms.codes >> _SHIFT] -= 1
        self._blobs[slot] = None
        self._held[slot] = False
        if len(self._keys) > 2 * len(self._slots) + 1024:
            self._compact()

    def forget_before(self, published: float) -> None:
        """Forget what was published before a moment, in POSIX seconds."""
        old = np.flatnonzero(self._held[: len(self._keys)] & (self._dates[: len(self._keys)] < published))
        for key in [self._keys[slot] for slot in old.tolist()]:
            self.remove(key)

    def find(self, terms: Terms, *, exclude: int | None = None, limit: int = 10, least: float = RELATED) -> list[Match]:
        """Return related articles and same stories, best first, at most so many; none is a valid answer.

        However many copies there are, half of the places are kept for related articles.
        """
        slots = self._candidates(terms, exclude)
        if len(slots) == 0:
            return []
        facts = self._facts(terms, slots)
        scores = likeness.probabilities(facts)
        related: list[Match] = []
        same: list[Match] = []
        for at in np.argsort(-scores, kind="stable").tolist():
            slot = int(slots[at])
            told = (
                bool(facts[at, 0] >= _MAY_BE_SAME)
                and containment(terms.shingles, self._at(slot).shingles) >= SAME_STORY
            )
            if told or scores[at] >= least:
                match = Match(key=self._keys[slot], score=float(scores[at]), same_story=told)
                (same if told else related).append(match)
        related = related[: max(limit - len(same), limit // 2)]
        return sorted((*same[: limit - len(related)], *related), key=lambda match: (-match.score, match.key))

    def judged(self, terms: Terms, *, exclude: int | None = None) -> tuple[list[int], likeness.Floats]:
        """Return the candidates and the facts they are judged by, a row each, for those who fit the judgement."""
        slots = self._candidates(terms, exclude)
        facts = self._facts(terms, slots) if len(slots) else np.zeros((0, len(likeness.FACTS)))
        return [self._keys[slot] for slot in slots.tolist()], facts

    def cosine(self, a: Terms, b: Terms) -> float:
        """Return how alike the words of two articles are, held or not, by the rarity of words in this index."""
        bags = [likeness.bag([terms.codes], self._rarity(terms.codes)) for terms in (a, b)]
        return float(likeness.cosines(*bags)[0])

    def _facts(self, terms: Terms, slots: NDArray[np.intp]) -> likeness.Floats:
        parts = [self._at(slot).codes for slot in slots.tolist()]
        mine = likeness.bag([terms.codes], self._rarity(terms.codes))
        others = likeness.bag(parts, self._rarity(np.concatenate(parts)))
        return likeness.facts(mine, others, days_apart=np.abs(self._dates[slots] - terms.published) / _DAY)

    def _at(self, slot: int) -> Terms:
        blob = self._blobs[slot]
        assert blob is not None
        return Terms(blob)

    def _enter(self, key: int, terms: Terms) -> None:
        slot = len(self._keys)
        if slot == len(self._dates):
            self._dates = np.concatenate((self._dates, np.zeros(slot)))
            self._held = np.concatenate((self._held, np.zeros(slot, dtype=bool)))
        self._slots[key] = slot
        self._keys.append(key)
        self._blobs.append(terms.to_bytes())
        self._dates[slot] = terms.published
        self._held[slot] = True
        weights = self._weights(terms.codes)
        best = _largest(weights, _BEST_TERMS)
        norm = float(np.linalg.norm(weights)) or 1.0
        self._postings.add(
            slot, terms.codes[best] >> _SHIFT, np.clip(weights[best] / norm * 255, 1, 255).astype(np.uint8)
        )

    def _compact(self) -> None:
        held = [(key, self._at(slot)) for key, slot in self._slots.items()]
        self._clear()
        for key, terms in held:
            self._enter(key, terms)

    def _rarity(self, codes: likeness.Codes) -> likeness.Rarities:
        rarity = np.log((len(self._slots) + 2) / (self._frequencies[codes >> _SHIFT] + 0.5))
        return np.asarray(np.maximum(rarity, 0.05), dtype=np.float32)

    def _weights(self, codes: likeness.Codes) -> likeness.Rarities:
        return np.asarray(self._rarity(codes) * _COUNT[codes >> 6 & 15], dtype=np.float32)

    def _candidates(self, terms: Terms, exclude: int | None) -> NDArray[np.intp]:
        codes = terms.codes
        weights = self._weights(codes)
        best = np.sort(_largest(weights, _BEST_TERMS))
        scores = self._postings.score(codes[best] >> _SHIFT, weights[best], len(self._keys))
        if exclude is not None and exclude in self._slots:
            scores[self._slots[exclude]] = 0
        slots = np.flatnonzero(scores)
        # Not "within the window": an unknown date is no reason against.
        slots = slots[self._held[slots] & ~(np.abs(self._dates[slots] - terms.published) > self._window)]
        return slots[_largest(scores[slots], _CANDIDATES)]


def _largest(values: NDArray[np.float32], count: int) -> NDArray[np.intp]:
    """Return where the largest values stand, in no order."""
    if len(values) <= count:
        return np.arange(len(values))
    return np.argpartition(values, len(values) - count)[len(values) - count :]
