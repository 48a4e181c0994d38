"""The command that takes reports in, as scripts call it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from syndicate.cli.main import app

GOLDEN = Path(__file__).parents[2] / "golden" / "bounces"
CONFIGURATION = """
[site]
title = "T"
url = "https://news.example/"
public-url = "https://feeds.news.example/"
secret = "a secret that is long enough"
[database]
url = "sqlite:///syndicate.db"
"""


@pytest.fixture
def configured(tmp_path: Path) -> list[str]:
    """Return how the command line names a configuration of its own."""
    file = tmp_path / "syndicate.toml"
    file.write_text(CONFIGURATION)
    return ["--config", str(file), "bounces", "ingest", "--json"]


def test_each_recipient_has_a_row_and_a_missing_file_fails_in_the_end(configured: list[str]) -> None:
    """Standard output holds one JSON document; files are named as they were."""
    several, missing = str(GOLDEN / "dsn-sendmail-several.eml"), str(GOLDEN / "none.eml")

    result = CliRunner().invoke(app, [*configured, several, missing, "-"], input=b"nothing of the kind")

    rows = [tuple(row.values()) for row in json.loads(result.stdout)]
    assert rows == [
        (several, "dsn", "ann@readers.example", "5.1.1", "hard", "recorded"),
        (several, "dsn", "bob@readers.example", "2.1.5", "none", "ignored"),
        (several, "dsn", "cleo@readers.example", "5.2.2", "soft", "recorded"),
        ("-", "other", None, "", "none", "kept"),
    ]
    assert missing in result.stderr
    assert result.exit_code == 1


def test_a_folder_is_read_whole_and_known_the_second_time(configured: list[str]) -> None:
    """Every sample reports at least one thing, and none is lost."""
    first, second = (CliRunner().invoke(app, [*configured, str(GOLDEN)]) for _ in range(2))

    names = {path.name for path in GOLDEN.glob("*.eml")}
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert len(json.loads(first.stdout)) >= len(names)
    assert {row["action"] for row in json.loads(second.stdout)} == {"known"}
