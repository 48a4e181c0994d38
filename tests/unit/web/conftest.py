"""Share a small site: a newsroom with a few articles, readers, and somebody who asks for its pages."""

import asyncio
import re
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import httpx2
import pytest
from sqlalchemy import text

from syndicate.app import App, opened
from syndicate.clock import StoppedClock
from syndicate.config import load
from syndicate.storage.subscribers import Kept, find_by_key
from syndicate.web.inbox import build_inbox
from syndicate.web.site import build_site

CONFIGURATION = """
[site]
title = "The Daily Example"
url = "https://news.example/"
public-url = "https://feeds.news.example/"
timezone = "Europe/London"
postal-address = "1 Example Street, London"
description = "All the news there is"
secret = "a secret that is long enough"
[database]
url = "sqlite:///syndicate.db"
[[source]]
name = "newsroom"
kind = "sql"
url = "sqlite:///newsroom.db"
[[section]]
slug = "world"
title = "World"
match = ["World"]
was = ["foreign"]
[[section]]
slug = "sport"
title = "Sport"
match = ["Sport"]
[[digest]]
name = "daily"
title = "Morning edition"
[[digest]]
name = "weekly"
cadence = "weekly"
day = "friday"
at = "08:30"
[[digest]]
name = "alerts"
cadence = "instant"
[mail]
from = "The Daily Example <digest@news.example>"
[[transport]]
name = "box"
kind = "maildir"
path = "mail/"
"""
MORNING = datetime(2026, 5, 4, 6, tzinfo=UTC)
COLUMNS = "id, url, title, section, body, author, language, published_at, updated_at, status"


@dataclass(slots=True, kw_only=True)
class Town:
    """A site in a folder, with who asks for its pages. Its newsroom can publish more."""

    app: App
    folder: Path
    clock: StoppedClock
    client: httpx2.AsyncClient

    async def publish(self, number: str, title: str, **more: str | None) -> None:
        """Put an article into the newsroom and collect it."""
        await publish(self.app, self.folder, self.clock, number, title, **more)

    async def get(self, path: str, *, method: str = "GET", **headers: str) -> httpx2.Response:
        """Ask for a page."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.request(method, path, headers=named)

    async def post(self, path: str, **fields: str | list[str]) -> httpx2.Response:
        """Send a form; a field that Python cannot name is spelled with __ for a dot."""
        named = {name.replace("__", "."): value for name, value in fields.items()}
        content = urlencode(named, doseq=True)
        return await self.client.post(
            path, content=content, headers={"content-type": "application/x-www-form-urlencoded"}
        )

    async def sign_up(
        self, email: str | list[str] = "ann@readers.example", **fields: str | list[str]
    ) -> httpx2.Response:
        """Send the sign-up form, filled in."""
        filled: dict[str, str | list[str]] = {
            "email": email, "section": ["world"], "digest": ["daily"], "timezone": "", "language": "", "consent": "yes",
        }  # fmt: skip
        return await self.post("/subscribe", **(filled | fields))

    async def confirmed(self, email: str = "ann@readers.example") -> Kept:
        """Subscribe a reader by hand to both sections' daily and weekly, and return him."""
        desk = await self.app.desk()
        await desk.add(email=email, sections=["world", "sport"], digests=["daily", "weekly"], confirmed=True)
        return await self.kept(email)

    async def kept(self, email: str = "ann@readers.example") -> Kept:
        """Return what is kept about a reader."""
        found = await self.find(email)
        assert found is not None
        return found

    async def find(self, email: str) -> Kept | None:
        """Return what is kept about a reader, if there is one."""
        key = (await self.app.readership()).key.email(email)
        async with self.app.database.read() as connection:
            return await find_by_key(connection, key)

    async def confirmation(self, email: str = "ann@readers.example") -> str:
        """Return the path of the link in a reader's confirmation letter."""
        kept = await self.kept(email)
        assert kept.nonce is not None
        signed = self.app.signer.confirmation(kept.subscriber.public_id, kept.nonce, now=self.clock.now())
        return f"/confirm/{signed}"

    async def preferences(self, email: str = "ann@readers.example") -> str:
        """Return the path of a reader's preferences page."""
        return f"/preferences/{self.app.signer.preferences((await self.kept(email)).subscriber.public_id)}"

    async def unsubscribe(self, email: str = "ann@readers.example", *, digest: str = "daily") -> str:
        """Return the path of the unsubscribe link in one of a reader's mails."""
        return f"/unsubscribe/{self.app.signer.unsubscribe((await self.kept(email)).subscriber.public_id, digest)}"

    async def count(self, table: str) -> int:
        """Return how many rows a table has."""
        async with self.app.database.read() as connection:
            return int((await connection.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one())

    def dump(self) -> list[str]:
        """Return all that the database holds, as SQL."""
        with sqlite3.connect(self.folder / "syndicate.db") as store:
            return list(store.iterdump())


def hidden(page: str, name: str = "form") -> str:
    """Return the value of a page's hidden field."""
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found is not None
    return unescape(found[1])


async def publish(app: App, folder: Path, clock: StoppedClock, number: str, title: str, **more: str | None) -> None:
    """Put an article, an hour old, into the newsroom of a folder and collect it."""
    at = (clock.now() - timedelta(hours=1)).isoformat()
    row = {
        "id": number,
        "url": f"https://news.example/{number}",
        "title": title,
        "section": "World",
        "body": f"<p>It happened here, says number {number}. More of it follows. And yet more.</p>",
        "author": "Ann Author",
        "language": "en",
        "published_at": at,
        "updated_at": at,
        "status": "published",
    } | more
    with sqlite3.connect(folder / "newsroom.db") as store:
        marks = ", ".join(f":{name}" for name in COLUMNS.split(", "))
        store.execute(f"INSERT OR REPLACE INTO articles ({COLUMNS}) VALUES ({marks})", row)
    store.close()
    await app.collect()
    clock.advance(timedelta(seconds=2))


def make_newsroom(folder: Path) -> None:
    """Make an empty content store."""
    with sqlite3.connect(folder / "newsroom.db") as store:
        store.execute(f"CREATE TABLE articles ({COLUMNS.replace('id,', 'id PRIMARY KEY,')}, summary, image, tags)")
    store.close()


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a site of two sections and an article in each, to be copied."""
    folder = tmp_path_factory.mktemp("town")
    (folder / "syndicate.toml").write_text(CONFIGURATION)
    make_newsroom(folder)

    async def found() -> None:
        async with moved_in(folder, StoppedClock(MORNING)) as town:
            await town.publish("1", "A bridge opens")
            match = "<p>Two goals in the last minute decided the final. The crowd stayed until midnight.</p>"
            await town.publish("2", "The cup is won", section="Sport", body=match)

    asyncio.run(found())
    return folder


@asynccontextmanager
async def moved_in(folder: Path, clock: StoppedClock) -> AsyncIterator[Town]:
    """Open the site that lies in a folder."""
    async with opened(load(str(folder / "syndicate.toml"), env={}), clock=clock) as app:
        site = build_site(app, answer_after=timedelta(), extra=build_inbox(folder / "mail"))
        transport = httpx2.ASGITransport(app=site, raise_app_exceptions=False, client=("192.0.2.7", 4711))
        async with httpx2.AsyncClient(transport=transport, base_url="https://elsewhere.example") as client:
            yield Town(app=app, folder=folder, clock=clock, client=client)


@pytest.fixture
async def town(founded: Path, tmp_path: Path) -> AsyncIterator[Town]:
    """Yield a site with two sections and an article in each, on the morning of 4 May 2026."""
    folder = tmp_path / "town"
    shutil.copytree(founded, folder)
    async with moved_in(folder, StoppedClock(MORNING + timedelta(minutes=1))) as town:
        yield town
