"""A table's cells arrive whole, in a pipe and on a narrow terminal."""

import sys
from io import StringIO

import pytest
from rich.console import Console

from syndicate.cli import output

ADDRESS = "http://127.0.0.1:8000/a-section-with-a-long-name/archive/which-has-many-documents/12.xml?and=more"
ROWS = [("world", ADDRESS, "A title of many words that would not fit into a line of eighty columns", 12)]


def test_nothing_is_cut_or_folded_in_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    """One row is one line, however long, so that grep and awk find what they look for."""
    pipe = StringIO()
    monkeypatch.setattr(sys, "stdout", pipe)

    output.print_table(("section", "feed", "title", "articles"), ROWS)

    _, line = pipe.getvalue().splitlines()
    assert line.split() == ["world", ADDRESS, *str(ROWS[0][2]).split(), "12"]


def test_a_narrow_terminal_folds_and_never_cuts(monkeypatch: pytest.MonkeyPatch) -> None:
    """All of an address is there, on several lines."""
    screen = StringIO()
    monkeypatch.setattr(output, "console", Console(file=screen, force_terminal=True, color_system=None, width=60))

    output.print_table(("feed",), [(ADDRESS,)])

    heading, *lines = screen.getvalue().splitlines()
    assert heading.strip() == "feed"
    assert len(lines) == 2
    assert "".join(line.strip() for line in lines) == ADDRESS
