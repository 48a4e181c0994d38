"""Take sign-ups: one answer for every address, whether it is new, known or suppressed."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from syndicate.core.addresses import check_address
from syndicate.core.readers import Catalogue, check_language, check_zone
from syndicate.errors import AddressError, TokenError, UsageError
from syndicate.web.desk import Desk, desk_of
from syndicate.web.forms import Form, read_form
from syndicate.web.landing import FORM, Typed, catalogue_of, form_again
from syndicate.web.rendering import SECRET

TRAP = "website"  # nobody sees this field, so only a program fills it in
QUICKEST = timedelta(seconds=2)
_NO = frozenset({"", "0", "no", "off", "false"})


async def subscribe(request: Request) -> Response:
    """Send a confirmation letter, or say what has to be mended."""
    if request.method != "POST":
        raise HTTPException(405, headers={"allow": "POST"})
    desk = desk_of(request)
    began = asyncio.get_running_loop().time()
    visitor = desk.proxies.visitor(request)
    wait = desk.limit.wait(visitor, at=desk.app.clock.monotonic())
    if wait:
        return desk.renderer.note("often", status=429, headers={"retry-after": str(wait)})
    form = await read_form(request)
    problems = await _problems(desk, form)
    if problems:
        return await form_again(desk, _typed(form, problems))
    email = check_address(form.one("email")).text
    if not form.one(TRAP):
        await (await desk.subscribing()).sign_up(
            email=email,
            sections=form.all("section"),
            digests=form.all("digest"),
            timezone=form.one("timezone"),
            language=form.one("language"),
            ip=visitor,
        )
    rest = began + desk.answer_after.total_seconds() - asyncio.get_running_loop().time()
    await asyncio.sleep(max(rest, 0))
    return desk.renderer.page("asked", headers=SECRET, email=email)


async def _problems(desk: Desk, form: Form) -> dict[str, str]:
    """Return what is wrong with a form: field → phrase. It depends on nothing that we know of the address."""
    catalogue, site = await catalogue_of(desk), desk.app.document.site
    checks: dict[str, Callable[[], object]] = {
        "email": lambda: check_address(form.one("email")),
        "section": lambda: _chosen(catalogue, form.all("section")),
        "digest": lambda: catalogue.find(sections=[one.slug for one in catalogue.sections], digests=form.all("digest")),
        "timezone": lambda: check_zone(form.one("timezone"), default=site.timezone),
        "language": lambda: check_language(form.one("language"), default=site.language),
    }
    found = {}
    for name, check in checks.items():
        try:
            check()
        except (AddressError, UsageError):
            found[name] = f"problem_{name}"
    if form.one("consent").lower() in _NO:
        found["consent"] = "problem_consent"
    trouble = _trouble_with_token(desk, form)
    return found | ({"form": trouble} if trouble else {})


def _chosen(catalogue: Catalogue, names: tuple[str, ...]) -> None:
    if not catalogue.find_sections(names):
        raise UsageError("no section chosen")


def _trouble_with_token(desk: Desk, form: Form) -> str:
    """Return the phrase for a form of ours that is too old or was sent too fast; a form without the field is a program's, and welcome."""
    if not form.has("form"):
        return ""
    now = desk.now()
    try:
        made = desk.app.signer.read_form(form.one("form"), FORM, now=now)
    except TokenError:
        return "problem_form_old"
    return "problem_too_fast" if now - made < QUICKEST else ""


def _typed(form: Form, problems: dict[str, str]) -> Typed:
    return Typed(
        email=form.one("email")[:320],
        sections=form.all("section"),
        digests=form.all("digest"),
        timezone=form.one("timezone")[:64],
        language=form.one("language")[:35],
        problems=problems,
    )
