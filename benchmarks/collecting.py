"""Measure collecting: articles a second of one core, cleaning, summary and related links included."""

import resource
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import nh3
import uvloop

from benchmarks.newsroom import fill_store, installation, varied

MEASURED = 400
SIZES = (1_000, 20_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """How fast the last articles came in, when so many were there before."""

    there: int
    wall: float
    cpu: float


async def measure(there: int) -> Speed:
    """Collect `there` articles, then time MEASURED more."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with installation(folder, articles=there) as app:
            await app.collect()
            rows = varied(there + MEASURED)[there:]
            fill_store(folder / "newsroom.db", rows)
            before, started = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
            result = await app.collect()
            seconds, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF)
            assert result.added == MEASURED, result
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            return Speed(there=there, wall=MEASURED / seconds, cpu=MEASURED / cpu)


def reference() -> float:
    """Return how many of the same articles one core cleans a second with nh3 and nothing else."""
    bodies = [row["body"] for row in varied(MEASURED)]
    started = time.process_time()
    for body in bodies:
        nh3.clean(body)
    return len(bodies) / (time.process_time() - started)


def main() -> None:
    """Print articles a second at each size of the store, beside what cleaning alone would cost."""
    plain = reference()
    print(f"collecting {MEASURED} articles of about 3 kB: read, cleaned, summarised, compared, stored")
    print(f"  nh3 alone: {plain:,.0f} articles/s per core")
    for size in SIZES:
        found = uvloop.run(measure(size))
        print(
            f"  with {size:,} articles in the store: {found.cpu:,.0f} articles/s per core ({found.wall:,.0f}/s by the clock), "
            f"{found.cpu / plain:.3f} of nh3 alone"
        )


if __name__ == "__main__":
    main()
