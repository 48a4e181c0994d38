"""Marks in rendered templates."""

from syndicate.core.slots import Form, Mark, filled, mark, only_if_given, split


def test_split_finds_marks_and_what_goes_with_them() -> None:
    """Pieces come in order, with the text that depends on a value apart."""
    text = "a" + mark("name") + only_if_given("<" + mark("web_url") + ">") + "b"

    assert list(split(text)) == ["a", Mark(name="name"), Mark(name="web_url", before="<", after=">"), "b"]


def test_values_are_escaped_where_they_stand() -> None:
    """HTML is escaped, text is not, and a notice of ours is markup already."""
    text = mark("name") + mark("correction_html")
    values = {"name": "<Ada>", "correction_html": "<p>x</p>"}

    assert filled(text, values, Form.HTML) == "&lt;Ada&gt;<p>x</p>"
    assert filled(text, values, Form.TEXT) == "<Ada><p>x</p>"


def test_empty_value_takes_its_surroundings_along() -> None:
    """Nothing is left of a line about nothing."""
    text = "a" + only_if_given("For " + mark("name")) + "b"

    assert filled(text, {"name": ""}, Form.TEXT) == "ab"
    assert filled(text, {"name": "Ada"}, Form.TEXT) == "aFor Adab"


def test_a_value_that_looks_like_a_mark_is_not_filled_again() -> None:
    """Filling is done once."""
    assert filled(mark("name"), {"name": mark("web_url"), "web_url": "x"}, Form.TEXT) == mark("web_url")
