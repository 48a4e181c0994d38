"""Tell an article's own sentences from what is printed around and between them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from syndicate.core.captions import without_captions
from syndicate.core.datelines import is_dateline, without_dateline, without_hour
from syndicate.core.furniture import is_about_author, is_furniture
from syndicate.core.text import bare_words, sentences
from syndicate.core.text import words as count_words

MOST_WORDS = 80  # of a summary, so of a sentence that is made of several, too
_SENTENCES = 60
_OPENING = 6  # sentences among which bylines and notes about the author may come before the first
_LONG_WORD = 20  # more characters than this are more than one word, spaces or not
_FEWEST_WORDS = 3  # of a sentence that may come without its neighbour
_FEWEST_OF_ANSWER = 6  # to a question that is left out
_HEADING_WORDS = 16  # a line of fewer, without a stop, is no sentence
_BYLINE_WORDS = 6
_SMALL_IN_NAMES = frozenset(("and", "de", "van", "von", "di"))

_ENDS = re.compile("(?:[.!?]|[。！？؟۔।])[\"'”’»」』)\\]]*$")
_NO_STOP = re.compile("[\\w)\\]%€$£]$")
_ASKS = re.compile("[?？؟][\"'”’»」)]*$")
_SAID = re.compile("[!?。！？؟۔।]")  # stands in no list of names
_ASKED = re.compile(
    r"(?:[QFPDVВ]\s?[:：]\s|(?:Question|Frage|Pregunta|Pergunta|Domanda|Vraag|Вопрос|Питання|질문)\s?[:：]|[问問]\s?[:：])"
)
_ANSWERED = re.compile(
    r"\A(?:[ARО]\s?[:：]\s|(?:Answer|Antwort|Respuesta|Réponse|Resposta|Risposta|Antwoord|Ответ|Відповідь|답변)\s?[:：]|答\s?[:：])\s*"
)
_DECEASED = re.compile(r"[^\W\d_a-zß-ÿ]{2,20}, (?:[A-Z][\w.’'-]+ ?){2,4}\.$")  # BELL, John Robert.
_OPENS = re.compile('["“„«「]')
_MARKS = re.compile('["“”„«»「」]')
_WORD_CHARACTER = re.compile(r"\w")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an article. Those that follow one another there have `place`s that do, too.

    `whole`: nothing was taken off its front. `answers`: the sentence before it is a question. `quoting`: a quotation is open where it begins.
    """

    place: int
    text: str
    whole: bool
    words: int
    answers: bool
    quoting: bool

    @property
    def ends(self) -> bool:
        """Whether it has a stop at its end."""
        return _ENDS.search(self.text) is not None

    @property
    def asks(self) -> bool:
        """Whether it is a question."""
        return _ASKS.search(self.text) is not None

    @property
    def announces(self) -> bool:
        """Whether it ends in a colon, so that something has to follow."""
        return self.text.endswith((":", "："))

    @property
    def quotes_pair(self) -> bool:
        """Whether it is in no quotation that begins before it or ends after it."""
        return not self.quoting and _quotes_pair(self.text)


class _Part(Enum):
    """What a sentence is of the article."""

    OWN = auto()
    SPARE = auto()  # only where it has no sentence of its own: a heading, an interviewer's question, a byline
    AROUND = auto()  # a notice, a credit, or no words at all


@dataclass(frozen=True, slots=True)
class _Read:
    """A sentence as it is read, and what it is; `gap` is the space between it and the one before it, None at the start of a paragraph."""

    sentence: Sentence
    gap: str | None
    part: _Part


def own_sentences(text: str, title: str, language: str) -> list[Sentence]:
    """Return the article's own sentences, at most 60: no credits, captions and datelines, no interviewer's questions, not the title said again.

    One of a word or two comes with its neighbour. What is none stands for them in an article that has none at all.
    """
    found: list[Sentence] = []
    spare: list[Sentence] = []
    joined = 0
    goes_on = False
    for one in _read(text, title, language):
        if one.part is _Part.SPARE:
            spare.append(one.sentence)
        elif one.part is _Part.OWN:
            if goes_on and one.gap is not None and _belong_together(found[-1], one.sentence):
                found[-1] = _joined(found[-1], one.gap, one.sentence)
                joined += 1
            elif len(found) < _SENTENCES:
                found.append(replace(one.sentence, place=one.sentence.place - joined))
            else:
                break
        goes_on = one.part is _Part.OWN
    if len(found) > 1 and is_about_author(found[-1].text):
        found.pop()
    return [one for one in found if _says_enough(one, found)] or found or spare[:_SENTENCES]


def _read(text: str, title: str, language: str) -> Iterator[_Read]:
    """Go through an article and say of each sentence what it is."""
    heading = bare_words(title) or None
    asked = answers = False
    own = 0
    marks = ""  # of the quotation that is open, which may have begun in a paragraph before
    for place, (gap, sentence) in enumerate(_with_gaps(without_captions(text), language)):
        bare = without_hour(sentence) if gap is None else sentence
        bare = _ANSWERED.sub("", without_dateline(bare) if own < 2 else bare, count=1)
        words = max(count_words(bare), len(bare) // _LONG_WORD)
        opening = _OPENS.match(sentence) if gap is None else None
        if gap is None and opening is None:
            marks = ""
        label = _ASKED.match(bare)
        one = Sentence(place, bare[label.end() if label else 0 :], bare == sentence, words, answers, marks != "")
        marks = _left_open(marks, sentence[1:] if marks and opening else sentence)
        answers = _ASKS.search(sentence) is not None
        asked = label is not None or (asked and answers)
        opens = own == 0 and place < _OPENING
        if _WORD_CHARACTER.search(bare) is None or is_furniture(bare):
            part = _Part.AROUND
        elif asked or _is_heading(one) or bare_words(bare) == heading or (opens and _leads_in(bare)):
            part = _Part.SPARE
        else:
            part = _Part.OWN
            own += 1
        yield _Read(one, gap, part)


def _with_gaps(text: str, language: str) -> Iterator[tuple[str | None, str]]:
    """Give each sentence with the space between it and the one before it; None where it begins a paragraph."""
    for line in text.splitlines():
        end = 0
        for sentence in sentences(line, language):
            at = line.index(sentence, end)
            yield line[end:at] if end else None, sentence
            end = at + len(sentence)


def _says_enough(one: Sentence, found: Sequence[Sentence]) -> bool:
    """Say whether a sentence has words enough to come alone: more of them, if its question does not come."""
    if one.answers and one.words < _FEWEST_OF_ANSWER:
        return any(other.asks and other.place + 1 == one.place for other in found)
    return one.words >= _FEWEST_WORDS


def _belong_together(one: Sentence, other: Sentence) -> bool:
    """Say whether one of two neighbours is too short to come alone: "Nobody died."; a short question opens what answers it."""
    if one.words + other.words > MOST_WORDS:
        return False
    if one.words < _FEWEST_WORDS or _DECEASED.match(one.text):
        return True
    return other.words < _FEWEST_WORDS and not (other.asks and one.quotes_pair)


def _joined(one: Sentence, gap: str, other: Sentence) -> Sentence:
    return replace(one, text=one.text + gap + other.text, words=one.words + other.words)


def _is_heading(sentence: Sentence) -> bool:
    """Say whether a line ends without a stop as a heading does, or is only the number of one."""
    if sentence.words < _FEWEST_WORDS:
        return not sentence.ends or _LETTER.search(sentence.text) is None
    return sentence.words < _HEADING_WORDS and _NO_STOP.search(sentence.text) is not None


def _leads_in(sentence: str) -> bool:
    return _is_byline(sentence) or is_dateline(sentence) or is_about_author(sentence)


def _is_byline(sentence: str) -> bool:
    """Say whether a sentence that opens an article is only names: in scripts that have no capitals, nothing tells."""
    if _SAID.search(sentence) or _DECEASED.match(sentence) or (sentence.isupper() and sentence.endswith(".")):
        return False
    found = sentence.rstrip(".").split()
    return len(found) <= _BYLINE_WORDS and all(
        word in _SMALL_IN_NAMES or not (word[0].isalpha() and not word[0].isupper()) for word in found
    )


def _left_open(marks: str, sentence: str) -> str:
    """Return the marks of a quotation that is open after a sentence, where those before it are given."""
    marks += "".join(_MARKS.findall(sentence))
    return "" if _quotes_pair(marks) else marks


def _quotes_pair(sentence: str) -> bool:
    if sentence.count('"') % 2:
        return False
    if "„" in sentence:
        return sentence.count("„") == sentence.count("“") + sentence.count("”")
    if "”" in sentence and "“" not in sentence:  # Swedish and Finnish have one mark for both ends
        return sentence.count("”") % 2 == 0
    return all(sentence.count(opening) == sentence.count(closing) for opening, closing in ("“”", "«»", "「」"))


def pair_together(found: Sequence[Sentence]) -> bool:
    """Say whether sentences that follow one another hold their quotations whole, each in marks of its own."""
    return not found[0].quoting and _quotes_pair("".join(one.text for one in found))
