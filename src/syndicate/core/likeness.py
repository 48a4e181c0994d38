"""Judge by what two articles have in common, and what their neighbours have, whether they tell of the same event."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.uint32]
Rarities = NDArray[np.float32]

# Fitted by benchmarks/fit_related.py on labelled events; the last weight is the constant, raised from -11.76 by judgement:
# at the bound of 0.6 that shows more of the right links, and precision stays above 0.95.
FACTS = ("reach", "opening", "rarest", "gap", "background", "crowd", "above", "untitled", "length", "apart", "near")
WEIGHTS = (16.71, 2.6, 3.01, 2.1, -32.58, -5.16, 1.52, 1.95, 0.24, -0.95, 0.48, -11.63)

_TOP = 10  # what ranks below is taken for background
_BESIDE = 16  # so many candidates have all others compared with them
_USUAL = 0.04  # likeness of articles that have nothing to do with each other …
_DOUBT = 8  # … which counts as much as so many candidates
_LOG = np.log(np.maximum(np.arange(16), 1)) + 1


@dataclass(frozen=True, slots=True)
class Bag:
    """Terms of one or several articles with their rarities; rows say which article each term is of."""

    codes: Codes
    rarities: Rarities
    rows: NDArray[np.intp]
    count: int

    @property
    def terms(self) -> Codes:
        return self.codes >> np.uint32(10)

    def vectors(self) -> Floats:
        """Return the weights of the terms, each article's of length one."""
        return self._unit(_LOG[self.codes >> 6 & 15])

    def openings(self) -> Floats:
        """Return the same for the title and the first words alone."""
        counts = self.codes >> 4 & 3
        return self._unit(np.where(counts > 0, _LOG[counts], 0.0))

    def titled(self) -> NDArray[np.bool_]:
        """Say which articles have a title."""
        return np.bincount(self.rows, weights=self.codes & 8, minlength=self.count) > 0

    def lengths(self) -> Floats:
        """Return the number of different terms."""
        return np.maximum(np.bincount(self.rows, minlength=self.count), 5).astype(np.float64)

    def _unit(self, factors: Floats) -> Floats:
        weights = factors * self.rarities
        norms = np.sqrt(np.bincount(self.rows, weights=weights**2, minlength=self.count))
        return np.asarray(weights / np.where(norms > 0, norms, 1)[self.rows])


def bag(codes: Sequence[Codes], rarities: Rarities) -> Bag:
    """Put the terms of several articles together."""
    rows = np.repeat(np.arange(len(codes)), [len(part) for part in codes])
    return Bag(np.concatenate(codes), rarities, rows, len(codes))


def cosines(mine: Bag, others: Bag) -> Floats:
    """Return how alike the words of an article are to those of each of the others."""
    at, hit = _shared(mine, others)
    products = mine.vectors()[at[hit]] * others.vectors()[hit]
    return np.asarray(np.bincount(others.rows[hit], weights=products, minlength=others.count), dtype=np.float64)


def probabilities(facts_: Floats) -> Floats:
    """Return the probability that articles with these facts tell of the same event."""
    return np.asarray(1 / (1 + np.exp(-(facts_ @ np.array(WEIGHTS[:-1]) + WEIGHTS[-1]))))


def facts(mine: Bag, others: Bag, *, days_apart: Floats) -> Floats:
    """Return the facts of an article and each of the others, in the order of FACTS; days are NaN where a date is unknown."""
    at, hit = _shared(mine, others)
    rows = others.rows[hit]
    vectors = others.vectors()
    products = mine.vectors()[at[hit]] * vectors[hit]
    whole = np.asarray(np.bincount(rows, weights=products, minlength=others.count), dtype=np.float64)
    opening = np.bincount(rows, weights=mine.openings()[at[hit]] * others.openings()[hit], minlength=others.count)
    rarest = np.zeros(others.count)
    np.maximum.at(rarest, rows, others.rarities[hit])
    untitled = ~(others.titled() & mine.titled()[0])
    length = np.abs(np.log(mine.lengths()[0] / others.lengths()))
    order = np.argsort(-whole, kind="stable")
    apart = np.log1p(np.maximum(np.nan_to_num(days_apart) - 1, 0))
    near = _near(days_apart, _usual(days_apart[order]))
    reach, background, crowd, above = _neighbours(whole, order, others, vectors)
    rarest /= max(float(mine.rarities.max(initial=0)), 1)
    gap = whole / max(float(whole.max()), 1e-6)
    columns = [reach, opening, rarest, gap, background, crowd, above, untitled, length, apart, near]
    return np.stack([np.asarray(column, dtype=np.float64) for column in columns], axis=1)


def _shared(mine: Bag, others: Bag) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Return where each of the others' terms would stand among mine, and whether it does."""
    if len(mine.codes) == 0:
        return np.zeros(len(others.codes), dtype=np.intp), np.zeros(len(others.codes), dtype=bool)
    at = np.minimum(np.searchsorted(mine.terms, others.terms), len(mine.codes) - 1)
    return at, mine.terms[at] == others.terms


def _beside(others: Bag, vectors: Floats, few: NDArray[np.intp]) -> Floats:
    """Return how alike the others are to a few of them, a column each; no matrix product, which would wake BLAS's threads."""
    chosen = np.isin(others.rows, few)
    terms, columns = np.unique(others.terms[chosen], return_inverse=True)
    table = np.zeros((len(terms) + 1, len(few)))
    place = np.zeros(others.count, dtype=np.intp)
    place[few] = np.arange(len(few))
    table[columns, place[others.rows[chosen]]] = vectors[chosen]
    at = np.searchsorted(terms, others.terms)
    hit = np.flatnonzero(terms[np.minimum(at, len(terms) - 1)] == others.terms) if len(terms) else at[:0]
    alike = np.zeros((others.count, len(few)))
    if len(hit):
        held = others.rows[hit]
        starts = np.flatnonzero(np.append(True, held[1:] != held[:-1]))
        alike[held[starts]] = np.add.reduceat(table[at[hit]] * vectors[hit, None], starts, axis=0)
    alike[few, np.arange(len(few))] = 0
    return alike


def _usual(ranked: Floats) -> Floats:
    """Return the lower half, not all below the top: of a big event there are more than ten articles."""
    return ranked[max(_TOP, len(ranked) // 2) :]


def _near(days_apart: Floats, usual: Floats) -> Floats:
    """Return how unusual it is to be that near in time, as what comes in bursts, or all at once, is near by chance."""
    usual = usual[~np.isnan(usual)]
    as_near = (usual[None, :] <= days_apart[:, None] + 1).sum(axis=1)
    return np.where(np.isnan(days_apart), 0.0, -np.log((as_near + 1) / (len(usual) + 2)))


def _neighbours(whole: Floats, order: NDArray[np.intp], others: Bag, vectors: Floats) -> tuple[Floats, ...]:
    """Return what the candidates say of one another: reach, background, crowd, and standing above a gap."""
    ranked = whole[order]
    alike = _beside(others, vectors, order[:_BESIDE])[order]
    # Those alike to one of the nearest are near, too.
    via = np.minimum(alike[:, :8], ranked[None, :8]).max(axis=1)
    reach = np.sqrt(np.maximum(ranked, via))
    rest = _usual(ranked)
    background = (rest.sum() + _USUAL * _DOUBT) / (len(rest) + _DOUBT)
    strangers = alike[:, _TOP:]
    crowd = (strangers.sum(axis=1) + _USUAL) / (strangers.shape[1] + 1)
    drops = np.log(ranked[:_TOP] / np.maximum(np.append(ranked, background)[1 : _TOP + 1][: len(ranked[:_TOP])], 0.02))
    above = np.where(np.arange(len(ranked)) <= int(drops.argmax()), max(float(drops.max()), 0.0), 0.0)
    back = np.empty_like(order)
    back[order] = np.arange(len(order))
    return reach[back], np.full(len(whole), background), crowd[back], above[back]
