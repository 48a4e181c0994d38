"""Weigh an article's words by how likely a summary has them, and its sentences by their words and their place."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from syndicate.core.stopwords import stop_words
from syndicate.core.tokens import plain, tokens

Floats = NDArray[np.float64]

# Fitted by benchmarks/fit_summary.py: the logit that a word of the article is a word of its summary …
WORD_FACTS = (
    "often",
    "root",
    "late",
    "opening",
    "lead",
    "name",
    "number",
    "length",
    "stop",
    "often-stop",
    "brief",
    "one",
)
WORD_WEIGHTS = (1.1, -0.9, -0.7, 0.0, 0.7, 0.1, 0.0, 0.1, 0.1, -0.4, 0.1, -1.2)
_TITLED = 0.4  # by judgement: the corpora with written summaries have no titles
# … and how well one sentence stands for its article.
SENTENCE_FACTS = (
    "length",
    "short",
    "long",
    "after",
    "whole",
    "lead",
    "quoted",
    "speaker",
    "question",
    "worth",
    "density",
)
SENTENCE_WEIGHTS = (0.3, 0.13, -0.08, 0.13, 0.34, -0.16, -0.07, -0.07, 0.02, -0.08, 1.38)

_QUOTED = re.compile("[\"“”„«»「]|(?:^|\\s)['‘]")
_SPEAKER = re.compile(
    r"\b(?:i|i'm|i've|i’m|i’ve|we|we're|my|our|me|us|you|your|ich|je|yo|eu|io|ik|я|мы|ми)\b", re.IGNORECASE
)
_QUESTION = re.compile("[?？؟][\"'”’»」)]*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentences:
    """An article's sentences as figures; a row each."""

    lengths: Floats  # in words
    holds: NDArray[np.bool_]  # which words of the vocabulary each has
    facts: Floats  # of each word of the vocabulary
    titled: NDArray[np.bool_]  # words that are in the title
    alike: Floats  # how alike any two sentences are
    speaks: Floats  # quotes, first persons, questions

    def worth(self) -> Floats:
        """Return the probability of each word to be in a summary."""
        logits = self.facts @ np.array(WORD_WEIGHTS) + _TITLED * self.titled
        return np.asarray(1 / (1 + np.exp(-logits)))

    def merit(self) -> Floats:
        """Return what speaks for each sentence besides its words: what follows takes it up, it comes early, it reports."""
        after = _unit(np.triu(self.alike, 1).sum(axis=1))
        return np.asarray(after + 0.7 * self._early() - self.speaks @ np.array((0.1, 0.2, 0.2)))

    def sentence_facts(self, worth: Floats) -> Floats:
        """Return the facts of SENTENCE_FACTS, a row for each sentence."""
        total = self.holds @ worth
        columns = (
            np.log(np.maximum(self.lengths, 1)),
            self.lengths < 8,
            self.lengths > 40,
            _unit(np.triu(self.alike, 1).sum(axis=1)),
            _unit(self.alike.sum(axis=1)),
            self.alike[:, :3].mean(axis=1),
            *self.speaks.T,
            np.log(total + 0.1),
            total / np.sqrt(np.maximum(self.lengths, 9)),
        )
        return np.stack([np.asarray(column, dtype=np.float64) for column in columns], axis=1)

    def _early(self) -> Floats:
        return 1 / np.sqrt(np.arange(1, len(self.lengths) + 1))


def measure(found: Sequence[str], lengths: Sequence[int], *, title: str, language: str) -> Sentences:
    """Turn an article's sentences into figures."""
    stops = stop_words(language)
    vocabulary: dict[str, int] = {}
    rows: list[int] = []
    columns: list[int] = []
    capital: list[int] = []
    for row, sentence in enumerate(found):
        parts = tokens(sentence, language)
        places = [vocabulary.setdefault(plain(part), len(vocabulary)) for part in parts]
        columns += places
        rows += [row] * len(parts)
        capital += [place for part, place in zip(parts[1:], places[1:], strict=True) if part[0].isupper()]
    width = max(1, len(vocabulary))
    cells = np.array(rows, dtype=np.intp) * width + np.array(columns, dtype=np.intp)
    counts = np.bincount(cells, minlength=len(found) * width).reshape(len(found), width).astype(np.float64)
    names = np.bincount(np.array(capital, dtype=np.intp), minlength=width)
    words = list(vocabulary) or [""]
    is_stop = np.array([word in stops for word in words])
    in_title = {plain(token) for token in tokens(title, language)} - stops
    return Sentences(
        lengths=np.array(lengths, dtype=np.float64),
        holds=counts > 0,
        facts=_word_facts(counts, names, words, is_stop),
        titled=np.array([word in in_title for word in words]),
        alike=_alike(counts[:, ~is_stop]),
        speaks=np.array([_speech(sentence) for sentence in found], dtype=np.float64),
    )


def _word_facts(counts: Floats, names: NDArray[np.intp], words: list[str], is_stop: NDArray[np.bool_]) -> Floats:
    often = np.maximum(counts.sum(axis=0), 1)
    first = (counts > 0).argmax(axis=0)
    facts = (
        np.log(often),
        1 / np.sqrt(1 + first),
        np.log(1 + first),
        first == 0,
        (counts[:3] > 0).mean(axis=0),
        names / often,
        np.array([word.isdigit() for word in words]),
        np.array([len(word) / 10 for word in words]),
        is_stop,
        np.log(often) * is_stop,
        np.array([len(word) < 4 for word in words]),
        np.ones(len(words)),
    )
    return np.stack([np.asarray(fact, dtype=np.float64) for fact in facts], axis=1)


def _alike(counts: Floats) -> Floats:
    """Return the cosine of any two sentences, words weighed by how few sentences have them."""
    vectors = counts * (np.log((1 + len(counts)) / (1 + (counts > 0).sum(axis=0))) + 1)
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors /= np.where(norms == 0, 1, norms)
    return np.asarray(vectors @ vectors.T)


def _speech(sentence: str) -> tuple[bool, int, bool]:
    head = sentence[:1000]
    return _QUOTED.search(head) is not None, min(3, len(_SPEAKER.findall(head))), _QUESTION.search(sentence) is not None


def _unit(values: Floats) -> Floats:
    """Bring values to the span from 0 to 1."""
    low, high = float(values.min()), float(values.max())
    return (values - low) / (high - low) if high > low else np.zeros_like(values)
