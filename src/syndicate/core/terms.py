"""Boil an article down to the compact record that later comparisons need."""

import re
import struct
import unicodedata
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice

import numpy as np
import snowballstemmer
from numpy.typing import NDArray

from syndicate.core.stopwords import stop_words
from syndicate.core.stories import sample_shingles
from syndicate.core.text import LONGEST

ID_BITS = 22  # a term is a 22-bit hash: clashes among half a million words are rare and harmless
MOST_TERMS = 320
LEAD_WORDS = 60

_VERSION = 1
_HEADER = struct.Struct("<BBHHd")  # version, shingle rate as a power of two, terms, shingles, published
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_LONGEST_WORD = 40
_MOST_WORDS = 8000
_SNOWBALL = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "et": "estonian", "fa": "persian", "fi": "finnish", "fr": "french", "hi": "hindi", "hu": "hungarian",
    "id": "indonesian", "it": "italian", "lt": "lithuanian", "nl": "dutch", "no": "norwegian", "nb": "norwegian",
    "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Terms:
    """What is kept of an article for comparison: hashed terms with their weights' facts, and shingles.

    Each term is one number of 32 bits: 22 of hash, 4 of count, 2 of count in the lead, then "in the title" and "capitalised".
    """

    blob: bytes

    @property
    def published(self) -> float:
        """The article's date in POSIX seconds; NaN when it is not known."""
        return float(_HEADER.unpack_from(self.blob)[4])

    @property
    def codes(self) -> NDArray[np.uint32]:
        """The terms, sorted."""
        count = _HEADER.unpack_from(self.blob)[2]
        return np.frombuffer(self.blob, dtype="<u4", count=count, offset=_HEADER.size)

    @property
    def shingles(self) -> tuple[int, NDArray[np.uint16]]:
        """The sampling rate (one in so many) and the sampled shingles, sorted."""
        _, power, terms, count, _ = _HEADER.unpack_from(self.blob)
        return 1 << power, np.frombuffer(self.blob, dtype="<u2", count=count, offset=_HEADER.size + 4 * terms)

    def at(self, published: float) -> "Terms":
        """Return the same terms under another date."""
        return Terms(self.blob[: _HEADER.size - 8] + struct.pack("<d", published) + self.blob[_HEADER.size :])

    def to_bytes(self) -> bytes:
        """Return the bytes to store."""
        return self.blob

    @classmethod
    def from_bytes(cls, blob: bytes) -> "Terms":
        """Read stored bytes; raises ValueError when they are of another version or cut short."""
        if len(blob) < _HEADER.size or blob[0] != _VERSION:
            raise ValueError("these terms were stored by another version: rebuild the index of related articles")
        _, _, terms, shingles, _ = _HEADER.unpack_from(blob)
        if len(blob) != _HEADER.size + 4 * terms + 2 * shingles:
            raise ValueError("these terms are cut short: rebuild the index of related articles")
        return cls(bytes(blob))


def extract(*, title: str, text: str, language: str, published: float) -> Terms:
    """Boil an article down; the same article gives the same bytes in every process."""
    heading = _tokens(title[:1000], language)
    body = list(islice(_tokens(text[:LONGEST], language), _MOST_WORDS))
    names = _capitalised(text[:LONGEST]) | _capitalised_in_title(title)
    stems = _stems(language)
    in_title = {stem for token in heading if (stem := stems(token.lower())) is not None}
    bag: Counter[str] = Counter()
    lead: Counter[str] = Counter()
    capital: set[str] = set()
    for position, token in enumerate((*heading, *body)):
        lower = token.lower()
        if (stem := stems(lower)) is None:
            continue
        bag[stem] += 1
        if position < LEAD_WORDS:
            lead[stem] += 1
        if lower in names:
            capital.add(stem)
    codes: dict[int, int] = {}
    for stem, count in bag.items():
        term = zlib.crc32(stem.encode("utf-8", "surrogatepass")) >> (32 - ID_BITS)
        code = (
            term << 10
            | min(count, 15) << 6
            | min(lead[stem], 3) << 4
            | (stem in in_title) << 3
            | (stem in capital) << 2
        )
        codes[term] = max(code, codes.get(term, 0))
    # The facts of a term stand above its order of appearance: what is in the title, the lead or often goes first.
    kept = sorted(codes.values(), key=lambda code: code >> 2 & 0xFF | (code & 8) << 8, reverse=True)[:MOST_TERMS]
    power, shingles = sample_shingles([token.lower() for token in body])
    header = _HEADER.pack(_VERSION, power, len(kept), len(shingles), published)
    return Terms(header + np.sort(np.array(kept, dtype="<u4")).tobytes() + shingles.tobytes())


def _tokens(text: str, language: str) -> list[str]:
    """Cut a text into words, or into pairs of characters where a script has no spaces."""
    text = unicodedata.normalize("NFKC", text)
    if language == "tr":
        text = text.replace("İ", "i").replace("I", "ı")
    if text.isascii() or _UNSPACED.search(text) is None:
        return _TOKEN.findall(text)
    tokens: list[str] = []
    for word in _TOKEN.findall(text):
        start = 0
        for run in _UNSPACED.finditer(word):
            if run.start() > start:
                tokens.append(word[start : run.start()])
            characters = run.group()
            tokens.extend(characters[i : i + 2] for i in range(max(1, len(characters) - 1)))
            start = run.end()
        if start < len(word):
            tokens.append(word[start:])
    return tokens


_CAPITAL = re.compile(
    r"(?<=[^\W_][,;)\s] )(?<![.!?:] )[A-ZÀ-ÞĀ-ŽА-ЯЁЄІЇҐΑ-Ω][^\W_]*|(?<=[^\W_] )[A-ZÀ-ÞĀ-ŽА-ЯЁЄІЇҐΑ-Ω][^\W_]*"
)


def _capitalised(text: str) -> set[str]:
    """Return the words that stand capitalised inside a sentence, lower case."""
    return {word.lower() for word in _CAPITAL.findall(unicodedata.normalize("NFKC", text))}


def _capitalised_in_title(title: str) -> set[str]:
    """Return a title's capitalised words when the title isn't all in capitals or Title Case."""
    found = _TOKEN.findall(title)[1:]
    capital = [word for word in found if word[:1].isupper()]
    return {word.lower() for word in capital} if len(capital) * 2 < len(found) else set()


@cache
def _stems(language: str) -> Callable[[str], str | None]:
    """Return a function from a lower-case word to its stem, or None for a word that says nothing."""
    stops = stop_words(language)
    algorithm = _SNOWBALL.get(language)
    stem_word = None if algorithm is None else snowballstemmer.stemmer(algorithm).stemWord

    @lru_cache(maxsize=1 << 16)
    def stem(word: str) -> str | None:
        word = word.replace("’", "'")
        if word in stops or (len(word) < 2 and ord(word[0]) < 0x2E80):
            return None
        for ending in ("'s", "'"):
            word = word.removesuffix(ending)
        if word in stops or not word:
            return None
        word = word[:_LONGEST_WORD]
        stemmed = word if stem_word is None or word.isdigit() else stem_word(word)
        return str(stemmed) or word

    return stem
