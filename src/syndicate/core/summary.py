"""Choose the sentences of an article that sum it up, word for word."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from syndicate.core.language_tags import primary
from syndicate.core.own_sentences import MOST_WORDS, Sentence, own_sentences, pair_together
from syndicate.core.salience import SENTENCE_WEIGHTS, Floats, Sentences, measure, product
from syndicate.core.text import bare_words, cut

_CHARACTERS = 30_000  # of an article that are considered
_TITLE_CHARACTERS = 1000
_STANDFIRST_WORDS = 48
_NEAR_REPEAT = 0.6
_TOLD = 0.8  # of a word's worth that is gone once a chosen sentence has it
_LEANING_ALONE = 1.6  # what a sentence that leans on another loses as a standfirst …
_LEANING = 0.85  # … and keeps of its worth in a summary
_TRIES = 5  # at a summary that begins and ends well, and holds its quotations whole
_FULL_ENOUGH = 0.5  # of the words, that a summary has to keep which does without a sentence
_OPEN_QUOTE = 0.1  # what a sentence keeps of its worth when a quotation only begins or ends in it …
_OPEN_QUOTE_ALONE = 0.7  # … and loses as a standfirst
_TITLE_SAID = 1.0  # what a standfirst gains that has all words of the title
_FEWEST_WORDS = 3  # of a sentence that may come without its neighbour

_Choice = Callable[[Sequence[int]], list[int]]  # of the sentences that may be taken, those that are

_STARTS = re.compile("[\"'“‘(«„「¿¡]?(?:[A-Z0-9]|[^\\W\\d_])")
_LOOSE_SPLIT = re.compile(r"(?<=[.!?])[\"'”’)]*\s+(?=[\"'“‘(]?[A-Z0-9])")
_SPEAKER = re.compile(r"[^\W\d_]{1,2}\s?[:：]\s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The short forms of an article: one sentence, and about 65 words."""

    standfirst: str
    summary: str


def summarise(*, title: str, text: str, language: str, words: int = 65) -> Summary:
    """Sum an article up in verbatim sentences, in the article's order; both are empty when there is no text."""
    most = min(MOST_WORDS, words + 12)
    title, language = title[:_TITLE_CHARACTERS], primary(language)
    found = own_sentences(text[:_CHARACTERS], title, language)
    if not found:
        return Summary(standfirst="", summary="")
    figures = measure([s.text for s in found], [s.words for s in found], title=title, language=language)
    worth = figures.worth()
    merits = product(figures.sentence_facts(worth), np.array(SENTENCE_WEIGHTS))
    leans = figures.leans | np.array([sentence.answers for sentence in found])
    unpaired = np.array([not sentence.quotes_pair for sentence in found])
    merits += _TITLE_SAID * figures.title_said() - _LEANING_ALONE * leans - _OPEN_QUOTE_ALONE * unpaired
    best = _best_alone(found, merits)
    factor = np.exp(figures.merit()) / np.maximum(figures.lengths, 7) * np.where(unpaired, _OPEN_QUOTE, 1)
    choice = partial(_choose, found, figures, worth, factor, leans, words, most)
    chosen = _choose_well(choice, found, leans)
    joint = "" if language in ("zh", "ja") else " "
    if not chosen:
        return Summary(standfirst=cut(best.text, _STANDFIRST_WORDS), summary=cut(best.text, words))
    return Summary(standfirst=cut(best.text, MOST_WORDS), summary=joint.join(found[i].text for i in chosen))


def beyond(title: str, summary: str) -> str:
    """Return a summary, or an empty text where it says only what the title does."""
    return "" if bare_words(summary) == bare_words(title) else summary


def _best_alone(found: Sequence[Sentence], merits: Floats) -> Sentence:
    """Return the sentence that does best alone: one of bounded length, and no line of an interview, where there is one."""
    whole = [i for i, sentence in enumerate(found) if sentence.words <= _STANDFIRST_WORDS and sentence.ends]
    telling = [i for i in whole if not (found[i].asks or _SPEAKER.match(found[i].text) or found[i].answers)]
    return found[max(telling or whole or range(len(found)), key=lambda i: (merits[i], -i))]


def _choose_well(choose: _Choice, found: Sequence[Sentence], leans: NDArray[np.bool_]) -> list[int]:
    """Choose until nothing is announced that does not come, and the first sentence leans on none that is not there.

    The article's own first sentence may lean, and so may another where too few words would be left without it.
    """
    open_: Sequence[int] = range(len(found))
    first: list[int] = []
    for _ in range(_TRIES):
        chosen = choose(open_)
        astray = _announced_in_vain(found, chosen)
        if not astray:
            first = first or chosen
            astray = _torn(found, chosen) or [i for i in chosen[:1] if i and leans[i]]
        if not astray:
            break
        open_ = [i for i in open_ if i not in astray]
    told = [i for i in chosen if i not in _announced_in_vain(found, chosen)]
    full = sum(found[i].words for i in told) >= _FULL_ENOUGH * sum(found[i].words for i in first)
    return told if full else first


def _announced_in_vain(found: Sequence[Sentence], chosen: Sequence[int]) -> list[int]:
    """Return the chosen sentences that end in a colon, where what it announces is not chosen."""
    follows = {found[i].place for i in chosen}
    return [i for i in chosen if found[i].announces and found[i].place + 1 not in follows]


def _torn(found: Sequence[Sentence], chosen: Sequence[int]) -> list[int]:
    """Return the chosen sentences whose quotations begin or end in others that are not chosen, or that close them once for several."""
    rows: list[list[int]] = []
    for i in chosen:
        if rows and found[i].place == found[rows[-1][-1]].place + 1:
            rows[-1].append(i)
        else:
            rows.append([i])
    torn = [row for row in rows if not pair_together([found[i] for i in row])]
    return [i for row in torn for i in row if not found[i].quotes_pair]


def _choose(
    found: Sequence[Sentence],
    figures: Sentences,
    worth: Floats,
    factor: Floats,
    leans: NDArray[np.bool_],
    words: int,
    most: int,
    open_: Sequence[int],
) -> list[int]:
    """Take the sentence that adds most for its length until there are enough words."""
    factor = factor * np.where(leans, _LEANING, 1)
    left = worth.copy()
    chosen: list[int] = []
    total = 0
    while open_ and total < words - 8:
        open_ = [i for i in open_ if total + found[i].words <= (words + 8 if chosen else most)]
        gains = product(figures.holds[open_], left) * factor[open_]
        for i in [open_[at] for at in np.argsort(-gains, kind="stable")]:
            open_.remove(i)
            if chosen and figures.alike[i, chosen].max() > _NEAR_REPEAT:
                continue
            if _reads_well(found, sorted((*chosen, i))):
                break
        else:
            break
        chosen = sorted((*chosen, i))
        left *= 1 - _TOLD * figures.holds[i]
        total += found[i].words
        if i + 1 < len(found) and leans[i + 1] and found[i + 1].place == found[i].place + 1:
            factor[i + 1] /= _LEANING  # it has what it leans on
    return chosen


def _reads_well(found: Sequence[Sentence], chosen: Sequence[int]) -> bool:
    """Say whether sentences can stand in a row, each still recognisable as itself and none said twice."""
    for one, other in pairwise(chosen):
        neighbours = found[other].place == found[one].place + 1 and found[other].whole
        parted = found[one].ends and _STARTS.match(found[other].text) is not None
        if not neighbours and (not parted or found[other].text[:2].strip("\"'“‘(").islower()):
            return False
    pieces = [bare_words(piece) for piece in _LOOSE_SPLIT.split(" ".join(found[i].text for i in chosen))]
    said = [piece for piece in pieces if piece.count(" ") >= _FEWEST_WORDS - 1]  # "Mr." is no sentence
    return len(set(said)) == len(said)
