"""Articles on the same event find each other, others find nothing, and the index can be changed at any time."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate.core.postings import Postings
from syndicate.core.related import RELATED, RelatedIndex
from syndicate.core.terms import Terms, extract

DAY = 86_400.0
SYLLABLES = [a + b for a in "bdfgklmnprst" for b in "aeiou"]


def newsroom(events: int, *, each: int = 1, seed: int = 3) -> list[tuple[str, str]]:
    """Make up articles, so many on each event: they share its words and have others of their own."""
    chance = random.Random(seed)
    vocabulary = ["".join(chance.choices(SYLLABLES, k=3)) for _ in range(3000)]
    found = []
    for _ in range(events):
        event = chance.sample(vocabulary, 30)
        for _ in range(each):
            body = chance.choices(event, k=60) + chance.choices(vocabulary, k=90)
            chance.shuffle(body)
            found.append((" ".join(chance.sample(event, 5)), " ".join(body)))
    return found


def terms(article: tuple[str, str], *, day: float = 0) -> Terms:
    """Extract an article's terms."""
    return extract(title=article[0], text=article[1], language="en", published=day * DAY)


@pytest.fixture(scope="module")
def articles() -> list[Terms]:
    """Forty events, three articles each: 0, 1, 2 are on the first."""
    return [terms(article) for article in newsroom(40, each=3)]


def filled(articles: list[Terms]) -> RelatedIndex:
    """Return an index of articles under their positions."""
    index = RelatedIndex()
    for key, one in enumerate(articles):
        index.add(key, one)
    return index


def test_articles_on_an_event_find_each_other(articles: list[Terms]) -> None:
    """Each finds the two others of its event, best first, and no more."""
    index = filled(articles)

    for key in (0, 31, 118):
        event = key // 3 * 3
        found = index.find(articles[key], exclude=key)
        assert {match.key for match in found} == {event, event + 1, event + 2} - {key}
        assert all(match.score >= RELATED and not match.same_story for match in found)
        assert [match.score for match in found] == sorted((match.score for match in found), reverse=True)


def test_nothing_is_a_valid_answer() -> None:
    """Articles that share no event, and an empty index, give nothing."""
    lone = [terms(article) for article in newsroom(60, seed=8)]
    index = filled(lone)

    assert sum(len(index.find(one, exclude=key)) for key, one in enumerate(lone)) <= 2
    assert RelatedIndex().find(lone[0]) == []
    assert index.find(extract(title="", text="", language="en", published=0)) == []


def test_a_copy_is_the_same_story(articles: list[Terms]) -> None:
    """The same text from elsewhere is flagged; many copies leave half of the places to what is related."""
    index = filled(articles)
    title, body = newsroom(40, each=3)[0]
    index.add(999, terms((title, body + " an added line")))

    found = index.find(articles[0], exclude=0)

    assert [match.key for match in found if match.same_story] == [999]
    assert {match.key for match in found if not match.same_story} == {1, 2}
    for number in range(4):
        index.add(1000 + number, terms((title, body + f" an added line {number}")))
    kinds = [match.same_story for match in index.find(articles[0], exclude=0, limit=4)]
    assert sorted(kinds) == [False, False, True, True]


def test_articles_far_apart_in_time_are_not_related() -> None:
    """Within the window they are; beyond it they are no candidates; an unknown date is no reason against."""
    made = newsroom(30, each=2)
    others = [terms(article, day=100) for article in made[2:]]
    for day, expected in ((107.0, {1}), (540.0, set()), (float("nan"), {1})):
        index = filled([terms(made[0], day=100), terms(made[1], day=day), *others])
        assert {match.key for match in index.find(terms(made[0], day=100), exclude=0)} == expected


def test_a_day_that_all_share_is_no_evidence() -> None:
    """Where all articles are of one day they are judged as if none had a date; among articles of other days that day speaks for a pair."""
    made = newsroom(30, each=2)

    def score(others: float, own: float) -> float:
        days = [own, own] + [others] * (len(made) - 2)
        index = filled([terms(article, day=day) for article, day in zip(made, days, strict=True)])
        (match,) = index.find(terms(made[0], day=own), exclude=0)
        return match.score

    assert score(160, 100) > score(100, 100)
    assert score(100, 100) == pytest.approx(score(float("nan"), float("nan")), abs=0.02)


def test_what_is_old_can_be_forgotten() -> None:
    """Only what was published before the moment goes; what has no date stays."""
    made = newsroom(30, each=2)
    days = [float("nan") if at == 5 else float(at) for at in range(len(made))]
    index = filled([terms(article, day=day) for article, day in zip(made, days, strict=True)])

    index.forget_before(10 * DAY)

    assert [key for key in range(len(made)) if key in index] == [5, *range(10, len(made))]


def test_what_is_removed_is_not_found_and_what_is_added_again_is(articles: list[Terms]) -> None:
    """Removing is exact, twice is harmless, and adding under the same key replaces."""
    index = filled(articles)
    index.remove(1)
    index.remove(1)

    assert 1 not in index
    assert len(index) == len(articles) - 1
    assert {match.key for match in index.find(articles[0], exclude=0)} == {2}

    index.add(1, articles[60])
    index.add(1, articles[1])
    assert len(index) == len(articles)
    assert {match.key for match in index.find(articles[0], exclude=0)} == {1, 2}


def test_a_long_life_of_additions_and_removals_ends_as_a_fresh_index(articles: list[Terms]) -> None:
    """After the index has turned over many times it answers as one made at once."""
    index = filled(articles)
    for turn in range(1, 14):
        for key, one in enumerate(articles):
            index.remove((turn - 1) * 1000 + key)
            index.add(turn * 1000 + key, one)
    fresh = filled(articles)

    assert len(index) == len(articles)
    for key in (0, 50, 100):
        found = {match.key - 13_000 for match in index.find(articles[key], exclude=13_000 + key)}
        assert found == {match.key for match in fresh.find(articles[key], exclude=key)}


@settings(max_examples=20)
@given(st.integers(1, 900), st.integers(0, 50))
def test_postings_give_every_article_its_score(count: int, term: int) -> None:
    """Sealed or not, merged or not, an article's score is the sum over the terms it shares."""
    postings = Postings()
    for article in range(count):
        postings.add(article, np.array([article % 51, 60], dtype=np.uint32), np.array([10, 1], dtype=np.uint8))

    scores = postings.score(np.array([term, 60], dtype=np.uint32), np.array([2, 1], dtype=np.float32), count)

    assert scores.tolist() == [21.0 if article % 51 == term else 1.0 for article in range(count)]
