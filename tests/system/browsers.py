"""Open the machine's browser, and show messages in it as a mail program would."""

import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Page, Route, async_playwright

from syndicate.demo.newsroom import NEWSROOM

INBOX = "https://inbox.example/"


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Yield the machine's Chromium."""
    program = shutil.which("chromium")
    assert program is not None, "chromium is missing; install it"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        await browser.close()


@asynccontextmanager
async def inbox(
    browser: Browser,
    pages: Mapping[str, str],
    *,
    width: int,
    scheme: str,
    images: bool = True,
    pictures: Mapping[str, bytes] | None = None,
) -> AsyncIterator[Page]:
    """Yield a page on which each of `pages` stands at INBOX + its name; its images are of `pictures`, by name, else of the demo's newsroom."""
    given = pictures or {}

    async def answer(route: Route) -> None:
        name = route.request.url.rpartition("/")[2]
        if route.request.url.startswith(INBOX):
            await route.fulfill(body=pages[name], content_type="text/html; charset=utf-8")
        elif images and route.request.resource_type == "image":
            picture = given[name] if name in given else (NEWSROOM / "images" / name).read_bytes()
            await route.fulfill(body=picture, content_type="image/jpeg")
        else:
            await route.abort()

    context = await browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = await context.new_page()
    await page.route("**/*", answer)
    yield page
    await context.close()
