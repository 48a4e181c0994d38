"""Tell whether two articles are the same story told twice."""

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

SAME_STORY = 0.58
_WORDS = 3
_MOST = 128
_FEWEST = 4  # shared shingles that prove something
_STUB = 16  # shingles of a text that says nothing of its own: many articles have the same one ("Watch the film here")


def sample_shingles(words: Sequence[str]) -> tuple[int, NDArray[np.uint16]]:
    """Hash every run of three words and keep one in 2, 4, 8 …, as many as fit; return the power of two and the hashes."""
    joined = {" ".join(words[i : i + _WORDS]) for i in range(max(1, len(words) - _WORDS + 1))} if words else set()
    hashes = np.fromiter(
        (zlib.crc32(run.encode("utf-8", "surrogatepass")) for run in joined), dtype=np.uint32, count=len(joined)
    )
    power = 0
    while len(hashes) > _MOST:
        power += 1
        hashes = hashes[hashes & ((1 << power) - 1) == 0]
    return power, np.unique(hashes & 0xFFFF).astype("<u2")


def containment(a: tuple[int, NDArray[np.uint16]], b: tuple[int, NDArray[np.uint16]]) -> float:
    """Return what part of the shorter text's shingles the longer one has; 0 when there are too few to tell."""
    power = max(a[0], b[0])
    coarser = (1 << power) - 1
    first, second = (sample[sample & coarser == 0] for _, sample in (a, b))
    fewer = min(len(first), len(second))
    shared = len(set(first.tolist()).intersection(second.tolist()))
    return shared / fewer if shared >= _FEWEST and shared << power >= _STUB else 0.0
