"""Whatever the chain of a reader's editions, each article falls into one of them: none comes twice and none is missed."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from syndicate.core.window import Window, falls_in, lane_of, lane_order
from syndicate.model import Cadence, Choice, Mark, Placing
from tests.marks import moved

START = datetime(2026, 3, 1, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An article: when it arrived, and how old it was then."""

    seq: int
    arrived: datetime
    published: datetime

    @property
    def placing(self) -> Placing:
        """Return how it is stored."""
        return Placing(seq=self.seq, backlog=self.arrived - self.published > 3 * DAY)


# Which hours articles arrive in and how old they are; after which hours editions are planned, and how long after their slot.
_AGES = st.one_of(st.integers(0, 70), st.integers(73, 400))
_ARRIVALS = st.lists(st.tuples(st.integers(0, 480), _AGES), max_size=30)
_EDITIONS = st.lists(st.tuples(st.integers(0, 480), st.integers(0, 5)), min_size=1, max_size=12)


def _arrivals(drawn: list[tuple[int, int]]) -> list[Arrival]:
    return [
        Arrival(seq=number, arrived=START + hours * HOUR, published=START + (hours - age) * HOUR)
        for number, (hours, age) in enumerate(sorted(drawn), 1)
    ]


def _windows(drawn: list[tuple[int, int]], arrivals: list[Arrival], *, period: timedelta) -> list[Window]:
    """Return editions in the order they are planned: their slots go forward, and each knows what had arrived by then."""
    found: list[Window] = []
    for hours, late in sorted(drawn):
        planned = START + hours * HOUR
        at = planned - late * HOUR
        if found and at <= found[-1].at:
            continue
        to_seq = sum(1 for one in arrivals if one.arrived <= planned)
        found.append(Window(to_seq=to_seq, first_from=at - period, at=at))
    return found


def _received(arrivals: list[Arrival], windows: list[Window], *, since_seq: int | None = None) -> list[list[int]]:
    """Return the numbers that each edition brings to a reader who gets every one that has something for him."""
    mark: Mark | None = None
    editions = []
    for window in windows:
        mine = [one.seq for one in arrivals if falls_in(window, mark, one.placing, one.published, since_seq=since_seq)]
        if mine:
            mark = moved(mark, window)
        editions.append(mine)
    return editions


@given(_ARRIVALS, _EDITIONS)
def test_no_article_comes_twice(drawn: list[tuple[int, int]], slots: list[tuple[int, int]]) -> None:
    """Along any chain of marks an article is in one edition at most, late, old or early."""
    arrivals = _arrivals(drawn)
    received = list(chain.from_iterable(_received(arrivals, _windows(slots, arrivals, period=DAY))))

    assert len(received) == len(set(received))


@given(_ARRIVALS, _EDITIONS)
def test_after_the_first_edition_nothing_new_is_missed(
    drawn: list[tuple[int, int]], slots: list[tuple[int, int]]
) -> None:
    """What arrives as news after a reader's first edition was planned is in the next one that is planned after it, whatever its date."""
    arrivals = _arrivals(drawn)
    windows = _windows(slots, arrivals, period=DAY)
    received = _received(arrivals, windows)
    first = next((place for place, mine in enumerate(received) if mine), None)

    if first is not None:
        news = [one for one in arrivals if one.seq > windows[first].to_seq and not one.placing.backlog]
        for one in news:
            bringing = [place for place, window in enumerate(windows) if one.seq <= window.to_seq]
            assert not bringing or one.seq in received[bringing[0]]


@given(_ARRIVALS, _EDITIONS)
def test_the_first_edition_is_one_period_by_date(drawn: list[tuple[int, int]], slots: list[tuple[int, int]]) -> None:
    """A new reader gets what was published in the period before the slot, and nothing else; what was published after it comes next."""
    arrivals = _arrivals(drawn)
    windows = _windows(slots, arrivals, period=DAY)
    received = _received(arrivals, windows)
    for place, (window, mine) in enumerate(zip(windows, received, strict=True)):
        there = [one for one in arrivals if one.seq <= window.to_seq]
        assert mine == [one.seq for one in there if window.first_from < one.published <= window.at]
        if mine:
            later = list(chain.from_iterable(received[place + 1 :]))
            after = [one.seq for one in there if one.published > window.at and not one.placing.backlog]
            assert place + 1 == len(windows) or set(after) <= set(later)
            break


@given(_ARRIVALS, _EDITIONS)
def test_backlog_is_news_only_where_the_dates_say_so(
    drawn: list[tuple[int, int]], slots: list[tuple[int, int]]
) -> None:
    """An old article is in an edition only if the span from the last edition to this one covers its date."""
    arrivals = _arrivals(drawn)
    windows = _windows(slots, arrivals, period=DAY)
    before: datetime | None = None
    for window, mine in zip(windows, _received(arrivals, windows), strict=True):
        low = window.first_from if before is None else before
        for one in arrivals:
            if one.placing.backlog and one.seq in mine:
                assert low < one.published <= window.at
        before = window.at if mine else before


@given(_ARRIVALS, _EDITIONS, st.integers(0, 480))
def test_a_new_reader_of_alerts_gets_all_that_arrives_from_then_on(
    drawn: list[tuple[int, int]], slots: list[tuple[int, int]], joined: int
) -> None:
    """His first alert brings what came since he asked for it, also what is older than the hour before."""
    arrivals = _arrivals(drawn)
    since_seq = sum(1 for one in arrivals if one.arrived <= START + joined * HOUR)
    windows = [one for one in _windows(slots, arrivals, period=HOUR) if one.at > START + joined * HOUR]
    received = _received(arrivals, windows, since_seq=since_seq)
    everything = list(chain.from_iterable(received))

    assert len(everything) == len(set(everything))
    for one in arrivals:
        if one.seq > since_seq and not one.placing.backlog and one.published <= (windows[-1].at if windows else START):
            covered = [window for window in windows if one.seq <= window.to_seq and one.published <= window.at]
            assert not covered or one.seq in everything


def test_the_fastest_digest_chosen_for_any_section_brings_an_article() -> None:
    """Lanes follow cadence, then the order of the configuration."""
    order = lane_order(
        {"weekly": Cadence.WEEKLY, "noon": Cadence.DAILY, "daily": Cadence.DAILY, "breaking": Cadence.INSTANT}
    )
    choice = Choice(
        sections=(("world", ("weekly", "daily")), ("sport", ("daily", "noon")), ("culture", ("weekly", "gone"))),
        language="en",
    )

    assert sorted(order, key=lambda name: order[name]) == ["breaking", "noon", "daily", "weekly"]
    assert lane_of(choice, ["world"], order) == "daily"
    assert lane_of(choice, ["world", "sport"], order) == "noon"
    assert lane_of(choice, ["culture"], order) == "weekly"
    assert lane_of(choice, ["elsewhere"], order) is None


def test_backlog_is_no_news_to_a_new_reader_of_alerts() -> None:
    """An archive that is imported after he came has numbers after his, and dates before the hour that his first alert covers."""
    window = Window(to_seq=20, first_from=START - HOUR, at=START)
    old = START - 9 * DAY

    found = [falls_in(window, None, Placing(seq=10, backlog=backlog), old, since_seq=5) for backlog in (True, False)]

    assert found == [False, True]
