"""Time questions for related articles at 1,000, 10,000 and 100,000 articles, against SQLite's full-text search in the same run."""

import random
import resource
import sqlite3
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable, Sequence
from functools import partial
from itertools import accumulate
from math import log

from syndicate.core.related import RelatedIndex
from syndicate.core.stopwords import stop_words
from syndicate.core.terms import Terms, extract

_SIZES = (1_000, 10_000, 100_000)
_VOCABULARY = 60_000
_WORDS = 250
_QUESTIONS = 200
_FTS_QUESTIONS = 30
_FTS_TERMS = 15
_DAY = 86_400.0


def main(sizes: Sequence[int] = _SIZES) -> None:
    """Print mean, p95 and memory for each size, and how many times faster than full-text search that is."""
    newsroom = Newsroom(random.Random(20260101))
    print(
        f"{'articles':>9} {'mean ms':>8} {'p95 ms':>8} {'cpu ms':>7} {'add ms':>7} {'load s':>7} {'MB':>6} {'FTS5 mean ms':>13} {'ratio':>6}"
    )
    for size in sizes:
        texts = [newsroom.article() for _ in range(size)]
        blobs = [
            extract(title=t, text=b, language="en", published=i * 60.0).to_bytes() for i, (t, b) in enumerate(texts)
        ]
        ours, processor, megabytes, seconds = _ours(blobs)
        theirs = _full_text(texts)
        mean, slowest = statistics.fmean(ours), _p95(ours)
        adding = seconds / size * 1000
        ratio = statistics.fmean(theirs) / mean
        print(
            f"{size:>9} {mean:>8.2f} {slowest:>8.2f} {processor:>7.2f} {adding:>7.3f} {seconds:>7.1f} {megabytes:>6.0f} "
            f"{statistics.fmean(theirs):>13.1f} {ratio:>6.1f}",
            flush=True,
        )
    print(f"peak resident memory of the whole run: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


class Newsroom:
    """Made-up articles whose words are as unevenly frequent as words are, a few to each event."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._words = [f"{chance.choice('bcdfgklmnprstvz')}{self._ending()}{i:x}" for i in range(_VOCABULARY)]
        self._small = sorted(stop_words("en"))
        # Zipf and Mandelbrot's law, from where the small words end.
        self._weights = list(accumulate(1 / (rank + 100) for rank in range(_VOCABULARY)))
        self._event: list[str] = []
        self._left = 0

    def article(self) -> tuple[str, str]:
        """Return a title and a body."""
        if self._left == 0:
            self._event = self._draw(40)
            self._left = self._chance.choice((1, 1, 1, 2, 3, 5))
        self._left -= 1
        length = int(_WORDS * (0.4 + self._chance.expovariate(1) * 0.6))
        words = self._draw(length * 4 // 10) + self._chance.choices(self._event, k=length // 8)
        words += self._chance.choices(self._small, k=length - len(words))
        self._chance.shuffle(words)
        return " ".join(self._chance.choices(self._event, k=5) + self._draw(4)), " ".join(words)

    def _draw(self, count: int) -> list[str]:
        return self._chance.choices(self._words, cum_weights=self._weights, k=count)

    def _ending(self) -> str:
        return "".join(self._chance.choices("aeiou", k=2))


def _ours(blobs: Sequence[bytes]) -> tuple[list[float], float, float, float]:
    terms = [Terms.from_bytes(blob) for blob in blobs]
    started = time.perf_counter()
    index = RelatedIndex(window_days=365.0)
    for key, one in enumerate(terms):
        index.add(key, one)
    seconds = time.perf_counter() - started
    megabytes = _measured(lambda: _loaded(blobs))
    asked = random.Random(1).sample(range(len(terms)), min(_QUESTIONS, len(terms)))
    before = time.process_time()
    times = _times([partial(index.find, terms[key], exclude=key) for key in asked])
    return times, (time.process_time() - before) * 1000 / len(times), megabytes, seconds


def _loaded(blobs: Sequence[bytes]) -> RelatedIndex:
    index = RelatedIndex(window_days=365.0)
    for key, blob in enumerate(blobs):
        # A copy, as it would come from the database: the index must answer for the blobs' memory, too.
        index.add(key, Terms.from_bytes(bytes(bytearray(blob))))
    return index


def _measured(make: Callable[[], RelatedIndex]) -> float:
    tracemalloc.start()
    index = make()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(index) > 0
    return held / 2**20


def _full_text(texts: Sequence[tuple[str, str]]) -> list[float]:
    """Ask FTS5 for the best matches of the fifteen rarest words of each article, as one would without an index of one's own."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE article USING fts5(title, body)")
    database.executemany(
        "INSERT INTO article (rowid, title, body) VALUES (?, ?, ?)", ((i, *text) for i, text in enumerate(texts))
    )
    frequency: dict[str, int] = {}
    for _, body in texts:
        for word in set(body.split()):
            frequency[word] = frequency.get(word, 0) + 1
    asked = random.Random(1).sample(range(len(texts)), min(_FTS_QUESTIONS, len(texts)))

    def ask(key: int) -> None:
        words = texts[key][1].split()
        worth = {word: words.count(word) * log(len(texts) / frequency[word]) for word in set(words)}
        query = " OR ".join(sorted(worth, key=lambda word: -worth[word])[:_FTS_TERMS])
        database.execute("SELECT rowid FROM article WHERE article MATCH ? ORDER BY rank LIMIT 10", (query,)).fetchall()

    times = _times([partial(ask, key) for key in asked])
    database.close()
    return times


def _times(calls: Sequence[Callable[[], object]]) -> list[float]:
    times = []
    for call in calls:
        started = time.perf_counter()
        call()
        times.append((time.perf_counter() - started) * 1000)
    return times


def _p95(times: Sequence[float]) -> float:
    return sorted(times)[int(len(times) * 0.95) - 1]


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or _SIZES)
