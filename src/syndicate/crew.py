"""Keep further worker processes going beside this one: start them, start a dead one again, stop them all."""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import structlog

log = structlog.get_logger(__name__)

COMMAND = (sys.executable, "-c", "from syndicate.cli.start import main; main()")
FIRST_PAUSE = 1.0  # seconds until a worker that died is started again
LONGEST_PAUSE = 60.0
STEADY = 60.0  # seconds that a worker must live for the pause to begin anew


class Role(StrEnum):
    """A part that a process can play."""

    ALL = "all"
    SCHEDULER = "scheduler"
    WORKER = "worker"
    WEB = "web"


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """So many processes that run the same command. `grace` is how long one may take to stop."""

    number: int
    command: Sequence[str]
    stopping: asyncio.Event
    grace: float

    async def run(self) -> None:
        """Keep all of them going until it is time to stop."""
        await asyncio.gather(*(self._keep(place) for place in range(1, self.number + 1)))

    async def _keep(self, place: int) -> None:
        pause, loop = FIRST_PAUSE, asyncio.get_running_loop()
        while not self.stopping.is_set():
            process = await asyncio.create_subprocess_exec(*self.command, stdin=asyncio.subprocess.DEVNULL)
            log.info("worker_started", place=place, process=process.pid)
            started = loop.time()
            exited = asyncio.create_task(process.wait())
            if not await self._stopped(exited):
                pause = FIRST_PAUSE if loop.time() - started > STEADY else pause
                log.error("worker_ended", place=place, process=process.pid, code=exited.result(), again_in=pause)
                await self._stopped(None, seconds=pause)
                pause = min(pause * 2, LONGEST_PAUSE)
                continue
            await self._end(process, exited)

    async def _stopped(self, exited: "asyncio.Task[int] | None", *, seconds: float | None = None) -> bool:
        """Wait for the word to stop, for a process to end, or for so long; tell whether it was the word."""
        word = asyncio.create_task(self.stopping.wait())
        await asyncio.wait({word} if exited is None else {word, exited}, timeout=seconds, return_when="FIRST_COMPLETED")
        word.cancel()
        return self.stopping.is_set()

    async def _end(self, process: asyncio.subprocess.Process, exited: "asyncio.Task[int]") -> None:
        """Ask a process to stop, and end it when it takes too long; what it had in flight is taken over."""
        if not exited.done():
            process.terminate()
            done, _ = await asyncio.wait({exited}, timeout=self.grace)
            if not done:
                log.warning("worker_cut_off", process=process.pid)
                process.kill()
        await exited
