"""Score summaries against written ones by ROUGE, and check that they are honest."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from nltk.stem import porter
from rouge_score import rouge_scorer, tokenize

from benchmarks.corpus import Article

_LOOSE_SPLIT = re.compile(r"(?<=[.!?])[\"'”’)]*\s+(?=[\"'“‘(]?[A-Z0-9])")
_porter = lru_cache(maxsize=None)(porter.PorterStemmer().stem)


def stem(word: str) -> str:
    """Return the stem that the score compares."""
    return str(_porter(word)) if len(word) > 3 else word


class _Stemmer:
    stem = staticmethod(_porter)


class _Tokenizer:
    """The tokens of rouge_score's own tokenizer with stems, kept from one text to the next."""

    def tokenize(self, text: str) -> list[str]:
        found: list[str] = tokenize.tokenize(text, _Stemmer)
        return found


_SCORER = rouge_scorer.RougeScorer(["rouge1", "rouge2"], tokenizer=_Tokenizer())


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A summary of an article, with what it is measured against."""

    article: Article
    text: str


def rouge(
    made: Sequence[Made], *, references: Callable[[Article], Sequence[str]], rounds: int = 500
) -> dict[str, float]:
    """Return mean ROUGE-1 and ROUGE-2 F1, the mean over an article's references each, with a 95 % interval of the first."""
    rows = []
    for one in made:
        scores = [_SCORER.score(reference, one.text) for reference in references(one.article)]
        rows.append([float(np.mean([score[kind].fmeasure for score in scores])) * 100 for kind in ("rouge1", "rouge2")])
    table = np.array(rows)
    rng = np.random.default_rng(0)
    means = [float(table[rng.integers(0, len(table), len(table)), 0].mean()) for _ in range(rounds)]
    low, high = np.percentile(means, [2.5, 97.5])
    return {"R1": float(table[:, 0].mean()), "R2": float(table[:, 1].mean()), "low": float(low), "high": float(high)}


def honesty(made: Sequence[Made]) -> dict[str, float]:
    """Return the share of sentences found word for word in the article, repeats, and lengths."""
    verbatim: list[float] = []
    repeats = 0
    lengths: list[int] = []
    for one in made:
        sentences = [_bare(sentence) for sentence in split(one.text)]
        body = _bare(f"{one.article.title} . {one.article.body}")
        if sentences:
            verbatim.append(float(np.mean([sentence in body for sentence in sentences])))
        repeats += len(set(sentences)) < len(sentences)
        lengths.append(len(one.text.split()))
    return {
        "verbatim %": float(np.mean(verbatim)) * 100 if verbatim else 100.0,
        "with repeats": repeats,
        "words": float(np.mean(lengths)),
        "over 80 %": float(np.mean(np.array(lengths) > 80)) * 100,
        "empty": sum(length == 0 for length in lengths),
    }


def split(text: str) -> list[str]:
    """Cut a text after every stop that a capital or a digit follows: the plain rule of the published scores."""
    return [part.strip() for part in _LOOSE_SPLIT.split(text) if part.strip()]


def _bare(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()
