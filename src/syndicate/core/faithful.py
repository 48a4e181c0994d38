"""Check a summary that somebody else wrote against the article: nothing invented, no markup, the right length."""

import re

from syndicate.core.language_tags import primary
from syndicate.core.stopwords import stop_words
from syndicate.core.text import sentences
from syndicate.core.text import words as count_words

FEWEST_WORDS = 8
_ROOM = 1.5  # times the words asked for
_MARKUP = re.compile(
    r"</?[A-Za-z!][^>]*>|&[a-z]+;|\*\*|__|`|^\s*(?:#|[-*•]\s|\d+[.)]\s)|\]\(|https?://|www\.", re.MULTILINE
)
_NUMBER = re.compile(r"\d+(?:[.,'’\u00a0\u202f ]\d{3}(?!\d))*(?:[.,:]\d+)?")
_GROUPING = re.compile(r"(?<=\d)[.,'’\u00a0\u202f ](?=\d{3}(?!\d))")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_POSSESSIVE = re.compile(r"['’]s?$")


def trouble_with(summary: str, *, title: str, text: str, language: str, words: int) -> str | None:
    """Return why a summary may not be used, or None when it may.

    Every number must stand in the article, and every capitalised word, also where a sentence begins with it, unless it is one of the small
    words of the language: so a name can't come from elsewhere. What is true and said in other words passes, what is false in the article's
    own words cannot be seen.
    """
    number = count_words(summary)
    if number < FEWEST_WORDS:
        return f"has {number} words"
    if number > words * _ROOM:
        return f"has {number} words where {words} were asked for"
    if found := _MARKUP.search(summary):
        return f"holds markup: {found.group().strip()!r}"
    source = f"{title}\n{text}"
    if strange := sorted(_numbers(summary) - _numbers(source)):
        return f"has a number that the article has not: {strange[0]}"
    if strange := _strange_names(summary, source, language):
        return f"has a name that the article has not: {strange[0]}"
    return None


def _numbers(text: str) -> set[str]:
    return {_GROUPING.sub("", found) for found in _NUMBER.findall(text)}


def _strange_names(summary: str, source: str, language: str) -> list[str]:
    known = {_bare(word) for word in _WORD.findall(source)}
    known |= {part for word in known for part in re.split(r"[-'’]", word)}
    small = stop_words(primary(language))
    strange = []
    for sentence in sentences(summary, language):
        for place, word in enumerate(_WORD.findall(sentence)):
            bare = _bare(word)
            if not word[0].isupper() or bare in known or (place == 0 and bare in small):
                continue
            if not all(part in known for part in re.split(r"[-'’]", bare)):
                strange.append(word)
    return strange


def _bare(word: str) -> str:
    return _POSSESSIVE.sub("", word.casefold())
