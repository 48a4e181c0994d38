"""Characters: cleaned, kept together, counted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.core.characters import clean, clusters, columns, one_line, shorten


@given(st.text())
def test_a_cleaned_line_has_nothing_that_breaks_it(text: str) -> None:
    """No control, line separator, surrogate, noncharacter or bidi override is left, and cleaning again changes nothing."""
    line = one_line(text)

    assert not any(c < " " or "\x7f" <= c <= "\x9f" or c in "\u2028\u2029\u202e\u2066\ufeff\ufdd0\uffff" for c in line)
    line.encode()  # no lone surrogate
    assert one_line(line) == line


def test_line_feeds_survive_cleaning_but_not_a_line() -> None:
    """Paragraphs stay in a text; a line has none."""
    assert clean("a\r\nb\x00c\td") == "a\nb c\td"
    assert one_line(" a\r\nb\x00c\td ") == "a b c d"


@given(st.text())
def test_clusters_are_the_text(text: str) -> None:
    """Splitting loses nothing."""
    assert "".join(clusters(text)) == text


def test_families_flags_and_accents_stay_together() -> None:
    """What one sees as one character is one cluster."""
    assert clusters("👩‍👧🇩🇪🇫🇷e\u0301👍🏽x") == ["👩‍👧", "🇩🇪", "🇫🇷", "e\u0301", "👍🏽", "x"]


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("Short enough", 20, "Short enough"),
        ("One two three four", 12, "One two…"),
        ("One two, three four", 12, "One two…"),
        ("x" * 30, 10, "x" * 9 + "…"),
        ("東京" * 10, 9, "東京" * 4 + "…"),
        ("aaaaaaaa👩‍👧bbb", 11, "aaaaaaaa…"),
    ],
)
def test_titles_are_cut_at_words(text: str, limit: int, expected: str) -> None:
    """A title too long ends at a word, or where it has none between two whole characters."""
    assert shorten(text, limit=limit) == expected


@given(st.text(), st.integers(min_value=2, max_value=50))
def test_what_is_cut_is_within_the_limit(text: str, limit: int) -> None:
    """The ellipsis counts."""
    assert len(shorten(text, limit=limit)) <= max(limit, 1)


@pytest.mark.parametrize(
    ("text", "width"), [("abc", 3), ("東京", 4), ("e\u0301", 1), ("ｱ", 1), ("", 0), ("a\u200bb", 2)]
)
def test_columns_count_as_a_terminal_does(text: str, width: int) -> None:
    """Wide characters take two columns, combining ones none."""
    assert columns(text) == width
