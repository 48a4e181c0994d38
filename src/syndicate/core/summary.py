"""Choose the sentences of an article that sum it up, word for word."""

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np

from syndicate.core.stopwords import stop_words
from syndicate.core.text import sentences
from syndicate.core.text import words as count_words

_MOST_SENTENCES = 80
_MOST_WORDS = 80
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_NAIVE_SPLIT = re.compile(r"(?<=[.!?])[\"'”’)]*\s+(?=[\"'“‘(]?[A-Z0-9])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The short forms of an article: one sentence, and about 65 words."""

    standfirst: str
    summary: str


def summarise(*, title: str, text: str, language: str, words: int = 65) -> Summary:
    """Sum an article up in verbatim sentences, in the article's order."""
    found = sentences(text, language)[:_MOST_SENTENCES]
    if not found:
        return Summary(standfirst=title, summary=title)
    lengths = [count_words(sentence) for sentence in found]
    scores = _scores(found, language)
    order = sorted(range(len(found)), key=lambda i: -scores[i])
    standfirst = next((i for i in order if 5 <= lengths[i] <= 45), order[0])
    chosen: list[int] = []
    total = 0
    for i in order:
        if total + lengths[i] <= words + 8 and lengths[i] > 3:
            chosen.append(i)
            total += lengths[i]
        if total >= words - 5:
            break
    return Summary(standfirst=found[standfirst], summary=" ".join(found[i] for i in sorted(chosen or [standfirst])))


def _scores(found: tuple[str, ...], language: str) -> list[float]:
    stops = stop_words(language)
    bags = [Counter(w for w in _TOKEN.findall(s.lower()) if w not in stops) for s in found]
    vocabulary: dict[str, int] = {}
    for bag in bags:
        for word in bag:
            vocabulary.setdefault(word, len(vocabulary))
    matrix = np.zeros((len(bags), len(vocabulary) + 1))
    for row, bag in enumerate(bags):
        for word, count in bag.items():
            matrix[row, vocabulary[word]] = count
    df = (matrix > 0).sum(axis=0)
    matrix *= np.log((1 + len(bags)) / (1 + df)) + 1
    norms = np.linalg.norm(matrix, axis=1, keepdims=True)
    matrix /= np.where(norms == 0, 1, norms)
    central = np.triu(matrix @ matrix.T, 1).sum(axis=1)
    central -= central.min()
    central /= max(float(central.max()), 1e-9)
    return list(central + 0.5 / np.sqrt(1 + np.arange(len(bags))))
