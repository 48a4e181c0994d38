"""Answer what cannot be answered: a page that says why, and shows the way out; never a traceback."""

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from syndicate.errors import SyndicateError, TokenError
from syndicate.web.desk import desk_of
from syndicate.web.guard import STANDING

_NOTES = {400: "bad", 404: "missing", 405: "method", 410: "gone", 413: "large", 429: "often", 503: "busy"}
_log = structlog.get_logger()


async def refused(request: Request, error: Exception) -> Response:
    """Answer a request that is none of ours."""
    assert isinstance(error, HTTPException)
    key = _NOTES.get(error.status_code, "bad")
    return desk_of(request).renderer.note(key, status=error.status_code, headers=error.headers)


async def bad_link(request: Request, error: Exception) -> Response:
    """Answer a link that is forged, too old or used up."""
    assert isinstance(error, TokenError)
    if error.expired:
        return desk_of(request).renderer.note("expired", status=410)
    return desk_of(request).renderer.note("forged", status=404)


async def not_on_offer(request: Request, error: Exception) -> Response:
    """Answer a choice that went out of date between two looks, or that no form of ours makes."""
    return desk_of(request).renderer.note("bad", status=400)


async def failed(request: Request, error: Exception) -> Response:
    """Answer what failed on our side; the log says of our own errors what they say, without the address that was asked for, which may hold a token."""
    temporary = isinstance(error, SyndicateError) and error.temporary
    trouble = f"{type(error).__name__}: {error}" if isinstance(error, SyndicateError) else type(error).__name__
    _log.error("page_failed", page=getattr(request.scope.get("endpoint"), "__name__", ""), trouble=trouble)
    desk = desk_of(request)
    if temporary:
        return desk.renderer.note("busy", status=503, headers={**STANDING, "retry-after": "60"})
    return desk.renderer.note("broken", status=500, headers=STANDING)
