"""Templates, ours and an operator's."""

import re
from pathlib import Path

import pytest

from syndicate.core.templates import TemplateSet
from syndicate.errors import TemplateError
from tests.mail_samples import our_templates

OURS = {"a.html": "<p>{{ value }}</p>", "b.txt": "{{ value }}", "theme.toml": 'ink = "#111111"\npaper = "#ffffff"\n'}


def test_values_are_escaped_in_html_and_not_in_text() -> None:
    """Autoescape follows the file's kind."""
    templates = TemplateSet(OURS)

    assert templates.render("a.html", {"value": "<b>&"}) == "<p>&lt;b&gt;&amp;</p>"
    assert templates.render("b.txt", {"value": "<b>&"}) == "<b>&"


def test_their_template_wins_and_may_extend_ours() -> None:
    """`ours/NAME` is the one that was replaced."""
    templates = TemplateSet(OURS, {"a.html": '{% include "ours/a.html" %}!'})

    assert templates.render("a.html", {"value": "x"}) == "<p>x</p>!"


def test_their_theme_is_laid_over_ours() -> None:
    """What they leave out stays."""
    assert TemplateSet(OURS, {"theme.toml": 'ink = "#000000"'}).theme == {"ink": "#000000", "paper": "#ffffff"}


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("one\n{{ missing }}", "template a.html, line 2"),
        ("one\n\n{% if %}", "template a.html, line 3"),
        ("{% include 'gone.html' %}", "template a.html, line 1"),
        ("{{ value.append }}{{ value.__class__ }}", "template a.html, line 1"),
        ("{{ 1 / 0 }}", "template a.html, line 1"),
    ],
)
def test_error_names_template_and_line(source: str, place: str) -> None:
    """The operator learns where to look and what to do."""
    with pytest.raises(TemplateError, match=re.escape(place)) as caught:
        TemplateSet(OURS, {"a.html": source}).render("a.html", {"value": "x"})

    assert "mend it or remove it to use ours" in str(caught.value)


def test_broken_theme_is_named() -> None:
    """A theme that is no TOML is an error at once."""
    with pytest.raises(TemplateError, match=r"theme\.toml"):
        TemplateSet(OURS, {"theme.toml": "ink = "})


def luminance(colour: str) -> float:
    """Return the relative luminance of #rrggbb, as WCAG 2 defines it."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["", "dark_"])
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("ink", "paper"),
        ("muted", "paper"),
        ("accent", "paper"),
        ("ink", "tint"),
        ("accent", "tint"),
        ("button_text", "accent"),
    ],
)
def test_theme_has_contrast(scheme: str, text: str, ground: str) -> None:
    """Every text of our theme stands out by 4.5:1 in both schemes."""
    theme = our_templates().theme
    bright, dark = sorted((luminance(str(theme[scheme + name])) for name in (text, ground)), reverse=True)

    assert (bright + 0.05) / (dark + 0.05) >= 4.5


def test_every_template_is_documented() -> None:
    """The page for operators names every file that can be replaced."""
    page = (Path(__file__).parents[3] / "docs" / "templates.md").read_text(encoding="utf-8")
    names = {name.partition(".")[0] for name in our_templates()._ours if not name.startswith("words/")}

    assert {name for name in names if f"`{name}." not in page} == {"own"}
