"""Translate between a reader's choices and the fields of the preferences form."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from syndicate.core.cadence import WEEKDAYS, days_of, find_zone
from syndicate.core.readers import Catalogue, Change, Offer, check_format, check_language, check_zone
from syndicate.core.wording import Words
from syndicate.errors import UsageError
from syndicate.flows.choosing import Preferences
from syndicate.model import Cadence, Rhythm
from syndicate.values import parse_hour
from syndicate.web.desk import hour_of, say_cadence
from syndicate.web.forms import Form


class MistakeError(Exception):
    """A field of the form cannot be read; `phrase` tells the reader which."""

    def __init__(self, phrase: str) -> None:
        self.phrase = phrase
        super().__init__(phrase)


def shown(found: Preferences, words: Words) -> dict[str, Any]:  # Any: values for a template
    """Return the rows of the form: sections with their digests, and digests with their hours."""
    choice, catalogue = found.reader.choice, found.catalogue
    has = dict(choice.sections) if found.reader.kept else {}
    titles = {one.slug: one.title for one in catalogue.sections}
    ordered = [slug for slug in has if slug in titles] + [slug for slug in titles if slug not in has]
    rhythms = {one.digest: one.rhythm for one in found.reader.subscriptions}
    return {
        "rows": [{"slug": slug, "title": titles[slug], "digests": has.get(slug, ())} for slug in ordered],
        "offers": [{"name": one.name, "title": one.title, "when": say_cadence(one, words)} for one in catalogue.offers],
        "hours": [_hours(one, rhythms.get(one.name), words) for one in catalogue.offers],
    }


def _hours(offer: Offer, rhythm: Rhythm | None, words: Words) -> dict[str, Any]:  # Any: values for a template
    minute = offer.minute if rhythm is None or rhythm.minute is None else rhythm.minute
    days = days_of(offer.rhythm("UTC", like=rhythm).weekdays)
    return {
        "name": offer.name,
        "title": offer.title,
        "at": "" if offer.cadence is Cadence.INSTANT else hour_of(minute),
        "weekly": offer.cadence is Cadence.WEEKLY,
        "days": [(day, shown, day in days) for day, shown in zip(WEEKDAYS, words.weekdays, strict=True)],
    }


def read_change(form: Form, catalogue: Catalogue) -> Change:
    """Return what the form changes. Raises MistakeError."""
    pairs = tuple((name.removeprefix("in."), form.all(name)) for name in form.fields if name.startswith("in."))
    offered = {one.name: one for one in catalogue.offers}
    _check(form, "timezone", lambda text: check_zone(text, default=""))
    _check(form, "language", lambda text: check_language(text, default=""))
    _check(form, "format", check_format)
    return Change(
        sections=tuple((slug, digests) for slug, digests in pairs if digests),
        minutes={name: _minute(text) for name in offered if (text := form.one(f"at.{name}"))},
        days={name: _days(form.all(field)) for name in offered if form.has(field := f"day.{name}")},
        timezone=form.one("timezone") or None,
        language=form.one("language") or None,
        format=form.one("format") or None,
    )


def read_pause(form: Form, *, zone: str) -> datetime:
    """Return the beginning of the day until which a reader rests, in his zone. Raises MistakeError."""
    try:
        day = date.fromisoformat(form.one("until")[:10])
    except ValueError as error:
        raise MistakeError("problem_pause") from error
    return datetime.combine(day, time(), tzinfo=ZoneInfo(find_zone(zone) or "UTC")).astimezone(UTC)


def _minute(text: str) -> int:
    try:
        return parse_hour(text[:5])
    except ValueError as error:
        raise MistakeError("problem_hour") from error


def _days(days: tuple[str, ...]) -> tuple[str, ...]:
    """Read days of the week, one at least: before those to tick the form has an empty one, which says that they were there."""
    if not days or not set(days) <= set(WEEKDAYS):
        raise MistakeError("problem_day")
    return days


def _check(form: Form, name: str, check: Callable[[str], str]) -> None:
    try:
        if form.one(name):
            check(form.one(name))
    except UsageError as error:
        raise MistakeError(f"problem_{name}") from error
