"""Confirm a sign-up: a page with a button, and what the button does."""

from starlette.requests import Request
from starlette.responses import Response

from syndicate.core.addresses import mask
from syndicate.core.readers import Catalogue, Reader
from syndicate.core.wording import Words
from syndicate.errors import TokenError
from syndicate.web.desk import Desk, desk_of, say_cadence
from syndicate.web.landing import catalogue_of
from syndicate.web.rendering import SECRET


async def confirm(request: Request) -> Response:
    """Show what would be confirmed, and on POST confirm it; a second time the answer is the same."""
    desk, token = desk_of(request), request.path_params["token"]
    desk.app.signer.read_confirmation(token, now=desk.now())
    subscribing = await desk.subscribing()
    try:
        if request.method != "POST":
            found = await subscribing.awaiting(token)
        else:
            found = await subscribing.confirm(token, ip=desk.proxies.visitor(request))
    except TokenError:
        return desk.renderer.note("used", status=410)  # the link is ours, and in time
    words = desk.renderer.words(found.reader.subscriber.language)
    catalogue = await catalogue_of(desk)
    done = found.again or request.method == "POST"
    return desk.renderer.page(
        "confirmed" if done else "confirm",
        words=words,
        headers=SECRET,
        email=mask(found.reader.subscriber.email),
        choices=choices(found.reader, catalogue, words),
        digests=words.names([one["title"] for one in choices(found.reader, catalogue, words)]),
        again=found.again,
        preferences=preferences_link(desk, found.reader),
    )


def preferences_link(desk: Desk, reader: Reader) -> str:
    """Return the address of a reader's preferences page."""
    return f"{desk.renderer.masthead.root}preferences/{desk.app.signer.preferences(reader.subscriber.public_id)}"


def choices(reader: Reader, catalogue: Catalogue, words: Words) -> list[dict[str, str]]:
    """Return what a reader gets: each digest, when it comes, and its sections."""
    titles = {one.slug: one.title for one in catalogue.sections}
    found = []
    for offer in catalogue.offers:
        slugs = reader.choice.sections_of(offer.name)
        if slugs:
            sections = words.names([titles.get(slug, slug) for slug in slugs])
            found.append({"title": offer.title, "when": say_cadence(offer, words), "sections": sections})
    return found
