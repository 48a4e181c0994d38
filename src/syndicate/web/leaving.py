"""Let readers leave: the page behind a mail's unsubscribe link, and the one click of RFC 8058."""

from starlette.requests import Request
from starlette.responses import Response

from syndicate.core.addresses import mask
from syndicate.core.readers import digests_of
from syndicate.flows.try_out import NOBODY
from syndicate.flows.unsubscribe import Departure, Scope
from syndicate.web.confirm import preferences_link
from syndicate.web.desk import Desk, desk_of
from syndicate.web.forms import Form, read_form
from syndicate.web.rendering import SECRET


async def unsubscribe(request: Request) -> Response:
    """Show what can be left, and on POST leave it: the digest that the mail belongs to unless a button says another thing."""
    desk, token = desk_of(request), request.path_params["token"]
    if desk.app.signer.read_unsubscribe(token).public_id == NOBODY:
        return desk.renderer.note("trial", status=200)
    unsubscribing = await desk.unsubscribing()
    if request.method != "POST":
        return _page(desk, await unsubscribing.departure(token))
    form = await read_form(request)
    scope, section = _scope(form)
    source = "one-click" if form.has("List-Unsubscribe") else "page"
    departure = await unsubscribing.unsubscribe(token, scope=scope, section=section, source=source)
    return _page(desk, departure, left=scope, section=section)


def _scope(form: Form) -> tuple[Scope, str | None]:
    asked, section = form.one("scope"), form.one("section")
    if form.has("List-Unsubscribe") or asked not in (Scope.SECTION, Scope.ALL):
        return Scope.DIGEST, None
    if asked == Scope.SECTION and section:
        return Scope.SECTION, section
    return (Scope.ALL, None) if asked == Scope.ALL else (Scope.DIGEST, None)


def _page(desk: Desk, departure: Departure, *, left: Scope | None = None, section: str | None = None) -> Response:
    reader, catalogue = departure.reader, departure.catalogue
    offers = {one.name: one.title for one in catalogue.offers}
    sections = {one.slug: one.title for one in catalogue.sections}
    kept = reader.choice.sections if reader is not None and reader.kept else ()
    staying = digests_of(reader.choice) if reader is not None and kept else ()
    words = desk.renderer.words(None if reader is None else reader.subscriber.language)
    nothing = not staying
    return desk.renderer.page(
        "unsubscribe" if left is None and departure.digest in staying else "unsubscribed",
        words=words,
        headers=SECRET,
        digest=offers.get(departure.digest, departure.digest),
        email="" if reader is None else mask(reader.subscriber.email),
        left=(Scope.ALL if nothing else left or Scope.DIGEST).value,
        section=sections.get(section or "", section or ""),
        kept=[{"slug": slug, "title": sections.get(slug, slug)} for slug, _ in kept],
        staying=words.names([offers.get(name, name) for name in staying]),
        preferences="" if reader is None else preferences_link(desk, reader),
    )
