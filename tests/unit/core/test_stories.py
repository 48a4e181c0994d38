"""The same story told twice is recognised, another story on the same matter is not."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from syndicate.core.stories import SAME_STORY, containment, sample_shingles

STORY = [f"word{number * number % 997}" for number in range(600)]
OTHER = [f"word{number * 7 % 991}" for number in range(600)]


def test_a_copy_is_the_same_story() -> None:
    """A copy, a shortened one, and one within other words."""
    original = sample_shingles(STORY)

    assert containment(original, sample_shingles(STORY)) == 1
    assert containment(original, sample_shingles(STORY[:300])) > 0.9
    assert containment(original, sample_shingles(["notice"] * 20 + STORY + ["footer", "line"])) > 0.9


def test_an_edited_copy_is_the_same_story_and_the_same_words_in_other_order_are_not() -> None:
    """A tenth of the words changed leaves it the same; only runs of words count."""
    edited = [word if number % 12 else "changed" for number, word in enumerate(STORY)]

    assert containment(sample_shingles(STORY), sample_shingles(edited)) >= SAME_STORY
    assert containment(sample_shingles(STORY), sample_shingles(sorted(STORY))) < SAME_STORY
    assert containment(sample_shingles(STORY), sample_shingles(OTHER)) < 0.1


def test_too_little_proves_nothing() -> None:
    """Texts of a few words, the same or none, are never the same story; a short one within a long one is."""
    stub = sample_shingles(["watch", "the", "film", "of", "last", "night", "here"] * 9)

    assert containment(stub, stub) == 0
    assert containment(sample_shingles(STORY[:120]), sample_shingles(STORY)) > 0.9
    assert containment(sample_shingles(["a", "b", "c"]), sample_shingles(["a", "b", "c"])) == 0
    assert containment(sample_shingles([]), sample_shingles(STORY)) == 0


@given(st.lists(st.sampled_from("abcdefghij"), max_size=3000))
def test_a_sample_is_bounded_and_sorted(words: list[str]) -> None:
    """However long the text, at most 128 shingles are kept, each once."""
    power, sample = sample_shingles(words)

    assert len(sample) <= 128
    assert np.array_equal(sample, np.unique(sample))
    assert not (sample & ((1 << power) - 1)).any()
