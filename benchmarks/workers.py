"""Measure what a second worker process on PostgreSQL adds, and what the cores of this machine allow it to add."""

import asyncio
import json
import os
import resource
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import uvloop
from sqlalchemy import text

from benchmarks.ledger import postgresql
from benchmarks.sending import Sender, forget_editions, sender
from benchmarks.sink import sink
from syndicate.app import App, opened
from syndicate.config import load
from syndicate.flows.tally import Tally
from syndicate.flows.work import finish_digest

READERS = 10_000
ROUNDS = 3
WANTED = 1.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """Messages a second, and µs of CPU a message: of the workers, of all server processes, of the sink."""

    speed: float
    workers: float
    server: float
    sink: float


async def work(config: str) -> None:
    """Be a worker: get ready, wait for the word, deliver what there is, and tell what it took."""
    async with opened(load(config, env={})) as app:
        delivering = await app.delivering()
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        before, tally = resource.getrusage(resource.RUSAGE_SELF), Tally()
        await finish_digest(delivering, "daily", tally)
        after = resource.getrusage(resource.RUSAGE_SELF)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(json.dumps({"accepted": tally.accepted, "cpu": spent}), flush=True)


async def one_round(ours: Sender, number: int) -> Round:
    """Plan one edition and have so many workers deliver it."""
    await forget_editions(ours.app)
    await ours.app.planning.plan(digest="daily", at=ours.slot, coalesce=False)
    workers = [await _worker(ours.folder / "syndicate.toml") for _ in range(number)]
    for worker in workers:
        assert worker.stdout is not None
        assert await worker.stdout.readline() == b"ready\n"
    postmaster = await _postmaster(ours.app)
    before, started = (_server_seconds(postmaster), _sink_seconds()), perf_counter()
    outputs = await asyncio.gather(*(worker.communicate(b"go\n") for worker in workers))
    seconds = perf_counter() - started
    told = [json.loads(output.splitlines()[-1]) for output, _ in outputs]  # after what is logged
    assert sum(one["accepted"] for one in told) == ours.readers, told
    each = 1e6 / ours.readers
    return Round(
        speed=ours.readers / seconds,
        workers=each * sum(one["cpu"] for one in told),
        server=each * (_server_seconds(postmaster) - before[0]),
        sink=each * (_sink_seconds() - before[1]),
    )


async def _worker(config: Path) -> asyncio.subprocess.Process:
    pipe, nowhere = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    command = (sys.executable, "-m", "benchmarks.workers", str(config))
    return await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=nowhere)


async def _postmaster(app: App) -> int:
    async with app.database.read() as connection:
        folder = (await connection.execute(text("SHOW data_directory"))).scalar_one()
    return int((Path(folder) / "postmaster.pid").read_text().split()[0])


def _server_seconds(postmaster: int) -> float:
    """Return the CPU time of a server: its processes, and those of its that have ended."""
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    return sum(_times([postmaster], ended=True)) + sum(_times(map(int, children)))


def _sink_seconds() -> float:
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return sum(_times(int(one) for one in children if "sink" in Path(f"/proc/{one}/cmdline").read_text()))


def _times(processes: Iterable[int], *, ended: bool = False) -> list[float]:
    found = []
    for process in processes:
        try:
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        except FileNotFoundError:  # it ended, and is counted with its parent's
            continue
        found.append(sum(map(int, fields[11 : 15 if ended else 13])) / os.sysconf("SC_CLK_TCK"))
    return found


async def measure(port: int, url: str) -> dict[int, list[Round]]:
    """Take turns: one worker, then two."""
    found: dict[int, list[Round]] = {1: [], 2: []}
    async with sender(port, readers=READERS, database=url) as ours:
        for _ in range(ROUNDS):
            for number, rounds in found.items():
                rounds.append(await one_round(ours, number))
    return found


def main() -> None:
    """Print the gain, and what it is limited by."""
    with sink() as port, postgresql() as url:
        found = uvloop.run(measure(port, url))
    one, two = (max(found[number], key=lambda each: each.speed) for number in (1, 2))
    cores = len(os.sched_getaffinity(0))
    print(f"{READERS:,} readers, ledger on PostgreSQL, unsigned, 10 connections a worker; best of {ROUNDS} rounds each")
    for name, each in (("one worker process", one), ("two", two)):
        print(
            f"  {name}: {each.speed:,.0f}/s; CPU a message: workers {each.workers:.0f} µs, PostgreSQL {each.server:.0f} µs, sink {each.sink:.0f} µs"
        )
    whole = one.workers + one.server + one.sink
    alone = min(1e6 / one.workers, cores * 1e6 / whole)  # one process fills one core
    print(f"  two are {two.speed / one.speed:.2f} × one (wanted: {WANTED} where sink and cores allow)")
    print(
        f"  by these CPU times, {cores} cores with nothing else to do allow {min(cores * 1e6 / whole / alone, 2):.2f} × one"
    )


if __name__ == "__main__":
    uvloop.run(work(sys.argv[1]))
