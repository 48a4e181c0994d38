"""What a choice makes of a reader's subscriptions."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.core.cadence import WEEKDAYS, rhythm_of
from syndicate.core.readers import (
    Catalogue,
    Offer,
    Subscription,
    SubscriptionState,
    arrange,
    digests_of,
    followed,
    without_digests,
    without_section,
)
from syndicate.errors import UsageError
from syndicate.model import Cadence, Choice, Section

NOW = datetime(2026, 5, 4, 7, tzinfo=UTC)
DIGESTS = ("alerts", "daily", "weekly")
SECTIONS = ("arts", "sport", "world")
RHYTHMS = {name: rhythm_of(Cadence.DAILY, zone="UTC", minute=60 * place) for place, name in enumerate(DIGESTS)}

choices = st.builds(
    lambda pairs: Choice(sections=tuple(pairs.items()), language="en"),
    st.dictionaries(
        st.sampled_from(SECTIONS), st.lists(st.sampled_from(DIGESTS), min_size=1, unique=True).map(tuple), max_size=3
    ),
)


@given(st.lists(choices, max_size=8))
def test_through_every_change_marks_stay_and_digests_follow_the_choice(wishes: list[Choice]) -> None:
    """Nothing but the reader's wish decides what comes; an edition sent before each change is never forgotten."""
    held: dict[str, Subscription] = {}
    for step, choice in enumerate(wishes):
        now, marks = NOW + timedelta(days=step), {name: one.seen for name, one in held.items()}
        facts = {"choice": choice, "rhythms": RHYTHMS, "state": SubscriptionState.ACTIVE, "now": now, "seq": step}

        changed = arrange(tuple(held.values()), **facts)  # type: ignore[arg-type]  # the same facts twice
        before, held = held, held | {one.digest: one for one in changed}

        assert arrange(tuple(held.values()), **facts) == ()  # type: ignore[arg-type]  # the same facts twice
        active = {name for name, one in held.items() if one.state is SubscriptionState.ACTIVE}
        assert active == set(digests_of(choice))
        assert all(held[name].choice == choice for name in active)
        assert {name: held[name].seen for name in marks} == marks
        for name in active:
            stayed = name in before and before[name].state is SubscriptionState.ACTIVE
            assert held[name].since == (before[name].since if stayed else now)
        held = {name: replace(one, seen=step * 10) if name in active else one for name, one in held.items()}


@given(choices, st.sampled_from(DIGESTS), st.sampled_from(SECTIONS))
def test_what_is_left_of_a_choice_names_nothing_that_was_left(choice: Choice, digest: str, section: str) -> None:
    """No section stays without a digest, and the rest keeps its order."""
    fewer, narrower = without_digests(choice, [digest]), without_section(choice, section)

    assert digest not in digests_of(fewer)
    assert all(names for _, names in fewer.sections)
    assert fewer.sections_of("daily") == (() if digest == "daily" else choice.sections_of("daily"))
    assert section not in dict(narrower.sections)
    assert narrower.sections == tuple(pair for pair in choice.sections if pair[0] != section)


CATALOGUE = Catalogue(
    sections=(Section(slug="world", title="World News"), Section(slug="kultur", title="Kultur & Straße")),
    offers=(
        Offer(name="daily", title="Daily", cadence=Cadence.DAILY, minute=420),
        Offer(name="weekly", title="Weekly", cadence=Cadence.WEEKLY, minute=480, days=("friday",)),
    ),
    labels={"World": "world", "foreign": "world"},
)


@pytest.mark.parametrize("name", ["world", "WORLD", " World  News ", "Foreign"])
def test_sections_go_by_many_names(name: str) -> None:
    """Slug, title, the newsroom's label, an old slug; however cased."""
    assert CATALOGUE.find_sections([name, name, ""]) == ("world",)
    assert CATALOGUE.find_sections(["KULTUR & STRASSE"]) == ("kultur",)


def test_digests_come_in_the_order_they_are_offered() -> None:
    """So that equal choices are one choice."""
    assert CATALOGUE.find_digests(["weekly", "Daily"]) == ("daily", "weekly")
    assert CATALOGUE.find_pairs([("world", ["weekly", "daily"]), ("kultur", []), ("foreign", [])]) == (
        ("world", ("daily", "weekly")),
    )


def test_what_there_is_one_of_need_not_be_named() -> None:
    """Of several, somebody has to say which."""
    one = Catalogue(sections=CATALOGUE.sections[:1], offers=CATALOGUE.offers[:1])

    assert one.find(sections=[""], digests=[""]) == (("world",), ("daily",))
    with pytest.raises(UsageError, match="no section chosen"):
        CATALOGUE.find(sections=[], digests=["daily"])
    with pytest.raises(UsageError, match="no digest chosen"):
        CATALOGUE.find(sections=["world"], digests=[])


@pytest.mark.parametrize("name", ["moon", "m" * 5000, "\x1b[31m"])
def test_an_unknown_name_is_told_with_what_exists(name: str) -> None:
    """In one line that a terminal can bear."""
    with pytest.raises(UsageError, match="world, kultur") as error:
        CATALOGUE.find_sections([name])
    assert len(str(error.value)) < 200
    assert str(error.value).isprintable()


def test_an_hour_is_kept_where_nothing_else_is_said() -> None:
    """The offer's hour for a newcomer, his own for one who chose, the named one when he names it."""
    weekly = CATALOGUE.offers[1]
    his = weekly.rhythm("Asia/Tokyo", minute=600, days=("sunday",))

    assert weekly.rhythm("UTC") == rhythm_of(Cadence.WEEKLY, zone="UTC", minute=480, days=("friday",))
    assert weekly.rhythm("UTC", like=his) == rhythm_of(Cadence.WEEKLY, zone="UTC", minute=600, days=("sunday",))
    assert weekly.rhythm("UTC", like=his, days=("monday",)).weekdays == 1


def test_a_weekly_digest_that_becomes_a_daily_one_comes_every_day() -> None:
    """A reader's hour stays his; his one day was no choice among seven."""
    daily, weekly = CATALOGUE.offers
    his = weekly.rhythm("UTC", minute=600, days=("tuesday",))

    assert followed(his, before=weekly, now=daily) == daily.rhythm("UTC", minute=600)
    assert followed(weekly.rhythm("UTC"), before=weekly, now=daily) == daily.rhythm("UTC")


def test_days_are_kept_where_nothing_else_is_said() -> None:
    """All for a newcomer to a daily digest, his own for one who chose; one who has several comes on the offered day when it is weekly."""
    daily, weekly = CATALOGUE.offers
    workdays = daily.rhythm("UTC", days=WEEKDAYS[:5])

    assert daily.rhythm("UTC").weekdays == 0b1111111
    assert workdays.weekdays == 0b0011111
    assert daily.rhythm("Asia/Tokyo", like=workdays, minute=600).weekdays == 0b0011111
    assert daily.rhythm("UTC", like=workdays, days=("sunday",)).weekdays == 0b1000000
    assert weekly.rhythm("UTC", like=workdays).weekdays == weekly.rhythm("UTC").weekdays
    assert weekly.rhythm("UTC", days=("sunday", "monday")).weekdays == 0b1000000
