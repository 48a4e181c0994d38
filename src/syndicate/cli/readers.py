"""Commands about readers: subscribers."""

import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from syndicate.app import App
from syndicate.cli.moments import read_moment
from syndicate.cli.output import print_facts, print_json, print_line, print_table
from syndicate.cli.running import AsJson, with_app
from syndicate.flows.export_readers import ExportReaders
from syndicate.flows.import_readers import ImportReaders, ImportReport
from syndicate.flows.readers import ReaderDesk
from syndicate.model import SubscriberState

T = TypeVar("T")
Email = Annotated[str, typer.Argument(metavar="EMAIL", help="The reader's address.")]
subscribers = typer.Typer(help="Add, look at, import and export readers.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(subscribers, name="subscribers")


def _at_desk(context: typer.Context, work: Callable[[ReaderDesk], Awaitable[T]]) -> T:
    async def body(app: App) -> T:
        return await work(await app.desk())

    return with_app(context, body)


@subscribers.command("add")
def add(
    context: typer.Context,
    email: Email,
    section: Annotated[
        list[str], typer.Option("--section", metavar="S", help="A section, by slug or title; repeatable.")
    ],
    digest: Annotated[list[str], typer.Option("--digest", metavar="NAME", help="A digest; repeatable.")],
    timezone: Annotated[str, typer.Option(metavar="Z", help="The reader's time zone; default: the site's.")] = "",
    language: Annotated[str, typer.Option(metavar="L", help="The language of the digests; default: the site's.")] = "",
    name: Annotated[str, typer.Option(metavar="N", help="The reader's name.")] = "",
    confirmed: Annotated[
        bool, typer.Option("--confirmed", help="The reader has confirmed; no confirmation mail is sent.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Subscribe somebody. Without --confirmed a confirmation mail goes out."""

    async def work(app: App) -> dict[str, object]:
        desk = await app.desk()
        record = await desk.add(
            email=email,
            sections=section,
            digests=digest,
            timezone=timezone,
            language=language,
            name=name,
            confirmed=confirmed,
        )
        if not confirmed and app.document.transport:
            await app.send_letters()
        return dict(record)

    record = with_app(context, work)
    if as_json:
        print_json(record)
    else:
        print_facts(record)


@subscribers.command("list")
def list_command(
    context: typer.Context,
    state: Annotated[SubscriberState | None, typer.Option("--state", help="Only those in this state.")] = None,
    as_json: AsJson = False,
) -> None:
    """List readers."""

    async def work(desk: ReaderDesk) -> list[dict[str, object]]:
        found: list[dict[str, object]] = []
        async for reader in desk.walk(state):
            person = reader.subscriber
            sections = [slug for slug, _ in reader.choice.sections]
            digests = sorted({name for _, names in reader.choice.sections for name in names})
            facts: dict[str, object] = {
                "email": person.email,
                "name": person.name,
                "state": person.state.value,
                "sections": sections,
                "digests": digests,
            }
            found.append(facts | {"timezone": person.timezone, "language": person.language})
        return found

    found = _at_desk(context, work)
    if as_json:
        print_json(found)
    else:
        print_table(
            ("email", "name", "state", "sections", "digests", "timezone", "language"),
            [tuple(row.values()) for row in found],
        )


@subscribers.command("show")
def show(context: typer.Context, email: Email, as_json: AsJson = False) -> None:
    """Show all that is kept about a reader's choices and status."""
    record = _at_desk(context, lambda desk: desk.show(email))
    if as_json:
        print_json(record)
    else:
        print_facts(record)


@subscribers.command("import")
def import_command(
    context: typer.Context, file: Annotated[Path, typer.Argument(metavar="FILE.csv")], as_json: AsJson = False
) -> None:
    """Import readers from a CSV file. Bad lines are reported, and the rest is imported."""
    if not file.is_file():
        raise typer.BadParameter(f"{file}: no such file", param_hint="FILE.csv")
    size = file.stat().st_size

    async def work(app: App) -> ImportReport:
        flow = ImportReaders(readership=await app.readership())
        columns = (TextColumn("{task.fields[lines]} lines"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
            task = bar.add_task("import", total=size, lines=0)
            report = await flow.run(file, progress=lambda lines, read: bar.update(task, completed=read, lines=lines))
        if app.document.transport and app.document.mail.from_:
            await app.send_letters()
        return report

    report = with_app(context, work)
    facts = {key: getattr(report, key) for key in ("added", "updated", "unchanged", "rejected", "seconds")}
    if as_json:
        print_json(facts)
    else:
        print_facts(facts | {"rejected": len(report.rejected)})
        for one in report.rejected:
            print_line(f"line {one.line}: {one.reason}")


@subscribers.command("export")
def export_command(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="Default: standard output.")] = None,
) -> None:
    """Export all readers as CSV that an import reads."""

    async def work(app: App) -> int:
        flow = ExportReaders(readership=await app.readership())
        if file is None:
            sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]  # standard output is a text file
            return await flow.run(sys.stdout)
        with file.open("w", encoding="utf-8", newline="") as out:
            return await flow.run(out)

    count = with_app(context, work)
    print(f"{count} readers exported", file=sys.stderr)


@subscribers.command("erase")
def erase(context: typer.Context, email: Email, as_json: AsJson = False) -> None:
    """Erase a reader. A keyed hash stays, so that an import does not bring the address back."""
    _at_desk(context, lambda desk: desk.erase(email))
    _say(as_json, {"erased": True}, "erased")


@subscribers.command("suppress")
def suppress(
    context: typer.Context,
    email: Email,
    reason: Annotated[str, typer.Option(help="Why.")] = "operator",
    as_json: AsJson = False,
) -> None:
    """Send nothing more to an address, whatever it is subscribed to."""
    _at_desk(context, lambda desk: desk.suppress(email, reason=reason))
    _say(as_json, {"suppressed": True}, f"{email} is suppressed")


@subscribers.command("unsuppress")
def unsuppress(
    context: typer.Context,
    email: Annotated[str | None, typer.Argument(metavar="[EMAIL]", help="The reader's address.")] = None,
    bounced_since: Annotated[
        str | None, typer.Option(metavar="T", help="Instead: all that were given up since then, RFC 3339.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Let mail go to addresses again."""
    since = read_moment(bounced_since, option="--bounced-since")
    if since is not None and email is None:
        number = _at_desk(context, lambda desk: desk.unsuppress_bounced(since=since))
        _say(as_json, {"unsuppressed": number}, f"{number:,} not suppressed any more")
        return
    if email is None or since is not None:
        raise typer.BadParameter("give an address, or a moment by --bounced-since")
    lifted = _at_desk(context, lambda desk: desk.unsuppress(email))
    _say(as_json, {"unsuppressed": lifted}, f"{email} is {'not suppressed any more' if lifted else 'not suppressed'}")


def _say(as_json: bool, facts: dict[str, object], line: str) -> None:
    if as_json:
        print_json(facts)
    else:
        print_line(line)
