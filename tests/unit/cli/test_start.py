"""A `run` that is told to stop while it starts: nothing has begun, and it ends well."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
import typer

from syndicate.app import App
from syndicate.cli.running import Options, with_daemon
from syndicate.cli.start import command_of

CONFIG = """
[site]
title = "The Daily Example"
url = "https://news.example/"
public-url = "http://127.0.0.1:8000/"
secret = "0123456789abcdef0123456789abcdef"
[database]
url = "sqlite:///syndicate.db"
"""
# A process that gets the signal in the middle of its imports.
STARTING = """
import os, signal, sys
from importlib.abc import MetaPathFinder

class Stopping(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "syndicate.cli.main":
            os.kill(os.getpid(), signal.SIGTERM)

sys.meta_path.insert(0, Stopping())
from syndicate.cli.start import main
main()
"""


@pytest.mark.parametrize(
    ("arguments", "status"), [(["run"], 0), (["-c", "x.toml", "run", "--role", "web"], 0), (["collect"], -15)]
)
def test_a_signal_among_the_imports(arguments: Sequence[str], status: int) -> None:
    """Only the daemon calls that an orderly end; a command was not done."""
    done = subprocess.run([sys.executable, "-c", STARTING, *arguments], capture_output=True, check=False, timeout=60)

    assert (done.returncode, done.stdout, done.stderr) == (status, b"", b"")


def test_a_signal_before_the_daemon_hears_any(tmp_path: Path) -> None:
    """The application is closed, and the process ends with 0."""
    file = tmp_path / "syndicate.toml"
    file.write_text(CONFIG, encoding="utf-8")
    context = typer.Context(typer.main.get_command(typer.Typer(callback=lambda: None)), obj=Options(config=str(file)))
    reached: list[str] = []

    async def work(_app: App) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        try:
            await asyncio.Event().wait()
        finally:
            reached.append("closed")

    with pytest.raises(typer.Exit) as ended:
        with_daemon(context, work)

    assert (ended.value.exit_code, reached) == (0, ["closed"])


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        ([], None), (["run"], "run"), (["-v", "run"], "run"), (["--config", "run", "status"], "status"), (["--config=x", "run"], "run"),
        (["-c", "-c", "run"], "run"), (["articles", "show", "run"], "articles"), (["--version"], None),
    ],
)  # fmt: skip
def test_the_command_is_found_among_options(arguments: Sequence[str], command: str | None) -> None:
    """An option's value is none, nor is what a command is told."""
    assert command_of(arguments) == command
