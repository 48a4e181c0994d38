"""Find names in a summary that its article has not, in scripts with capitals."""

import re
from collections.abc import Sequence

from syndicate.core.inflection import Vocabulary, bare
from syndicate.core.language_tags import primary
from syndicate.core.ordinary_words import german_nouns, opening_words
from syndicate.core.stopwords import stop_words
from syndicate.core.text import sentences

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_JOINT = re.compile(r"[-'’]")
_SHORTEST_PART = 4  # letters of a part of a compound
_LINKS = ("", "s", "n", "en", "es", "er", "e")  # between the parts of a German compound
# Words of German that name a kind of thing, a state or an act, whoever has made them; no name of a person or a place ends so.
_ABSTRACT = re.compile(".{3,}(?:ung|heit|keit|schaft|tät|ion|nis|ismus)(?:en|s|se|sen)?")
_DETERMINER_WORDS = """der die das den dem des ein eine einen einem einer eines kein keine keinen keinem keiner keines dieser diese dieses diesen diesem
    jeder jede jedes jeden jedem alle allen aller viele vielen mehrere mehreren einige einigen manche beide beiden solche welche
    mein meine meinen sein seine seinen seinem seiner seines ihr ihre ihren ihrem ihrer ihres unser unsere unseren unserem unserer
    zum zur beim wenige wenigen zwei drei vier fünf sechs sieben acht neun zehn elf zwölf weitere weiteren mehr ohne"""
_DETERMINERS = frozenset(_DETERMINER_WORDS.split())
_ADJECTIVE = re.compile("[a-zäöüß]{2,}e[nrsm]?")


def strange_names(summary: str, source: str, language: str) -> list[str]:
    """Return the capitalised words of a summary that the article has in no form; a small word may begin a sentence.

    Of a word with hyphens or apostrophes each part that is capitalised counts, so that İstanbul'da is İstanbul and d'Orsay is Orsay. In
    German, where every noun is capitalised, what can only be an ordinary noun is left out.
    """
    vocabulary = Vocabulary(_parts(source), language)
    opening = {bare(word) for word in stop_words(primary(language)) | opening_words(primary(language))}
    nouns = Vocabulary(german_nouns(), language) if primary(language) == "de" else None
    strange = []
    for sentence in sentences(summary, language):
        found = list(_WORD.finditer(sentence))
        for place, word in enumerate(found):
            for part in [] if vocabulary.has(word.group()) else _JOINT.split(word.group()):
                if not part[0].isupper() or vocabulary.has(part) or (place == 0 and bare(part) in opening):
                    continue
                if nouns is None or not (
                    nouns.has(part) or _is_noun(sentence, found[: place + 2], place, part, vocabulary)
                ):
                    strange.append(word.group())
    return strange


def _parts(text: str) -> set[str]:
    """Return the words of a text, and their parts between hyphens and apostrophes."""
    return {part for word in _WORD.findall(text) for part in (word, *_JOINT.split(word))}


def _is_noun(sentence: str, words: Sequence[re.Match[str]], place: int, word: str, vocabulary: Vocabulary) -> bool:
    """Tell whether a capitalised word of German is a noun and no name: by its ending, its parts, or an article before it.

    Between them an adjective may stand. A word before another capitalised one may be a first name, or a place's (Kölner Dom).
    """
    if word.isupper():
        return False
    if _ABSTRACT.fullmatch(word.casefold()) or _is_compound(bare(word), vocabulary):
        return True
    if any(after.group()[0].isupper() for after in words[place + 1 :]):
        return False
    before = list(words[max(0, place - 2) : place])
    if before and _ADJECTIVE.fullmatch(before[-1].group()) and not _is_determiner(before[-1], sentence):
        before.pop()
    return bool(before) and _is_determiner(before[-1], sentence)


def _is_determiner(word: re.Match[str], sentence: str) -> bool:
    """Tell whether a word is an article or the like; after a comma it is rather a pronoun (…, die Siemens baut)."""
    return word.group().lower() in _DETERMINERS and not sentence[: word.start()].rstrip().endswith(",")


def _is_compound(word: str, vocabulary: Vocabulary) -> bool:
    """Tell whether a word is put together of two that the article has."""
    for cut in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
        if vocabulary.holds(word[cut:]) and any(
            word[:cut].endswith(link) and len(word[: cut - len(link)]) >= _SHORTEST_PART and vocabulary.holds(word[: cut - len(link)])
            for link in _LINKS
        ):  # fmt: skip
            return True
    return False
