"""The text part's lines."""

from hypothesis import given
from hypothesis import strategies as st

from syndicate.core.characters import columns
from syndicate.core.wrapping import underline, wrap

URL = "https://news.example/" + "long-" * 30 + "story"


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z", "M", "Sk"]) | st.just(" "), max_size=400))
def test_lines_fit_and_nothing_is_lost(text: str) -> None:
    """No line is wider than 72 columns, and all that is not blank comes through in order."""
    wrapped = wrap(text, first="* ", rest="  ")

    assert all(columns(line) <= 72 for line in wrapped.splitlines())
    assert "".join(wrapped.split()) == "".join(f"*{text}".split())


def test_an_address_on_the_web_is_never_broken() -> None:
    """A link too long for a line stands on one of its own."""
    assert wrap(f"See {URL} for more.").splitlines() == ["See", URL, "for more."]


def test_japanese_breaks_between_characters_but_not_before_a_full_stop() -> None:
    """Lines of a text without spaces are filled; a line begins with no 。 and ends with no 「."""
    lines = wrap("港の橋は閉鎖される。「渡し船」で運ぶ。" * 12).splitlines()

    assert all(60 <= columns(line) <= 72 for line in lines[:-1])
    assert not [line for line in lines if line.startswith(("。", "」")) or line.endswith("「")]


def test_korean_breaks_at_spaces() -> None:
    """No word of Korean is cut in two, unless it is too long for a line."""
    text = "항구의 다리는 균열이 발견되어 월요일부터 여섯 주 동안 폐쇄된다고 시의회가 밝혔다. " * 4

    assert wrap(text).split() == text.split()
    assert [columns(line) for line in wrap("가" * 40).splitlines()] == [72, 8]


def test_a_long_title_hangs_under_its_bullet() -> None:
    """Second lines are indented."""
    first, second = wrap("word " * 18, first="* ", rest="  ").splitlines()

    assert first.startswith("* word")
    assert second.startswith("  word")


def test_a_heading_is_underlined_as_wide_as_it_looks() -> None:
    """The line under a heading counts columns, not characters."""
    assert underline("国際") == "国際\n----"
