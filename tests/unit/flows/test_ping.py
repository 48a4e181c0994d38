"""Pings: once for each change of bytes, retried, never lost."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from syndicate.clock import StoppedClock
from syndicate.flows.ping import Pinging
from syndicate.hubs import ping_hub
from syndicate.storage.database import Database
from syndicate.storage.shelf import Shelf

HUB = "https://hub.example/"


class Hub:
    """A hub that fails as often as it is told to, and remembers its topics."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.topics: list[str] = []

    async def ping(self, hub: str, topic: str) -> str | None:
        """Take a ping, or say what is wrong."""
        assert hub == HUB
        if self.failures:
            self.failures -= 1
            return "the hub answered 503"
        self.topics.append(topic)
        return None


def pinging(database: Database, clock: StoppedClock, folder: Path, hub: Hub) -> Pinging:
    """Return the flow on a shelf of its own."""
    shelf = Shelf(folder)
    return Pinging(
        database=database, clock=clock, shelf=shelf, hubs=(HUB,), public_url="https://feeds.example/", ping=hub.ping
    )


async def test_one_ping_for_each_topic_that_changed(database: Database, clock: StoppedClock, tmp_path: Path) -> None:
    """Archives and lists are no topics, and the same bytes are told once, whoever wrote them."""
    hub = Hub()
    flow = pinging(database, clock, tmp_path, hub)
    names = ["world.xml", "world.json", "world/archive/1.xml", "feeds.opml", "news-sitemap.xml"]
    for name in names:
        flow.shelf.put(name, name.encode())

    await flow.note(names)
    await flow.note(["world.xml"])
    await flow.send_due()
    await flow.send_due()

    assert sorted(hub.topics) == ["https://feeds.example/world.json", "https://feeds.example/world.xml"]


async def test_a_hub_that_is_down_hears_of_it_later(database: Database, clock: StoppedClock, tmp_path: Path) -> None:
    """With growing waits, and once only."""
    hub = Hub(failures=2)
    flow = pinging(database, clock, tmp_path, hub)
    flow.shelf.put("world.xml", b"new")
    await flow.note(["world.xml"])

    tried = []
    for _ in range(6):
        tried.append(await flow.send_due())
        clock.advance(timedelta(minutes=1))

    assert tried == [1, 1, 0, 1, 0, 0]
    assert hub.topics == ["https://feeds.example/world.xml"]


async def test_a_hub_that_cannot_be_asked_costs_no_other_its_ping(
    database: Database, clock: StoppedClock, tmp_path: Path
) -> None:
    """An address that is none, and a fault of ours: both are tried again, and the next hub is told."""
    told: list[str] = []

    async def ping(hub: str, topic: str) -> str | None:
        if hub == "https://broken.example/":
            raise RuntimeError("a fault of ours")
        told.append(hub)
        return None if hub == HUB else await ping_hub(hub, topic)

    hubs = ("https://-☃-.example/", "https://broken.example/", HUB)
    flow = replace(pinging(database, clock, tmp_path, Hub()), hubs=hubs, ping=ping)
    flow.shelf.put("world.xml", b"new")
    await flow.note(["world.xml"])

    assert await flow.send_due() == 3
    assert told == ["https://-☃-.example/", HUB]
    clock.advance(timedelta(minutes=1))
    assert await flow.send_due() == 2


async def test_a_changed_document_is_told_again(database: Database, clock: StoppedClock, tmp_path: Path) -> None:
    """New bytes are new."""
    hub = Hub()
    flow = pinging(database, clock, tmp_path, hub)
    for content in (b"one", b"two"):
        flow.shelf.put("world.xml", content)
        await flow.note(["world.xml"])
        await flow.send_due()

    assert len(hub.topics) == 2


async def test_a_hub_that_is_down_for_a_day_is_given_up(
    database: Database, clock: StoppedClock, tmp_path: Path
) -> None:
    """It hears of the next change."""
    hub = Hub(failures=100)
    flow = pinging(database, clock, tmp_path, hub)
    flow.shelf.put("world.xml", b"one")
    await flow.note(["world.xml"])
    tried = []
    for _ in range(32):
        tried.append(await flow.send_due())
        clock.advance(timedelta(hours=1))
    hub.failures = 0
    flow.shelf.put("world.xml", b"two")
    await flow.note(["world.xml"])

    assert sum(tried[:24]) > 10
    assert sum(tried[28:]) == 0
    assert await flow.send_due() == 1
