"""What is paused is said wherever an operator looks for mail that does not go."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from syndicate.cli.main import app

CONFIG = """
[site]
title = "The Daily Example"
url = "https://news.example/"
public-url = "http://127.0.0.1:8000/"
postal-address = "1 Example Street"
secret = "0123456789abcdef0123456789abcdef"
[database]
url = "sqlite:///syndicate.db"
[mail]
from = "digest@news.example"
[[transport]]
name = "local"
kind = "maildir"
[[digest]]
name = "daily"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a configuration."""
    (tmp_path / "syndicate.toml").write_text(CONFIG, encoding="utf-8")
    return tmp_path


def run(folder: Path, *command: str) -> Result:
    """Run one command there."""
    return CliRunner().invoke(app, ["--config", str(folder / "syndicate.toml"), *command])


def test_status_shows_what_is_paused(folder: Path) -> None:
    """By name, with the reason, for people and for machines; nothing is shown as nothing."""
    assert json.loads(run(folder, "status", "--json").stdout)["paused"] == []
    run(folder, "deliveries", "pause")
    run(folder, "deliveries", "pause", "--digest", "daily")

    found = json.loads(run(folder, "status", "--json").stdout)["paused"]
    words = run(folder, "status").stdout

    assert [(one["digest"], one["reason"]) for one in found] == [("*", "paused by hand"), ("daily", "paused by hand")]
    assert "paused: all digests" in words
    assert "paused: daily" in words


def test_a_send_while_paused_says_why_nothing_goes(folder: Path) -> None:
    """On standard error, beside the counts."""
    assert "paused" not in run(folder, "digest", "send", "daily", "--json").stderr
    run(folder, "deliveries", "pause")

    result = run(folder, "digest", "send", "daily", "--json")

    assert json.loads(result.stdout)["accepted"] == 0
    assert "digest daily is paused (paused by hand)" in result.stderr


def test_resume_says_what_it_resumed(folder: Path) -> None:
    """And what is paused still."""
    run(folder, "deliveries", "pause", "--digest", "daily")
    run(folder, "deliveries", "pause")

    assert "resumed: daily" in (words := run(folder, "deliveries", "resume", "--digest", "daily").stdout)
    assert "paused by hand" in words
    assert run(folder, "deliveries", "resume").stdout == "resumed: all digests\n"
    assert run(folder, "deliveries", "resume").stdout == "nothing was paused\n"
    assert json.loads(run(folder, "deliveries", "resume", "--json").stdout) == {"resumed": [], "paused": []}
