"""Fetch from Amazon's notification service: its certificates, and the address that confirms a subscription."""

from collections.abc import Awaitable, Callable

import httpx2

from syndicate.core.hook_signatures import is_amazon

SECONDS = 10.0
MOST_BYTES = 64 * 1024

Fetch = Callable[[str], Awaitable[bytes]]


async def fetch(url: str) -> bytes:
    """Return what is at an address of the service's: https with its certificate checked, no redirects, small. Raises OSError."""
    if not is_amazon(url):
        raise OSError("not an address of Amazon's notification service")
    try:
        async with (
            httpx2.AsyncClient(timeout=SECONDS, follow_redirects=False, trust_env=False) as client,
            client.stream("GET", url) as answer,
        ):
            if answer.status_code != 200:
                raise OSError(f"answered {answer.status_code}")
            found = b""
            async for piece in answer.aiter_bytes():
                found += piece
                if len(found) > MOST_BYTES:
                    raise OSError("too long an answer")
            return found
    except httpx2.HTTPError as error:
        raise OSError(str(error)) from error
