"""Call jobs at intervals: the only user of APScheduler."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler


class Schedule:
    """Ticks in this process's event loop; a job never runs beside itself, and missed ticks become one."""

    def __init__(self) -> None:
        # it would warn each time a tick finds the last one at work, which is as it should be
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )
        self._running: set[asyncio.Task[None]] = set()

    def every(
        self,
        span: timedelta,
        job: Callable[[], Coroutine[object, object, None]],
        *,
        name: str,
        first: datetime | None = None,
    ) -> None:
        """Call a job at this interval, first at `first` or one interval from now. The job must not raise."""

        async def tick() -> None:
            running = asyncio.create_task(job(), name=name)
            self._running.add(running)
            running.add_done_callback(self._running.discard)
            await asyncio.wait([running])

        options = {} if first is None else {"next_run_time": first}
        self._scheduler.add_job(tick, "interval", seconds=span.total_seconds(), id=name, name=name, **options)

    def start(self) -> None:
        """Begin to tick."""
        self._scheduler.start()

    async def stop(self, *, within: float) -> tuple[str, ...]:
        """Tick no more; jobs that run have so many seconds to end. Return the names of those that were cut off then."""
        if not self._scheduler.running:
            return ()
        self._scheduler.pause()  # a shutdown would cut off what runs
        running = tuple(self._running)
        late = (await asyncio.wait(running, timeout=within))[1] if running else set()
        for task in late:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        self._scheduler.shutdown(wait=False)
        return tuple(sorted(task.get_name() for task in late))
