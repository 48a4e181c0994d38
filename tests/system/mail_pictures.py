"""Draw the pictures of our mail in docs/images again: python -m tests.system.mail_pictures."""

import asyncio
import io
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser

from tests.mail_gallery import gallery
from tests.mail_samples import bodies, parsed
from tests.system.browsers import INBOX, chromium, inbox

FOLDER = Path(__file__).parents[2] / "docs" / "images"
GAP, GROUND, COLOURS, HIGHEST = 24, "#ffffff", 64, 1400
# Picture → what stands beside each other on it: message, width, scheme, with images.
PICTURES = {
    "mail-digest.png": [("digest-en", 800, "light", True), ("digest-en", 360, "dark", True)],
    "mail-others.png": [
        ("alert-en", 360, "light", True), ("alert-en", 360, "dark", True),
        ("confirmation-en", 360, "light", True), ("goodbye-en", 360, "dark", True),
    ],
    "mail-arabic.png": [("digest-ar", 360, "light", True), ("digest-ar", 360, "dark", True)],
    "mail-no-images.png": [("digest-en", 360, "light", False), ("digest-en", 360, "dark", False)],
}  # fmt: skip


async def draw() -> None:
    """Write all pictures."""
    async with chromium() as browser:
        for name, shown in PICTURES.items():
            side_by_side([await shot(browser, *one) for one in shown]).save(FOLDER / name, optimize=True)


async def shot(browser: Browser, message: str, width: int, scheme: str, images: bool) -> Image.Image:
    """Return a message as it is seen, down to where a picture would grow too long."""
    pages = {message: bodies(parsed(gallery()[message]))[0]}
    async with inbox(browser, pages, width=width, scheme=scheme, images=images) as page:
        await page.goto(INBOX + message)
        taken = Image.open(io.BytesIO(await page.screenshot(full_page=True)))
        return taken.convert("RGB").crop((0, 0, taken.width, min(taken.height, HIGHEST)))


def side_by_side(shots: list[Image.Image]) -> Image.Image:
    """Return pictures in one, in few colours."""
    size = sum(one.width for one in shots) + GAP * (len(shots) - 1), max(one.height for one in shots)
    whole = Image.new("RGB", size, GROUND)
    left = 0
    for one in shots:
        whole.paste(one, (left, 0))
        left += one.width + GAP
    return whole.quantize(COLOURS, dither=Image.Dither.NONE)


if __name__ == "__main__":
    asyncio.run(draw())
