"""Tell machines how this process is: alive, ready, and in numbers."""

from prometheus_client import exposition
from prometheus_client.openmetrics import exposition as openmetrics
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from syndicate.web.desk import desk_of


async def healthz(request: Request) -> Response:
    """Say that the process lives."""
    return PlainTextResponse("ok\n")


async def readyz(request: Request) -> Response:
    """Say whether everything that shall be served can be."""
    if desk_of(request).ready():
        return PlainTextResponse("ready\n")
    return PlainTextResponse("not ready yet\n", status_code=503, headers={"retry-after": "1"})


async def metrics(request: Request) -> Response:
    """Tell the numbers, as OpenMetrics, or in the older format to whoever asks for that alone."""
    registry = desk_of(request).registry
    if not desk_of(request).app.document.web.metrics:
        raise HTTPException(404)
    accept = request.headers.get("accept", "")
    if "text/plain" in accept and "openmetrics" not in accept:
        return Response(
            exposition.generate_latest(registry), headers={"content-type": exposition.CONTENT_TYPE_PLAIN_0_0_4}
        )
    return Response(
        openmetrics.generate_latest(registry),  # type: ignore[no-untyped-call]  # it has no types
        headers={"content-type": openmetrics.CONTENT_TYPE_LATEST},
    )
