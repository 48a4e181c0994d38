"""Commands about single deliveries: count, list, try again, rule on, pause."""

import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.app import App
from syndicate.cli.digests import known_digest
from syndicate.cli.output import print_facts, print_json, print_line, print_table
from syndicate.cli.running import MOST, AsJson, with_app
from syndicate.errors import NotFoundError
from syndicate.model import DeliveryState, EditionId
from syndicate.storage import batches, by_hand, counts, editions, pauses

delivery = typer.Typer(help="Look at deliveries, try them again, pause them.", no_args_is_help=True)

MISSED = tuple(state for state in DeliveryState if state is not DeliveryState.ACCEPTED)
State = Annotated[DeliveryState, typer.Option("--state", help="In which state.")]
OfEdition = Annotated[int | None, typer.Option("--edition", metavar="E", min=1, max=MOST, help="Only of this edition.")]
OfDigest = Annotated[
    str | None, typer.Option("--digest", metavar="NAME", help="Only this digest; default: everything.")
]


class Ruling(StrEnum):
    """What an operator makes of a delivery of which nobody knows what became."""

    ACCEPTED = "accepted"
    RETRY = "retry"


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(delivery, name="deliveries")


async def _known_edition(connection: AsyncConnection, edition_id: int | None) -> None:
    """Raise NotFoundError when an edition is named that there is not."""
    if edition_id is not None and await editions.load_edition(connection, EditionId(edition_id)) is None:
        raise NotFoundError(f"edition {edition_id}: there is none; `syndicate editions list` shows them")


@delivery.command("status")
def deliveries_status(
    context: typer.Context,
    edition_id: OfEdition = None,
    as_json: AsJson = False,
) -> None:
    """Count deliveries by state."""

    async def work(app: App) -> dict[str, int]:
        async with app.database.read() as connection:
            await _known_edition(connection, edition_id)
            return await counts.count_by_state(connection, edition_id=edition_id)

    found = {state.value: 0 for state in DeliveryState} | with_app(context, work)
    if as_json:
        print_json(found)
    else:
        print_facts(found)


@delivery.command("list")
def deliveries_list(
    context: typer.Context,
    state: Annotated[DeliveryState | None, typer.Option("--state", help="Only those in this state.")] = None,
    missed: Annotated[bool, typer.Option("--missed", help="Only those that no server has accepted.")] = False,
    edition_id: OfEdition = None,
    limit: Annotated[int, typer.Option(min=1, max=MOST)] = 1000,
    as_json: AsJson = False,
) -> None:
    """List deliveries; with --missed, who did not get it, and why."""
    states = (state,) if state is not None else MISSED if missed else ()

    async def work(app: App) -> list[dict[str, object]]:
        async with app.database.read() as connection:
            await _known_edition(connection, edition_id)
            rows = await by_hand.list_deliveries(connection, states=states, edition_id=edition_id, limit=limit + 1)
        return [_delivery_facts(row) for row in rows]

    looked_at = with_app(context, work)
    found = looked_at[:limit]
    if as_json:
        print_json(found)
    else:
        columns = ("edition", "digest", "slot", "email", "state", "attempt", "next_try", "code", "note")
        print_table(columns, [tuple(row[column] for column in columns) for row in found])
    if len(looked_at) > limit:
        print(f"syndicate: these are the first {limit}, and there are more; --limit N shows them", file=sys.stderr)


def _delivery_facts(row: Mapping[str, Any]) -> dict[str, object]:  # Any: a row
    names = ("edition", "digest", "slot", "subscriber", "email", "state", "attempt", "code", "transport", "note")
    next_try = None if row["next_try"] is None else datetime.fromtimestamp(row["next_try"], UTC)
    return {name: row[name] for name in names} | {"next_try": next_try}


@delivery.command("retry")
def deliveries_retry(
    context: typer.Context,
    state: State,
    edition_id: OfEdition = None,
    as_json: AsJson = False,
) -> None:
    """Let deliveries be tried again at the next look for work."""
    if state not in (DeliveryState.DEFERRED, DeliveryState.UNCERTAIN, DeliveryState.REFUSED):
        raise typer.BadParameter(
            "only deferred, uncertain and refused deliveries can be tried again", param_hint="--state"
        )

    number = with_app(context, lambda app: _retry(app, state, edition_id))
    if as_json:
        print_json({"retried": number})
    else:
        print_line(f"{number} deliveries will be tried again")


async def _retry(app: App, state: DeliveryState, edition_id: int | None) -> int:
    """Let deliveries in a state be tried again, and wake their batches; return how many."""
    now = app.clock.now()
    async with app.database.begin() as connection:
        await _known_edition(connection, edition_id)
        counts = await by_hand.retry_by_hand(connection, state=state, now=now, edition_id=edition_id)
        await batches.reopen(connection, list(counts), now=now)
        return sum(counts.values())


@delivery.command("resolve")
def deliveries_resolve(
    context: typer.Context,
    ruling: Annotated[Ruling, typer.Option("--as", help="What to make of them.")],
    edition_id: OfEdition = None,
    as_json: AsJson = False,
) -> None:
    """Rule on uncertain deliveries. They count as accepted, or are tried again."""

    async def work(app: App) -> int:
        if ruling is Ruling.RETRY:
            return await _retry(app, DeliveryState.UNCERTAIN, edition_id)
        async with app.database.begin() as connection:
            await _known_edition(connection, edition_id)
            return await by_hand.accept_uncertain(connection, edition_id=edition_id)

    number = with_app(context, work)
    if as_json:
        print_json({"resolved": number, "as": ruling.value})
    else:
        words = "count as accepted" if ruling is Ruling.ACCEPTED else "will be tried again"
        print_line(f"{number} deliveries {words}")


@delivery.command("pause")
def deliveries_pause(context: typer.Context, name: OfDigest = None, as_json: AsJson = False) -> None:
    """Hold digests back until they are resumed. Confirmations and other letters still go."""

    async def work(app: App) -> list[Mapping[str, Any]]:  # Any: rows
        if name is not None:
            known_digest(app, name)
        async with app.database.begin() as connection:
            wanted = name or pauses.EVERYTHING
            await pauses.pause_digest(connection, wanted, reason="paused by hand", now=app.clock.now())
            return await pauses.list_pauses(connection)

    _print_pauses(with_app(context, work), as_json=as_json)


@delivery.command("resume")
def deliveries_resume(context: typer.Context, name: OfDigest = None, as_json: AsJson = False) -> None:
    """Go on with what was paused; without --digest, with everything."""

    async def work(app: App) -> tuple[list[str], list[Mapping[str, Any]]]:  # Any: rows
        async with app.database.begin() as connection:
            if name is not None and name not in {one["digest"] for one in await pauses.list_pauses(connection)}:
                known_digest(app, name)  # one that left the configuration may still be paused
            resumed = await pauses.resume_digest(connection, name)
            return resumed, await pauses.list_pauses(connection)

    resumed, left = with_app(context, work)
    if as_json:
        print_json({"resumed": resumed, "paused": left})
        return
    print_line(f"resumed: {', '.join(map(_in_words, resumed))}" if resumed else "nothing was paused")
    if left:
        _print_pauses(left, as_json=False)


def _in_words(digest: str) -> str:
    return "all digests" if digest == pauses.EVERYTHING else digest


def _print_pauses(found: list[Mapping[str, Any]], *, as_json: bool) -> None:  # Any: rows
    """Say what is paused now."""
    if as_json:
        print_json({"paused": found})
    else:
        print_table(("paused", "reason", "since"), [(one["digest"], one["reason"], one["at"]) for one in found])
