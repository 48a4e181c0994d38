"""The readers' pages in a real browser: layout, colours, scripts, and a reader's whole way by mouse and keyboard."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import uvicorn
from playwright.async_api import Browser, ConsoleMessage, Page

from syndicate.app import App, opened
from syndicate.clock import StoppedClock
from syndicate.config import load
from syndicate.core.readers import Reader
from syndicate.flows.send import send_digest
from syndicate.model import SubscriberState
from syndicate.storage.subscribers import find_by_key
from syndicate.web.inbox import build_inbox
from syndicate.web.phrasebook import languages
from syndicate.web.site import build_site
from tests.system.browsers import chromium
from tests.unit.web.conftest import CONFIGURATION, MORNING, make_newsroom, publish

pytestmark = pytest.mark.system

ANN = "ann@readers.example"
LEAST_CONTRAST = 4.5
# Every text that is seen, with its contrast against the nearest background that is not transparent.
CONTRASTS = """() => {
  const light = (c) => { c /= 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
  const read = (text) => text.match(/[\\d.]+/g).map(Number);
  const of = ([r, g, b]) => 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b);
  const behind = (node) => {
    for (let one = node; one; one = one.parentElement) {
      const colour = read(getComputedStyle(one).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode, parent = node.parentElement, box = parent.getBoundingClientRect();
    if (!node.data.trim() || !box.width || box.right < 0 || parent.closest("script, option, iframe")) continue;
    const a = of(read(getComputedStyle(parent).color)), b = of(behind(parent));
    found.push([(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), node.data.trim().slice(0, 40)]);
  }
  return found;
}"""

# What sticks out of its place: the page itself, or a text in it.
TOO_WIDE = """() => [document.documentElement, ...document.querySelectorAll("button, .button, label, legend, h1, h2, p")]
  .filter((one) => one.clientWidth && one.scrollWidth > one.clientWidth + 1 && !one.closest(".trap"))
  .map((one) => one.tagName + " " + one.textContent.trim().slice(0, 40))"""


@dataclass(slots=True, kw_only=True)
class Served:
    """A site under a port of its own."""

    app: App
    clock: StoppedClock
    base: str

    async def reader(self) -> Reader | None:
        """Return Ann, if she is there."""
        readership = await self.app.readership()
        async with self.app.database.read() as connection:
            kept = await find_by_key(connection, readership.key.email(ANN))
            return None if kept is None else await readership.reader(connection, kept)

    async def links(self) -> dict[str, str]:
        """Return a page of each kind; Ann is subscribed, Bea asked to confirm."""
        readership = await self.app.readership()
        async with self.app.database.read() as connection:
            ann = await find_by_key(connection, readership.key.email(ANN))
            bea = await find_by_key(connection, readership.key.email("bea@readers.example"))
        assert ann is not None
        assert bea is not None
        assert bea.nonce is not None
        signer, one = self.app.signer, ann.subscriber.public_id
        token = signer.confirmation(bea.subscriber.public_id, bea.nonce, now=self.clock.now())
        return {
            "front": "/",
            "section": "/world/",
            "article": "/articles/3",
            "confirm": f"/confirm/{token}",
            "preferences": f"/preferences/{signer.preferences(one)}",
            "unsubscribe": f"/unsubscribe/{signer.unsubscribe(one, 'daily')}",
            "forged": "/unsubscribe/a.b.c",
            "inbox": "/inbox/",
        }


@asynccontextmanager
async def serving(folder: Path, *, language: str = "en") -> AsyncIterator[Served]:
    """Serve a site with three articles, one subscribed reader and one message from a fresh folder."""
    listening = socket.create_server(("127.0.0.1", 0))
    base = f"http://127.0.0.1:{listening.getsockname()[1]}"
    configuration = CONFIGURATION.replace("https://feeds.news.example", base)
    (folder / "syndicate.toml").write_text(configuration.replace("[site]", f'[site]\nlanguage = "{language}"'))
    make_newsroom(folder)
    clock = StoppedClock(MORNING)
    async with opened(load(str(folder / "syndicate.toml"), env={}), clock=clock) as app:
        site = build_site(app, answer_after=timedelta(), extra=build_inbox(folder / "mail"))
        server = uvicorn.Server(uvicorn.Config(site, log_config=None, access_log=False, lifespan="off"))
        running = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield Served(app=app, clock=clock, base=base)
        finally:
            server.should_exit = True
            await running


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    """Yield a served site with news, readers and mail."""
    async with serving(tmp_path) as served:
        site = (served.app, tmp_path, served.clock)
        await publish(*site, "1", "A bridge opens", body="<p>It was closed for a year. Now it is open again.</p>")
        await publish(*site, "2", "متطوعون في الميناء", language="ar", body="<p>متطوعون في الميناء يجمعون.</p>")
        await publish(*site, "3", "A very long headline about Donaudampfschifffahrtsgesellschaftskapitän" * 2, url=None)
        desk = await served.app.desk()
        await desk.add(email=ANN, sections=["world", "sport"], digests=["daily", "weekly"], confirmed=True)
        await desk.add(email="bea@readers.example", sections=["world"], digests=["daily"])
        at = served.clock.now()
        await send_digest(served.app.planning, await served.app.delivering(), digest="daily", at=at)
        yield served


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Yield the machine's Chromium."""
    async with chromium() as browser:
        yield browser


def watch(page: Page) -> list[str]:
    """Return the list that the page's complaints will be added to."""
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "404" not in message.text:
            complaints.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1200])
async def test_pages_fit_and_can_be_read(served: Served, browser: Browser, width: int, scheme: str) -> None:
    """At both widths, light and dark: nothing sticks out, every text has contrast, no browser complaint, one first heading."""
    context = await browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = await context.new_page()
    complaints = watch(page)
    links = await served.links()

    for name, link in links.items():
        await page.goto(served.base + link)
        over = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, name
        faint = [text for ratio, text in await page.evaluate(CONTRASTS) if ratio < LEAST_CONTRAST]
        assert faint == [], name
        assert await page.locator("h1").count() == 1, name
        assert await page.locator("main").count() == 1, name

    assert complaints == []
    assert await context.cookies() == []


@pytest.mark.parametrize("language", languages())
async def test_pages_fit_in_every_language(browser: Browser, tmp_path: Path, language: str) -> None:
    """On a phone no page is wider than it, and no button or label than its place."""
    page = await browser.new_page(viewport={"width": 360, "height": 800})
    async with serving(tmp_path, language=language) as served:
        desk = await served.app.desk()
        await desk.add(email=ANN, sections=["world", "sport"], digests=["daily", "weekly"], confirmed=True)
        await desk.add(email="bea@readers.example", sections=["world"], digests=["daily"])
        for name, link in (await served.links()).items():
            await page.goto(served.base + link)
            assert await page.evaluate(TOO_WIDE) == [], name


async def test_a_reader_goes_the_whole_way(served: Served, browser: Browser) -> None:
    """She signs up, confirms, chooses another hour, leaves, and deletes her data: by the buttons alone, without scripts."""
    await (await served.app.desk()).erase(ANN)
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()

    await page.goto(served.base + "/world/")
    served.clock.advance(timedelta(seconds=5))
    await page.get_by_label("E-mail address").fill(ANN)
    await page.get_by_label("I can change or end them").check()
    await page.get_by_role("button", name="Sign up").click()
    assert await page.locator("h1").inner_text() == "Look into your inbox"

    reader = await served.reader()
    assert reader is not None
    assert reader.subscriber.state is SubscriberState.PENDING
    readership = await served.app.readership()
    async with served.app.database.read() as connection:
        kept = await find_by_key(connection, readership.key.email(ANN))
    assert kept is not None
    assert kept.nonce is not None
    token = served.app.signer.confirmation(reader.subscriber.public_id, kept.nonce, now=served.clock.now())
    await page.goto(f"{served.base}/confirm/{token}")
    await page.get_by_role("button", name="Yes, send me the news").click()
    await page.get_by_role("link", name="Change what you get").click()

    await page.get_by_label("Morning edition: hour").fill("18:30")
    await page.get_by_role("group", name="Sport").get_by_label("Weekly").check()
    await page.get_by_role("button", name="Save").click()
    assert await page.get_by_role("status").inner_text() == "Saved."
    reader = await served.reader()
    assert reader is not None
    assert dict(reader.choice.sections) == {"world": ("daily",), "sport": ("weekly",)}
    assert {one.rhythm.minute for one in reader.kept if one.digest == "daily"} == {18 * 60 + 30}

    unsubscribe = served.app.signer.unsubscribe(reader.subscriber.public_id, "daily")
    await page.goto(f"{served.base}/unsubscribe/{unsubscribe}")
    await page.get_by_role("button", name="Leave “Morning edition”").click()
    reader = await served.reader()
    assert reader is not None
    assert [one.digest for one in reader.kept] == ["weekly"]

    await page.get_by_role("link", name="Change what you get").first.click()
    await page.get_by_role("button", name="Delete my data").click()
    await page.get_by_role("button", name="Yes, delete everything").click()
    assert await page.locator("h1").inner_text() == "Deleted"
    assert await served.reader() is None


async def test_the_form_knows_the_visitors_time_zone(served: Served, browser: Browser) -> None:
    """The script chooses the browser's zone, within what the page's policy allows."""
    context = await browser.new_context(timezone_id="Asia/Tokyo")
    page = await context.new_page()
    complaints = watch(page)

    await page.goto(served.base + "/")

    assert await page.get_by_label("Time zone").input_value() == "Asia/Tokyo"
    assert complaints == []


async def test_the_keyboard_reaches_everything(served: Served, browser: Browser) -> None:
    """The first tab offers to skip to the content; the field that is a trap is never reached."""
    page = await browser.new_page()
    await page.goto(served.base + "/")
    reached = []
    for _ in range(80):
        await page.keyboard.press("Tab")
        reached.append(await page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))

    assert reached[0] == "Skip to the content"
    assert {"f-email", "f-timezone", "f-consent", "Sign up"} <= set(reached)
    assert "f-website" not in reached


async def test_a_message_is_shown_in_its_frame(served: Served, browser: Browser) -> None:
    """The inbox leads to the message, whose letter is seen inside the page and runs nothing."""
    page = await browser.new_page()
    complaints = watch(page)
    await page.goto(served.base + "/inbox/")
    await page.locator(".letters a").first.click()

    frame = page.frame_locator("iframe.letter")

    assert await frame.locator("h1, h2").count() > 0
    assert "A bridge opens" in await frame.locator("body").inner_text()
    assert complaints == []
