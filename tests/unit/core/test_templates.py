"""Templates, ours and an operator's."""

import re
from pathlib import Path

import pytest

from syndicate.core.templates import TemplateSet
from syndicate.core.theme import contrast, faint
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


def test_our_theme_can_be_read() -> None:
    """Every text of it stands out by 4.5:1 in both schemes."""
    assert list(faint(our_templates().theme)) == []


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [("#000", "#ffffff", 21.0), ("#767676", "#ffffff", 4.54), ("#ff0000", "#ffffff", 4.0), ("#123456", "#123456", 1.0)],
)
def test_contrast_is_that_of_the_standard(one: str, other: str, wanted: float) -> None:
    """Known pairs, whichever comes first."""
    assert contrast(one, other) == contrast(other, one) == pytest.approx(wanted, abs=0.005)


def test_faint_texts_are_named() -> None:
    """A grey on white is told for the paper and for what is behind notices, and nothing else is."""
    theme = {**our_templates().theme, "muted": "#bbbbbb"}

    assert [words.partition(" has ")[0] for words in faint(theme)] == ["`muted` on `paper`", "`muted` on `tint`"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('accnet = "#123456"', "did you mean `accent`"),
        ('colour_of_money = "#123456"', "no template asks for `colour_of_money`"),
        ('accent = "reddish"', "#rrggbb"),
        ('accent = "#12345"', "#rrggbb"),
        ("accent = 3", "quotation marks"),
        ('font_text = ""', "names of fonts"),
        ('font_text = "Georgia; color: red"', "names of fonts"),
        ('logo_url = "http://news.example/l.png"\nlogo_width = 1\nlogo_height = 1', "https://"),
        ('logo_url = "https://news.example/l.png"', "logo_width"),
        ('logo_width = "320"', "pixels"),
        ("logo_width = 553", "up to 552"),
        ("logo_height = -4", "pixels"),
        ("logo_height = true", "pixels"),
    ],
)
def test_a_theme_that_cannot_be_is_an_error(line: str, said: str) -> None:
    """It names the file and what to write instead."""
    with pytest.raises(TemplateError, match=r"theme\.toml") as caught:
        TemplateSet(our_templates()._ours, {"theme.toml": line})
    assert said in str(caught.value)


def test_templates_of_theirs_may_have_variables_of_their_own() -> None:
    """What a template of theirs asks for is no mistake."""
    theirs = {"theme.toml": 'band = "#123456"', "more.html": "<p>{{ theme.band }}</p>"}

    assert TemplateSet(our_templates()._ours, theirs).theme["band"] == "#123456"


def test_every_template_is_documented() -> None:
    """The page for operators names every file that can be replaced."""
    page = (Path(__file__).parents[3] / "docs" / "templates.md").read_text(encoding="utf-8")
    names = {name.partition(".")[0] for name in our_templates()._ours if not name.startswith("words/")}

    assert {name for name in names if f"`{name}." not in page} == {"own"}
