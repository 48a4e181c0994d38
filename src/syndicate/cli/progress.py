"""Show on a terminal how far a send is."""

import asyncio
from collections.abc import Awaitable

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from syndicate.app import App
from syndicate.flows.tally import Tally
from syndicate.model import DeliveryState
from syndicate.storage import underway

EVERY = 0.5  # seconds between looks, at least
SHARE = 20  # of the time goes by between looks, so that counting millions of deliveries is not what the database does


async def watched(app: App, digest: str, sending: Awaitable[Tally]) -> None:
    """Await a send, with a bar on standard error: readers dealt with, here or by other processes, among about as many as the editions have."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f}/{task.total:,.0f} readers {task.fields[states]}"),
        TimeRemainingColumn(),
    )
    async with app.database.read() as connection:
        before = await underway.newest_edition(connection)
    task = asyncio.ensure_future(sending)
    known: list[int] = []
    pause = EVERY
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task(digest, total=0, states="")
        while not task.done():
            await asyncio.wait({task}, timeout=pause)
            started = app.clock.monotonic()
            async with app.database.read() as connection:
                known, far = await underway.how_far(
                    connection, digest=digest, after=before, known=known, size=app.document.editions.batch
                )
            pause = max(EVERY, SHARE * (app.clock.monotonic() - started))
            counts = [(state, far.states.get(state, 0)) for state in DeliveryState]
            states = ", ".join(f"{number:,} {state}" for state, number in counts if number)
            progress.update(bar, completed=far.dealt_with, total=max(far.readers, 1), states=states)
    await task
