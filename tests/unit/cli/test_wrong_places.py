"""Commands on a database or in a folder that they cannot use: one line, and the exit code that goes with it."""

import sqlite3
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
"""


@pytest.fixture
def configured(tmp_path: Path) -> list[str]:
    """Return how the command line names a configuration of its own."""
    file = tmp_path / "syndicate.toml"
    file.write_text(CONFIG, encoding="utf-8")
    return ["--config", str(file)]


def test_the_schema_of_a_newer_program_is_left_alone(configured: list[str], tmp_path: Path) -> None:
    """No upgrade leads back, so the advice is another one."""
    runner = CliRunner()
    assert runner.invoke(app, [*configured, "status"]).exit_code == 0
    with sqlite3.connect(tmp_path / "syndicate.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()

    for command in (["status"], ["db", "upgrade"]):
        result = runner.invoke(app, [*configured, *command])
        assert (result.exit_code, len(result.stderr.splitlines())) == (65, 1)
        assert "9999 is of a newer syndicate" in result.stderr


def test_a_file_that_is_no_database_is_named(configured: list[str], tmp_path: Path) -> None:
    """It is a service that cannot be reached, not a fault of ours."""
    (tmp_path / "syndicate.db").write_bytes(b"a letter to the editor\n" * 100)

    result = CliRunner().invoke(app, [*configured, "status", "--json"])

    assert (result.exit_code, result.stdout, len(result.stderr.splitlines())) == (69, "", 1)
    assert "syndicate.db: is not usable" in result.stderr


def test_a_database_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    """In one line, without a traceback of some thread."""
    file = tmp_path / "syndicate.toml"
    file.write_text(CONFIG.replace("///syndicate.db", "///missing/syndicate.db"), encoding="utf-8")

    result = CliRunner().invoke(app, ["--config", str(file), "status"])

    assert (result.exit_code, len(result.stderr.splitlines())) == (69, 1)
    assert "missing/syndicate.db: cannot be reached" in result.stderr


def test_init_keeps_what_is_there(tmp_path: Path) -> None:
    """A second start in the same folder is refused in one line."""
    runner = CliRunner()
    assert runner.invoke(app, ["init", str(tmp_path / "site")]).exit_code == 0
    key = (tmp_path / "site" / "secret.key").read_bytes()

    result = runner.invoke(app, ["init", str(tmp_path / "site")])

    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
    assert (tmp_path / "site" / "secret.key").read_bytes() == key
