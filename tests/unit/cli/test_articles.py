"""`articles list`: the document that scripts rely on."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

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
base-url = "https://news.example/"
"""
STORY = """---
title: Harbour bridge shut after cracks were found
date: 2026-03-02
---
The harbour bridge was shut on Monday after engineers found cracks in two of its pillars, the city said. Ferries carry
commuters until the pillars are mended, which may take until August. Shops at the quay fear for their summer trade.
"""


@pytest.fixture
def newsroom(tmp_path: Path) -> Path:
    """Return the configuration of a newsroom that has collected and published one article."""
    file = tmp_path / "syndicate.toml"
    file.write_text(CONFIG, encoding="utf-8")
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "bridge.md").write_text(STORY, encoding="utf-8")
    for command in ("collect", "publish"):
        assert CliRunner().invoke(app, ["--config", str(file), command]).exit_code == 0
    return file


@pytest.mark.parametrize("command", [["withdraw", "1"], ["correct", "1", "--note", "It was two."]])
def test_what_cannot_be_published_is_said(newsroom: Path, command: list[str]) -> None:
    """The article is taken back or corrected, its old text is still in the feed, and the command ends with 1."""
    feed = newsroom.parent / "public" / "all.xml"
    feed.unlink()
    feed.mkdir()
    (feed / "in-the-way").touch()

    result = CliRunner().invoke(app, ["--config", str(newsroom), "articles", *command])

    assert result.exit_code == 1
    assert "Harbour bridge shut" in result.stdout
    assert "all.xml: cannot be" in result.stderr


def test_a_feed_that_cannot_be_written_is_said(newsroom: Path) -> None:
    """And not only that it is not there."""
    feed = newsroom.parent / "public" / "all.xml"
    feed.unlink()
    feed.mkdir()
    (feed / "in-the-way").touch()

    result = CliRunner().invoke(app, ["--config", str(newsroom), "feeds", "show", "all"])

    assert result.exit_code == 1
    assert "all.xml: cannot be" in result.stderr


def test_a_withdrawal_is_told_to_the_hubs(newsroom: Path) -> None:
    """Whoever publishes asks for the pings; the daemon sends them."""
    newsroom.write_text(CONFIG + '[feeds]\nhubs = ["https://hub.example/"]\n', encoding="utf-8")

    CliRunner().invoke(app, ["--config", str(newsroom), "articles", "withdraw", "1"])

    with closing(sqlite3.connect(newsroom.parent / "syndicate.db")) as connection:
        found = [json.loads(row[0])["topic"] for row in connection.execute("SELECT payload FROM outbox")]
    assert "http://127.0.0.1:8000/all.xml" in found


def test_where_else_a_story_is_has_three_names(tmp_path: Path) -> None:
    """What we keep of it for ourselves (number, revision) stays with us."""
    file = tmp_path / "syndicate.toml"
    file.write_text(CONFIG, encoding="utf-8")
    (tmp_path / "pages").mkdir()
    for name in ("bridge.md", "copy.md"):
        (tmp_path / "pages" / name).write_text(STORY, encoding="utf-8")
    runner = CliRunner()
    assert runner.invoke(app, ["--config", str(file), "collect"]).exit_code == 0

    listed = json.loads(runner.invoke(app, ["--config", str(file), "articles", "list", "--json"]).stdout)

    title = "Harbour bridge shut after cracks were found"
    assert {one["url"]: one["also_at"] for one in listed} == {
        f"https://news.example/{name}": [{"url": f"https://news.example/{other}", "title": title, "source": "pages"}]
        for name, other in (("bridge.md", "copy.md"), ("copy.md", "bridge.md"))
    }
