"""Call jobs at intervals: the only user of APScheduler."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler


class Schedule:
    """Ticks in this process's event loop; a job never runs beside itself, and missed ticks become one."""

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )

    def every(
        self, span: timedelta, job: Callable[[], Awaitable[None]], *, name: str, first: datetime | None = None
    ) -> None:
        """Call a job at this interval, first at `first` or one interval from now. The job must not raise."""
        options = {} if first is None else {"next_run_time": first}
        self._scheduler.add_job(job, "interval", seconds=span.total_seconds(), id=name, name=name, **options)

    def start(self) -> None:
        """Begin to tick."""
        self._scheduler.start()

    def stop(self) -> None:
        """Tick no more; jobs that run go on to their end."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
