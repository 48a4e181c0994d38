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

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with places:
                await Dialogue(reader=reader, writer=writer, take=kept, name=name).run()
        except ConnectionError:
            log.info("report_cut_off")
        finally:
            writer.close()

    host, _, port = listen.rpartition(":")
    try:
        server = await asyncio.start_server(connected, host.strip("[]") or "127.0.0.1", int(port), limit=LONGEST_LINE)
    except OSError as error:
        raise ServiceUnavailableError(
            f"[bounces] listen {listen}: cannot be had ({error.strerror or error})"
        ) from error
    async with server:
        yield server
