"""Show what is read here: a digest in the browser, and articles that have no other address."""

import re
from html import unescape

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from syndicate.core.cards import headline, safe_url
from syndicate.core.wording import direction
from syndicate.model import Article, ArticleState
from syndicate.storage.articles import find_article, load_articles
from syndicate.storage.variants import load_variant, rebuild
from syndicate.web.desk import Desk, desk_of
from syndicate.web.rendering import SECRET, Policy

_TAG = re.compile(r"<[^>]*>")
UNLISTED = {"x-robots-tag": "noindex", "cache-control": "public, max-age=60"}


async def edition(request: Request) -> Response:
    """Show what a group of readers got, as its articles are now; it tells nothing of any of them."""
    desk = desk_of(request)
    view = desk.app.signer.read_edition(request.path_params["token"])
    async with desk.app.database.read() as connection:
        row = await load_variant(connection, view.variant)
        if row is None or row.edition != view.edition:
            raise HTTPException(404)
        digest = await rebuild(connection, row.stored)
        rest = await load_articles(connection, row.stored.rest)
    if digest is None:
        return desk.renderer.note("edition_gone", status=410)
    options = desk.app.config.digest(digest.digest)
    home = desk.app.public_url
    html = desk.app.composer.web_page(
        digest,
        {"preferences_url": home, "unsubscribe_url": home},
        subject=options.subject if options is not None and options.subject else None,
        rest=[
            (one.url, one.title)
            for key in digest.rest
            if (one := rest.get(key)) and one.state is ArticleState.PUBLISHED
        ],
    )
    return HTMLResponse(html, headers={**SECRET, "content-security-policy": Policy.EDITION})


async def article(request: Request) -> Response:
    """Show an article that stands nowhere else; lead to one that does."""
    desk, name = desk_of(request), request.path_params["id"]
    async with desk.app.database.read() as connection:
        found = await find_article(connection, name)
    if found is None or found.state is ArticleState.EMBARGOED:
        raise HTTPException(404)
    if found.state is ArticleState.WITHDRAWN:
        return desk.renderer.note("gone", status=410)
    own = desk.app.public_url + "articles/"
    url = safe_url(found.url)
    if url is not None and not url.startswith(own):
        return RedirectResponse(url, status_code=302, headers=UNLISTED)
    return await _article_page(desk, found)


async def _article_page(desk: Desk, found: Article) -> Response:
    words = desk.renderer.words()
    sections = await desk.news.sections()
    image = found.image if found.image is not None and safe_url(found.image.url) else None
    return desk.renderer.page(
        "article",
        words=words,
        policy=Policy.ARTICLE,
        headers=UNLISTED,
        article=found,
        title=headline(found.title),
        body=Markup(found.body),  # noqa: S704 - intake let through what its allow-list names and nothing else
        dir=direction(found.language),
        standfirst="" if _begins_with(found.body, found.standfirst) else found.standfirst,
        image=image if image is not None and "<img" not in found.body else None,
        byline=words.say("written_by", names=words.names(found.authors)) if found.authors else "",
        published=desk.moment(found.published, words),
        updated=desk.moment(found.updated, words) if found.updated > found.published else "",
        within=[one for one in sections if one.slug in found.sections],
        sections=sections,
        here="",
        related=[(safe_url(one.url), one.title) for one in found.related if safe_url(one.url)],
        also_at=[(safe_url(one.url), one.title or one.source) for one in found.also_at if safe_url(one.url)],
    )


def _begins_with(body: str, standfirst: str) -> bool:
    """Tell whether an article's text opens with its standfirst, which then need not stand above it too."""
    text = " ".join(unescape(_TAG.sub(" ", body[:20_000])).split())
    return text.startswith(" ".join(standfirst.split()))
