"""What --help shows of the commands."""

from collections.abc import Iterator

import typer
from typer.main import get_command

from syndicate.cli.main import app

WIDTH = 80 - 6  # of a terminal, without what stands between names and summaries


def _cut_off(command: object, name: str) -> Iterator[str]:
    commands = getattr(command, "commands", {})
    room = WIDTH - max((len(one) for one in commands), default=0)
    for one, inner in commands.items():
        if inner.get_short_help_str(room).endswith("..."):
            yield f"{name} {one}"
        yield from _cut_off(inner, f"{name} {one}")


def test_no_summary_of_a_command_is_cut_off() -> None:
    """On a terminal of the usual width each is a whole sentence."""
    group = get_command(app)
    assert len(getattr(group, "commands", ())) > 10

    assert list(_cut_off(group, "syndicate")) == []


def test_a_long_summary_would_be_noticed() -> None:
    """The check sees what it looks for."""
    other = typer.Typer()
    other.command("first")(_long)
    other.command("second")(_long)

    assert list(_cut_off(get_command(other), "other")) == ["other first", "other second"]


def _long() -> None:
    """Say at such a length what this command does that there is no room for all of it beside its name."""
