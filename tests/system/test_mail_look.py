"""Every kind of mail before strangers: a validator with rules for mail, and a browser with an accessibility checker."""

import io
import json
import shutil
import subprocess
from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path

import pytest
from PIL import Image as Picture
from playwright.async_api import Browser

from syndicate.model import Image
from tests.mail_gallery import gallery
from tests.mail_samples import bodies, composer, digest, entry, filled_bytes, parsed
from tests.system.browsers import INBOX, chromium, inbox

pytestmark = [pytest.mark.system, pytest.mark.xdist_group("mail")]

NPM = Path(__file__).parent / "npm"
AXE = NPM / "node_modules" / "axe-core" / "axe.min.js"


@cache
def pages() -> dict[str, str]:
    """Return the pages of all messages that have one."""
    found = {name: bodies(parsed(raw))[0] for name, raw in gallery().items()}
    return {name: page for name, page in found.items() if page}


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Yield the machine's Chromium."""
    async with chromium() as browser:
        yield browser


def test_html_validate_finds_nothing(tmp_path: Path) -> None:
    """By its recommended, document and accessibility rules; for mail, styles are inline, roles stand for elements, and no link is relative."""
    node, program = shutil.which("node"), NPM / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"
    assert node is not None, "node is missing; install nodejs"
    assert program.exists(), "html-validate is missing; `make test-system` installs it"
    for name, page in pages().items():
        (tmp_path / f"{name}.html").write_text(page, encoding="utf-8")

    rules = str(NPM / "mail.htmlvalidate.json")
    command = [
        node,
        str(program),
        "--config",
        rules,
        "--formatter",
        "json",
        "--max-warnings",
        "0",
        str(tmp_path / "*.html"),
    ]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)

    found = json.loads(ran.stdout) if ran.stdout.strip() else []
    assert [(Path(one["filePath"]).name, fault["ruleId"], fault["message"], fault["line"])
            for one in found for fault in one["messages"]] == []  # fmt: skip
    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 800])
async def test_axe_finds_nothing_and_nothing_sticks_out(browser: Browser, width: int, scheme: str) -> None:
    """At both widths, light and dark: no violation of any rule of axe-core, contrast among them, and no scrolling sideways."""
    assert AXE.exists(), "axe-core is missing; `make test-system` installs it"
    async with inbox(browser, pages(), width=width, scheme=scheme) as page:
        for name in pages():
            await page.goto(INBOX + name)
            await page.add_script_tag(path=AXE)
            found = await page.evaluate("axe.run({resultTypes: ['violations']})")
            over = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

            faults = [(one["id"], [node["html"][:90] for node in one["nodes"][:3]]) for one in found["violations"]]
            assert faults == [], name
            assert len(found["passes"]) > 10, name
            assert over <= 0, name


SIZES = ((1600, 900), (600, 900), (2000, 400), (300, 200), (32, 32), (300, 3000), (5000, 20))


def jpeg(width: int, height: int) -> bytes:
    """Return a picture of a size."""
    written = io.BytesIO()
    Picture.new("RGB", (width, height), "#4a6a7a").save(written, "JPEG")
    return written.getvalue()


def pages_with_pictures() -> dict[str, str]:
    """Return digests whose lead has a picture, of each size, by its name: told to us, and not told."""
    found = {}
    for width, height in SIZES:
        for told in (True, False):
            name = f"{width}x{height}-{told}.jpg"
            size = (width, height) if told else (None, None)
            image = Image(url=f"https://news.example/{name}", alt="A picture", width=size[0], height=size[1])
            lead = entry(1, image=image, title="Bridge shut")
            found[name] = bodies(parsed(filled_bytes(composer().compose(digest(entry(2), lead=lead)))))[0]
    return found


@pytest.mark.parametrize("width", [320, 360, 600, 800])
async def test_no_picture_is_blown_up_or_spoils_the_page(browser: Browser, width: int) -> None:
    """Whatever its size, and whether the store knows that or not: no wider than it is, in its own shape, and no higher than a page."""
    pictures = {f"{w}x{h}-{told}.jpg": jpeg(w, h) for w, h in SIZES for told in (True, False)}
    async with inbox(browser, pages_with_pictures(), width=width, scheme="light", pictures=pictures) as page:
        for name in pictures:
            own, told = [int(one) for one in name.partition("-")[0].split("x")], "True" in name
            await page.goto(INBOX + name)
            if told and name.startswith(("32x", "300x3000", "5000x")):
                assert await page.locator("img").count() == 0, name
                continue
            seen = await page.locator("img").bounding_box()

            assert seen is not None, name
            assert seen["width"] <= min(552, own[0], width) + 1, name
            assert seen["height"] <= 829, name
            assert abs(seen["height"] - seen["width"] * own[1] / own[0]) <= 2, name
            assert await page.evaluate("document.documentElement.scrollWidth") <= width, name


async def test_without_images_the_page_says_what_it_would_show(browser: Browser) -> None:
    """As most mail programs show a stranger's letter at first: the picture's description stands in its place and is a link."""
    async with inbox(browser, pages(), width=360, scheme="light", images=False) as page:
        await page.goto(f"{INBOX}digest-en")
        picture = page.get_by_role("link").filter(has=page.locator("img"))

        assert await picture.locator("img").get_attribute("alt") == await picture.get_by_role("img").get_attribute(
            "alt"
        )
        assert await picture.bounding_box() is not None
        assert "tugs" in (await picture.locator("img").get_attribute("alt") or "")
