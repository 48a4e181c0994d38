"""Weigh an article's words by how likely a summary has them, and its sentences by their words and their place."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from syndicate.core.leaning import leans
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
WORD_WEIGHTS = (1.24, -1.52, -0.83, -0.08, 0.75, 0.03, -0.29, -0.13, -0.16, -0.55, 0.22, -0.43)
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
SENTENCE_WEIGHTS = (0.29, 0.14, -0.1, 0.18, 0.33, -0.2, -0.05, -0.08, 0.01, -0.11, 1.4)

_QUOTED = re.compile("[\"“”„«»「]|(?:^|\\s)['‘]")
_FIRST_AND_SECOND = (
    "i i'm i've i'd i'll we we're we've we'd we'll my our me us you you're you've you'd you'll your"
    " ich je yo eu io ik я мы ми"
)
_SPEAKERS = frozenset(_FIRST_AND_SECOND.split())
_PARTICLE = re.compile(
    "(?<=[가-힣]{2})(?:에서[는도]?|에게[는서]?|으로[는도]?|까지|부터|처럼|보다|이라고|라고|들[은이을의]|은|는|이|가|을|를|의|에|로|와|과|도|만)$"
)
_QUESTION = re.compile("[?？؟][\"'”’»」)]*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentences:
    """An article's sentences as figures; a row each."""

    lengths: Floats  # in words
    holds: Floats  # 1 where one has a word of the vocabulary, else 0
    facts: Floats  # of each word of the vocabulary
    titled: NDArray[np.bool_]  # words that are in the title
    alike: Floats  # how alike any two sentences are
    speaks: Floats  # quotes, first persons, questions
    leans: NDArray[np.bool_]  # on the sentence before

    def worth(self) -> Floats:
        """Return the probability of each word to be in a summary."""
        logits = product(self.facts, np.array(WORD_WEIGHTS)) + _TITLED * self.titled
        return np.asarray(1 / (1 + np.exp(-logits)))

    def merit(self) -> Floats:
        """Return what speaks for each sentence besides its words: what follows takes it up, it comes early, it reports."""
        after = _unit(np.triu(self.alike, 1).sum(axis=1))
        return np.asarray(1.4 * after + self._early() - product(self.speaks, np.array((0.14, 0.28, 0.28))))

    def title_said(self) -> Floats:
        """Return for each sentence which part of the title's words it has."""
        return np.asarray(self.holds[:, self.titled].sum(axis=1) / max(1, self.titled.sum()))

    def sentence_facts(self, worth: Floats) -> Floats:
        """Return the facts of SENTENCE_FACTS, a row for each sentence."""
        total = product(self.holds, worth)
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


def product(table: Floats, weights: Floats) -> Floats:
    """Multiply a table by a column; not by BLAS, whose threads cost more to wake than tables of this size to multiply."""
    return np.asarray(np.einsum("ij,j->i", table, weights))


def measure(found: Sequence[str], lengths: Sequence[int], *, title: str, language: str) -> Sentences:
    """Turn an article's sentences into figures."""
    stops = stop_words(language)
    parts = [tokens(sentence, language) for sentence in found]
    written = list(chain.from_iterable(parts))
    flat = _stems(map(plain, written), language)
    vocabulary = {word: place for place, word in enumerate(dict.fromkeys(flat or [""]))}
    words, width = list(vocabulary), len(vocabulary)
    rows = np.repeat(np.arange(len(found)), list(map(len, parts)))
    columns = np.array(list(map(vocabulary.__getitem__, flat)), dtype=np.intp)
    # A capital where a sentence begins makes no name.
    capital = np.array([part[0].isupper() for part in written], dtype=bool) & (np.diff(rows, prepend=-1) == 0)
    cells = np.bincount(rows * width + columns, minlength=len(found) * width)
    counts = cells.reshape(len(found), width).astype(np.float64)
    names = np.bincount(columns[capital], minlength=width)
    is_stop = np.array([word in stops for word in words])
    in_title = set(_stems(map(plain, tokens(title, language)), language)) - stops
    return Sentences(
        lengths=np.array(lengths, dtype=np.float64),
        holds=(counts > 0).astype(np.float64),
        facts=_word_facts(counts, names, words, is_stop),
        titled=np.array([word in in_title for word in words]),
        alike=_alike(counts[:, ~is_stop]),
        leans=np.array([leans(sentence, language) for sentence in found]),
        speaks=_speech(found, counts[:, [word in _SPEAKERS for word in words]]),
    )


def _stems(words: Iterable[str], language: str) -> list[str]:
    """Return words as they are compared: a Korean one without the particle at its end, as headlines have it."""
    return [_PARTICLE.sub("", word) for word in words] if language == "ko" else list(words)


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
    norms = np.sqrt((vectors**2).sum(axis=1, keepdims=True))
    # A word that one sentence alone has makes no two alike.
    vectors = np.ascontiguousarray((vectors / np.where(norms == 0, 1, norms))[:, (counts > 0).sum(axis=0) > 1])
    alike = np.einsum("ij,kj->ik", vectors, vectors)
    np.fill_diagonal(alike, 1)
    return np.asarray(alike)


def _speech(found: Sequence[str], speakers: Floats) -> Floats:
    """Say of each sentence whether it quotes, how many first and second persons are in it, and whether it asks."""
    quotes = [_QUOTED.search(sentence[:1000]) is not None for sentence in found]
    asks = [_QUESTION.search(sentence) is not None for sentence in found]
    return np.stack([np.array(quotes), np.minimum(speakers.sum(axis=1), 3), np.array(asks)], axis=1)


def _unit(values: Floats) -> Floats:
    """Bring values to the span from 0 to 1."""
    low, high = float(values.min()), float(values.max())
    return (values - low) / (high - low) if high > low else np.zeros_like(values)
