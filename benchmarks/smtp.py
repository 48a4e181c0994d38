"""Measure how fast messages reach an SMTP server, against Postfix's own load generator and against the ordinary way."""

import asyncio
import resource
import shutil
import subprocess
import time
from collections.abc import Callable, Coroutine, Iterator
from email.message import EmailMessage
from typing import Protocol

import aiosmtplib
import uvloop

from benchmarks.sink import MODERN, is_fast, sink
from syndicate.model import Envelope, Outcome
from syndicate.transports.smtp import SmtpTransport

MESSAGES = 20_000
ORDINARY = 400
CONNECTIONS = 10
BATCH, CALLERS = 25, 2  # as the delivery flow calls: at most 50 in flight
ROUNDS = 3
LINE = b"<p>The council met on Tuesday and agreed to mend the old bridge.</p>     =\r\n"
SHARED = tuple(LINE * 135 for _ in range(4))  # about 41 kB with what is each reader's own
HEAD = b"From: digest@news.example\r\nTo: r%d@readers.example\r\nMessage-ID: <%d@news.example>\r\n\r\n"


Result = tuple[float, float]  # messages a second, microseconds of CPU a message


class Runner(Protocol):
    """What runs a coroutine on a loop of its kind."""

    def __call__(self, main: Coroutine[object, object, None], /) -> None:
        """Run it."""


def main() -> None:
    """Print messages a second and CPU a message for each road, as ratios."""
    with sink() as modern, sink(("PIPELINING",)) as plain, sink(()) as old:
        results = _interleaved(
            {
                "theirs": lambda: load_generator(modern),
                "ordinary": lambda: ordinary_way(modern),
                "BDAT, pipelined": lambda: _ours(modern),
                "BDAT, pipelined, without uvloop": lambda: _ours(modern, run=asyncio.run),
                "DATA, pipelined": lambda: _ours(plain),
                "DATA, step by step": lambda: _ours(old, count=MESSAGES // 4),
            }
        )
    theirs, ordinary = results.pop("theirs", None), results.pop("ordinary")
    kind = "C" if is_fast() else "Python"
    print(
        f"messages of {len(_letter(1).parts[0]) + sum(map(len, SHARED)):,} bytes, {CONNECTIONS} connections, sink in {kind}"
    )
    say_generator(theirs)
    print(f"  EmailMessage and send_message for each reader: {ordinary[0]:,.0f}/s, {ordinary[1]:.0f} µs")
    for name, result in results.items():
        ratio = "" if theirs is None else f", {result[0] / theirs[0]:.2f} of smtp-source"
        print(
            f"  {name}: {result[0]:,.0f}/s, {result[1]:.0f} µs{ratio}, {result[0] / ordinary[0]:.0f} × the ordinary way"
        )
    print(f"  modern means {' '.join(MODERN)}; best of {ROUNDS} rounds each")


def _interleaved(measures: dict[str, Callable[[], Result | None]]) -> dict[str, Result]:
    """The fastest of some rounds of each, taken in turns so that a busy moment hits all."""
    found: dict[str, list[Result]] = {}
    for name, measure in list(measures.items()) * ROUNDS:
        result = measure()
        if result is not None:
            found.setdefault(name, []).append(result)
    return best(found)


def best(found: dict[str, list[Result]]) -> dict[str, Result]:
    """Return the fastest round of each."""
    return {name: max(results) for name, results in found.items()}


def say_generator(theirs: Result | None) -> None:
    """Print the reference, or that there is none."""
    if theirs is None:
        print("  smtp-source is not installed (it comes with Postfix), so there is no ratio to it")
    else:
        print(f"  smtp-source -d (Postfix): {theirs[0]:,.0f}/s, {theirs[1]:.0f} µs CPU a message")


def _timed(run: Callable[[], object], *, count: int, who: int = resource.RUSAGE_SELF) -> Result:
    before, started = resource.getrusage(who), time.perf_counter()
    run()
    seconds, after = time.perf_counter() - started, resource.getrusage(who)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return count / seconds, 1e6 * spent / count


def _letter(number: int) -> Envelope:
    token = b"https://feeds.news.example/unsubscribe/%040d\r\n" % number
    head = HEAD % (number, number)
    parts = (head, SHARED[0], token, SHARED[1], token, SHARED[2], token, SHARED[3])
    return Envelope(
        sender="b@news.example", recipient=f"r{number}@readers.example", parts=parts, message_id=f"<{number}@x>"
    )


def _ours(port: int, *, run: Runner = uvloop.run, count: int = MESSAGES) -> Result:
    async def send_all() -> None:
        transport = SmtpTransport(name="relay", settings={"port": port, "connections": CONNECTIONS})
        starts = iter(range(0, count, BATCH))

        async def call(starts: Iterator[int]) -> None:
            for start in starts:
                receipts = await transport.send([_letter(number) for number in range(start, start + BATCH)])
                assert all(receipt.outcome is Outcome.ACCEPTED for receipt in receipts)

        await asyncio.gather(*(call(starts) for _ in range(CALLERS)))
        await transport.close()

    return _timed(lambda: run(send_all()), count=count)


def load_generator(port: int, *, messages: int = MESSAGES, to: str = "r@readers.example") -> Result | None:
    """Send so many messages of the same size by Postfix's own client, over as many connections; None where it is not installed."""
    program = shutil.which("smtp-source") or shutil.which("smtp-source", path="/usr/sbin")
    if program is None:
        return None
    size = str(sum(map(len, _letter(1).parts)))
    options = [
        "-d",
        "-s",
        str(CONNECTIONS),
        "-m",
        str(messages),
        "-l",
        size,
        "-f",
        "b@news.example",
        "-t",
        to,
    ]
    command = [program, *options, f"127.0.0.1:{port}"]
    return _timed(lambda: subprocess.run(command, check=True), count=messages, who=resource.RUSAGE_CHILDREN)


def ordinary_way(port: int) -> Result:
    """A message built and sent for each reader, as the documentation of both libraries shows it."""
    text = b"".join(SHARED).decode()

    async def lane(numbers: range) -> None:
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False) as client:
            for number in numbers:
                message = EmailMessage()
                message["From"], message["To"] = "digest@news.example", f"r{number}@readers.example"
                message["Subject"] = "Today"
                message.set_content(f"https://feeds.news.example/unsubscribe/{number}")
                message.add_alternative(text + str(number), subtype="html")
                await client.send_message(message)

    async def send_all() -> None:
        await asyncio.gather(*(lane(range(first, ORDINARY, CONNECTIONS)) for first in range(CONNECTIONS)))

    return _timed(lambda: uvloop.run(send_all()), count=ORDINARY)


if __name__ == "__main__":
    main()
