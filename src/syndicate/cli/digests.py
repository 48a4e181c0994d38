"""Commands about digests."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from syndicate.app import App
from syndicate.cli.moments import read_moment
from syndicate.cli.output import print_facts, print_json, print_line, print_table
from syndicate.cli.progress import watched
from syndicate.cli.running import AsJson, Stop, with_app
from syndicate.errors import NotFoundError
from syndicate.flows.compare import Difference
from syndicate.flows.dry_run import Counting
from syndicate.flows.preview import Previewed
from syndicate.flows.restored import keep_pulse
from syndicate.flows.send import send_digest
from syndicate.flows.tally import Tally
from syndicate.flows.try_out import TryingOut
from syndicate.model import Outcome
from syndicate.storage.pauses import why_paused

digest = typer.Typer(help="Preview, test and send digests.", no_args_is_help=True)

At = Annotated[str | None, typer.Option("--at", metavar="T", help="The editorial moment, RFC 3339; default: now.")]
Email = Annotated[str, typer.Argument(metavar="EMAIL", help="The reader's address.")]
Named = Annotated[str, typer.Option("--digest", metavar="NAME", help="Which digest.")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(digest, name="digest")


def known_digest(app: App, name: str) -> None:
    """Raise NotFoundError when there is no such digest."""
    if app.config.digest(name) is None:
        names = ", ".join(one.name for one in app.document.digest) or "no digest"
        raise NotFoundError(f"digest {name}: there is none in the configuration; it has {names}")


@digest.command("send")
def send_command(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Which digest.")],
    at: At = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count what would go; send and record nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Plan what is due and deliver it, here and now."""
    moment, stop = read_moment(at), Stop()

    async def work(app: App) -> tuple[Tally, float, str | None]:
        known_digest(app, name)
        started = app.clock.monotonic()
        if dry_run:
            tally = await Counting(planning=app.planning, previewing=app.previewing).count(digest=name, at=moment)
        else:
            tally = await _send(app, name, moment, stop, live=sys.stderr.isatty())
        async with app.database.read() as connection:
            paused = await why_paused(connection, name)
        return tally, round(app.clock.monotonic() - started, 3), paused

    tally, seconds, paused = with_app(context, work)
    facts = {key: getattr(tally, key) for key in Tally.__slots__} | {"seconds": seconds}
    if as_json:
        print_json(facts)
    else:
        print_facts(facts)
    if paused is not None:
        print(
            f"syndicate: digest {name} is paused ({paused}); it goes on after `syndicate deliveries resume`",
            file=sys.stderr,
        )
    if stop.signal is not None:
        print(f"syndicate: stopped; `syndicate digest send {name}` goes on from here", file=sys.stderr)
        raise typer.Exit(128 + stop.signal)


async def _send(app: App, name: str, moment: datetime | None, stop: Stop, *, live: bool) -> Tally:
    """Send until all is done or a signal comes, and show on a terminal how far it is."""
    directory = app.config.path(app.document.feeds.directory)
    await keep_pulse(app.database, directory=directory, clock=app.clock)
    tally, delivering = Tally(), await app.delivering()
    delivering.stopping = lambda: stop.signal is not None
    with stop.heard():
        sending = send_digest(app.planning, delivering, digest=name, at=moment, tally=tally)
        await (watched(app, name, sending) if live else sending)
    await keep_pulse(app.database, directory=directory, clock=app.clock)
    return tally


@digest.command("preview")
def preview_command(
    context: typer.Context,
    email: Email,
    name: Named,
    at: At = None,
    out: Annotated[
        Path | None, typer.Option(help="Write message.eml, body.html, body.txt and subject.txt into this folder.")
    ] = None,
    diff: Annotated[bool, typer.Option("--diff", help="Only tell what changed since his last edition.")] = False,
) -> None:
    """Show the message that a reader would get. Nothing is sent or recorded."""
    moment = read_moment(at)

    async def work(app: App) -> Previewed | str:
        return await app.previewing.preview(email, digest=name, at=moment, letters=app.letters, postman=app.postman)

    if diff:
        _print_difference(with_app(context, lambda app: app.previewing.compare(email, digest=name, at=moment)))
        return
    found = with_app(context, work)
    if isinstance(found, str):
        print_line(
            f"no message would go to {email}: {found}; `syndicate digest explain {email} --digest {name}` tells more"
        )
        return
    if out is None:
        print_line(f"Subject: {found.subject}\n\n{found.text}")
        return
    out.mkdir(parents=True, exist_ok=True)
    (out / "message.eml").write_bytes(found.raw)
    (out / "body.html").write_text(found.html, encoding="utf-8")
    (out / "body.txt").write_text(found.text, encoding="utf-8")
    (out / "subject.txt").write_text(found.subject + "\n", encoding="utf-8")
    print_line(f"written to {out}: message.eml, body.html, body.txt, subject.txt")


def _print_difference(found: Difference) -> None:
    for sign, articles in (("+", found.added), ("=", found.kept), ("-", found.removed)):
        for one in articles:
            print_line(f"{sign} {one.title}")


@digest.command("explain")
def explain_command(context: typer.Context, email: Email, name: Named, at: At = None, as_json: AsJson = False) -> None:
    """Tell why each article is in a reader's digest or out of it."""
    moment = read_moment(at)
    found = with_app(context, lambda app: app.previewing.explain(email, digest=name, at=moment))
    rulings = sorted(
        found.selection.rulings, key=lambda one: (one.included, one.placed.article.published), reverse=True
    )
    if as_json:
        items = [
            {
                "id": one.placed.article.id,
                "title": one.placed.article.title,
                "included": one.included,
                "reason": one.reason,
            }
            for one in rulings
        ]
        print_json({"window": {"from": found.starts, "to": found.ends}, "items": items})
    else:
        print_facts({"from": found.starts, "to": found.ends})
        print_table(
            ("in", "reason", "title"),
            [("yes" if one.included else "no", one.reason, one.placed.article.title) for one in rulings],
        )


@digest.command("test")
def try_command(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Which digest.")],
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="Where it goes.")],
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Send one real message, marked as a test, to an address."""
    moment = read_moment(at)

    async def work(app: App) -> dict[str, object]:
        known_digest(app, name)
        trying = TryingOut(previewing=app.previewing, composer=app.composer, postman=app.postman)
        receipt, transport = await trying.send(
            await app.router(),
            digest=name,
            address=address,
            language=app.document.site.language,
            at=moment,
            subject=app.digest_subjects.get(name),
        )
        return {"outcome": receipt.outcome.value, "code": receipt.code, "text": receipt.text, "transport": transport}

    facts = with_app(context, work)
    if as_json:
        print_json(facts)
    else:
        print_facts(facts)
    if facts["outcome"] != Outcome.ACCEPTED.value:
        raise typer.Exit(1)
