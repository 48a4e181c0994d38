"""Commands for operators: init, check, run, status, db, demo."""

from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer

from syndicate.app import App
from syndicate.cli.output import print_json, print_line, print_table
from syndicate.cli.running import (
    AsJson,
    configuration,
    options_of,
    run,
    set_up_log,
    stopped,
    stopped_by,
    with_app,
    with_daemon,
)
from syndicate.clock import SystemClock
from syndicate.crew import COMMAND, Role
from syndicate.errors import SchemaVersionError, SyndicateError, UsageError
from syndicate.process import process_number
from syndicate.starter.create import create_starter
from syndicate.storage import schema
from syndicate.storage.database import Database, async_url
from syndicate.storage.overview import overview
from syndicate.storage.pauses import EVERYTHING
from syndicate.values import parse_span

db = typer.Typer(help="The database's schema.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(init)
    app.command()(check)
    app.command("run")(run_command)
    app.command()(status)
    app.command()(demo)
    app.add_typer(db, name="db")


def init(directory: Annotated[Path, typer.Argument(metavar="DIR", help="Where; default: here.")] = Path()) -> None:
    """Write a starter folder that runs as it is."""
    try:
        written = create_starter(directory, now=SystemClock().now())
    except SyndicateError as error:
        raise stopped(error) from error
    except OSError as error:
        raise stopped_by(error) from error
    for path in written:
        print_line(f"written: {path}")
    where = "" if directory == Path() else f"--config {directory / 'syndicate.toml'} "
    print_line(f"\nNext: syndicate {where}check\n      syndicate {where}run")


def check(context: typer.Context, as_json: AsJson = False) -> None:
    """Look everything over and tell what is wrong. Sources, transports and the database are tried."""
    from syndicate.doctor import Finding, examine

    config = configuration(context)

    async def body() -> list[Finding]:
        return [finding async for finding in examine(config)]

    findings = run(body)
    if as_json:
        print_json(findings)
    else:
        rows = [
            ("ok" if one.fine else "FAILED", one.what, f"{one.words}; {one.remedy}" if one.remedy else one.words)
            for one in findings
        ]
        print_table(("", "what", "found"), rows)
    if not all(one.fine for one in findings):
        raise typer.Exit(1)


def run_command(
    context: typer.Context,
    role: Annotated[
        list[Role] | None, typer.Option("--role", help="Which parts run here; repeatable. Default: all.")
    ] = None,
    grace: Annotated[str, typer.Option(metavar="SPAN", help="How long a stop may take.")] = "30s",
    workers: Annotated[
        int, typer.Option("--workers", min=1, max=64, help="How many processes of this machine deliver; on PostgreSQL.")
    ] = 1,
    parent: Annotated[int | None, typer.Option("--parent", hidden=True, help="Stop when this process is gone.")] = None,
) -> None:
    """Collect, publish, plan, deliver and serve until SIGTERM."""
    from syndicate.daemon import Daemon  # the web server with it, which no other command needs

    roles = frozenset(role or [Role.ALL])
    try:
        span = parse_span(grace)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--grace") from error

    if workers > 1 and not roles & {Role.ALL, Role.WORKER}:
        raise typer.BadParameter("this process does not deliver; add --role worker", param_hint="--workers")
    options = options_of(context)
    given = [*(("--config", options.config) if options.config else ()), *(("-v",) if options.verbose else ())]
    command = (*COMMAND, *given, "run", "--role", "worker", "--grace", grace, "--parent", str(process_number()))

    async def work(app: App) -> None:
        if workers > 1 and app.database.is_sqlite:
            raise UsageError("run: --workers beyond 1 needs PostgreSQL; one process delivers from an SQLite file")
        daemon = Daemon(app=app, roles=roles, grace=span, crew=workers - 1, crew_command=command, parent=parent)
        await daemon.run()

    with_daemon(context, work)


def status(context: typer.Context, as_json: AsJson = False) -> None:
    """Show the state of everything."""

    async def work(app: App) -> dict[str, Any]:  # Any: JSON
        async with app.database.read() as connection:
            return {"version": version("syndicate")} | await overview(connection, now=app.clock.now())

    facts = with_app(context, work)
    if as_json:
        print_json(facts)
        return
    rows: list[tuple[object, object]] = [("version", facts["version"])]
    for source in facts["sources"]:
        words = ", ".join(f"{number} {kind}" for kind, number in source["outcome"].items())
        rows.append(
            (
                f"source {source['name']}",
                f"{source['collected_at']:%Y-%m-%d %H:%M} UTC: {words}{'; ' + source['trouble'] if source['trouble'] else ''}",
            )
        )
    rows.extend(
        (name, ", ".join(f"{number} {state}" for state, number in sorted(facts[name].items())) or "none")
        for name in ("articles", "subscribers", "editions", "deliveries", "bounces")
    )
    rows.extend(
        (
            f"paused: {'all digests' if one['digest'] == EVERYTHING else one['digest']}",
            f"{one['at']:%Y-%m-%d %H:%M} UTC: {one['reason']}",
        )
        for one in facts["paused"]
    )
    queue = facts["queue"]
    rows += [
        ("feeds", facts["feeds"]),
        ("queue", f"{queue['waiting']} batches due, {queue['lag_seconds']:.0f} s behind, {queue['letters']} letters"),
    ]
    print_table(("what", "state"), rows)


@db.command("upgrade")
def upgrade(context: typer.Context, as_json: AsJson = False) -> None:
    """Bring the database's schema to this program's version."""
    reached = _with_database(context, schema.upgrade_schema)
    if as_json:
        print_json({"version": reached})
    else:
        print_line(f"schema {reached}")


@db.command("check")
def db_check(context: typer.Context, as_json: AsJson = False) -> None:
    """Tell whether the schema is this program's. Sets up an empty database; exits with 65 when it is of another version."""
    found = _with_database(context, schema.set_up)
    newest = schema.newest_version()
    if as_json:
        print_json({"version": found, "needed": newest, "current": found == newest})
    else:
        print_line(f"schema {found or 'unknown'}, this program needs {newest}")
    if found != newest:
        raise typer.Exit(SchemaVersionError.exit_code)


def _with_database(context: typer.Context, work: Any) -> Any:  # Any: two functions that differ by their result
    config = configuration(context)

    async def body() -> Any:  # Any: as above
        database = Database(async_url(config.document.database.url, folder=config.folder))
        try:
            return await work(database)
        finally:
            await database.close()

    return run(body)


def demo(
    context: typer.Context,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where pages and feeds are served.")] = 8000,
    directory: Annotated[
        Path | None, typer.Option("--dir", help="Keep the demo's files here; default: a folder that goes with it.")
    ] = None,
) -> None:
    """Run a sample newsroom. Feeds and pages are on loopback, digests in a local inbox."""
    from syndicate.demo.running import run_demo

    set_up_log(verbose=options_of(context).verbose, form="auto")
    run(lambda: run_demo(port=port, directory=directory, say=print_line))
