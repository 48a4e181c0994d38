"""The demo newsroom's own pages."""

from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette

from syndicate.demo.newsroom import load
from syndicate.demo.pages import newsroom_routes
from syndicate.demo.store import NewsroomStore

NEWSROOM = [one for one in load() if one.arrives is None]


@pytest.fixture
def site(tmp_path: Path) -> Starlette:
    """Return the newsroom's site."""
    store = NewsroomStore(path=tmp_path / "newsroom.db")
    store.fill(NEWSROOM, now=datetime(2026, 5, 4, 12, tzinfo=UTC))
    return Starlette(routes=newsroom_routes(store, title="The Harbour Courier"))


async def get(site: Starlette, path: str) -> httpx2.Response:
    """Ask the site for a page."""
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=site), base_url="http://localhost") as client:
        return await client.get(path)


@pytest.mark.parametrize("language", ["en", "ar", "ja"])
async def test_an_article_has_a_page(site: Starlette, language: str) -> None:
    """Its page says headline and text, in its own language and direction."""
    article = next(one for one in NEWSROOM if one.language == language)
    page = await get(site, article.path)

    assert page.status_code == 200
    assert article.body in page.text
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in page.text


async def test_an_articles_picture_can_be_loaded(site: Starlette) -> None:
    """The picture that a body shows is there, and nothing else of the machine is."""
    article = next(one for one in NEWSROOM if one.image is not None)
    assert article.image is not None
    picture = await get(site, article.image.path)

    assert picture.headers["content-type"] == "image/jpeg"
    assert picture.content.startswith(b"\xff\xd8")
    assert (await get(site, "/images/nothing.jpg")).status_code == 404


async def test_an_unknown_article_is_not_found(site: Starlette) -> None:
    """There is no page for what is not in the store."""
    assert (await get(site, "/news/nothing")).status_code == 404
