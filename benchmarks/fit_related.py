"""Fit the figures in syndicate.core.likeness on labelled events, and print them: python -m benchmarks.fit_related DIR."""

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.corpus import Article, articles
from benchmarks.ranking import groups
from syndicate.core.likeness import FACTS
from syndicate.core.related import RelatedIndex
from syndicate.core.terms import Terms

Floats = NDArray[np.float64]

# Sets, whether among filler, words taken (None: all), whether dates are known, and how much an article counts.
_RUNS = (
    ("events", True, None, False, 1.0),
    ("events", True, 40, False, 1.0),
    ("events", False, None, False, 1.0),
    ("events", True, None, True, 1.0),
    ("events", True, 40, True, 1.0),
    ("fnc_claims", True, None, False, 0.7),
    ("fnc_claims", True, 40, False, 0.7),
)
_SHRINK = 3.0  # ridge, on standardised facts
_CROWDED = 0.3  # an article with many related ones counts less for each, by this power


def main(arguments: Sequence[str]) -> None:
    """Print the weights to be put into the module."""
    folder = Path(arguments[0])
    facts, truths, weights = (np.concatenate(parts) for parts in zip(*_examples(folder), strict=True))
    means, spreads = facts.mean(axis=0), facts.std(axis=0) + 1e-9
    fitted = logistic((facts - means) / spreads, truths, weights)
    slopes = fitted[:-1] / spreads
    constant = fitted[-1] - float(slopes @ means)
    for name, value in zip((*FACTS, "constant"), (*slopes, constant), strict=True):
        print(f"{name:>12} {value:8.3f}")


def _examples(folder: Path) -> list[tuple[Floats, Floats, Floats]]:
    filler = [a for name in ("reuters_distractors_0", "reuters_distractors_1") for a in articles(folder, name)]
    examples = []
    for name, filled, opening, dated, counts in _RUNS:
        found = articles(folder, name)
        examples.extend(_run(found, filler if filled else [], opening, dated, counts))
    return examples


def _run(
    found: list[Article], filler: list[Article], opening: int | None, dated: bool, counts: float
) -> list[tuple[Floats, Floats, Floats]]:
    relevant = groups({article.id: article.cluster for article in found})
    terms = [_terms(article, opening, dated) for article in (*found, *filler)]
    index = RelatedIndex()
    for key, one in enumerate(terms):
        index.add(key, one)
    examples = []
    for key, article in enumerate(found):
        others, facts = index.judged(terms[key], exclude=key)
        truths = np.array([o < len(found) and found[o].id in relevant[article.id] for o in others], dtype=np.float64)
        weight = counts / max(1, len(relevant[article.id])) ** _CROWDED
        if others:
            examples.append((facts, truths, np.full(len(others), weight)))
    return examples


def _terms(article: Article, opening: int | None, dated: bool) -> Terms:
    terms = article.terms(opening=opening)
    return terms if dated else terms.at(float("nan"))


def logistic(facts: Floats, truths: Floats, weights: Floats) -> Floats:
    """Fit a logistic regression by Newton's method; the last figure is the constant."""
    rows = np.c_[facts, np.ones(len(facts))]
    ridge = _SHRINK * np.eye(rows.shape[1])
    ridge[-1, -1] = 1e-6
    fitted = np.zeros(rows.shape[1])
    for _ in range(25):
        p = 1 / (1 + np.exp(-np.clip(rows @ fitted, -30, 30)))
        slope = rows.T @ (weights * (p - truths)) + ridge @ fitted
        curve = (rows * (weights * p * (1 - p))[:, None]).T @ rows + ridge
        fitted -= np.linalg.solve(curve, slope)
    return fitted


if __name__ == "__main__":
    main(sys.argv[1:])
