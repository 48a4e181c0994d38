"""Show the demo newsroom's own articles and pictures, where its feeds and digests lead to."""

from mimetypes import guess_type

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from syndicate.core.wording import direction
from syndicate.demo.newsroom import NEWSROOM, read_image
from syndicate.demo.store import NewsroomStore

POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; style-src 'unsafe-inline'; img-src 'self'"
FOR_A_WHILE = {"cache-control": "public, max-age=86400", "cross-origin-resource-policy": "cross-origin"}


def newsroom_routes(store: NewsroomStore, *, title: str) -> list[BaseRoute]:
    """Return the routes of the newsroom's own site: /news/{id} and /images/{file}."""
    environment = Environment(loader=PackageLoader("syndicate.demo"), autoescape=True, undefined=StrictUndefined)
    template = environment.get_template("article.html")
    pictures = frozenset(entry.name for entry in (NEWSROOM / "images").iterdir())

    def article(request: Request) -> Response:
        found = store.find(request.path_params["id"])
        if found is None:
            raise HTTPException(404)
        html = template.render(
            site=title,
            article=found,
            body=Markup(found.body),  # noqa: S704 - written by ourselves, in articles/
            dir=direction(found.language),
        )
        return HTMLResponse(html, headers={"content-security-policy": POLICY})

    def picture(request: Request) -> Response:
        name = request.path_params["file"]
        if name not in pictures:
            raise HTTPException(404)
        return Response(read_image(name), media_type=guess_type(name)[0], headers=FOR_A_WHILE)

    return [Route("/news/{id}", article), Route("/images/{file}", picture)]
