"""Listen where mail servers hand reports over."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from syndicate.errors import ServiceUnavailableError
from syndicate.mailin.dialogue import LONGEST_LINE, Dialogue, Take

log = structlog.get_logger()

AT_ONCE = 20  # connections; more wait for a place


@asynccontextmanager
async def receiving(listen: str, *, take: Take, name: str) -> AsyncIterator[asyncio.Server]:
    """Take messages in at `host:port` while the block runs. Raises ServiceUnavailableError when the address cannot be had."""
    places = asyncio.Semaphore(AT_ONCE)

    async def kept(message: bytes) -> bool:
        try:
            return await take(message)
        except Exception:  # the rim: the other side is told to try again, and nothing is lost
            log.exception("report_failed")
            return False

    underway: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        underway.add(task)
        try:
            async with places:
                await Dialogue(reader=reader, writer=writer, take=kept, name=name).run()
        except ConnectionError:
            log.info("report_cut_off")
        except asyncio.CancelledError:  # by us, below: what was not answered is brought again
            writer.write(f"421 4.3.2 {name} is closing\r\n".encode())
        finally:
            underway.discard(task)
            writer.close()

    host, _, port = listen.rpartition(":")
    try:
        server = await asyncio.start_server(connected, host.strip("[]") or "127.0.0.1", int(port), limit=LONGEST_LINE)
    except OSError as error:
        raise ServiceUnavailableError(
            f"[bounces] listen {listen}: cannot be had ({error.strerror or error})"
        ) from error
    async with server:
        try:
            yield server
        finally:
            server.close()
            for task in tuple(underway):
                task.cancel()
            await asyncio.gather(*underway)
