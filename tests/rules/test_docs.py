"""Every key, command, option and path is documented, and what is documented exists."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol, get_args, get_origin

import msgspec
import pytest
import typer
from starlette.routing import Route

from syndicate.app import App
from syndicate.cli.main import app as program
from syndicate.config import load
from syndicate.options import Document
from syndicate.storage.tables import metadata
from syndicate.web.site import build_site

TOP = Path(__file__).parents[2]
DOCS = TOP / "docs"
CONFIGURATION = (DOCS / "configuration.md").read_text("utf-8")
CLI = (DOCS / "cli.md").read_text("utf-8")
ALWAYS = {"--help"}
TABLES = [field.encode_name for field in msgspec.structs.fields(Document)]


def struct_of(table: str) -> tuple[type[msgspec.Struct], bool]:
    """Return a table's struct, and whether it stands in an array."""
    kind = next(field.type for field in msgspec.structs.fields(Document) if field.encode_name == table)
    return (get_args(kind)[0], True) if get_origin(kind) is list else (kind, False)


def default_of(field: msgspec.structs.FieldInfo) -> str:
    """Return a default as the documentation writes it."""
    if field.required:
        return "needed"
    value = field.default_factory() if field.default is msgspec.NODEFAULT else field.default
    if value is None:
        return "not set"
    if isinstance(value, str):
        return f'`"{value}"`'
    return f"`{str(value).lower()}`"


def rows_of(table: str) -> dict[str, str]:
    """Return the documented keys of a table with their defaults."""
    _, is_array = struct_of(table)
    heading = f"## `[[{table}]]`" if is_array else f"## `[{table}]`"
    part = CONFIGURATION.partition(f"{heading}\n")[2].partition("\n## ")[0]
    return dict(re.findall(r"^\| `([a-z-]+)` \| (.+?) \|", part, re.MULTILINE))


@pytest.mark.parametrize("table", TABLES)
def test_each_key_is_documented_with_its_default(table: str) -> None:
    """docs/configuration.md has exactly the keys there are, with the defaults they have."""
    struct, _ = struct_of(table)

    assert rows_of(table) == {field.encode_name: default_of(field) for field in msgspec.structs.fields(struct)}


@pytest.mark.parametrize("table", TABLES)
def test_each_key_stands_in_the_shipped_example(table: str) -> None:
    """config/syndicate.toml shows every key, if only behind a hash."""
    example = (TOP / "config" / "syndicate.toml").read_text("utf-8")
    struct, _ = struct_of(table)
    part = "".join(
        re.findall(rf"^(?:# )?\[{{1,2}}{table}(?:\.\w+)?\]{{1,2}}.*?(?=^\[|\Z)", example, re.MULTILINE | re.DOTALL)
    )
    keys = set(re.findall(r"^(?:# )?([a-z-]+) = ", part, re.MULTILINE)) | set(re.findall(rf"\[{table}\.(\w+)\]", part))

    assert {field.encode_name for field in msgspec.structs.fields(struct)} - keys <= {"options", "password-file"}


class Command(Protocol):
    """What typer makes of a function, or of a group of them."""

    @property
    def params(self) -> Sequence[Any]:  # Any: typer brings a click of its own, whose types it does not export
        """Options and arguments."""


def commands(command: Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Command]]:
    """Yield each command with its full name."""
    below: dict[str, Command] | None = getattr(command, "commands", None)
    if below is not None:
        for name, one in below.items():
            yield from commands(one, (*path, name))
    else:
        yield " ".join(path), command


COMMANDS = dict(commands(typer.main.get_command(program)))


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_is_documented_with_its_options(name: str) -> None:
    """docs/cli.md has a row for the command, which names exactly its options."""
    row = next((line for line in CLI.splitlines() if re.match(rf"\| `{name}(?: [A-Z\[][^`]*)?`", line)), "")
    shown = [parameter for parameter in COMMANDS[name].params if not getattr(parameter, "hidden", False)]
    options = {one for parameter in shown for one in parameter.opts if one.startswith("--")} - ALWAYS

    assert row
    assert set(re.findall(r"--[a-z-]+", row)) == options


def test_no_command_is_documented_that_does_not_exist() -> None:
    """docs/cli.md promises nothing."""
    rows = re.findall(r"^\| `([a-z][a-z ]*?)(?: [A-Z\[][^`]*)?`", CLI, re.MULTILINE)

    assert set(rows) == set(COMMANDS)


@pytest.mark.parametrize("option", ["--config", "--verbose", "--version"])
def test_the_options_before_the_command_are_documented(option: str) -> None:
    """docs/cli.md tells what stands before the command."""
    assert option in CLI


def test_each_path_is_documented(tmp_path: Path) -> None:
    """docs/http.md names every route of the site."""
    file = tmp_path / "syndicate.toml"
    file.write_text(
        '[site]\ntitle = "T"\nurl = "http://localhost/"\npublic-url = "http://localhost/"\nsecret = "0123456789abcdef"\n'
        '[database]\nurl = "sqlite:///syndicate.db"\n'
    )
    site = build_site(App(load(str(file), env={})))
    documented = set(re.findall(r"`(?:(?:GET|POST) )?(/[^`]*)`", (DOCS / "http.md").read_text("utf-8")))

    assert {re.sub(r":path", "", route.path) for route in site.routes if isinstance(route, Route)} <= documented


def test_each_room_stands_in_the_plan_of_the_house() -> None:
    """docs/architecture.md names every module and folder of the package."""
    plan = (DOCS / "architecture.md").read_text("utf-8").partition("```")[2].partition("```")[0]
    rooms = {path.name + ("/" if path.is_dir() else "") for path in (TOP / "src" / "syndicate").iterdir()}

    assert {room for room in rooms if room not in plan} <= {"__init__.py", "__pycache__/"}


@pytest.mark.parametrize("table", sorted(metadata.tables))
def test_each_database_table_is_explained(table: str) -> None:
    """docs/data.md has a row for every table."""
    assert f"| `{table}` |" in (DOCS / "data.md").read_text("utf-8")


@pytest.mark.parametrize(
    "page",
    [TOP / "README.md", TOP / "CONTRIBUTING.md", TOP / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))],
    ids=lambda page: page.name,
)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    """A link to a file of ours names one that exists, and its heading too."""
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        if "://" in target:
            continue
        name, _, heading = target.partition("#")
        file = (page.parent / name) if name else page
        assert file.exists(), target
        assert not heading or heading in headings(file), target


def headings(page: Path) -> set[str]:
    """Return the anchors of a page's headings."""
    found = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in found}
