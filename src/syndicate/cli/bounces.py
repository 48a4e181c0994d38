"""Commands about reports that come back: bounces."""

import sys
from itertools import islice
from typing import Annotated

import typer

from syndicate.app import App
from syndicate.cli.output import print_json, print_table
from syndicate.cli.running import AsJson, with_app
from syndicate.storage.report_files import read_reports

TOGETHER = 25  # reports in one transaction
COLUMNS = ("file", "kind", "recipient", "status", "class", "action")

bounces = typer.Typer(help="Take in reports that come back.", no_args_is_help=True)


@bounces.callback()
def _before() -> None:
    """Take in reports that come back."""


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(bounces, name="bounces")


@bounces.command("ingest")
def ingest(
    context: typer.Context,
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FILE|-]…", help="Raw messages, mboxes or maildirs; - is standard input."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Take in delivery failures and complaints. Addresses that are gone get no more mail."""
    troubles: list[str] = []

    def unreadable(name: str, error: OSError) -> None:
        troubles.append(f"{name}: {error.strerror or error}")

    async def work(app: App) -> list[dict[str, object]]:
        flow = await app.reports()
        rows: list[dict[str, object]] = []
        for name in files or ["-"]:
            reports = read_reports(name, unreadable=unreadable)
            while batch := list(islice(reports, TOGETHER)):
                for taken in await flow.take(batch):
                    rows += [
                        {
                            "file": name,
                            "kind": one.kind,
                            "recipient": one.recipient,
                            "status": one.status,
                            "class": one.verdict.value,
                            "action": one.action,
                        }
                        for one in taken
                    ]
        return rows

    rows = with_app(context, work)
    if as_json:
        print_json(rows)
    else:
        print_table(COLUMNS, [[row[name] for name in COLUMNS] for row in rows])
    for trouble in troubles:
        print(f"syndicate: {trouble}", file=sys.stderr)
    if troubles:
        raise typer.Exit(1)
