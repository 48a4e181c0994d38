"""Put the commands together: `syndicate [--config FILE] [-v] COMMAND`."""

import sys
from importlib.metadata import version
from typing import Annotated

import typer

from syndicate.cli import bounces, content, deliveries, digests, editions, operate, readers
from syndicate.cli.output import whole
from syndicate.cli.running import Options

app = typer.Typer(
    name="syndicate",
    help="Collect a newsroom's articles, publish them as feeds, and deliver them as digests.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"syndicate {version('syndicate')}")
        raise typer.Exit


@app.callback()
def before(
    context: typer.Context,
    config: Annotated[
        str | None, typer.Option("--config", "-c", metavar="FILE", help="The configuration file.")
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log more.")] = False,
    show_version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """Take the options that stand before the command."""
    context.obj = Options(config=config, verbose=verbose)


content.register(app)
digests.register(app)
editions.register(app)
deliveries.register(app)
readers.register(app)
bounces.register(app)
operate.register(app)


def main() -> None:
    """Run the command line."""
    sys.stdout = whole(sys.stdout)
    app()
