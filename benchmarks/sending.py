"""Measure whole sends, ledger included: unsigned, by DATA and signed, against Postfix's load generator and the ordinary way."""

import asyncio
import resource
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import aiosmtplib
import uvloop

from benchmarks.messages import ordinary, ordinary_pages, values
from benchmarks.newsroom import add_readers, installation, slot_for
from benchmarks.sink import sink
from benchmarks.smtp import Result, best, load_generator, say_generator
from syndicate.app import App
from syndicate.flows.send import send_digest
from syndicate.storage.templates import load_templates

READERS = 10_000
ITEMS = 14  # articles in a digest: about 40 kB
ORDINARY = 100
CONNECTIONS = 10
ROUNDS = 3
SECTIONS = "world|politics|business|science|sport"
SIGNED = """
dkim-selector = "s1"
dkim-key-file = "dkim.pem"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """An installation with its readers, ready to send one edition again and again."""

    app: App
    folder: Path
    slot: datetime
    readers: int

    async def send(self) -> Result:
        """Send it to everybody, planning included; messages a second and µs of this process's CPU a message."""
        await forget_editions(self.app)
        delivering = await self.app.delivering()
        before, started = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
        tally = await send_digest(self.app.planning, delivering, digest="daily", at=self.slot)
        seconds, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF)
        assert tally.accepted == self.readers, tally
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return self.readers / seconds, 1e6 * spent / self.readers


@asynccontextmanager
async def sender(
    port: int,
    *,
    readers: int = READERS,
    database: str = "sqlite:///syndicate.db",
    signed: bool = False,
    domain: str = "readers.example",
) -> AsyncIterator[Sender]:
    """Make an installation that sends through a port of this machine."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if signed:
            subprocess.run(["openssl", "genrsa", "-out", folder / "dkim.pem", "2048"], check=True, capture_output=True)
        mail = SIGNED if signed else ""
        async with installation(folder, articles=60, port=port, items=ITEMS, database=database, mail=mail) as app:
            await app.collect()
            await add_readers(app, folder, count=readers, sections=SECTIONS, domain=domain)
            yield Sender(app=app, folder=folder, slot=slot_for(app.clock.now()), readers=readers)


async def forget_editions(app: App) -> None:
    """Make it so that nobody has got anything yet."""
    app.planning.forget()
    async with app.database.begin() as connection:
        for table in ("delivery", "variant_article", "variant", "batch", "edition"):
            await connection.exec_driver_sql(f"DELETE FROM {table}")
        await connection.exec_driver_sql("UPDATE subscription SET seen = NULL, seen_at = NULL")


async def ordinary_way(port: int) -> Result:
    """Render, build an EmailMessage and call send_message for each reader, over as many connections, and keep no ledger."""
    templates = load_templates()
    pages = ordinary_pages(templates)

    async def lane(numbers: range) -> None:
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False) as client:
            for number in numbers:
                await client.send_message(ordinary(templates, pages, values(number), items=ITEMS))

    started = time.perf_counter()
    await asyncio.gather(*(lane(range(first, ORDINARY, CONNECTIONS)) for first in range(CONNECTIONS)))
    return ORDINARY / (time.perf_counter() - started), 0.0


async def measure(modern: int, plain: int) -> dict[str, Result]:
    """Take turns, so that a busy moment hits all; the best round of each."""
    found: dict[str, list[Result]] = {}
    async with AsyncExitStack() as stack:
        roads = {
            "BDAT": await stack.enter_async_context(sender(modern)),
            "DATA": await stack.enter_async_context(sender(plain)),
            "signed": await stack.enter_async_context(sender(modern, signed=True)),
        }
        for _ in range(ROUNDS):
            for name, road in roads.items():
                found.setdefault(name, []).append(await road.send())
            found.setdefault("ordinary", []).append(await ordinary_way(modern))
            for name, port in (("generator", modern), ("generator by DATA", plain)):
                if (result := load_generator(port, messages=READERS)) is not None:
                    found.setdefault(name, []).append(result)
    return best(found)


def main() -> None:
    """Print whole sends as ratios."""
    with sink() as modern, sink(("PIPELINING", "8BITMIME")) as plain:
        found = uvloop.run(measure(modern, plain))
    generator, by_data, usual = found.get("generator"), found.get("generator by DATA"), found["ordinary"]
    print(
        f"a whole send to {READERS:,} readers: planning and ledger on SQLite included, one process, {CONNECTIONS} connections"
    )
    print(f"the best of {ROUNDS} rounds of each, taken in turns; the sink is a process of its own")
    say_generator(generator)
    _say("unsigned, into a sink with CHUNKING and PIPELINING", found["BDAT"], generator, wanted=0.40)
    _say("unsigned, by DATA into a sink with PIPELINING", found["DATA"], by_data, wanted=0.25)
    _say("signed by us with RSA-2048, into the first sink", found["signed"], generator, wanted=0.10)
    times = found["BDAT"][0] / usual[0]
    print(f"  the ordinary way (render, EmailMessage, send_message for each reader; no ledger): {usual[0]:,.0f}/s")
    print(f"  unsigned is {times:.0f} × the ordinary way (wanted: 40)")


def _say(what: str, ours: Result, theirs: Result | None, *, wanted: float) -> None:
    ratio = (
        ""
        if theirs is None
        else f"; {ours[0] / theirs[0]:.2f} of smtp-source -d into the same sink (wanted: {wanted:.2f})"
    )
    print(f"  {what}: {ours[0]:,.0f}/s, {ours[1]:.0f} µs CPU a message{ratio}")


if __name__ == "__main__":
    main()
