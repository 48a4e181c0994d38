"""Hold what the pages share: the application, its flows for readers, the renderer, and who may ask how often."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import cast
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from prometheus_client import CollectorRegistry
from starlette.requests import Request

from syndicate.app import App
from syndicate.core.cadence import EVERY_DAY, find_zone, weekdays_of
from syndicate.core.readers import Offer
from syndicate.core.wording import Words
from syndicate.flows.choosing import Choosing
from syndicate.flows.readership import Readership
from syndicate.flows.subscribe import Subscribing
from syndicate.flows.unsubscribe import Unsubscribing
from syndicate.model import Cadence
from syndicate.web.news import News
from syndicate.web.phrasebook import consent_text, say_moment
from syndicate.web.rendering import Masthead, Renderer
from syndicate.web.visitors import Limit, Proxies

SIGN_UPS = 60  # of one network in an hour


@dataclass(slots=True, kw_only=True)
class Desk:
    """What every page is answered with. `answer_after`: no sign-up is answered sooner, so that the time taken tells nothing of an address."""

    app: App
    renderer: Renderer
    news: News
    proxies: Proxies
    ready: Callable[[], bool]
    registry: CollectorRegistry
    answer_after: timedelta
    limit: Limit = field(default_factory=lambda: Limit(most=SIGN_UPS, span=timedelta(hours=1)))

    async def readership(self) -> Readership:
        """Return the readers of the site, with the words that our pages show them."""
        return replace(await self.app.readership(), consent_text=consent_text)

    async def subscribing(self) -> Subscribing:
        """Return what sign-ups and confirmations do."""
        return Subscribing(readership=await self.readership(), signer=self.app.signer)

    async def choosing(self) -> Choosing:
        """Return what the preferences page does."""
        return Choosing(readership=await self.readership(), signer=self.app.signer)

    async def unsubscribing(self) -> Unsubscribing:
        """Return what the unsubscribe page does."""
        return Unsubscribing(readership=await self.readership(), signer=self.app.signer)

    @property
    def zone(self) -> str:
        """Return the publication's time zone."""
        return find_zone(self.app.document.site.timezone) or "UTC"

    def now(self) -> datetime:
        """Return the present moment."""
        return self.app.clock.now()

    def today(self) -> date:
        """Return the day that it is where the publication is made."""
        return self.now().astimezone(ZoneInfo(self.zone)).date()

    def moment(self, at: datetime, words: Words, *, zone: str | None = None) -> str:
        """Return a moment in words, in a zone or the publication's."""
        local = ZoneInfo(zone or self.zone)
        return say_moment(words, at.astimezone(local), this_year=self.now().astimezone(local).year)


def desk_of(request: Request) -> Desk:
    """Return the desk of the application that a request came to."""
    return cast(Desk, request.app.state.desk)  # Starlette's state holds anything; build_site put it there


def open_desk(app: App, *, ready: Callable[[], bool], registry: CollectorRegistry, answer_after: timedelta) -> Desk:
    """Set the desk up for an application."""
    site = app.document.site
    masthead = Masthead(
        title=site.title,
        url=site.url,
        public_url=app.public_url,
        root=urlsplit(app.public_url).path,
        description=site.description,
        postal_address=site.postal_address,
        language=site.language,
    )
    return Desk(
        app=app,
        renderer=Renderer(masthead),
        news=News(database=app.database, clock=app.clock),
        proxies=Proxies(app.document.web.trusted_proxies),
        ready=ready,
        registry=registry,
        answer_after=answer_after,
    )


def hour_of(minute: int) -> str:
    """Return a minute of the day as people write it."""
    return f"{minute // 60:02}:{minute % 60:02}"


def say_cadence(offer: Offer, words: Words) -> str:
    """Return when a digest comes, in words."""
    if offer.cadence is Cadence.INSTANT:
        return words.say("cadence_instant")
    hour, weekdays = hour_of(offer.minute), weekdays_of(offer.days)
    if offer.cadence is Cadence.WEEKLY:
        return words.say("cadence_weekly", day=say_days(weekdays, words), hour=hour)
    if weekdays == EVERY_DAY:
        return words.say("cadence_daily", hour=hour)
    return words.say("cadence_days", days=say_days(weekdays, words), hour=hour)


def say_days(weekdays: int, words: Words) -> str:
    """Return days of the week in words; three or more in a row by their first and their last."""
    said: list[str] = []
    first = 0
    for bit in range(8):  # the eighth ends what the seventh is in
        if not weekdays >> bit & 1:
            row = words.weekdays[first:bit]
            said += [f"{row[0]}–{row[-1]}"] if len(row) > 2 else row
            first = bit + 1
    return words.names(said)
