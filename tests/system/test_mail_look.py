"""Every kind of mail before strangers: a validator with rules for mail, and a browser with an accessibility checker."""

import json
import shutil
import subprocess
from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.mail_gallery import gallery
from tests.mail_samples import bodies, parsed
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
