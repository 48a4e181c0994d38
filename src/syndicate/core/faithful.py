"""Check a summary that somebody else wrote against the article: nothing invented, no markup, the right form."""

import re
import unicodedata

from syndicate.core.chatter import chatter
from syndicate.core.language import detect
from syndicate.core.language_tags import primary
from syndicate.core.names import strange_names
from syndicate.core.stopwords import stop_words
from syndicate.core.text import bare_words, sentences
from syndicate.core.text import words as count_words
from syndicate.core.unmarked import made_up

FEWEST_WORDS = 8
_ROOM = 1.5  # times the words asked for
_MARKUP = re.compile(
    r"</?[A-Za-z!][^>]*>|&[a-z]+;|\*\*|__|`|^\s*(?:#|[-*•]\s|\d+[.)]\s)|\]\(|https?://|www\.", re.MULTILINE
)
_NUMBER = re.compile(r"\d+(?:[.,'’\u00a0\u202f ]\d{3}(?!\d))*(?:[.,:]\d+)?")
_GROUPING = re.compile(r"(?<=\d)[.,'’\u00a0\u202f ](?=\d{3}(?!\d))")
_STOP = re.compile("[.!?。！？؟۔।։][\"'”’»›“」』）)\\]]*$")
_UNSTOPPED = frozenset(("th", "lo", "km", "my"))  # languages that end sentences with a space


def trouble_with(summary: str, *, title: str, text: str, language: str, words: int) -> str | None:
    """Return why a summary may not be used, or None when it may.

    It must have the right form: length, language, whole sentences, none of them twice, no markup and no talk about the task. Every number
    in digits must stand in the article, and what may be a name; words for numbers, and what a number counts, are not looked at. What is true and said in other words passes, what is false in the article's own words
    cannot be seen.
    """
    source = f"{title}\n{text}"
    return _misshapen(summary, source, language, words) or _invented(summary, source, language)


def _misshapen(summary: str, source: str, language: str, words: int) -> str | None:
    number = count_words(summary)
    if number < FEWEST_WORDS:
        return f"has {number} words"
    if number > words * _ROOM:
        return f"has {number} words where {words} were asked for"
    if found := _MARKUP.search(summary):
        return f"holds markup: {found.group().strip()!r}"
    if (said := chatter(summary, source)) is not None:
        return f"speaks of its task: {said!r}"
    if primary(language) not in _UNSTOPPED and _STOP.search(summary.rstrip()) is None:
        return "is cut off"
    told = [bare_words(sentence) for sentence in sentences(summary, language)]
    if len(set(told)) < len(told):
        return "says the same twice"
    if (other := _other_language(summary, source, language)) is not None:
        return f"is in another language: {other}"
    return None


def _other_language(summary: str, source: str, language: str) -> str | None:
    """Return the language of a summary where it is surely not the article's: of a language that we know words of, and not what the article looks like."""
    own = primary(language)
    found = detect(summary, default=own)
    return found if stop_words(own) and found not in (own, detect(source, default=own)) else None


def _invented(summary: str, source: str, language: str) -> str | None:
    if strange := sorted(_numbers(summary) - _numbers(source)):
        return f"has a number that the article has not: {strange[0]}"
    if names := strange_names(summary, source, language):
        return f"has a name that the article has not: {names[0]}"
    if (found := made_up(summary, source, language)) is not None:
        return f"has what the article has not: {found}"
    return None


def _numbers(text: str) -> set[str]:
    return {_in_ascii(_GROUPING.sub("", found)) for found in _NUMBER.findall(text)}


def _in_ascii(number: str) -> str:
    """Return a number in the digits of ASCII, whatever script its own are of."""
    return "".join(str(unicodedata.decimal(one, one)) for one in number)
