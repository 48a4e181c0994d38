"""Show on a terminal how far a send is."""

import asyncio
from collections.abc import Awaitable

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from syndicate.app import App
from syndicate.flows.tally import Tally
from syndicate.storage import batches

EVERY = 0.5  # seconds between looks
ENDED = ("accepted", "deferred", "refused", "uncertain", "suppressed", "skipped")


async def watched(app: App, digest: str, sending: Awaitable[Tally], tally: Tally) -> None:
    """Await a send, with a bar on standard error that counts readers dealt with among about as many as the editions have."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f}/{task.total:,.0f} readers {task.fields[states]}"),
        TimeRemainingColumn(),
    )
    task = asyncio.ensure_future(sending)
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task(digest, total=0, states="")
        while not task.done():
            await asyncio.wait({task}, timeout=EVERY)
            async with app.database.read() as connection:
                waiting = await batches.readers_waiting(connection, digest=digest, size=app.document.editions.batch)
            counts = {state: getattr(tally, state) for state in ENDED}
            done = sum(counts.values())
            under_way = max(tally.planned + tally.skipped - done, 0)
            states = ", ".join(f"{number:,} {state}" for state, number in counts.items() if number)
            progress.update(bar, completed=done, total=max(done + under_way + waiting, 1), states=states)
    await task
