"""Choose the sentences of an article that sum it up, word for word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from syndicate.core.captions import without_captions
from syndicate.core.datelines import is_dateline, without_dateline, without_hour
from syndicate.core.furniture import is_about_author, is_furniture
from syndicate.core.language_tags import primary
from syndicate.core.salience import SENTENCE_WEIGHTS, Floats, Sentences, measure, product
from syndicate.core.text import bare_words, cut, sentences
from syndicate.core.text import words as count_words

_CHARACTERS = 30_000  # of an article that are considered
_TITLE_CHARACTERS = 1000
_SENTENCES = 60
_MOST_WORDS = 80
_STANDFIRST_WORDS = 48
_LONG_WORD = 20  # more characters than this are more than one word, spaces or not
_NEAR_REPEAT = 0.6
_TOLD = 0.8  # of a word's worth that is gone once a chosen sentence has it
_LEANING_ALONE = 0.7  # what a sentence that leans on another loses as a standfirst …
_LEANING = 0.85  # … and keeps of its worth in a summary
_OPEN_QUOTE = 0.1  # what a sentence keeps of its worth when a quotation only begins or ends in it …
_OPEN_QUOTE_ALONE = 0.7  # … and loses as a standfirst
_TITLE_SAID = 1.0  # what a standfirst gains that has all words of the title
_FEWEST_WORDS = 3  # of a sentence that may come without its neighbour
_HEADING_WORDS = 16  # a line of fewer, without a stop, is no sentence
_BYLINE_WORDS = 6
_SMALL_IN_NAMES = frozenset(("and", "de", "van", "von", "di"))

_ENDS = re.compile("(?:[.!?]|[。！？؟۔।])[\"'”’»」』)\\]]*$")
_STARTS = re.compile("[\"'“‘(«„「¿¡]?(?:[A-Z0-9]|[^\\W\\d_])")
_LOOSE_SPLIT = re.compile(r"(?<=[.!?])[\"'”’)]*\s+(?=[\"'“‘(]?[A-Z0-9])")
_NO_STOP = re.compile("[\\w)\\]%€$£]$")
_ASKS = re.compile("[?？؟][\"'”’»」)]*$")
_SAID = re.compile("[!?。！？؟۔।]")  # stands in no list of names
_SPEAKER = re.compile(r"[^\W\d_]{1,2}\s?[:：]\s")
_ASKED = re.compile(
    r"(?:[QFPDVВ]\s?[:：]\s|(?:Question|Frage|Pregunta|Pergunta|Domanda|Vraag|Вопрос|Питання|질문)\s?[:：]|[问問]\s?[:：])"
)
_ANSWERED = re.compile(
    r"\A(?:[ARО]\s?[:：]\s|(?:Answer|Antwort|Respuesta|Réponse|Resposta|Risposta|Antwoord|Ответ|Відповідь|답변)\s?[:：]|答\s?[:：])\s*"
)
_DECEASED = re.compile(r"[^\W\d_a-zß-ÿ]{2,20}, (?:[A-Z][\w.’'-]+ ?){2,4}\.$")  # BELL, John Robert.
_WORD_CHARACTER = re.compile(r"\w")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The short forms of an article: one sentence, and about 65 words."""

    standfirst: str
    summary: str


@dataclass(frozen=True, slots=True)
class _Sentence:
    place: int  # among all sentences of the article
    text: str
    whole: bool  # nothing was taken off its front
    words: int
    answers: bool = False  # the sentence before it is a question


def summarise(*, title: str, text: str, language: str, words: int = 65) -> Summary:
    """Sum an article up in verbatim sentences, in the article's order; both are empty when there is no text."""
    most = min(_MOST_WORDS, words + 12)
    title, language = title[:_TITLE_CHARACTERS], primary(language)
    found = candidates(text[:_CHARACTERS], title, language)
    if not found:
        return Summary(standfirst="", summary="")
    figures = measure([s.text for s in found], [s.words for s in found], title=title, language=language)
    worth = figures.worth()
    merits = product(figures.sentence_facts(worth), np.array(SENTENCE_WEIGHTS))
    leans = figures.leans | np.array([sentence.answers for sentence in found])
    unpaired = np.array([not _quotes_pair(sentence.text) for sentence in found])
    merits += _TITLE_SAID * figures.title_said() - _LEANING_ALONE * leans - _OPEN_QUOTE_ALONE * unpaired
    best = _best_alone(found, merits)
    factor = np.exp(figures.merit()) / np.maximum(figures.lengths, 7) * np.where(unpaired, _OPEN_QUOTE, 1)
    chosen = _choose(found, figures, worth, factor, leans, words, most)
    joint = "" if language in ("zh", "ja") else " "
    if not chosen:
        return Summary(standfirst=cut(best.text, _STANDFIRST_WORDS), summary=cut(best.text, words))
    return Summary(standfirst=cut(best.text, _MOST_WORDS), summary=joint.join(found[i].text for i in chosen))


def beyond(title: str, summary: str) -> str:
    """Return a summary, or an empty text where it says only what the title does."""
    return "" if bare_words(summary) == bare_words(title) else summary


def candidates(text: str, title: str, language: str) -> list[_Sentence]:
    """Return the article's own sentences: no credits, captions and datelines, no interviewer's questions, not the title said again."""
    found: list[_Sentence] = []
    spare: list[_Sentence] = []
    heading = bare_words(title)
    answers = asked = goes_on = False
    place = -1
    for gap, sentence in _with_gaps(without_captions(text), language):
        place += 1
        goes_on, may_join = False, goes_on and gap is not None
        own = without_hour(sentence) if gap is None else sentence
        own = _ANSWERED.sub("", without_dateline(own) if len(found) < 2 else own, count=1)
        candidate = _Sentence(place, own, own == sentence, max(count_words(own), len(own) // _LONG_WORD), answers)
        answers = _ASKS.search(sentence) is not None
        asked = _ASKED.match(own) is not None or (asked and answers)
        if _WORD_CHARACTER.search(own) is None or is_furniture(own):
            continue
        if (
            asked
            or _is_heading(candidate)
            or (heading != "" and bare_words(own) == heading)
            or (place < 6 and not found and (_is_byline(own) or is_dateline(own) or is_about_author(own)))
        ):
            spare.append(candidate)
            continue
        goes_on = True
        if may_join and _belong_together(found[-1], candidate):
            found[-1] = _joined(found[-1], gap or "", candidate)
            place -= 1
            continue
        if len(found) == _SENTENCES:
            break
        found.append(candidate)
    if len(found) > 1 and is_about_author(found[-1].text):
        found.pop()
    return [one for one in found if one.words >= _FEWEST_WORDS] or found or spare[:_SENTENCES]


def _with_gaps(text: str, language: str) -> Iterator[tuple[str | None, str]]:
    """Give each sentence with the space between it and the one before it; None where it begins a paragraph."""
    for line in text.splitlines():
        end = 0
        for sentence in sentences(line, language):
            at = line.index(sentence, end)
            yield line[end:at] if end else None, sentence
            end = at + len(sentence)


def _belong_together(one: _Sentence, other: _Sentence) -> bool:
    """Say whether one of two neighbours is too short to come alone: "Nobody died."; a short question opens what answers it."""
    if one.words + other.words > _MOST_WORDS:
        return False
    if one.words < _FEWEST_WORDS or _DECEASED.match(one.text):
        return True
    return other.words < _FEWEST_WORDS and (_ASKS.search(other.text) is None or not _quotes_pair(one.text))


def _joined(one: _Sentence, gap: str, other: _Sentence) -> _Sentence:
    return replace(one, text=one.text + gap + other.text, words=one.words + other.words)


def _is_heading(sentence: _Sentence) -> bool:
    """Say whether a line ends without a stop as a heading does, or is only the number of one."""
    if sentence.words < _FEWEST_WORDS:
        return _ENDS.search(sentence.text) is None or _LETTER.search(sentence.text) is None
    return sentence.words < _HEADING_WORDS and _NO_STOP.search(sentence.text) is not None


def _is_byline(sentence: str) -> bool:
    """Say whether a sentence that opens an article is only names: in scripts that have no capitals, nothing tells."""
    if _SAID.search(sentence) or _DECEASED.match(sentence) or (sentence.isupper() and sentence.endswith(".")):
        return False
    found = sentence.rstrip(".").split()
    return len(found) <= _BYLINE_WORDS and all(
        word in _SMALL_IN_NAMES or not (word[0].isalpha() and not word[0].isupper()) for word in found
    )


def _best_alone(found: Sequence[_Sentence], merits: Floats) -> _Sentence:
    """Return the sentence that does best alone: one of bounded length, and no line of an interview, where there is one."""
    whole = [
        i for i, sentence in enumerate(found) if sentence.words <= _STANDFIRST_WORDS and _ENDS.search(sentence.text)
    ]
    telling = [
        i for i in whole if not (_ASKS.search(found[i].text) or _SPEAKER.match(found[i].text) or found[i].answers)
    ]
    return found[max(telling or whole or range(len(found)), key=lambda i: (merits[i], -i))]


def _choose(
    found: Sequence[_Sentence],
    figures: Sentences,
    worth: Floats,
    factor: Floats,
    leans: NDArray[np.bool_],
    words: int,
    most: int,
) -> list[int]:
    """Take the sentence that adds most for its length until there are enough words."""
    factor = factor * np.where(leans, _LEANING, 1)
    left = worth.copy()
    open_ = list(range(len(found)))
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


def _reads_well(found: Sequence[_Sentence], chosen: Sequence[int]) -> bool:
    """Say whether sentences can stand in a row, each still recognisable as itself and none said twice."""
    for one, other in pairwise(chosen):
        neighbours = found[other].place == found[one].place + 1 and found[other].whole
        parted = _ENDS.search(found[one].text) is not None and _STARTS.match(found[other].text) is not None
        if not neighbours and (not parted or found[other].text[:2].strip("\"'“‘(").islower()):
            return False
    pieces = [bare_words(piece) for piece in _LOOSE_SPLIT.split(" ".join(found[i].text for i in chosen))]
    said = [piece for piece in pieces if piece.count(" ") >= _FEWEST_WORDS - 1]  # "Mr." is no sentence
    return len(set(said)) == len(said)


def _quotes_pair(sentence: str) -> bool:
    """Say whether every quotation that begins in a sentence ends in it."""
    if sentence.count('"') % 2:
        return False
    if "„" in sentence:
        return sentence.count("„") == sentence.count("“") + sentence.count("”")
    if "”" in sentence and "“" not in sentence:  # Swedish and Finnish have one mark for both ends
        return sentence.count("”") % 2 == 0
    return all(sentence.count(opening) == sentence.count(closing) for opening, closing in ("“”", "«»", "「」"))
