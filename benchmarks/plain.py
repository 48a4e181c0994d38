"""Compare our likeness of two texts with plain TF-IDF, by how well each agrees with people."""

import math
import re
from collections import Counter
from collections.abc import Sequence

from benchmarks.corpus import Pair
from benchmarks.ranking import pearson, spearman
from syndicate.core.language import detect
from syndicate.core.related import RelatedIndex
from syndicate.core.terms import Terms, extract

_WORD = re.compile(r"\w+")
_NO_SPACES = re.compile("[\u3040-\u30ff\u3400-\u9fff]")


def correlations(pairs: Sequence[Pair]) -> dict[str, dict[str, float]]:
    """Return, for each language, the correlations of people's judgement with our cosine and with plain TF-IDF."""
    table: dict[str, dict[str, float]] = {}
    totals = [0.0, 0.0, 0.0]
    for language in sorted({pair.languages[0] for pair in pairs}):
        chosen = [pair for pair in pairs if pair.languages[0] == language]
        people = [pair.similarity for pair in chosen]
        ours, theirs = _ours(chosen), _plain(chosen)
        right = sum(detect(text, default="xx") == language for pair in chosen for text in (pair.a, pair.b))
        table[language] = {
            "pairs": len(chosen),
            "ours": pearson(ours, people),
            "plain": pearson(theirs, people),
            "ours (ranks)": spearman(ours, people),
            "plain (ranks)": spearman(theirs, people),
            "language told %": 100 * right / (2 * len(chosen)),
        }
        for i, value in enumerate((len(chosen), table[language]["ours"], table[language]["plain"])):
            totals[i] += value if i == 0 else value * len(chosen)
    if len(table) > 1:
        table["all"] = {"pairs": totals[0], "ours": totals[1] / totals[0], "plain": totals[2] / totals[0]}
    return table


def _ours(pairs: Sequence[Pair]) -> list[float]:
    index = RelatedIndex()
    terms: list[tuple[Terms, Terms]] = []
    for key, pair in enumerate(pairs):
        both = tuple(_terms(text, language) for text, language in zip((pair.a, pair.b), pair.languages, strict=True))
        terms.append((both[0], both[1]))
        for side, one in enumerate(both):
            index.add(2 * key + side, one)
    return [index.cosine(a, b) for a, b in terms]


def _terms(text: str, language: str) -> Terms:
    return extract(title="", text=text, language=detect(text, default=language), published=float("nan"))


def _plain(pairs: Sequence[Pair]) -> list[float]:
    """Return cosines of plain TF-IDF: lower-case words, or characters where there are no spaces; smoothed idf."""
    bags = [(Counter(_tokens(pair.a)), Counter(_tokens(pair.b))) for pair in pairs]
    frequency = Counter(word for both in bags for bag in both for word in bag)
    size = 2 * len(bags)
    vectors = [
        [
            {word: count * (math.log((1 + size) / (1 + frequency[word])) + 1) for word, count in bag.items()}
            for bag in both
        ]
        for both in bags
    ]
    return [_cosine(a, b) for a, b in vectors]


def _tokens(text: str) -> list[str]:
    return [part for word in _WORD.findall(text.lower()) for part in (word if _NO_SPACES.search(word) else [word])]


def _cosine(a: dict[str, float], b: dict[str, float]) -> float:
    dot = sum(value * b.get(word, 0.0) for word, value in a.items())
    norms = math.sqrt(sum(v * v for v in a.values()) * sum(v * v for v in b.values()))
    return dot / norms if norms else 0.0
