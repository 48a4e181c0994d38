"""What is looked at for a reader holds all that is new to him."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from syndicate.core.candidates import Candidates
from syndicate.core.digest import compose, select
from syndicate.core.ranking import DigestRules
from syndicate.core.window import Cohort, Window
from syndicate.model import Cadence, Choice, Mark, Placed, Placing
from tests.mail_samples import article

DAY = date(2026, 5, 4)
AT = datetime(2026, 5, 4, 7, tzinfo=UTC)
SECTIONS = ("world", "sport", "city")
RULES = DigestRules(
    name="daily", title="Daily", cadence=Cadence.DAILY, max_items=20, min_items=1, best_of=False,
    order={"breaking": 0, "daily": 1}, titles={},
)  # fmt: skip
WINDOW = Window(to_seq=60, first_from=AT - timedelta(days=1), at=AT)

hours = st.integers(-6, 80).map(lambda number: AT - timedelta(hours=number))
marks = st.builds(Mark, seq=st.integers(0, 60), at=hours, by_date=st.booleans())
placings = st.dictionaries(
    st.sampled_from(SECTIONS),
    st.builds(Placing, seq=st.integers(1, 70), backlog=st.booleans(), left=st.booleans()),
    min_size=1,
)
choices = st.builds(
    Choice,
    sections=st.lists(
        st.tuples(st.sampled_from(SECTIONS), st.sampled_from([("daily",), ("breaking",), ("breaking", "daily")])),
        max_size=3,
        unique_by=lambda pair: pair[0],
    ).map(tuple),
    language=st.just("en"),
)
cohorts = st.builds(
    Cohort,
    choice=choices,
    mark=st.none() | marks,
    since_seq=st.none() | st.integers(0, 60),
    not_before=st.none() | st.just(AT - timedelta(days=1)),
    held=st.just(()) | st.tuples(st.tuples(st.just("breaking"), st.none() | marks)),
)


@st.composite
def articles(draw: st.DrawFn) -> list[Placed]:
    """Return some articles, in any sections, of any age."""
    numbers = range(1, draw(st.integers(0, 12)) + 1)
    return [Placed(article=article(number, published=draw(hours)), placings=draw(placings)) for number in numbers]


@given(articles(), cohorts, st.booleans())
def test_a_reader_gets_what_he_would_get_if_all_were_looked_at(
    placed: list[Placed], cohort: Cohort, best_of: bool
) -> None:
    """Whatever his marks are, held alerts and first editions included."""
    rules = replace(RULES, best_of=best_of)

    found = compose(Candidates(placed), rules=rules, cohort=cohort, window=WINDOW, day=DAY)

    assert found == select(placed, rules=rules, cohort=cohort, window=WINDOW, day=DAY).digest


def test_who_is_up_to_date_has_nothing_looked_at() -> None:
    """That is what keeps a morning with nothing new short, however many articles there are."""
    placed = [
        Placed(
            article=article(number, published=AT - timedelta(hours=number)),
            placings={"world": Placing(seq=number, backlog=False)},
        )
        for number in range(1, 50)
    ]
    cohort = Cohort(
        choice=Choice(sections=(("world", ("daily",)),), language="en"), mark=Mark(seq=49, at=AT - timedelta(minutes=1))
    )

    assert Candidates(placed).maybe_new(cohort, WINDOW) == []
