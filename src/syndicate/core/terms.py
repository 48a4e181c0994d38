"""Boil an article down to the compact record that later comparisons need."""

import re
import struct
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
import snowballstemmer
from numpy.typing import NDArray

from syndicate.core.language_tags import primary
from syndicate.core.stopwords import stop_words
from syndicate.core.stories import sample_shingles
from syndicate.core.text import LONGEST
from syndicate.core.tokens import plain, tokens

ID_BITS = 22  # a term is a 22-bit hash: clashes among half a million words are rare and harmless
MOST_TERMS = 320
OPENING_WORDS = 60

_VERSION = 1
_HEADER = struct.Struct("<BBHHd")  # version, shingle rate as a power of two, terms, shingles, published
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_MOST_TITLE = 1000  # characters
_MOST_WORDS = 8000
_SNOWBALL = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "et": "estonian", "fa": "persian", "fi": "finnish", "fr": "french", "hi": "hindi", "hu": "hungarian",
    "id": "indonesian", "it": "italian", "lt": "lithuanian", "nl": "dutch", "no": "norwegian", "nb": "norwegian",
    "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip
# Where words are put together, a compound is a word of the family of its first part: Impfstoff, Impfstoffsuche.
_COMPOUNDING = {"de": 7}


@dataclass(frozen=True, slots=True)
class Terms:
    """What is kept of an article for comparison: hashed terms with their weights' facts, and shingles.

    Each term is one number of 32 bits: 22 of hash, 4 of count, 2 of count in the opening, 1 for "in the title", 3 to spare.
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
        """A sample of the runs of three words, sorted: one in two, to the power that comes with it."""
        _, power, terms, count, _ = _HEADER.unpack_from(self.blob)
        return power, np.frombuffer(self.blob, dtype="<u2", count=count, offset=_HEADER.size + 4 * terms)

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
    language = primary(language)
    heading = [plain(token) for token in tokens(title[:_MOST_TITLE], language)]
    body = [plain(token) for token in tokens(text[:LONGEST], language)[:_MOST_WORDS]]
    stem = _stemmer(language)
    words = heading + body
    counts = _stems(words, stem)
    opening = _stems(words[:OPENING_WORDS], stem)
    in_title = _stems(heading, stem)
    codes: dict[int, int] = {}
    for found, count in counts.items():
        term = zlib.crc32(found.encode("utf-8", "surrogatepass")) >> (32 - ID_BITS)
        code = term << 10 | min(count, 15) << 6 | min(opening[found], 3) << 4 | (found in in_title) << 3
        codes[term] = max(code, codes.get(term, 0))
    # In a long article what is in the title, the opening, or often said goes first.
    kept = sorted(codes.values(), key=lambda code: (code & 8) << 8 | code >> 4 & 0x3F, reverse=True)[:MOST_TERMS]
    power, shingles = sample_shingles(body)
    header = _HEADER.pack(_VERSION, power, len(kept), len(shingles), published)
    return Terms(header + np.sort(np.array(kept, dtype="<u4")).tobytes() + shingles.tobytes())


def _stems(words: Sequence[str], stem: Callable[[str], str | None]) -> Counter[str]:
    """Count the stems of words; a Han character means something by itself, too."""
    counts: Counter[str] = Counter()
    for word, count in Counter(words).items():
        for part in (word, word[0]) if _HAN.match(word) else (word,):
            if (found := stem(part)) is not None:
                counts[found] += count
    return counts


@cache
def _stemmer(language: str) -> Callable[[str], str | None]:
    """Return a function from a plain word to its stem, or None for a word that says nothing."""
    stops = stop_words(language)
    algorithm = _SNOWBALL.get(language)
    stem_word = None if algorithm is None else snowballstemmer.stemmer(algorithm).stemWord
    longest = _COMPOUNDING.get(language)

    @lru_cache(maxsize=1 << 16)
    def stem(word: str) -> str | None:
        if word in stops or word == "" or (len(word) == 1 and word < "\u2e80"):
            return None
        if stem_word is None or word.isdigit():
            return word
        return str(stem_word(word))[:longest] or word

    return stem
