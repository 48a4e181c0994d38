"""What a feed document says."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from syndicate.core.feed import (
    Entered,
    build_archive,
    choose_subscription,
    choose_window,
    newest_first,
    next_change,
    open_page,
    ttl_minutes,
)
from syndicate.model import Article, ArticleState, Tombstone
from tests.feed_newsroom import NOON, SETTINGS, WORLD, article, world_feed

KEEP = timedelta(hours=72)


def test_window_is_items_and_keep() -> None:
    """A quiet section shows `items` however old they are; a busy one all of the last `keep`."""
    quiet = [article(n, published=NOON - timedelta(days=10 + n)) for n in range(9)]
    busy = [article(n, published=NOON - timedelta(hours=n)) for n in range(100)]

    assert len(choose_window(quiet, items=5, keep=KEEP, now=NOON)) == 5
    assert len(choose_window(busy, items=5, keep=KEEP, now=NOON)) == 73


def test_window_is_newest_first_with_ties_by_id() -> None:
    """Articles of one moment stand in the order of their ids."""
    same = [article(n, published=NOON) for n in (3, 1, 2)]

    window = choose_window([article(9), *same], items=50, keep=KEEP, now=NOON)

    assert [one.key for one in window] == [1, 2, 3, 9]


def test_window_shows_nothing_from_the_future_and_nothing_withdrawn() -> None:
    """An article waits for its hour, and a withdrawn one is gone."""
    future = article(1, published=NOON + timedelta(seconds=1))
    withdrawn = article(2, state=ArticleState.WITHDRAWN)

    assert choose_window([future, withdrawn], items=50, keep=KEEP, now=NOON) == ()
    assert len(choose_window([future], items=50, keep=KEEP, now=NOON + timedelta(seconds=1))) == 1


def test_window_is_capped() -> None:
    """Neither a burst nor long articles make a feed that readers refuse."""
    burst = [article(n, published=NOON - timedelta(minutes=n)) for n in range(400)]
    long = [article(n, body="<p>" + "x" * 200_000 + "</p>") for n in range(30)]

    assert len(choose_window(burst, items=50, keep=KEEP, now=NOON)) == 300
    assert len(choose_window(long, items=50, keep=KEEP, now=NOON)) == 9


def test_an_enormous_article_costs_the_others_nothing() -> None:
    """A body of two megabytes is shown as its summary, so the rest of the window keeps its place."""
    giant = article(0, body="<p>" + "x" * 2_000_000 + "</p>")

    window = choose_window([giant, *(article(n) for n in range(1, 50))], items=50, keep=KEEP, now=NOON)

    assert len(window) == 50


@given(ages=st.lists(st.integers(-5, 200), max_size=30), items=st.integers(1, 10))
def test_window_does_not_change_before_it_says_so(ages: list[int], items: int) -> None:
    """Until the moment of `next_change` time alone changes nothing, and at that moment it does."""
    rows = [article(n, published=NOON - timedelta(hours=age)) for n, age in enumerate(ages)]
    before = choose_window(rows, items=items, keep=KEEP, now=NOON)

    moment = next_change(rows, items=items, keep=KEEP, now=NOON)

    if moment is None:
        assert choose_window(rows, items=items, keep=KEEP, now=NOON + timedelta(days=900)) == before
    else:
        assert choose_window(rows, items=items, keep=KEEP, now=moment - timedelta(microseconds=1)) == before
        # an arrival may push out another in the same moment, but the window is another one
        assert choose_window(rows, items=items, keep=KEEP, now=moment) != before


def subscribe(
    entered: list[Article | None], *, items: int, size: int, max_items: int
) -> tuple[tuple[Article, ...], list[Article]]:
    """Return the subscription document and what the archives behind it hold, as publish would find them."""
    rows = [Entered(place=place, article=one) for place, one in enumerate(entered)]
    shown = [one for one in entered if one is not None]
    window = choose_window(shown, items=items, keep=KEEP, now=NOON, max_items=max_items)
    places = [row.place for row in rows if row.article in window]
    first = max(
        open_page(lowest=min(places, default=None), total=len(rows), size=size) * size,
        (len(rows) - max_items) // size * size,
        0,
    )
    document = choose_subscription(
        window=window, tail=rows[first:], total=len(rows), items=items, size=size, max_items=max_items
    )
    archived = [row.article for row in rows[: document.archives * size] if row.article is not None]
    return document.articles, archived


@given(
    ages=st.lists(st.integers(0, 400), max_size=120),
    withdrawn=st.sets(st.integers(0, 119)),
    items=st.integers(1, 20),
    size=st.integers(1, 25),
)
def test_walking_the_archives_meets_every_article(ages: list[int], withdrawn: set[int], items: int, size: int) -> None:
    """Whatever order articles entered in, subscription document and archives together hold them all."""
    entered = [
        None if n in withdrawn else article(n, published=NOON - timedelta(hours=age)) for n, age in enumerate(ages)
    ]

    shown, archived = subscribe(entered, items=items, size=size, max_items=50)

    assert {one.id for one in (*shown, *archived)} == {one.id for one in entered if one is not None}
    assert shown == newest_first(shown)
    newest = choose_window([one for one in entered if one], items=items, keep=KEEP, now=NOON, max_items=50)[:items]
    assert {one.id for one in newest} <= {one.id for one in shown}


@given(
    gaps=st.lists(st.integers(0, 9), max_size=150),
    withdrawn=st.sets(st.integers(0, 149)),
    items=st.integers(1, 20),
    size=st.integers(1, 25),
)
def test_walking_meets_every_article_once(gaps: list[int], withdrawn: set[int], items: int, size: int) -> None:
    """Where articles entered in the order of their dates, none is met twice, and the caps hold."""
    ages = [sum(gaps[n:]) for n in range(len(gaps))]
    entered = [
        None if n in withdrawn else article(n, published=NOON - timedelta(hours=age)) for n, age in enumerate(ages)
    ]

    shown, archived = subscribe(entered, items=items, size=size, max_items=50)

    met = [one.id for one in (*shown, *archived)]
    assert len(met) == len(set(met))
    assert set(met) == {one.id for one in entered if one is not None}
    assert len(shown) <= 50


def test_an_old_article_that_enters_late_is_met_too() -> None:
    """Backlog behind newer articles stands in the subscription document until its archive document is complete."""
    fresh = [article(n) for n in range(10)]
    backlog = [article(n, published=NOON - timedelta(days=400)) for n in range(10, 14)]

    shown, archived = subscribe([*fresh, *backlog], items=5, size=5, max_items=12)

    assert {one.key for one in (*shown, *archived)} == set(range(14))


def test_feed_is_dated_by_its_newest_article() -> None:
    """The build's own time appears nowhere; an empty feed has the date it was given."""
    assert world_feed(article(3), article(5)).updated == NOON - timedelta(hours=3)
    assert world_feed().updated == datetime(2024, 1, 1, tzinfo=UTC)


def test_feed_has_its_addresses() -> None:
    """Every address starts at the public URL, and the subscription document names the newest archive."""
    feed = world_feed(article(1), archives=3)

    assert feed.self_urls["atom"] == "https://feeds.news.example/world.atom"
    assert feed.prev_archive_urls == {
        "rss": "https://feeds.news.example/world/archive/3.xml",
        "atom": "https://feeds.news.example/world/archive/3.atom",
        "json": "https://feeds.news.example/world/archive/3.json",
    }
    assert not feed.archive


def test_archive_documents_are_a_chain() -> None:
    """An archive document names its neighbours and the subscription document; the first has none before it."""
    first = build_archive(section=WORLD, number=1, articles=[article(1)], settings=SETTINGS)
    second = build_archive(section=WORLD, number=2, articles=[article(2)], settings=SETTINGS)

    assert first.prev_archive_urls is None
    assert second.prev_archive_urls == first.self_urls
    assert first.next_archive_urls == second.self_urls
    assert second.current_urls is not None
    assert second.current_urls["rss"] == "https://feeds.news.example/world.xml"


def test_tombstones_stand_newest_first() -> None:
    """The order of withdrawals does not depend on the order of rows."""
    old = Tombstone(id="b", at=NOON - timedelta(hours=1))
    new = Tombstone(id="a", at=NOON)

    assert world_feed(article(1), tombstones=(old, new)).tombstones == (new, old)


@given(st.lists(st.datetimes(timezones=st.just(UTC)), max_size=40))
def test_ttl_is_between_one_and_fifteen_minutes(moments: list[datetime]) -> None:
    """Readers are told neither to hammer nor to sleep."""
    assert 1 <= ttl_minutes(moments) <= 15


def test_ttl_follows_the_section() -> None:
    """Half the usual pause between two articles."""
    assert ttl_minutes(NOON + timedelta(minutes=10 * n) for n in range(30)) == 5
    assert ttl_minutes(NOON + timedelta(seconds=n) for n in range(30)) == 1
    assert ttl_minutes([NOON]) == 15
