"""Let readers choose again: sections and digests, hours, zone, a break, their data."""

from collections.abc import Awaitable, Callable

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from syndicate.core.addresses import mask
from syndicate.errors import TokenError, UsageError
from syndicate.flows.choosing import Choosing, Preferences
from syndicate.flows.try_out import NOBODY
from syndicate.web.chosen import MistakeError, read_change, read_pause, shown
from syndicate.web.desk import Desk, desk_of
from syndicate.web.forms import Form, read_form
from syndicate.web.landing import language_choices
from syndicate.web.rendering import SECRET
from syndicate.web.zones import zone_options

Act = Callable[[Desk, Choosing, Preferences, Form], Awaitable[Response]]


async def preferences(request: Request) -> Response:
    """Show a reader's choices, and on POST do what the button says; without a button, save."""
    desk, token = desk_of(request), request.path_params["token"]
    public_id = desk.app.signer.read_preferences(token)
    if public_id == NOBODY:
        return desk.renderer.note("trial", status=200)
    choosing = await desk.choosing()
    try:
        current = await choosing.preferences(token)
    except TokenError:
        return desk.renderer.note("forgotten", status=410)
    if request.method != "POST":
        return _page(desk, current)
    form = await read_form(request)
    try:
        desk.app.signer.read_form(form.one("form"), public_id, now=desk.now())
        act = _ACTS.get(form.one("action"))
        if act is None:
            return _page(desk, current, problem="problem_offer", status=400)
        return await act(desk, choosing, current, form)
    except TokenError:
        return _page(desk, current, problem="problem_form_old", status=400)
    except MistakeError as error:
        return _page(desk, current, problem=error.phrase, status=400)
    except UsageError:
        return _page(desk, current, problem="problem_offer", status=400)


async def export(request: Request) -> Response:
    """Hand a reader all that is kept about him."""
    desk = desk_of(request)
    record = await (await desk.choosing()).export(request.path_params["token"])
    headers = {**SECRET, "content-disposition": 'attachment; filename="my-data.json"'}
    content = msgspec.json.format(msgspec.json.encode(record), indent=2)
    return Response(content, media_type="application/json", headers=headers)


async def _save(desk: Desk, choosing: Choosing, current: Preferences, form: Form) -> Response:
    after = await choosing.change(_token(desk, current), read_change(form, current.catalogue))
    return _page(desk, after, notice="saved" if after.reader.kept else "left_everything")


async def _pause(desk: Desk, choosing: Choosing, current: Preferences, form: Form) -> Response:
    until = read_pause(form, zone=current.reader.subscriber.timezone)
    try:
        after = await choosing.pause(_token(desk, current), until=until)
    except UsageError as error:
        raise MistakeError("problem_pause") from error
    return _page(desk, after, notice="saved")


async def _resume(desk: Desk, choosing: Choosing, current: Preferences, form: Form) -> Response:
    return _page(desk, await choosing.resume(_token(desk, current)), notice="resumed")


async def _erase(desk: Desk, choosing: Choosing, current: Preferences, form: Form) -> Response:
    reader = current.reader.subscriber
    words = desk.renderer.words(reader.language)
    if form.one("sure") == "yes":
        await choosing.erase(_token(desk, current))
        return desk.renderer.note("erased", status=200, words=words)
    return desk.renderer.page(
        "erase",
        words=words,
        headers=SECRET,
        email=mask(reader.email),
        form=_fresh(desk, reader.public_id),
        token=_token(desk, current),
    )


_ACTS: dict[str, Act] = {"": _save, "save": _save, "pause": _pause, "resume": _resume, "erase": _erase}


def _page(
    desk: Desk, found: Preferences, *, notice: str | None = None, problem: str | None = None, status: int = 200
) -> Response:
    reader = found.reader.subscriber
    words = desk.renderer.words(reader.language)
    paused = reader.paused_until if reader.paused_until is not None and reader.paused_until > desk.now() else None
    return desk.renderer.page(
        "preferences",
        words=words,
        status=status,
        headers=SECRET,
        form=_fresh(desk, reader.public_id),
        token=_token(desk, found),
        email=mask(reader.email),
        state=reader.state.value,
        kept=bool(found.reader.kept),
        notice=notice,
        problem=problem,
        paused="" if paused is None else desk.moment(paused, words, zone=reader.timezone),
        zones=zone_options(reader.timezone),
        languages=language_choices(desk, reader.language),
        language=reader.language,
        format=reader.format,
        **shown(found, words),
    )


def _fresh(desk: Desk, public_id: str) -> str:
    return desk.app.signer.form(public_id, now=desk.now())


def _token(desk: Desk, found: Preferences) -> str:
    return desk.app.signer.preferences(found.reader.subscriber.public_id)
