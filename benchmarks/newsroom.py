"""Set up an installation to measure: a content store with many articles, and many readers."""

import random
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from syndicate.app import App, opened
from syndicate.config import load
from syndicate.demo.newsroom import DemoArticle
from syndicate.demo.newsroom import load as load_demo
from syndicate.flows.import_readers import ImportReaders

COLUMNS = ("id", "url", "title", "section", "body", "author", "published_at", "updated_at", "status")
CONFIG = """
[site]
title = "The Measured News"
url = "https://news.example/"
public-url = "https://feeds.news.example/"
postal-address = "1 Example Street, London"
secret = "a secret that only measures with"
[database]
url = "{database}"
[[source]]
name = "newsroom"
kind = "sql"
url = "sqlite:///newsroom.db"
[[digest]]
name = "daily"
at = "07:00"
max-items = {items}
[mail]
from = "The Measured News <digest@news.example>"
{mail}
[[transport]]
name = "relay"
kind = "smtp"
host = "127.0.0.1"
port = {port}
connections = 10
"""


def varied(count: int) -> list[dict[str, str]]:
    """Return articles like real ones: paragraphs of the demo newsroom's, mixed by a fixed seed, a minute apart up to now."""
    pick = random.Random(20)
    source: list[DemoArticle] = [one for one in load_demo() if one.language == "en" and one.title]
    paragraphs = [part for one in source for part in one.body.split("\n") if len(part) > 200]
    words = sorted({word for one in source for word in one.title.split()})
    now = datetime.now(UTC)
    rows = []
    for number in range(count):
        at = (now - timedelta(minutes=count - number)).isoformat()
        rows.append(
            {
                "id": str(number),
                "url": f"https://news.example/{number}",
                "title": " ".join(pick.sample(words, 8)),
                "section": pick.choice(source).sections[0],
                "body": "".join(pick.sample(paragraphs, 7)),
                "author": pick.choice(("A Writer", "B Writer|C Writer")),
                "published_at": at,
                "updated_at": at,
                "status": "published",
            }
        )
    return rows


def fill_store(path: Path, rows: list[dict[str, str]]) -> None:
    """Put articles into a content store of the default shape."""
    with sqlite3.connect(path) as store:
        store.execute(f"create table if not exists articles ({', '.join(COLUMNS)}, primary key (id))")
        marks = ", ".join("?" * len(COLUMNS))
        store.executemany(
            f"insert or replace into articles values ({marks})", [[row[name] for name in COLUMNS] for row in rows]
        )


@asynccontextmanager
async def installation(
    folder: Path,
    *,
    articles: int,
    port: int = 25,
    items: int = 20,
    database: str = "sqlite:///syndicate.db",
    mail: str = "",
) -> AsyncIterator[App]:
    """Open an installation on a store with so many articles, none collected yet."""
    fill_store(folder / "newsroom.db", varied(articles))
    (folder / "syndicate.toml").write_text(CONFIG.format(port=port, items=items, database=database, mail=mail))
    async with opened(load(str(folder / "syndicate.toml"), env={})) as app:
        yield app


def slot_for(now: datetime) -> datetime:
    """Return the seven o'clock whose edition carries most of what was published in the last hour."""
    seven = now.replace(hour=7, minute=0, second=0, microsecond=0)
    return seven if now < seven + timedelta(minutes=30) else seven + timedelta(days=1)


async def add_readers(
    app: App, folder: Path, *, count: int, sections: str, start: int = 0, domain: str = "readers.example"
) -> None:
    """Subscribe so many confirmed readers to the daily digest of these sections."""
    lines = (f"r{number}@{domain},{sections},daily,UTC,confirmed\n" for number in range(start, start + count))
    with (folder / "readers.csv").open("w") as file:
        file.write("email,section,digest,timezone,status\n")
        file.writelines(lines)
    report = await ImportReaders(readership=await app.readership()).run(folder / "readers.csv")
    assert report.added == count, report
