"""Fit the figures in syndicate.core.salience on written summaries, and print them: python -m benchmarks.fit_summary DIR."""

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.corpus import Article, articles
from benchmarks.fit_related import logistic
from benchmarks.summaries import Made, rouge, stem
from syndicate.core.own_sentences import own_sentences
from syndicate.core.salience import SENTENCE_FACTS, WORD_FACTS, Sentences, measure
from syndicate.core.tokens import plain, tokens

Floats = NDArray[np.float64]

_SETS = ("cnndm", "cnndm_test200", "dm_train200", "xsum")
_SHRINK = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """An article's sentences as figures, which of its words its summaries have, and how good each sentence is alone."""

    figures: Sentences
    wanted: Floats
    scores: Floats


def main(arguments: Sequence[str]) -> None:
    """Print the weights to be put into the module."""
    found = [one for name in _SETS for one in articles(Path(arguments[0]), name) if one.summary]
    examples = [example for one in found if (example := _example(one)) is not None]
    words = fit_words(examples)
    _show("words", WORD_FACTS, words)
    _show("sentences", SENTENCE_FACTS, fit_sentences(examples, words))


def fit_words(examples: Sequence[Example]) -> Floats:
    """Return the weights that tell best which words of an article its summary has."""
    facts = np.concatenate([one.figures.facts for one in examples])
    wanted = np.concatenate([one.wanted for one in examples])
    # Long articles would otherwise outweigh the others. The last fact is the constant.
    counts = np.concatenate([np.full(len(one.wanted), 300 / len(one.wanted)) for one in examples])
    return logistic(facts[:, :-1], wanted, counts)


def fit_sentences(examples: Sequence[Example], words: Floats) -> Floats:
    """Return the weights that tell best how good a sentence is among those of its article."""
    rows, truths = [], []
    for one in examples:
        facts = one.figures.sentence_facts(1 / (1 + np.exp(-one.figures.facts @ words)))
        rows.append(facts - facts.mean(axis=0))
        truths.append((one.scores - one.scores.mean()) / (one.scores.std() + 1e-6))
    table, truth = np.concatenate(rows), np.concatenate(truths)
    return np.asarray(np.linalg.solve(table.T @ table + _SHRINK * np.eye(table.shape[1]), table.T @ truth))


def _example(article: Article) -> Example | None:
    found = own_sentences(article.body[:30_000], article.title, "en")
    if len(found) < 2:
        return None
    texts = [one.text for one in found]
    words = list(dict.fromkeys(plain(token) for text in texts for token in tokens(text, "en")))
    references = [{stem(word) for word in re.findall("[a-z0-9]+", text.lower())} for text in article.references]
    scores = [rouge([Made(article=article, text=text)], references=lambda a: a.references, rounds=1) for text in texts]
    return Example(
        figures=measure(texts, [one.words for one in found], title="", language="en"),
        wanted=np.array([np.mean([stem(word) in reference for reference in references]) for word in words]),
        scores=np.array([score["R1"] + score["R2"] for score in scores]),
    )


def _show(what: str, names: Sequence[str], weights: Floats) -> None:
    print(what)
    for name, weight in zip(names, weights, strict=True):
        print(f"{name:>12} {weight:8.3f}")


if __name__ == "__main__":
    main(sys.argv[1:])
