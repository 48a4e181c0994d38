"""The command that collects: with which code it ends."""

from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner

from syndicate.cli.main import app

CONFIG = """
[site]
title = "The Daily Example"
url = "https://news.example/"
public-url = "http://127.0.0.1:8000/"
secret = "0123456789abcdef0123456789abcdef"
[database]
url = "sqlite:///syndicate.db"
[[source]]
name = "pages"
kind = "files"
path = "pages/"
"""
PAGE = """---
title: The bridge opens again
date: 2026-03-02
---
Trams cross the river from today.
"""


@pytest.fixture
def newsroom(tmp_path: Path) -> Path:
    """Return a folder with a configuration and a content store of one page."""
    (tmp_path / "syndicate.toml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "bridge.md").write_text(PAGE, encoding="utf-8")
    return tmp_path


def collect(newsroom: Path) -> tuple[int, dict[str, object]]:
    """Run the command and return its exit code and its report."""
    result = CliRunner().invoke(app, ["--config", str(newsroom / "syndicate.toml"), "collect", "--json"])
    return result.exit_code, msgspec.json.decode(result.stdout, type=dict[str, object])


def test_a_store_that_was_emptied_is_reported_and_was_reached(newsroom: Path) -> None:
    """That too many articles vanished is no failure to reach their store: nothing is withdrawn, and the code is 0."""
    assert collect(newsroom)[0] == 0
    (newsroom / "pages" / "bridge.md").unlink()

    code, report = collect(newsroom)

    assert (code, report["withdrawn"], report["unread"]) == (0, 0, [])
    assert "1 of 1 articles vanished" in str(report["troubles"])


def test_a_store_that_is_not_there_cannot_be_reached(newsroom: Path) -> None:
    """A source that nothing could be read of ends the command with 69, and is named."""
    (newsroom / "pages").rename(newsroom / "elsewhere")

    code, report = collect(newsroom)

    assert (code, report["unread"]) == (69, ["pages"])
