"""Commands on a database or in a folder that they cannot use: one line, and the exit code that goes with it."""

import json
import logging
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner

from syndicate.cli.main import app
from syndicate.cli.running import set_up_log

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


@pytest.mark.parametrize("there", [False, True])
def test_a_look_at_the_schema_sets_up_an_empty_database(configured: list[str], tmp_path: Path, there: bool) -> None:
    """As whichever command comes first does; one of another version is left as it is."""
    if there:
        (tmp_path / "syndicate.db").touch()
    runner = CliRunner()

    result = runner.invoke(app, [*configured, "db", "check", "--json"])
    with closing(sqlite3.connect(tmp_path / "syndicate.db")) as database, database:
        stored = database.execute("SELECT version_num FROM alembic_version").fetchall()
        database.execute("UPDATE alembic_version SET version_num = '0001'")
    older = runner.invoke(app, [*configured, "db", "check", "--json"])

    found = json.loads(result.stdout)
    assert (result.exit_code, found["current"], stored) == (0, True, [(found["version"],)])
    assert (older.exit_code, json.loads(older.stdout)["version"]) == (65, "0001")


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


@pytest.mark.parametrize(
    ("command", "status", "words"),
    [
        (["subscribers", "export", "nowhere/readers.csv"], 1, "nowhere/readers.csv: No such file"),
        (["init", "syndicate.toml/here"], 1, "syndicate.toml/here: Not a directory"),
        (["editions", "show", "9" * 30], 2, "2147483647"),
        (["deliveries", "list", "--edition", "-1"], 2, "greater than or equal to 1"),
        (["digest", "send", "daily", "--at", "2024-10-31T07:00:00"], 2, "has no time zone"),
        (["digest", "send", "daily", "--at", "2024-10-31t07:00:00z"], 1, "digest daily"),
        (["digest", "send", "daily", "--at", "9999-12-31T24:00:00Z"], 2, "is not a moment"),
        (["digest", "send", "daily", "--at", "tomorrow"], 2, "is not a moment"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(
    configured: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], status: int, words: str
) -> None:
    """A file that cannot be written, a number too large for any edition, a moment without a zone: no traceback."""
    monkeypatch.chdir(tmp_path)

    result = CliRunner().invoke(app, [*configured, *command], env={"COLUMNS": "200"})

    assert (result.exit_code, type(result.exception)) == (status, SystemExit)
    assert words in result.stderr


def test_what_libraries_say_of_their_work_stays_out_of_the_log(capfd: pytest.CaptureFixture[str]) -> None:
    """A driver's lines hold the parameters of its statements, and so readers' addresses; --verbose is for our own."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    root.handlers.clear()
    try:
        set_up_log(verbose=True, form="json")
        logging.getLogger("aiosqlite").debug("executing %s", ("ann@example.org",))
        logging.getLogger("httpx").info("GET https://ann@example.org/")
        structlog.get_logger().debug("ours", number=1)
    finally:
        root.handlers[:], root.level = before
        structlog.reset_defaults()

    assert [json.loads(line)["event"] for line in capfd.readouterr().err.splitlines()] == ["ours"]


def test_what_libraries_log_looks_like_our_own(capfd: pytest.CaptureFixture[str]) -> None:
    """Whoever reads the log line by line as JSON stumbles over none."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    root.handlers.clear()
    try:
        set_up_log(verbose=False, form="json")
        logging.getLogger("uvicorn.error").warning("Invalid HTTP request %s", "received")
        structlog.get_logger().warning("ours", number=1)
    finally:
        root.handlers[:], root.level = before
        structlog.reset_defaults()
    library, ours = [json.loads(line) for line in capfd.readouterr().err.splitlines()]

    assert (library["event"], library["level"], library["logger"]) == (
        "Invalid HTTP request received", "warning", "uvicorn.error",
    )  # fmt: skip
    assert library.keys() - {"logger"} == ours.keys() - {"number"}
