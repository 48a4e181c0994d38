"""Show what there is to subscribe to: the front page, a page for each section, and what robots may read."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from syndicate.core.feed import document_urls
from syndicate.core.readers import Catalogue
from syndicate.core.wording import Words
from syndicate.model import Cadence
from syndicate.web.desk import Desk, desk_of, say_cadence
from syndicate.web.phrasebook import name_of
from syndicate.web.rendering import SECRET, Policy
from syndicate.web.zones import zone_options

FORM = "subscribe"
OPEN_TO_ALL = {"cache-control": "public, max-age=60"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What stands in the sign-up form, and what is wrong with it: field → phrase."""

    email: str = ""
    sections: tuple[str, ...] = ()
    digests: tuple[str, ...] | None = None
    timezone: str = ""
    language: str = ""
    problems: dict[str, str] = field(default_factory=dict)


async def front_page(request: Request) -> Response:
    """Show the newest stories, all sections, all feeds and the sign-up form."""
    desk = desk_of(request)
    front, words = await desk.news.front(), desk.renderer.words()
    sections = [one.section for one in front.sections]
    return desk.renderer.page(
        "front",
        words=words,
        policy=Policy.FORM,
        headers=OPEN_TO_ALL,
        front=front,
        here="",
        sections=sections,
        feeds=feeds(desk, [("all", words.say("feeds_all")), *((one.slug, one.title) for one in sections)]),
        moment=lambda at: desk.moment(at, words),
        today=desk.today(),
        signup=await signup_form(desk, words, Typed()),
    )


async def form_again(desk: Desk, typed: Typed) -> Response:
    """Show the sign-up form alone, with what has to be mended."""
    words = desk.renderer.words()
    signup = await signup_form(desk, words, typed)
    return desk.renderer.page("again", words=words, status=400, headers=SECRET, signup=signup | {"level": 1})


async def section_page(request: Request) -> Response:
    """Show a section's latest stories, its feeds, and the sign-up form with this section chosen."""
    desk, slug = desk_of(request), request.path_params["section"]
    found = await desk.news.section(slug)
    if found is None:
        return await _elsewhere(desk, slug)
    words = desk.renderer.words()
    return desk.renderer.page(
        "section",
        words=words,
        policy=Policy.FORM,
        headers=OPEN_TO_ALL,
        department=found,
        here=slug,
        sections=await desk.news.sections(),
        feeds=feeds(desk, [(slug, found.section.title)]),
        moment=lambda at: desk.moment(at, words),
        today=desk.today(),
        signup=await signup_form(desk, words, Typed(sections=(slug,))),
    )


async def add_slash(request: Request) -> Response:
    """Lead from /section to /section/."""
    desk, slug = desk_of(request), request.path_params["section"]
    if await desk.news.section(slug) is None:
        return await _elsewhere(desk, slug)
    return RedirectResponse(f"{desk.renderer.masthead.root}{slug}/", status_code=301, headers=OPEN_TO_ALL)


async def _elsewhere(desk: Desk, slug: str) -> Response:
    """Lead from a section's old name, or from the name of all sections, to where it is now. Raises HTTPException."""
    root = desk.renderer.masthead.root
    if slug == "all":
        return RedirectResponse(root, status_code=301, headers=OPEN_TO_ALL)
    for one in desk.app.document.section:
        if slug in one.was:
            return RedirectResponse(f"{root}{one.slug}/", status_code=301, headers=OPEN_TO_ALL)
    raise HTTPException(404)


def feeds(desk: Desk, named: list[tuple[str, str]]) -> list[dict[str, object]]:
    """Return the feeds of sections as the pages print them."""
    return [
        {"slug": slug, "title": title, "urls": document_urls(desk.app.public_url, slug)}
        for slug, title in named
    ]  # fmt: skip


async def catalogue_of(desk: Desk) -> Catalogue:
    """Return what there is to choose."""
    readership = await desk.readership()
    async with desk.app.database.read() as connection:
        return await readership.catalogue(connection)


async def signup_form(desk: Desk, words: Words, typed: Typed) -> dict[str, object]:
    """Return what the sign-up form shows."""
    readership = await desk.readership()
    offers = readership.offers
    usual = next((one.name for one in offers if one.cadence is Cadence.DAILY), offers[0].name if offers else "")
    return {
        "level": 2,
        "token": desk.app.signer.form(FORM, now=desk.now()),
        "sections": await desk.news.sections(),
        "offers": [{"name": one.name, "title": one.title, "when": say_cadence(one, words)} for one in offers],
        "chosen": typed.sections,
        "digests": (usual,) if typed.digests is None else typed.digests,
        "email": typed.email,
        "zones": zone_options(typed.timezone or desk.zone),
        "languages": language_choices(desk),
        "language": typed.language or desk.renderer.masthead.language,
        "problems": {name: words.say(phrase) for name, phrase in typed.problems.items()},
    }


def language_choices(desk: Desk, *also: str) -> list[tuple[str, str]]:
    """Return the languages that mail can come in, each with its own name; none where there is no choice."""
    spoken = desk.app.templates.languages
    if len(spoken) < 2:
        return []
    tags = dict.fromkeys((desk.renderer.masthead.language, *spoken, *also))
    return sorted(((tag, name_of(tag)) for tag in _once(tags)), key=lambda one: one[1].casefold())


def _once(tags: Iterable[str]) -> list[str]:
    """Return tags without a plain one beside a regional one of the same language: en beside en-GB."""
    kept = list(tags)
    regional = {tag.partition("-")[0] for tag in kept if "-" in tag}
    return [tag for tag in kept if "-" in tag or tag not in regional]


async def robots(request: Request) -> Response:
    """Tell robots to stay away from what belongs to single readers."""
    closed = ("confirm", "preferences", "unsubscribe", "subscribe", "editions", "admin", "inbox")
    root = desk_of(request).renderer.masthead.root
    lines = ["User-agent: *", *(f"Disallow: {root}{name}/" for name in closed)]
    sitemap = f"Sitemap: {desk_of(request).app.public_url}news-sitemap.xml"
    return PlainTextResponse("\n".join([*lines, "", sitemap, ""]), headers={"cache-control": "public, max-age=3600"})
