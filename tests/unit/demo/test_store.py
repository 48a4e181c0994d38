"""The demo's content store."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from syndicate.demo.newsroom import Change, load
from syndicate.demo.store import NewsroomStore
from syndicate.sources.sql import SqlSource

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
NEWSROOM = load()


@pytest.fixture
def store(tmp_path: Path) -> NewsroomStore:
    """Return a store with what stands in the newsroom at the start."""
    filled = NewsroomStore(path=tmp_path / "newsroom.db")
    filled.fill([one for one in NEWSROOM if one.arrives is None], now=NOW)
    return filled


def test_the_store_is_read_by_the_source_of_kind_sql(store: NewsroomStore) -> None:
    """Every article can be read, and is dated as long ago as its file says."""
    source = SqlSource(
        name="newsroom",
        settings={"url": f"sqlite:///{store.path}", "table": "articles", "folder": store.path.parent, "zone": "UTC"},
    )
    found = {one.source_id: one.read() for page in source.fetch(None, full=True) for one in page.candidates}
    source.close()

    wanted = {one.id: one for one in NEWSROOM if one.arrives is None}
    assert found.keys() == wanted.keys()
    for name, article in wanted.items():
        assert found[name].title == article.title
        assert datetime.fromisoformat(str(found[name].published)) == NOW - timedelta(minutes=article.minutes_ago or 0)
        assert found[name].labels == article.sections


def test_a_revision_keeps_when_the_article_was_published(store: NewsroomStore) -> None:
    """A later version has another text and the same date."""
    revision = next(one for one in NEWSROOM if one.change is Change.REVISION)
    before = store.find(revision.id)
    store.put(revision, now=NOW + timedelta(minutes=5))
    after = store.find(revision.id)

    assert before is not None
    assert after is not None
    assert after.published == before.published
    assert after.updated == NOW + timedelta(minutes=5) > before.updated
    assert after.body != before.body


def test_a_withdrawn_article_is_not_found(store: NewsroomStore) -> None:
    """What is taken back has no page any more."""
    withdrawal = next(one for one in NEWSROOM if one.change is Change.WITHDRAWAL)

    assert store.find(withdrawal.id) is not None
    store.put(withdrawal, now=NOW)
    assert store.find(withdrawal.id) is None
