"""Do what is due at intervals: collect, release, publish, plan, ping, fetch reports, keep house, measure."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import structlog

from syndicate.app import App
from syndicate.errors import SyndicateError
from syndicate.flows.prune import prune
from syndicate.flows.publish import Published
from syndicate.flows.restored import keep_pulse
from syndicate.metrics import Metrics
from syndicate.schedule import Schedule
from syndicate.storage import ticks
from syndicate.values import parse_span

log = structlog.get_logger(__name__)

PUBLISH_EVERY = timedelta(seconds=2)
PLAN_EVERY = timedelta(seconds=10)
PING_EVERY = timedelta(seconds=5)
RELEASE_EVERY = timedelta(seconds=10)
PULSE_EVERY = timedelta(minutes=1)
HOUSEKEEPING_EVERY = timedelta(minutes=1)
METRICS_EVERY = timedelta(seconds=30)

Job = Callable[[], Coroutine[object, object, None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Jobs:
    """The jobs of one process. `planned` hears of editions that were made, `published` of feeds that may be others now."""

    app: App
    metrics: Metrics
    stopping: asyncio.Event
    planned: Callable[[], None]
    published: Callable[[Published], Awaitable[None]]

    # -- what is due when

    def schedule_editing(self, schedule: Schedule) -> None:
        """Schedule what one of several daemons is to do: collect, plan, tell hubs, keep house."""
        for options in self.app.document.source:
            span = max(parse_span(options.every), timedelta(seconds=1))
            name = f"collect {options.name}"
            schedule.every(span, self._once(name, span, self._collector(options.name)), name=name)
        if self.app.document.feeds.hubs:
            schedule.every(PING_EVERY, partial(guarded, "ping", self._ping), name="ping")
        for name, span, job in (
            ("plan", PLAN_EVERY, self._plan),
            ("housekeeping", HOUSEKEEPING_EVERY, self._housekeep),
            ("release", RELEASE_EVERY, self._release),
        ):
            schedule.every(span, self._once(name, span, job), name=name)

    def schedule_pulse(self, schedule: Schedule) -> None:
        """Schedule the look for a restored database, which every process that plans or sends does for itself."""
        schedule.every(PULSE_EVERY, partial(guarded, "pulse", self.keep_pulse), name="pulse")

    def schedule_publishing(self, schedule: Schedule) -> None:
        """Schedule the building of feeds, which every machine that serves does for itself."""
        schedule.every(PUBLISH_EVERY, partial(guarded, "publish", self._publish), name="publish")

    def schedule_serving(self, schedule: Schedule) -> None:
        """Schedule what goes with a web server: numbers for /metrics, and a look into the mailbox for reports."""
        if self.app.document.web.metrics:
            now = self.app.clock.now()
            schedule.every(METRICS_EVERY, partial(guarded, "metrics", self._measure), name="metrics", first=now)
        if self.app.report_mailbox is not None:
            span = parse_span(self.app.document.bounces.every)
            schedule.every(span, self._once("reports", span, self._fetch_reports), name="reports")

    # -- how

    def _once(self, name: str, span: timedelta, job: Job) -> Job:
        """Wrap a job that one of several daemons is to fire."""

        async def fire() -> None:
            async with self.app.database.begin() as connection:
                mine = await ticks.may_fire(connection, name, now=self.app.clock.now(), every=span)
            if mine and not self.stopping.is_set():
                await job()

        return partial(guarded, name, fire)

    # -- what

    async def collect_all(self) -> None:
        """Make one pass over every source."""
        for options in self.app.document.source:
            self.metrics.collected(options.name, await self.app.collect([options.name]))

    def _collector(self, name: str) -> Job:
        async def collect() -> None:
            result = await self.app.collect([name])
            self.metrics.collected(name, result)
            if result.changed():
                await self._publish()
                await self._plan()

        return collect

    async def _release(self) -> None:
        if await self.app.collecting.release():
            await self._publish()
            await self._plan()

    async def publish(self) -> None:
        """Build what is due on this machine; a failure is logged."""
        await guarded("publish", self._publish)

    async def _publish(self) -> None:
        started = self.app.clock.monotonic()
        published = await self.app.publish()
        self.metrics.published(published, self.app.clock.monotonic() - started)
        for trouble in published.troubles:
            log.error("publish_trouble", trouble=trouble)
        await self.published(published)

    async def _ping(self) -> None:
        await self.app.pinging.send_due()

    async def _plan(self) -> None:
        if not self.app.document.digest:
            return
        started = self.app.clock.monotonic()
        made = await self.app.planning.plan()
        self.metrics.planned(len(made), self.app.clock.monotonic() - started)
        if made:
            self.planned()

    async def _housekeep(self) -> None:
        await (await self.app.desk()).expire_pending()
        keep = parse_span(self.app.document.editions.keep)
        pruned = await prune(self.app.database, clock=self.app.clock, keep=keep)
        if pruned.deliveries:
            log.info("pruned", deliveries=pruned.deliveries)

    async def keep_pulse(self) -> None:
        """Note how far the database is, so that one that was restored is noticed."""
        await keep_pulse(self.app.database, directory=self.app.shelf.directory, clock=self.app.clock)

    async def _measure(self) -> None:
        await self.metrics.refresh(self.app)

    async def _fetch_reports(self) -> None:
        """Take in what came to the mailbox for reports."""
        if self.app.report_mailbox is not None:
            log.info("reports_fetched", count=await self.app.report_mailbox.look(self.app.take_report))


async def guarded(name: str, job: Job) -> None:
    """Run a job; a failure is logged, and the next tick tries again."""
    try:
        await job()
    except SyndicateError as error:
        log.error("job_failed", job=name, trouble=str(error))
    except Exception:  # the rim: a tick must never end the schedule
        log.exception("job_failed", job=name)
