"""Put the site together: which path is answered by what."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from mimetypes import guess_type

from prometheus_client import REGISTRY, CollectorRegistry
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from syndicate.app import App
from syndicate.errors import AddressError, SyndicateError, TokenError, UsageError
from syndicate.web import health, landing, leaving, preferences, reading, signup, trouble
from syndicate.web.confirm import confirm
from syndicate.web.desk import desk_of, open_desk
from syndicate.web.forms import LARGEST
from syndicate.web.guard import Guard
from syndicate.web.hooks import hook_routes

BOTH = ("GET", "POST")
FOR_EVER = {"cache-control": "public, max-age=31536000, immutable"}
FOR_NOW = {"cache-control": "public, max-age=300"}


def build_site(
    app: App,
    *,
    ready: Callable[[], bool] = lambda: True,
    registry: CollectorRegistry = REGISTRY,
    answer_after: timedelta = timedelta(milliseconds=300),
    extra: Sequence[BaseRoute] = (),
) -> Starlette:
    """Return the human pages of an opened application, to stand behind the feeds.

    `ready` is what /readyz asks, `registry` what /metrics shows. No sign-up is answered before `answer_after`. `extra` routes come first.
    """
    site = Starlette(
        routes=[*extra, *hook_routes(app), *_routes()],
        middleware=[Middleware(Guard)],
        exception_handlers={
            HTTPException: trouble.refused,
            TokenError: trouble.bad_link,
            UsageError: trouble.not_on_offer,
            AddressError: trouble.not_on_offer,
            SyndicateError: trouble.failed,
            Exception: trouble.failed,
        },
    )
    # Starlette would redirect to whatever Host the request names; add_slash does it by our own address.
    site.router.redirect_slashes = False
    site.state.desk = open_desk(app, ready=ready, registry=registry, answer_after=answer_after)
    return site


def _routes() -> list[Route]:
    return [
        Route("/", landing.front_page),
        Route("/healthz", health.healthz),
        Route("/readyz", health.readyz),
        Route("/metrics", health.metrics),
        Route("/robots.txt", landing.robots),
        Route("/static/{name}", static),
        Route("/subscribe", signup.subscribe, methods=BOTH, max_body_size=LARGEST),
        Route("/confirm/{token}", confirm, methods=BOTH, max_body_size=LARGEST),
        Route("/preferences/{token}", preferences.preferences, methods=BOTH, max_body_size=LARGEST),
        Route("/preferences/{token}/data.json", preferences.export),
        Route("/unsubscribe/{token}", leaving.unsubscribe, methods=BOTH, max_body_size=LARGEST),
        Route("/editions/{token}", reading.edition),
        Route("/articles/{id:path}", reading.article),
        Route("/{section}", landing.add_slash),
        Route("/{section}/", landing.section_page),
    ]


async def static(request: Request) -> Response:
    """Hand out a file of the package."""
    renderer, name = desk_of(request).renderer, request.path_params["name"]
    if name not in renderer.static:
        raise HTTPException(404)
    current = request.query_params.get("v") == renderer.versions[name]
    return Response(
        renderer.static[name],
        media_type=guess_type(name)[0],
        headers={**(FOR_EVER if current else FOR_NOW), "cross-origin-resource-policy": "same-origin"},
    )
