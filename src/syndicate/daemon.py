"""Run the daemon: web, schedule and worker in one process, by role; signals; an ordered stop."""

import asyncio
import signal
import socket
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

import structlog
import uvicorn
from starlette.routing import BaseRoute

from syndicate.app import App
from syndicate.crew import Crew, Role
from syndicate.errors import SyndicateError
from syndicate.flows.deliver import Delivering
from syndicate.flows.publish import Published
from syndicate.flows.work import Worker, take_back
from syndicate.jobs import Jobs, guarded
from syndicate.mailin.receiver import receiving
from syndicate.metrics import Metrics
from syndicate.process import parent_number
from syndicate.schedule import Schedule
from syndicate.storage.runlock import only_run
from syndicate.web.counting import CountingApp
from syndicate.web.feeds import FeedApp
from syndicate.web.memory import FeedMemory
from syndicate.web.server import Server, listen
from syndicate.web.shelf_reader import ShelfReader
from syndicate.web.site import build_site

log = structlog.get_logger(__name__)


FIRST_COLLECT = 8.0  # seconds that readiness waits for the first look at the sources
JOBS_END = 5.0  # seconds that a stop waits for what was begun by the schedule


@dataclass(slots=True, kw_only=True)
class Daemon:
    """One process of syndicate, with `crew` further workers beside it. `ready` is set once the feeds are published and can be read.

    A process that has a `parent` stops when that is gone.
    """

    app: App
    roles: frozenset[Role]
    grace: timedelta = timedelta(seconds=30)
    extra: Sequence[BaseRoute] = ()
    crew: int = 0
    crew_command: Sequence[str] = ()
    parent: int | None = None
    metrics: Metrics = field(default_factory=Metrics)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    memory: FeedMemory = field(init=False)
    _worker: Worker | None = None
    _started: bool = False
    _published: bool = False
    _shelf: ShelfReader = field(init=False)
    _jobs: Jobs = field(init=False)

    def __post_init__(self) -> None:
        feeds = self.app.document.feeds
        self.memory = FeedMemory(
            moved={old: section.slug for section in self.app.document.section for old in section.was}
        )
        self._shelf = ShelfReader(shelf=self.app.shelf, public_url=self.app.public_url, hubs=feeds.hubs)
        self._jobs = Jobs(
            app=self.app,
            metrics=self.metrics,
            stopping=self.stopping,
            planned=self._wake_worker,
            published=self._show,
        )

    def has(self, role: Role) -> bool:
        """Tell whether this process plays a part."""
        return Role.ALL in self.roles or role in self.roles

    @property
    def _may_send(self) -> bool:
        """Whether this process plans mail or sends it."""
        return self.has(Role.SCHEDULER) or self.has(Role.WORKER)

    @property
    def _delivers(self) -> bool:
        """Whether this process is to send mail, and the configuration allows it at all."""
        return self.has(Role.WORKER) and bool(self.app.document.transport and self.app.document.mail.from_)

    async def run(self) -> None:
        """Start everything in order, wait for a signal, and stop everything in the reverse order."""
        self._catch_signals()
        async with AsyncExitStack() as stack:
            stack.enter_context(only_run(self.app.database.url, wanted=self.app.database.is_sqlite))
            if self._delivers:
                _ = self.app.postman  # refuses a key that is none, and what every mail must say and does not
            address = self.app.document.web
            bound = listen(address.host, address.port) if self.has(Role.WEB) else None
            if bound is not None:
                stack.callback(bound.close)
            if self._may_send:
                await self._jobs.keep_pulse()  # before anything is planned or sent from a backup
            tasks = [] if bound is None else [asyncio.create_task(self._serve(bound), name="web")]
            schedule = Schedule()
            if self.has(Role.WORKER):
                tasks.append(asyncio.create_task(self._work(), name="worker"))
            if self.crew:
                tasks.append(asyncio.create_task(self._lead(), name="crew"))
            await self._prepare()
            if self.has(Role.WEB) and (reports := self.app.document.bounces.listen):
                name = urlsplit(self.app.public_url).hostname or "localhost"
                await stack.enter_async_context(receiving(reports, take=self.app.take_report, name=name))
            self._tick(schedule)
            schedule.start()
            self._started = True
            if not self._published and (self.has(Role.WEB) or self.has(Role.SCHEDULER)):
                log.warning(
                    "not_ready", reason="not all feeds could be published", directory=str(self.app.shelf.directory)
                )
            self._announce()
            stopped = asyncio.create_task(self.stopping.wait())
            await asyncio.wait([*tasks, stopped], return_when=asyncio.FIRST_COMPLETED)
            failed = [task for task in tasks if task.done() and not self.stopping.is_set()]
            self.stopping.set()
            await asyncio.gather(self._end_jobs(schedule), self._wind_down(tasks))
            for task in failed:
                task.result()
        log.info("stopped")

    def _announce(self) -> None:
        """Call ourselves ready, once all has started and the feeds are there for who publishes or serves them."""
        feeds = self._published or not (self.has(Role.WEB) or self.has(Role.SCHEDULER))
        if self._started and feeds and not self.ready.is_set():
            self.ready.set()
            log.info("ready", roles=sorted(self.roles), url=self.app.public_url)

    async def _lead(self) -> None:
        """Keep the other workers going."""
        grace = self.grace.total_seconds()
        await Crew(number=self.crew, command=self.crew_command, stopping=self.stopping, grace=grace).run()

    def _catch_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stopping.set)

    async def _end_jobs(self, schedule: Schedule) -> None:
        """Let a collect or publish that runs end, or undo it: what it has stored so far stands, and the next start does the rest."""
        for name in await schedule.stop(within=min(self.grace.total_seconds(), JOBS_END)):
            log.info("put_off", job=name)

    async def _wind_down(self, tasks: Sequence[asyncio.Task[None]]) -> None:
        """Let what is in flight end within the grace, then cut it off; rows in flight are taken over at the next start."""
        self._wake_worker()
        if not tasks:
            return
        _, pending = await asyncio.wait(tasks, timeout=self.grace.total_seconds())
        for task in pending:
            log.warning("cut_off", part=task.get_name())
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # -- start

    async def _prepare(self) -> None:
        """Have the feeds published before we call ourselves ready; a source that is slow or down does not keep us from it."""
        if self.has(Role.SCHEDULER):
            first = asyncio.create_task(guarded("collect", self._jobs.collect_all))
            await asyncio.wait([first], timeout=FIRST_COLLECT)
        if self.has(Role.SCHEDULER) or self.has(Role.WEB):
            await self._jobs.publish()

    # -- schedule

    def _tick(self, schedule: Schedule) -> None:
        if self._may_send:
            self._jobs.schedule_pulse(schedule)
        if self.has(Role.SCHEDULER):
            self._jobs.schedule_editing(schedule)
        if self.has(Role.WEB) or self.has(Role.SCHEDULER):
            self._jobs.schedule_publishing(schedule)
        if self.has(Role.WEB):
            self._jobs.schedule_serving(schedule)
        if self.parent is not None:
            schedule.every(timedelta(seconds=1), self._look_for_parent, name="parent")

    def _wake_worker(self) -> None:
        if self._worker is not None:
            self._worker.wake.set()

    async def _show(self, published: Published) -> None:
        """Serve the feeds as they are on the shelf now."""
        if self.has(Role.WEB):
            await self._shelf.refresh(self.memory)
            self.memory.gone = published.given_up
        if published.complete and not self._published:
            self._published = self.memory.ready = True
            self._announce()

    async def _look_for_parent(self) -> None:
        if parent_number() != self.parent:
            log.warning("parent_gone", parent=self.parent)
            self.stopping.set()

    # -- worker

    async def _work(self) -> None:
        """Deliver until stopped; waits for the configuration to allow mail at all."""
        if not self._delivers:
            log.warning("no_mail", reason="no [[transport]] or no [mail] from")
            await self.stopping.wait()
            return
        delivering = await self._delivering()
        if delivering is None:
            return
        delivering.stopping = self.stopping.is_set
        delivering.router.patient = True
        await take_back(delivering)
        letters = await self.app.letter_flow()
        self._worker = Worker(flow=delivering, letters=letters.send_due, stopping=self.stopping)
        self.metrics.tally = self._worker.tally
        await self._worker.run()

    async def _delivering(self) -> Delivering | None:
        while not self.stopping.is_set():
            try:
                return await self.app.delivering()
            except SyndicateError as error:
                if not error.temporary:
                    raise
                log.error("transport_down", trouble=str(error))
                await asyncio.sleep(5)
        return None

    # -- web

    async def _serve(self, bound: socket.socket) -> None:
        site = build_site(self.app, ready=self.ready.is_set, registry=self.metrics.registry, extra=self.extra)
        options = self.app.document
        feeds = FeedApp(self.memory, site, clock=self.app.clock, read_archive=self._shelf.read)
        front = CountingApp(feeds, count=self.metrics.served.count)
        server = Server(
            uvicorn.Config(
                front,
                host=options.web.host,
                port=options.web.port,
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=bool(options.web.trusted_proxies),
                forwarded_allow_ips=",".join(options.web.trusted_proxies) or None,
                lifespan="off",
                timeout_graceful_shutdown=int(self.grace.total_seconds()),
            )
        )
        serving = asyncio.create_task(server.serve(sockets=[bound]))
        stopped = asyncio.create_task(self.stopping.wait())
        await asyncio.wait([serving, stopped], return_when=asyncio.FIRST_COMPLETED)
        server.should_exit = True
        await serving
        stopped.cancel()
