"""Score lists of related articles against clusters of events, and same-story flags against known copies."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was found for one article: all that is like it, best first; the links shown; the copies."""

    ranked: tuple[str, ...]
    shown: tuple[str, ...]
    copies: tuple[str, ...]


def groups(labels: Mapping[str, str | None]) -> dict[str, set[str]]:
    """Return, for each labelled article, the others of its group."""
    members: defaultdict[str, set[str]] = defaultdict(set)
    for key, label in labels.items():
        if label is not None:
            members[label].add(key)
    return {key: set() if label is None else members[label] - {key} for key, label in labels.items()}


def ranking(answers: Mapping[str, Answer], relevant: Mapping[str, set[str]]) -> dict[str, float]:
    """Return cP@3, R@5 and nDCG@10 over the articles that have a related one; a short list counts against itself."""
    discounts = 1 / np.log2(np.arange(10) + 2)
    rows = []
    for key, wanted in relevant.items():
        if wanted:
            hits = np.array([other in wanted for other in answers[key].ranked[:10]], dtype=float)
            gain = float((hits * discounts[: len(hits)]).sum() / discounts[: len(wanted)].sum())
            rows.append((hits[:3].sum() / min(3, len(wanted)), hits[:5].sum() / len(wanted), gain))
    if not rows:
        return {}
    precise, recall, gain = (float(value) for value in np.mean(rows, axis=0))
    return {"queries": len(rows), "cP@3": precise, "R@5": recall, "nDCG@10": gain}


def shown(asked: Iterable[tuple[Mapping[str, Answer], Mapping[str, set[str]]]]) -> dict[str, float]:
    """Return precision and recall of the first five links, and how many articles without related ones show any."""
    right = links = possible = 0
    lonely: list[int] = []
    for answers, relevant in asked:
        for key, wanted in relevant.items():
            first = answers[key].shown[:5]
            if not wanted:
                lonely.append(len(first))
                continue
            right += sum(other in wanted for other in first)
            links += len(first)
            possible += min(5, len(wanted))
    result = {"precision": right / max(1, links), "recall": right / max(1, possible), "alone": float(len(lonely))}
    if lonely:
        result["any when none"] = float(np.mean(np.array(lonely) > 0))
        result["wrong links when none"] = float(np.mean(lonely))
    return result


def copies(answers: Mapping[str, Answer], stories: Mapping[str, set[str]]) -> dict[str, float]:
    """Return precision and recall of the pairs flagged as the same story."""
    known = {_pair(a, b) for a, others in stories.items() for b in others}
    found = {_pair(a, b) for a, answer in answers.items() for b in answer.copies if a in stories and b in stories}
    right = len(known & found)
    return {"pairs": len(known), "precision": right / max(1, len(found)), "recall": right / max(1, len(known))}


def spearman(a: Sequence[float], b: Sequence[float]) -> float:
    """Return the rank correlation of two series."""
    return pearson(_ranks(a), _ranks(b))


def pearson(a: Sequence[float], b: Sequence[float]) -> float:
    """Return the linear correlation of two series; 0 when one does not vary."""
    if len(a) < 3 or float(np.std(a)) == 0 or float(np.std(b)) == 0:
        return 0.0
    return float(np.corrcoef(a, b)[0, 1])


def _ranks(values: Sequence[float]) -> Sequence[float]:
    unique, inverse, counts = np.unique(np.array(values), return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    middles = ends - (counts - 1) / 2
    assert len(unique) == len(middles)
    ranks: list[float] = middles[inverse].tolist()
    return ranks


def _pair(a: str, b: str) -> tuple[str, str]:
    return (a, b) if a < b else (b, a)
