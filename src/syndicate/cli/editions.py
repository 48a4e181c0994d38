"""Commands about editions."""

import shlex
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Annotated, Any

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.app import App
from syndicate.cli.output import print_facts, print_json, print_line, print_table
from syndicate.cli.running import MOST, AsJson, with_app
from syndicate.errors import NotFoundError
from syndicate.model import DeliveryState, EditionId
from syndicate.storage import approvals, counts, editions
from syndicate.storage.editions import EditionRow
from syndicate.storage.variants import variants_of

edition = typer.Typer(help="List and show editions.", no_args_is_help=True)

OneEdition = Annotated[int, typer.Argument(metavar="E", min=1, max=MOST)]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(edition, name="editions")


@edition.command("list")
def editions_list(
    context: typer.Context, limit: Annotated[int, typer.Option(min=1)] = 100, as_json: AsJson = False
) -> None:
    """List editions, newest first, with a count for each state."""

    async def work(app: App) -> list[dict[str, object]]:
        async with app.database.read() as connection:
            rows = await editions.list_editions(connection, limit=limit)
            counted = await counts.counts_of(connection, [row["id"] for row in rows])
        return [_edition_facts(row, counted.get(row["id"], {})) for row in rows]

    found = with_app(context, work)
    if as_json:
        print_json(found)
    else:
        columns = ("id", "digest", "rhythm", "slot", "state", "variants")
        rows = [(*(row[column] for column in columns), _in_words(row)) for row in found]
        print_table((*columns, "deliveries"), rows)


@edition.command("approve")
def editions_approve(context: typer.Context, edition_id: OneEdition) -> None:
    """Let an edition go that waits for an editor's yes."""
    with_app(context, lambda app: _decide(app, EditionId(edition_id), partial(approvals.approve, now=app.clock.now())))
    print_line(f"edition {edition_id}: approved")


@edition.command("reject")
def editions_reject(context: typer.Context, edition_id: OneEdition) -> None:
    """Stop an edition that waits for an editor's yes. Its articles come with the next one."""
    with_app(context, lambda app: _decide(app, EditionId(edition_id), approvals.reject))
    print_line(f"edition {edition_id}: rejected")


async def _decide(
    app: App, edition_id: EditionId, decide: Callable[[AsyncConnection, EditionId], Awaitable[bool]]
) -> None:
    async with app.database.begin() as connection:
        if not await decide(connection, edition_id):
            raise NotFoundError(
                f"edition {edition_id}: it does not wait, or is too old to go; `syndicate editions list` shows which do"
            )


@edition.command("show")
def editions_show(context: typer.Context, edition_id: OneEdition, as_json: AsJson = False) -> None:
    """Show one edition with its variants."""

    async def work(app: App) -> dict[str, object]:
        async with app.database.read() as connection:
            rows = await editions.list_editions(connection, edition_id=edition_id)
            if not rows:
                raise NotFoundError(f"edition {edition_id}: there is none; `syndicate editions list` shows them")
            counted = await counts.count_by_state(connection, edition_id=edition_id)
            facts = _edition_facts(rows[0], counted)
            facts["content"] = await variants_of(connection, edition_id)
            shown = await editions.load_edition(connection, EditionId(edition_id))
        if shown is not None and shown.state == approvals.WAITING:
            facts["preview"] = await _preview_of(app, shown)
        return facts

    found = with_app(context, work)
    if as_json:
        print_json(found)
    else:
        print_facts({key: value for key, value in found.items() if key != "content"})


async def _preview_of(app: App, edition: EditionRow) -> str | None:
    """Return the command that shows what an edition brings one of its readers; None where there is no such reader."""
    email = await app.previewing.example(edition)
    return None if email is None else f"syndicate digest preview {shlex.quote(email)} --digest {edition.digest}"


def _edition_facts(row: Mapping[str, Any], counted: Mapping[str, int]) -> dict[str, object]:  # Any: a row
    hour = "instant" if row["minute"] < 0 else f"{row['minute'] // 60:02}:{row['minute'] % 60:02}"
    facts = {name: row[name] for name in ("id", "digest", "slot", "at", "state", "variants")}
    return facts | {"rhythm": f"{hour} {row['zone']}"} | {state.value: 0 for state in DeliveryState} | dict(counted)


def _in_words(facts: Mapping[str, object]) -> str:
    """Return the count of each state in which there are deliveries."""
    return ", ".join(f"{facts[state.value]} {state.value}" for state in DeliveryState if facts[state.value]) or "none"
