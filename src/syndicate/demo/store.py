"""Keep the demo's content store: an SQL table of the shape that a source of kind `sql` reads."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from syndicate.demo.newsroom import Change, DemoArticle

TABLE = """
CREATE TABLE IF NOT EXISTS articles (
    id TEXT PRIMARY KEY, url TEXT NOT NULL, title TEXT NOT NULL, section TEXT, body TEXT NOT NULL, summary TEXT, author TEXT,
    image TEXT, language TEXT, tags TEXT, published_at TEXT NOT NULL, updated_at TEXT NOT NULL, status TEXT NOT NULL
)
"""
PUT = """
INSERT INTO articles (id, url, title, section, body, summary, author, image, language, tags, published_at, updated_at, status)
VALUES (:id, :url, :title, :section, :body, :summary, :author, :image, :language, :tags, :published_at, :updated_at, :status)
ON CONFLICT (id) DO UPDATE SET title = excluded.title, section = excluded.section, body = excluded.body,
    summary = excluded.summary, author = excluded.author, image = excluded.image, language = excluded.language,
    tags = excluded.tags, updated_at = excluded.updated_at, status = excluded.status
"""
READ = (
    "SELECT title, body, author, language, published_at, updated_at FROM articles WHERE id = ? AND status = 'published'"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    """What an article's page shows."""

    title: str
    body: str
    authors: tuple[str, ...]
    language: str
    published: datetime
    updated: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsroomStore:
    """The demo newsroom's database, an SQLite file."""

    path: Path

    def fill(self, articles: Iterable[DemoArticle], *, now: datetime) -> None:
        """Write what stands in the newsroom at the start."""
        with closing(sqlite3.connect(self.path)) as database, database:
            database.execute(TABLE)
            database.executemany(PUT, [_row(one, now=now) for one in articles])

    def put(self, article: DemoArticle, *, now: datetime) -> None:
        """Write one change as the newsroom's editors would: a new article, a later version, or one taken back."""
        with closing(sqlite3.connect(self.path)) as database, database:
            database.execute(PUT, _row(article, now=now))

    def find(self, id: str) -> StoredArticle | None:
        """Return a published article."""
        with closing(sqlite3.connect(self.path)) as database:
            row = database.execute(READ, (id,)).fetchone()
        if row is None:
            return None
        title, body, author, language, published, updated = row
        return StoredArticle(
            title=title,
            body=body,
            authors=tuple(author.split("|")),
            language=language,
            published=datetime.fromisoformat(published),
            updated=datetime.fromisoformat(updated),
        )


def _row(article: DemoArticle, *, now: datetime) -> dict[str, str | None]:
    published = now if article.minutes_ago is None else now - timedelta(minutes=article.minutes_ago)
    return {
        "id": article.id,
        "url": article.path,
        "title": article.title,
        "section": "|".join(article.sections),
        "body": article.content,
        "summary": article.summary,
        "author": "|".join(article.authors),
        "image": None if article.image is None else article.image.path,
        "language": article.language,
        "tags": "|".join(article.tags),
        "published_at": published.isoformat(timespec="seconds"),
        "updated_at": (published if article.arrives is None else now).isoformat(timespec="seconds"),
        "status": "withdrawn" if article.change is Change.WITHDRAWAL else "published",
    }
