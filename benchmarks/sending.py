"""Measure a whole send, ledger included, against Postfix's load generator and against the ordinary way."""

import asyncio
import resource
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

import aiosmtplib
import uvloop

from benchmarks.messages import ordinary, ordinary_pages, values
from benchmarks.newsroom import add_readers, installation
from benchmarks.sink import sink
from benchmarks.smtp import CONNECTIONS, ORDINARY, Result, load_generator
from syndicate.app import App
from syndicate.flows.send import send_digest
from syndicate.storage.templates import load_templates

READERS = 20_000
ITEMS = 14  # articles in a digest
ROUNDS = 3


async def whole_send(
    port: int, *, readers: int = READERS, database: str = "sqlite:///syndicate.db", rounds: int = ROUNDS
) -> list[Result]:
    """Send one digest a round to all readers; messages a second and µs of CPU of this process a message."""
    results = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with installation(folder, articles=60, port=port, items=ITEMS, database=database) as app:
            await app.collect()
            await add_readers(app, folder, count=readers, sections="world|politics|business|science|sport")
            slot = datetime.fromisoformat(f"{app.clock.now().date()}T07:00:00+00:00") + timedelta(days=1)
            for _ in range(rounds):
                await forget_editions(app)
                delivering = await app.delivering()
                before, started = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
                tally = await send_digest(app.planning, delivering, digest="daily", at=slot)
                seconds, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF)
                assert tally.accepted == readers, tally
                spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
                results.append((readers / seconds, 1e6 * spent / readers))
    return results


async def ordinary_send(port: int) -> float:
    """Return the messages a second of a send without ledger: rendered, put into an EmailMessage and sent for each reader."""
    templates = load_templates()
    pages = ordinary_pages(templates)

    async def lane(numbers: range) -> None:
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False) as client:
            for number in numbers:
                await client.send_message(ordinary(templates, pages, values(number), items=ITEMS))

    started = time.perf_counter()
    await asyncio.gather(*(lane(range(first, ORDINARY, CONNECTIONS)) for first in range(CONNECTIONS)))
    return ORDINARY / (time.perf_counter() - started)


async def forget_editions(app: App) -> None:
    """Make it so that nobody has got anything yet."""
    app.planning.forget()
    async with app.database.begin() as connection:
        for table in ("delivery", "variant_article", "variant", "batch", "edition"):
            await connection.exec_driver_sql(f"DELETE FROM {table}")
        await connection.exec_driver_sql("UPDATE subscription SET seen = NULL, seen_at = NULL")


def main() -> None:
    """Print whole sends as ratios."""
    with sink() as modern:
        usual = [uvloop.run(ordinary_send(modern))]
        ours = uvloop.run(whole_send(modern))
        usual.append(uvloop.run(ordinary_send(modern)))
        theirs = [found for _ in range(ROUNDS) if (found := load_generator(modern)) is not None]
    print(
        f"a whole send to {READERS:,} readers, planning and ledger on SQLite included, 10 connections, best of {ROUNDS}"
    )
    print(f"  ours: {max(ours)[0]:,.0f}/s, {max(ours)[1]:.0f} µs CPU a message")
    print(
        f"  render, EmailMessage and send_message for each reader, no ledger, before and after: {max(usual):,.0f}/s",
        end="",
    )
    print(f"; ours is {max(ours)[0] / max(usual):.0f} × that")
    if theirs:
        print(f"  smtp-source -d: {max(theirs)[0]:,.0f}/s; ours is {max(ours)[0] / max(theirs)[0]:.2f} of it")


if __name__ == "__main__":
    main()
