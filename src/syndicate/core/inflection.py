"""Tell whether a name is a form of a word that an article has: Berliner of Berlin, Києва of Київ, İstanbul'da of İstanbul."""

import re
import unicodedata
from collections.abc import Iterable

from syndicate.core.language_tags import primary

_CYRILLIC = frozenset(("ru", "uk", "be", "bg", "sr", "mk"))
_SLAVIC = frozenset(("pl", "cs", "sk", "hr", "sl", "bs"))
_AGGLUTINATING = frozenset(("fi", "et", "hu", "lt", "lv", "el", "ro", "ka", "hy", "eu", "sq", "kk", "az"))
_ROMANCE = frozenset(("fr", "es", "it", "pt", "ca"))
_LONG_TAIL = 4  # letters, where endings pile up

_ADJECTIVE = "(?:ов|ев|єв|ів|ин|ін|їн)?(?:ськ|ск|цьк|цк|зьк)?"
_CYRILLIC_ENDING = re.compile(
    f"{_ADJECTIVE}(?:[аяуюоеєиіыїйь]|[оеє][мйю]|[ая][мхя]|[ая]ми|[иыії][ймхеяюї]|[иыії]ми|[ую]ю|[оеє]го|[оеє]му|о[їє]|[оеєії]в|ови|еві|ией)?"
    "|(?:ец|ець|чан|ян|ан)(?:[аеиіыу]|ин|[ая]м[и]?|[оеі]в)?|ц[аеиіыую](?:м|ми|в)?"
)
_SLAVIC_ENDING = re.compile(
    "(?:(?:ow|ov|ew|in|yn)?(?:sk|ck|zk))?(?:[aeiouy]|i[aeuo]|i?em|i?ego|i?emu|i?ej|[yi]m|[yi]ch|[yi]mi|i?ami|i?ach|i?om|i?ow|i?owi|owie|ii|ou|ov[iea]?|um)?"
    "|(?:anin|an|iak|czyk|ec)(?:[aeiyu]|em|owi|ow|ami|ach|om)?"
)
_LATIN_ENDING = re.compile(
    "|[seniyoa]|es|en|ens|ns|ia|ie|er[sn]?|erin(?:nen)?|in(?:nen)?|isch(?:e[nrsm]?)?|i?ans?|ese|ish|is|[oa]s|an[oa]s?|enses?|iens?|iennes?"
    "|[ao]ise?s?|ains?|aines?|in[oiae]s?|aars?|se|l[iu](?:lar|ler)?|l[ae]r"
)
_CHANGES = (("к", "ц"), ("г", "з"), ("х", "с"), ("k", "c"), ("g", "dz"))
_LETTERS = str.maketrans({"ł": "l", "ı": "i", "ø": "o", "ё": "е"})
_LAST_VOWEL = re.compile("[аеєиіїоуaeiou](?=[^аеєиіїоуaeiou]$)")


def bare(word: str) -> str:
    """Return a word in lower case without accents; Cyrillic letters stay apart (й, ї)."""
    lower = word.casefold().translate(_LETTERS)
    if not lower.isascii() and not "\u0400" <= lower[0] <= "\u052f":
        letters = (one for one in unicodedata.normalize("NFD", lower) if not unicodedata.combining(one))
        lower = unicodedata.normalize("NFC", "".join(letters))
    return lower


class Vocabulary:
    """The words of an article, to be asked for other forms of them."""

    def __init__(self, words: Iterable[str], language: str) -> None:
        self._words = {bare(word) for word in words}
        self._language = primary(language)
        self._stems: dict[str, list[str]] = {}
        for word in self._words:
            self._stems.setdefault(word[:2], []).append(word)
        self._skeletons = {_skeleton(word) for word in self._words} if self._declines else set()

    @property
    def _declines(self) -> bool:
        return self._language in _CYRILLIC or self._language in _SLAVIC

    def has(self, word: str) -> bool:
        """Tell whether the article has this word or a form of it."""
        word = bare(word)
        if word in self._words:
            return True
        if self._declines and len(skeleton := _skeleton(word)) > 2 and skeleton in self._skeletons:
            return True
        return any(self._is_form(word, other) for other in self._stems.get(word[:2], ()))

    def holds(self, part: str) -> bool:
        """Tell whether a part of a compound begins or ends a word of the article."""
        return any(word.startswith(part) or word.endswith(part) for word in self._words)

    def _is_form(self, word: str, other: str) -> bool:
        shared = _shared(word, other)
        tails = word[shared:], other[shared:]
        if self._language in _AGGLUTINATING:
            return shared >= 4 and max(map(len, tails)) <= _LONG_TAIL
        if self._declines:
            ending = _CYRILLIC_ENDING if self._language in _CYRILLIC else _SLAVIC_ENDING
            enough = shared >= 3 or shared >= len(other) - 1 >= 2
            return enough and all(ending.fullmatch(tail) for tail in _unchanged(*tails))
        enough = shared >= (4 if "" in tails or self._language in _ROMANCE else 5)
        return enough and all(_LATIN_ENDING.fullmatch(tail) for tail in tails)


def _shared(one: str, other: str) -> int:
    """Return with how many equal letters two words begin."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (mine, its) in pairs if mine != its), min(len(one), len(other)))


def _unchanged(one: str, other: str) -> tuple[str, str]:
    """Return two endings without a consonant that one has changed: Прага, Празі."""
    for first, second in _CHANGES:
        for hard, soft in ((first, second), (second, first)):
            if one.startswith(hard) and other.startswith(soft):
                return one[len(hard) :], other[len(soft) :]
    return one, other


def _skeleton(word: str) -> str:
    """Return a word without a last ending of a vowel and without the vowel before its last consonant, which come and go: Київ, Києва; Marek, Marka."""
    stem = word[:-1] if word[-1] in "аеиіуюяїєыaeiuy" and len(word) > 4 else word
    return _LAST_VOWEL.sub("", stem)
