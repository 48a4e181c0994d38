"""Count what happens, for /metrics."""

from collections.abc import Iterable, Mapping
from importlib.metadata import version
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, PlatformCollector, ProcessCollector
from prometheus_client.metrics_core import CounterMetricFamily, Metric

from syndicate.app import App
from syndicate.flows.collect import Collected
from syndicate.flows.publish import Published
from syndicate.flows.tally import Tally
from syndicate.model import DeliveryState
from syndicate.storage.figures import Figures, figures

SECONDS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0)


class Metrics:
    """All numbers of this process. What the database knows is asked for now and then, never while they are read."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        Gauge("syndicate_build", "The program that runs", ["version"], registry=registry).labels(
            version("syndicate")
        ).set(1)
        self._collect = Histogram(
            "syndicate_collect_seconds", "Reading one source", ["source"], buckets=SECONDS, registry=registry
        )
        self._articles = Counter(
            "syndicate_collected_articles",
            "Articles read, by what became of them",
            ["source", "outcome"],
            registry=registry,
        )
        self._publish = Histogram(
            "syndicate_publish_seconds", "Bringing feeds up to date", buckets=SECONDS, registry=registry
        )
        self._written = Counter("syndicate_written_feed_files", "Feed files written", registry=registry)
        self._plan = Histogram("syndicate_plan_seconds", "Planning what is due", buckets=SECONDS, registry=registry)
        self._planned = Counter("syndicate_planned_editions", "Editions planned", registry=registry)
        self._deliveries = Gauge(
            "syndicate_deliveries", "Deliveries of open editions", ["state", "transport"], registry=registry
        )
        self._in_flight = Gauge("syndicate_deliveries_in_flight", "Messages that wait for an answer", registry=registry)
        self._lag = Gauge("syndicate_queue_lag_seconds", "How long the oldest batch is due", registry=registry)
        self._waiting = Gauge("syndicate_queue_batches", "Batches that are due", registry=registry)
        self._letters = Gauge("syndicate_outbox_letters", "Letters that wait", registry=registry)
        self._editions = Gauge("syndicate_editions", "Editions", ["state"], registry=registry)
        self._paused = Gauge("syndicate_paused", "Whether sending is paused", ["digest"], registry=registry)
        self._subscribers = Gauge("syndicate_subscribers", "Subscribers", ["state"], registry=registry)
        self._bounces = Gauge("syndicate_bounces", "Reports that came back", ["kind"], registry=registry)
        self._age = Gauge("syndicate_source_age_seconds", "Since a source was last read", ["source"], registry=registry)
        self.served = Served()
        self.tally: Tally | None = None
        registry.register(self.served)
        registry.register(_Tallied(self))

    def collected(self, source: str, result: Collected) -> None:
        """Count one look at a source."""
        self._collect.labels(source).observe(result.seconds)
        for outcome in ("added", "revised", "unchanged", "withdrawn"):
            self._articles.labels(source, outcome).inc(getattr(result, outcome))
        self._articles.labels(source, "rejected").inc(len(result.rejected))

    def published(self, result: Published, seconds: float) -> None:
        """Count one run of publish."""
        self._publish.observe(seconds)
        self._written.inc(len(result.written))

    def planned(self, editions: int, seconds: float) -> None:
        """Count one look for what is due."""
        self._plan.observe(seconds)
        self._planned.inc(editions)

    async def refresh(self, app: App) -> None:
        """Ask the database for what only it knows."""
        async with app.database.read() as connection:
            found = await figures(connection, now=app.clock.now())
        self._show(found)

    def _show(self, found: Figures) -> None:
        _set_all(self._deliveries, {(state, way): number for (state, way), number in found.deliveries.items()})
        in_flight = [number for (state, _), number in found.deliveries.items() if state == DeliveryState.SENDING]
        self._in_flight.set(sum(in_flight))
        self._lag.set(found.lag_seconds)
        self._waiting.set(found.waiting)
        self._letters.set(found.letters)
        _set_all(self._editions, {(state,): number for state, number in found.editions.items()})
        _set_all(self._paused, {(digest,): 1 for digest in found.paused})
        _set_all(self._subscribers, {(state,): number for state, number in found.subscribers.items()})
        _set_all(self._bounces, {(kind,): number for kind, number in found.bounces.items()})
        _set_all(self._age, {(source,): age for source, age in found.source_ages.items()})


def _set_all(gauge: Gauge, values: Mapping[tuple[str, ...], float]) -> None:
    """Show these values, and forget those that are no more."""
    gauge.clear()
    for labels, value in values.items():
        gauge.labels(*labels).set(value)


class Served:
    """Answers given over HTTP, by what was asked for and the status. Counted by plain additions: feeds are asked for often."""

    def __init__(self) -> None:
        self.counts: dict[tuple[str, int], int] = {}

    def count(self, kind: str, status: int) -> None:
        """Count one answer."""
        key = (kind, status)
        self.counts[key] = self.counts.get(key, 0) + 1

    def collect(self) -> Iterable[Metric]:
        """Hand the counts to the registry."""
        family = CounterMetricFamily("syndicate_http_answers", "Answers over HTTP", labels=["kind", "status"])
        for (kind, status), number in sorted(self.counts.items()):
            family.add_metric([kind, str(status)], number)
        yield family


class _Tallied:
    """What became of the deliveries that this process tried."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        """Hand the counts to the registry."""
        family = CounterMetricFamily("syndicate_tried_deliveries", "Deliveries tried by this process", labels=["state"])
        tally: Any = self._metrics.tally  # Any: its fields are named by states
        for state in DeliveryState:
            if tally is not None and hasattr(tally, state.value):
                family.add_metric([state.value], getattr(tally, state.value))
        yield family
