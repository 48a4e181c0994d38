"""Every source keeps the promises of its port: pages of candidates, lazy reading, harmless repeats, one bad article alone."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from syndicate.errors import MalformedArticleError, SourceError
from syndicate.model import Candidate
from syndicate.ports import Source
from syndicate.sources.files import FilesSource
from syndicate.sources.sql import SqlSource

Make = Callable[[Path], Source]
SETTINGS: dict[str, object] = {"zone": "Europe/London", "site_url": "https://news.example/"}


def sql(folder: Path, *, updated: bool = True) -> Source:
    """Make a SQLite store of three good articles and one without a title."""
    with sqlite3.connect(folder / "newsroom.db") as store:
        store.execute(
            "create table articles (id integer primary key, url, title, section, body, author, published_at, updated_at, status)"
        )
        store.executemany(
            "insert into articles values (?, ?, ?, 'World|Sea', '<p>Words.</p>', 'Ada Mbeki|J. Roe', '2026-05-03T08:00:00Z', '2026-05-03T08:00:00Z', null)",
            [(number, f"/{number}", None if number == 2 else f"Title {number}") for number in range(4)],
        )
        if not updated:
            store.execute("alter table articles drop column updated_at")
    store.close()
    return SqlSource(name="newsroom", settings=SETTINGS | {"url": "sqlite:///newsroom.db", "folder": folder})


def sql_without_updated(folder: Path) -> Source:
    """Make a store that does not tell when a row changed."""
    return sql(folder, updated=False)


def files(folder: Path) -> Source:
    """Make a folder of three good articles and one that is broken."""
    pages = folder / "pages" / "World"
    pages.mkdir(parents=True)
    (pages / "a.md").write_text("---\ntitle: Title 0\ndate: 2026-05-03\n---\n\nWords.\n")
    (pages / "b.json").write_text(
        json.dumps({"title": "Title 1", "body": "<p>Words.</p>", "published_at": "2026-05-03T08:00:00Z"})
    )
    (pages / "c.json").write_text("{broken")
    (pages / "d.html").write_text("<h1>Title 3</h1><time datetime='2026-05-03'>3 May</time><p>Words.</p>")
    return FilesSource(
        name="pages", settings=SETTINGS | {"path": "pages/", "folder": folder, "base_url": "https://news.example/"}
    )


@pytest.fixture(params=[sql, sql_without_updated, files])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Source:
    """Return each of our sources over such a store."""
    make: Make = request.param
    return make(tmp_path)


def candidates(source: Source, bookmark: str | None = None, *, full: bool = True) -> tuple[list[Candidate], str | None]:
    """Return all candidates of a pass and its last bookmark."""
    found: list[Candidate] = []
    for page in source.fetch(bookmark, full=full):
        found += page.candidates
        bookmark = page.bookmark
    return found, bookmark


def test_full_pass_yields_every_article_once(source: Source) -> None:
    """All four are there, with ids and fingerprints of their own."""
    found, _ = candidates(source)

    assert len({candidate.source_id for candidate in found}) == len(found) == 4


def test_one_bad_article_says_why_and_the_rest_can_be_read(source: Source) -> None:
    """A broken one raises with its reason only when it is read."""
    good, bad = [], []
    for candidate in candidates(source)[0]:
        try:
            good.append(candidate.read())
        except MalformedArticleError as error:
            bad.append(error.reason)

    assert sorted(incoming.title for incoming in good) == ["Title 0", "Title 1", "Title 3"]
    assert all("World" in incoming.labels for incoming in good)
    assert len(bad) == 1


def test_repeating_a_pass_gives_equal_fingerprints(source: Source) -> None:
    """A store that did not change looks the same."""
    first, bookmark = candidates(source)
    again, _ = candidates(source, bookmark, full=source.always_full)

    assert {c.source_id: c.fingerprint for c in again}.items() <= {c.source_id: c.fingerprint for c in first}.items()


def test_always_full_means_all_of_them(source: Source) -> None:
    """A store that cannot tell what changed yields everything, whatever the bookmark."""
    _, bookmark = candidates(source)

    if source.always_full:
        assert len(candidates(source, bookmark, full=False)[0]) == 4


def test_broken_bookmark_reads_all(source: Source) -> None:
    """A bookmark that cannot be understood costs a longer pass and nothing else."""
    assert len(candidates(source, "{nonsense", full=False)[0]) == 4


def test_check_says_what_was_found(source: Source) -> None:
    """The doctor gets one line."""
    line = source.check()

    assert "4" in line
    assert "\n" not in line


def test_store_that_is_gone_is_an_error(tmp_path: Path) -> None:
    """A missing store is never taken for an empty one, and is not made."""
    gone: list[Source] = [
        SqlSource(name="newsroom", settings=SETTINGS | {"url": "sqlite:///newsroom.db", "folder": tmp_path}),
        FilesSource(name="pages", settings=SETTINGS | {"path": "pages", "folder": tmp_path}),
    ]
    for source in gone:
        with pytest.raises(SourceError, match=source.name):
            candidates(source)
        with pytest.raises(SourceError, match=source.name):
            source.check()

    assert list(tmp_path.iterdir()) == []
