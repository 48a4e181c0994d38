"""Measure the memory of a send: the peak of a process that sends to 10,000 readers, and of one that sends to a million."""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import uvloop
from sqlalchemy import text

from benchmarks.newsroom import add_readers, installation, slot_for
from benchmarks.sending import ITEMS, SECTIONS
from benchmarks.sink import sink
from syndicate.app import opened
from syndicate.config import load
from syndicate.flows.send import send_digest

FEW, MANY = 10_000, 1_000_000
STRIDE = 50_000
WANTED = 20  # MB

_PEOPLE = (
    "WITH RECURSIVE n(i) AS (SELECT :lo + 1 UNION ALL SELECT i + 1 FROM n WHERE i < :hi) "
    "INSERT INTO subscriber (id, public_id, email, email_key, name, state, timezone, language, created_at, confirmed_at) "
    "SELECT i, 'p' || i, 'r' || i || '@readers.example', 'k' || i, '', state, timezone, language, created_at, confirmed_at "
    "FROM n CROSS JOIN subscriber s WHERE s.id = 1"
)
_HOLDS = (
    "WITH RECURSIVE n(i) AS (SELECT :lo + 1 UNION ALL SELECT i + 1 FROM n WHERE i < :hi) "
    "INSERT INTO subscription (subscriber, digest, rhythm, choice, state, since, since_seq) "
    "SELECT i, digest, rhythm, choice, state, since, since_seq FROM n CROSS JOIN subscription s WHERE s.subscriber = 1"
)


async def prepare(folder: Path, port: int, readers: int) -> None:
    """Make an installation with so many readers, all like the first."""
    async with installation(folder, articles=60, port=port, items=ITEMS) as app:
        await app.collect()
        await add_readers(app, folder, count=1, sections=SECTIONS)
        for lo in range(1, readers, STRIDE):
            async with app.database.begin() as connection:
                for statement in (_PEOPLE, _HOLDS):
                    await connection.execute(text(statement), {"lo": lo, "hi": min(lo + STRIDE, readers)})


async def send(config: str) -> None:
    """Send to all of them, and tell how much memory this process held at most."""
    async with opened(load(config, env={})) as app:
        slot = slot_for(app.clock.now())
        delivering = await app.delivering()
        tally = await send_digest(app.planning, delivering, digest="daily", at=slot)
    print(json.dumps({"accepted": tally.accepted, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}))


def peak_of(port: int, readers: int) -> tuple[float, float]:
    """Send from a fresh process → (its peak in MB, messages a second)."""
    with tempfile.TemporaryDirectory() as name:
        uvloop.run(prepare(Path(name), port, readers))
        command = [sys.executable, "-m", "benchmarks.memory", str(Path(name) / "syndicate.toml")]
        started = time.perf_counter()
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        told = json.loads(output.splitlines()[-1])  # after what is logged
    assert told["accepted"] == readers, told
    return told["peak"] / 1024, readers / (time.perf_counter() - started)


def main() -> None:
    """Print both peaks."""
    with sink() as port:
        few, _ = peak_of(port, FEW)
        many, speed = peak_of(port, MANY)
    print("peak memory of a process that sends one digest by SMTP, ledger on SQLite")
    print(f"  {FEW:,} readers: {few:.1f} MB")
    print(f"  {MANY:,} readers: {many:.1f} MB, {many - few:+.1f} (allowed: {WANTED}); {speed:,.0f} messages a second")


if __name__ == "__main__":
    uvloop.run(send(sys.argv[1]))
