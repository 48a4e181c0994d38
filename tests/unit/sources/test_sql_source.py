"""The SQL store is read by what changed: nothing is skipped, nothing is written, one odd row harms no other."""

import hashlib
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from syndicate.clock import StoppedClock
from syndicate.errors import MalformedArticleError, SourceError
from syndicate.sources.sql import PAGE_SIZE, SqlSource
from syndicate.sources.sql_store import SqlStore
from tests.conftest import PostgreSQL

NOW = datetime(2026, 5, 4, 6, tzinfo=UTC)
COLUMNS = "id, url, title, body, published_at, updated_at"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Yield a SQLite store without types, so that any value fits anywhere."""
    connection = sqlite3.connect(tmp_path / "newsroom.db", isolation_level=None)
    connection.execute(f"create table articles ({COLUMNS})")
    yield connection
    connection.close()


@pytest.fixture
def source(tmp_path: Path, store: sqlite3.Connection) -> SqlSource:
    """Return the source over the store."""
    return opened(tmp_path)


def opened(folder: Path, **settings: object) -> SqlSource:
    """Return a source over a folder's store, at a stopped hour."""
    return SqlSource(
        name="newsroom", settings={"url": "sqlite:///newsroom.db", "folder": folder} | settings, clock=StoppedClock(NOW)
    )


def ago(minutes: float) -> str:
    """Return a moment before the stopped hour as text."""
    return (NOW - timedelta(minutes=minutes)).isoformat()


def put(store: sqlite3.Connection, *rows: tuple[object, object]) -> None:
    """Insert articles by id and moment of change."""
    store.execute("begin")
    store.executemany(
        f"insert into articles ({COLUMNS}) values (?, ?, ?, '<p>x</p>', ?, ?)",
        [(key, f"/{key}", f"Title {key}", ago(9000), updated) for key, updated in rows],
    )
    store.execute("commit")


def ids(source: SqlSource, bookmark: str | None = None, *, full: bool = False) -> tuple[list[str], str | None]:
    """Return the ids of a pass, and its last bookmark."""
    found: list[str] = []
    for page in source.fetch(bookmark, full=full):
        found += [candidate.source_id for candidate in page.candidates]
        bookmark = page.bookmark
    return found, bookmark


def test_rows_that_share_a_moment_are_all_read(source: SqlSource, store: sqlite3.Connection) -> None:
    """More rows of one moment than fit on two pages come once each."""
    put(store, *((number, ago(5)) for number in range(PAGE_SIZE * 2 + 1)))

    assert sorted(ids(source)[0], key=int) == [str(number) for number in range(PAGE_SIZE * 2 + 1)]


def test_page_of_exactly_the_size_ends(source: SqlSource, store: sqlite3.Connection) -> None:
    """A store of a full page ends with an empty one that carries the bookmark."""
    put(store, *((number, ago(5)) for number in range(PAGE_SIZE)))
    found, bookmark = ids(source)

    assert len(found) == PAGE_SIZE
    assert bookmark is not None


@pytest.mark.parametrize("late", [9, 9.9])
def test_row_committed_late_is_read(source: SqlSource, store: sqlite3.Connection, late: float) -> None:
    """A row that shows up with a moment up to ten minutes older than the newest one is not skipped."""
    put(store, (1, ago(0)))
    _, bookmark = ids(source)
    put(store, (2, ago(late)), (3, ago(0)))

    assert {"2", "3"} <= set(ids(source, bookmark)[0])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2026-05-04T05:50:00+00:00", "2026-05-04 05:45:00"),
        ("2026-05-04T05:50:00Z", "2026-05-03T23:55:00-06:00"),
        ("2026-05-04T05:50:00Z", "Mon, 04 May 2026 05:55:00 GMT"),
        ("Mon, 04 May 2026 05:50:00 GMT", "2026-05-04T05:55:00Z"),
        ("2026-05-04T17:50:00+12:00", "2026-05-04T05:55:00Z"),
        (1777873800, 1777873900),
        (1777873800.5, 1777873700.5),
        (1777873800000, 1777873900000),
        ("1777873800", "1777873900"),
    ],
)
def test_formats_of_moments(source: SqlSource, store: sqlite3.Connection, first: object, second: object) -> None:
    """Whatever a store writes its moments as, mixed or not, a later row is read."""
    put(store, (1, first))
    _, bookmark = ids(source)
    put(store, (2, second))

    assert "2" in ids(source, bookmark)[0]


def test_old_rows_are_not_read_again(source: SqlSource, store: sqlite3.Connection) -> None:
    """A pass by the bookmark leaves the archive alone."""
    put(store, *((number, ago(60 * 24 * 5)) for number in range(50)), ("new", ago(1)))
    _, bookmark = ids(source)

    assert ids(source, bookmark)[0] == ["new"]
    assert len(ids(source, bookmark, full=True)[0]) == 51


def test_row_of_the_future_does_not_hide_the_present(source: SqlSource, store: sqlite3.Connection) -> None:
    """A moment in 2100 neither moves the bookmark nor goes unread."""
    put(store, (1, ago(20)), (2, "2100-01-01T00:00:00Z"))
    _, bookmark = ids(source)
    put(store, (3, ago(15)))

    assert ids(source, bookmark)[0] == ["1", "2", "3"]


@pytest.mark.parametrize("updated", [None, ""])
def test_row_without_moment_of_change_counts_from_publication(
    source: SqlSource, store: sqlite3.Connection, updated: str | None
) -> None:
    """A NULL where the change should stand does not hide a new row."""
    put(store, (1, ago(1)))
    _, bookmark = ids(source)
    store.execute("insert into articles values (2, '/2', 'New', 'x', ?, ?)", (ago(0), updated))
    store.execute("insert into articles values (3, '/3', 'Undated', 'x', null, ?)", (updated,))

    assert ids(source, bookmark)[0] == ["1", "2", "3"]


def test_odd_rows_harm_no_other(source: SqlSource, store: sqlite3.Connection) -> None:
    """Bytes, numbers, NULL and text that is no UTF-8 are read or refused one by one."""
    put(store, (1, ago(1)), (b"two", ago(1)), (3.0, ago(1)), (None, ago(1)), ("", ago(1)))
    store.execute(
        "insert into articles values (cast(x'ff41' as text), '/5', cast(x'636166e9' as text), cast(x'eda080' as text), ?, ?)",
        (ago(9), ago(1)),
    )
    store.execute("insert into articles values (6, null, 77, null, 1777873800, ?)", (ago(1),))
    store.execute("insert into articles values (7, '/7', null, 'x', ?, ?)", (ago(9), ago(1)))
    read, refused = {}, {}
    for page in source.fetch(None, full=True):
        for candidate in page.candidates:
            try:
                read[candidate.source_id] = candidate.read()
            except MalformedArticleError as error:
                refused[candidate.source_id] = error.reason

    assert set(read) == {"1", "two", "3", "6", "\udcffA"}
    assert read["6"].title == "77"
    assert read["\udcffA"].title == "caf\udce9"
    assert refused["7"] == "no title"
    assert refused["(no id) Title None"] == "no id"


def test_broken_ids_at_the_end_of_a_page(source: SqlSource, store: sqlite3.Connection) -> None:
    """Ids that cannot be asked for again do not lose what comes after them."""
    put(store, *((f"{number:04}", ago(1)) for number in range(PAGE_SIZE - 1)))
    for number in range(3):
        store.execute(
            f"insert into articles values (cast(x'30313938ff3{number}' as text), '/x', 't', 'x', ?, ?)",
            (ago(9), ago(1)),
        )
    put(store, *((f"1{number:04}", ago(1)) for number in range(5)))
    found = ids(source, full=True)[0]

    assert len(found) == len(set(found)) == PAGE_SIZE - 1 + 3 + 5


def test_column_names_and_query(tmp_path: Path, store: sqlite3.Connection) -> None:
    """Columns may have other names and case, and a query may end as people end queries."""
    store.execute('create table "order" (ID, URL, headline, text, "from")')
    store.execute("""insert into "order" values (1, '/1', 'It''s 12:30 :x 5%', 'b', '2026-05-03')""")
    columns = {"title": "Headline", "body": "text", "published_at": "from"}
    by_table = opened(tmp_path, table="order", columns=columns)
    by_query = opened(
        tmp_path,
        query="""select * from "order" where headline like '%12:30 :x 5%' order by id; -- newest\n""",
        columns=columns,
    )
    for source in (by_table, by_query):
        [page] = source.fetch(None, full=False)

        assert page.candidates[0].read().title == "It's 12:30 :x 5%"
        assert source.always_full


def test_store_is_not_written(tmp_path: Path, source: SqlSource, store: sqlite3.Connection) -> None:
    """Reading leaves the file as it was, and a query cannot change it."""
    put(store, (1, ago(1)))
    before = hashlib.sha256((tmp_path / "newsroom.db").read_bytes()).digest()
    ids(source)

    assert hashlib.sha256((tmp_path / "newsroom.db").read_bytes()).digest() == before
    with pytest.raises(SourceError):
        ids(opened(tmp_path, query="delete from articles returning *"))


def test_large_bodies_do_not_fill_the_memory(source: SqlSource, store: sqlite3.Connection) -> None:
    """A page holds fewer rows when they are large."""
    for number in range(12):
        store.execute("insert into articles values (?, '/x', 't', ?, ?, ?)", (number, "x" * 2_000_000, ago(1), ago(1)))
    sizes = [len(page.candidates) for page in source.fetch(None, full=True)]

    assert sum(sizes) == 12
    assert max(sizes) < 12


@pytest.mark.parametrize(
    ("settings", "trouble"),
    [
        ({"url": "sqlite:///gone.db"}, "there is no file"),
        ({"url": "postgresql://desk:geheimnis@127.0.0.1:1/x"}, "cannot be read"),
        ({"url": "postgresql://desk:geheimnis@host:geheimnis/x"}, "its url"),
        ({"url": "oracle+nothing://desk:geheimnis@host/x"}, "its url"),
        ({"url": "geheimnis"}, "its url"),
        ({"table": "nowhere"}, "nowhere"),
        ({"query": "select nothing"}, "nothing"),
        ({"columns": {"title": "headline"}}, "'headline' for title"),
    ],
)
def test_trouble_is_told_in_one_line_without_secrets(
    tmp_path: Path, store: sqlite3.Connection, settings: dict[str, object], trouble: str
) -> None:
    """An operator reads what is wrong; nobody reads the password."""
    with pytest.raises(SourceError) as error:
        opened(tmp_path, **settings).check()

    assert trouble in str(error.value)
    assert "geheimnis" not in str(error.value)
    assert "\n" not in str(error.value)


def test_locked_store_is_an_error(tmp_path: Path, store: sqlite3.Connection) -> None:
    """A store that somebody holds is reported, not waited for without end."""
    held = SqlStore(
        source="newsroom",
        url="sqlite:///newsroom.db",
        folder=tmp_path,
        relation="articles",
        is_query=False,
        patience=0.05,
    )
    store.execute("begin exclusive")

    with pytest.raises(SourceError, match="locked"):
        held.columns()


def test_postgresql(postgresql: PostgreSQL) -> None:
    """A PostgreSQL store is read by what changed in its own types, and cannot be written."""
    with postgresql.clone() as url:
        engine = sa.create_engine(url)
        with engine.begin() as connection:
            connection.execute(
                sa.text(
                    "create table stories (id uuid primary key default gen_random_uuid(), url text, title text, body text, published_at timestamptz, updated_at timestamptz, tags text[])"
                )
            )
            connection.execute(
                sa.text(
                    "insert into stories (url, title, body, published_at, updated_at, tags) select '/' || n, 'Title ' || n, 'x', now() - interval '9 days', now() - interval '2 days', '{a,b}' from generate_series(1, 450) n"
                )
            )
            connection.execute(
                sa.text(
                    "insert into stories (url, title, body, published_at, updated_at) values ('/new', 'New', 'x', now(), now())"
                )
            )
        address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        source = SqlSource(name="newsroom", settings={"url": address, "table": "public.stories"})
        with engine.begin() as connection:
            connection.execute(
                sa.text("insert into stories values (default, '/odd', 'Odd', 'x', 'infinity', '12000-01-01')")
            )
        found, bookmark = ids(source)
        writing = SqlSource(
            name="newsroom",
            settings={"url": address, "query": "with gone as (delete from stories returning *) select * from gone"},
        )

        assert len(set(found)) == 452
        assert len(ids(source, bookmark)[0]) == 2  # the new one, and the one of the year 12000
        with pytest.raises(SourceError):
            ids(writing)
        for closed in (source, writing):
            closed.close()
        engine.dispose()
