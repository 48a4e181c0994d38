"""Readers come, choose and go: by form, by signed link, and by the operator's hand; on both databases."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from syndicate.clock import StoppedClock
from syndicate.core.links import Signer
from syndicate.core.readers import Change
from syndicate.errors import AddressError, NotFoundError, SecretChangedError, TokenError, UsageError
from syndicate.flows.choosing import Choosing
from syndicate.flows.readers import ReaderDesk
from syndicate.flows.readership import Readership
from syndicate.flows.subscribe import Subscribing
from syndicate.flows.unsubscribe import Scope, Unsubscribing
from syndicate.storage.address_key import open_address_key
from syndicate.storage.subscribers import find_by_key
from syndicate.storage.tables import counter, outbox, subscriber, subscription, suppression

ANN = "ann@readers.example"
WORLD, SPORT = "world", "sport"
EVERYTHING = ((WORLD, ("daily", "weekly")), (SPORT, ("daily", "weekly")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A readership with every desk that serves it."""

    readership: Readership
    subscribing: Subscribing
    choosing: Choosing
    unsubscribing: Unsubscribing
    desk: ReaderDesk

    async def sign_up(
        self, email: str = ANN, *, sections: Sequence[str] = (WORLD,), digests: Sequence[str] = ("daily",)
    ) -> None:
        """Fill in the form."""
        await self.subscribing.sign_up(email=email, sections=sections, digests=digests, ip="192.0.2.7")

    async def letters(self) -> list[tuple[str, dict[str, object]]]:
        """Return the letters in the outbox."""
        async with self.readership.database.read() as connection:
            rows = await connection.execute(select(outbox.c.kind, outbox.c.payload).order_by(outbox.c.id))
            return [(row.kind, json.loads(row.payload)) for row in rows]

    async def confirmation(self, email: str = ANN) -> str:
        """Return the token of a confirmation letter as it would be sent now."""
        async with self.readership.database.read() as connection:
            kept = await find_by_key(connection, self.readership.key.email(email))
        assert kept is not None
        assert kept.nonce is not None
        now = self.readership.clock.now()
        return self.subscribing.signer.confirmation(kept.subscriber.public_id, kept.nonce, now=now)

    async def confirmed(
        self, email: str = ANN, *, sections: Sequence[str] = (WORLD,), digests: Sequence[str] = ("daily",)
    ) -> str:
        """Make a confirmed reader and return his public id."""
        await self.sign_up(email, sections=sections, digests=digests)
        done = await self.subscribing.confirm(await self.confirmation(email))
        return done.reader.subscriber.public_id

    def page(self, public_id: str) -> str:
        """Return the token of a reader's preferences page."""
        return self.choosing.signer.preferences(public_id)

    async def mark(self, digest: str, seen: int) -> None:
        """Do as if an edition of a digest had been sent."""
        async with self.readership.database.begin() as connection:
            await connection.execute(
                update(subscription)
                .where(subscription.c.digest == digest)
                .values(seen=seen, seen_at=self.readership.clock.now())
            )
            await connection.execute(update(counter).values(n=seen))

    async def digests(self, email: str = ANN) -> dict[str, str]:
        """Return the state of each of a reader's subscriptions."""
        return {one["digest"]: one["state"] for one in (await self.desk.show(email))["digests"]}


@pytest.fixture
def site(readership: Readership) -> Site:
    """Return every desk of a site."""
    signer = Signer(["a secret that is long enough"])
    subscribing = Subscribing(readership=readership, signer=signer)
    return Site(
        readership=readership,
        subscribing=subscribing,
        choosing=Choosing(readership=readership, signer=signer),
        unsubscribing=Unsubscribing(readership=readership, signer=signer),
        desk=ReaderDesk(readership=readership, subscribing=subscribing),
    )


async def test_a_sign_up_waits_for_its_confirmation(site: Site) -> None:
    """Until the click nothing is active; the click is proved with its time and text."""
    await site.sign_up(sections=["World News", "games"], digests=["daily", "weekly"])

    assert (await site.desk.show(ANN))["state"] == "pending"
    assert await site.digests() == {"daily": "pending", "weekly": "pending"}
    done = await site.subscribing.confirm(await site.confirmation(), ip="192.0.2.7")

    shown = await site.desk.show(ANN)
    assert not done.again
    assert shown["state"] == "confirmed"
    assert shown["sections"] == [{"section": slug, "digests": list(names)} for slug, names in EVERYTHING]
    assert [(one["digest"], one["state"], one["at"]) for one in shown["digests"]] == [
        ("daily", "active", "07:00"),
        ("weekly", "active", "08:00"),
    ]
    assert [one["kind"] for one in shown["consent"]] == ["asked", "confirmed"]
    assert (await site.letters())[0][0] == "confirmation"


async def test_a_confirmation_works_once(site: Site) -> None:
    """A second click changes nothing; after leaving, the link is dead."""
    await site.sign_up()
    token = await site.confirmation()
    public_id = (await site.subscribing.confirm(token)).reader.subscriber.public_id
    before = await site.desk.show(ANN)

    assert (await site.subscribing.confirm(token)).again
    assert await site.desk.show(ANN) == before
    await site.unsubscribing.unsubscribe(site.unsubscribing.signer.unsubscribe(public_id, "daily"))
    with pytest.raises(TokenError):
        await site.subscribing.confirm(token)


async def test_looking_changes_nothing(site: Site) -> None:
    """Scanners open every link."""
    await site.sign_up()
    before = await site.desk.show(ANN)
    public_id = before["public_id"]

    await site.subscribing.awaiting(await site.confirmation())
    await site.choosing.preferences(site.page(public_id))
    await site.choosing.export(site.page(public_id))
    await site.unsubscribing.departure(site.unsubscribing.signer.unsubscribe(public_id, "daily"))

    assert await site.desk.show(ANN) == before


async def test_the_answer_is_the_same_for_everybody(site: Site) -> None:
    """New, waiting, confirmed and suppressed addresses get one answer, and the letters that are due to them."""
    for email in ("known@readers.example", "gone@readers.example"):
        await site.confirmed(email)
    await site.desk.suppress("gone@readers.example")
    await site.desk.suppress("never@readers.example")
    await site.sign_up("waiting@readers.example")
    count = len(await site.letters())

    answers = [
        await site.subscribing.sign_up(email=f"{name}@readers.example", sections=[SPORT], digests=["weekly"])
        for name in ("new", "waiting", "known", "gone", "never")
    ]

    assert {(one.sections, one.digests) for one in answers} == {((SPORT,), ("weekly",))}
    assert [kind for kind, _ in (await site.letters())[count:]] == ["confirmation", "already"]
    assert await site.digests("known@readers.example") == {"daily": "active"}
    with pytest.raises(NotFoundError):
        await site.desk.show("never@readers.example")


async def test_one_letter_in_24_hours(site: Site, clock: StoppedClock) -> None:
    """Asking again sends no second letter the same day, across midnight neither; the link sent stays good."""
    clock.moment = datetime(2026, 5, 4, 23, 50, tzinfo=UTC)
    await site.sign_up()
    token = await site.confirmation()
    for minutes in (0, 20, 1400):
        clock.advance(timedelta(minutes=minutes))
        await site.sign_up(ANN.upper(), sections=[SPORT])

    assert len(await site.letters()) == 1
    clock.advance(timedelta(hours=1))
    await site.sign_up(sections=[SPORT])
    assert len(await site.letters()) == 2
    done = await site.subscribing.confirm(token)
    assert done.reader.choice.sections == ((SPORT, ("daily",)),)


async def test_wrong_wishes_are_named(site: Site) -> None:
    """The error says what exists."""
    wrong: list[tuple[dict[str, object], str]] = [
        ({"sections": ["moon"]}, "world, sport"),
        ({"digests": ["hourly"]}, "alerts, daily, weekly"),
        ({"sections": []}, "world, sport"),
        ({"digests": [" "]}, "alerts, daily, weekly"),
        ({"timezone": "Mars/Olympus"}, "IANA"),
        ({"language": "<b>"}, "language"),
    ]
    for change, message in wrong:
        asked: dict[str, object] = {"sections": [WORLD], "digests": ["daily"]} | change
        with pytest.raises(UsageError, match=message):
            await site.subscribing.sign_up(email=ANN, **asked)  # type: ignore[arg-type]  # a table of wrong arguments
    with pytest.raises(AddressError):
        await site.sign_up("ann@readers.example\r\nBcc: eve@readers.example")


async def test_whatever_changes_the_mark_stays(site: Site, clock: StoppedClock) -> None:
    """Hour, zone, language and sections change; mark and beginning do not."""
    public_id = await site.confirmed(sections=[WORLD], digests=["daily"])
    await site.mark("daily", 40)
    began = (await site.choosing.preferences(site.page(public_id))).reader.kept[0].since
    clock.advance(timedelta(days=3))

    change = Change(
        sections=((SPORT, ("daily", "weekly")),),
        minutes={"daily": 1110, "weekly": 600},
        days={"weekly": ("sunday",)},
        timezone="asia/tokyo",
        language="de",
        format="text",
        name="Ann\r\nBcc: x",
    )
    after = (await site.choosing.change(site.page(public_id), change)).reader

    daily, weekly = after.kept
    assert (daily.seen, daily.since) == (40, began)
    assert (daily.rhythm.zone, daily.rhythm.minute, daily.rhythm.weekdays) == ("Asia/Tokyo", 1110, 127)
    assert (weekly.rhythm.minute, weekly.rhythm.weekdays) == (600, 0b1000000)
    assert (weekly.seen, weekly.since, weekly.since_seq) == (None, clock.now(), 40)
    assert (after.choice.language, after.choice.format, after.subscriber.name) == ("de", "text", "Ann Bcc: x")


async def test_an_hour_once_chosen_outlives_other_changes(site: Site) -> None:
    """Moving to another zone keeps the local hour; what is not named stays."""
    public_id = await site.confirmed(digests=["daily", "weekly"])
    await site.choosing.change(site.page(public_id), Change(minutes={"daily": 1110}, days={"weekly": ("tuesday",)}))

    after = (await site.choosing.change(site.page(public_id), Change(timezone="America/Lima"))).reader

    assert [(one.rhythm.zone, one.rhythm.minute, one.rhythm.weekdays) for one in after.kept] == [
        ("America/Lima", 1110, 127),
        ("America/Lima", 480, 0b10),
    ]


async def test_leaving_and_coming_back_repeats_nothing(site: Site, clock: StoppedClock) -> None:
    """A digest that was left keeps its mark for the day its reader comes back."""
    public_id = await site.confirmed(digests=["daily", "weekly"])
    await site.mark("daily", 40)
    page = site.page(public_id)
    await site.choosing.change(page, Change(sections=((WORLD, ("weekly",)),)))
    assert await site.digests() == {"daily": "left", "weekly": "active"}
    clock.advance(timedelta(days=30))

    after = (await site.choosing.change(page, Change(sections=((WORLD, ("daily", "weekly")),)))).reader

    daily = after.kept[0]
    assert (daily.digest, daily.seen, daily.since) == ("daily", 40, clock.now())


async def test_one_click_leaves_the_digest_of_the_mail(site: Site) -> None:
    """The others go on, and no longer wait for what the one that was left would have carried."""
    public_id = await site.confirmed(digests=["alerts", "daily"])
    token = site.unsubscribing.signer.unsubscribe(public_id, "alerts")

    await site.unsubscribing.unsubscribe(token, source="one-click")
    once = await site.desk.show(ANN)
    await site.unsubscribing.unsubscribe(token, source="one-click")

    assert await site.desk.show(ANN) == once
    assert (once["state"], once["sections"]) == ("confirmed", [{"section": WORLD, "digests": ["daily"]}])
    assert await site.digests() == {"alerts": "left", "daily": "active"}
    assert once["consent"][-1]["text"] == "digest alerts"


async def test_leaving_one_section_leaves_it_everywhere(site: Site) -> None:
    """A digest that carries nothing more is left with it."""
    public_id = await site.confirmed(sections=[WORLD, SPORT], digests=["daily"])
    await site.choosing.change(site.page(public_id), Change(sections=((WORLD, ("daily",)), (SPORT, ("weekly",)))))
    token = site.unsubscribing.signer.unsubscribe(public_id, "daily")

    gone = await site.unsubscribing.unsubscribe(token, scope=Scope.SECTION, section=SPORT)

    assert gone.reader is not None
    assert gone.reader.choice.sections == ((WORLD, ("daily",)),)
    assert await site.digests() == {"daily": "active", "weekly": "left"}


@pytest.mark.parametrize(("scope", "letters"), [(Scope.DIGEST, []), (Scope.ALL, ["goodbye"])])
async def test_leaving_the_last_digest_is_leaving(site: Site, scope: Scope, letters: list[str]) -> None:
    """A one-click is answered in the mail program; leaving everything on the page is answered by a letter."""
    public_id = await site.confirmed()
    token = site.unsubscribing.signer.unsubscribe(public_id, "daily")

    for _ in range(2):
        await site.unsubscribing.unsubscribe(token, scope=scope)

    assert (await site.desk.show(ANN))["state"] == "unsubscribed"
    assert [kind for kind, _ in await site.letters()] == ["confirmation", *letters]


async def test_the_goodbye_knows_what_was_left(site: Site) -> None:
    """By the page of choices and by the one of leaving."""
    public_id = await site.confirmed(digests=["daily", "weekly"])
    await site.choosing.change(site.page(public_id), Change(sections=()))
    other = await site.confirmed("bob@readers.example", digests=["weekly"])
    await site.unsubscribing.unsubscribe(site.unsubscribing.signer.unsubscribe(other, "weekly"), scope=Scope.ALL)

    goodbyes = [payload["digests"] for kind, payload in await site.letters() if kind == "goodbye"]
    assert goodbyes == [["daily", "weekly"], ["weekly"]]


async def test_who_left_may_choose_again_on_his_page(site: Site) -> None:
    """His link proves that the mailbox is his; a change of language alone does not bring him back."""
    public_id = await site.confirmed()
    page = site.page(public_id)
    await site.choosing.change(page, Change(sections=()))
    assert (await site.desk.show(ANN))["state"] == "unsubscribed"

    await site.choosing.change(page, Change(language="fr"))
    assert (await site.desk.show(ANN))["state"] == "unsubscribed"
    await site.choosing.change(page, Change(sections=((SPORT, ("daily",)),)))

    assert (await site.desk.show(ANN))["state"] == "confirmed"
    assert await site.digests() == {"daily": "active"}


async def test_a_stranger_cannot_bring_back_who_left(site: Site, clock: StoppedClock) -> None:
    """A sign-up in his name waits for his click, and is gone after a week without one."""
    public_id = await site.confirmed()
    await site.unsubscribing.unsubscribe(site.unsubscribing.signer.unsubscribe(public_id, "daily"))
    clock.advance(timedelta(days=2))

    await site.sign_up()
    assert await site.digests() == {"daily": "pending"}
    clock.advance(timedelta(days=7, seconds=1))

    assert await site.desk.expire_pending() == 1
    assert (await site.desk.show(ANN))["state"] == "unsubscribed"
    assert await site.digests() == {"daily": "left"}


async def test_requests_that_nobody_confirms_are_forgotten(site: Site, clock: StoppedClock) -> None:
    """After seven days nothing of them is left, and the link is dead."""
    await site.sign_up()
    clock.advance(timedelta(days=6))
    await site.sign_up("late@readers.example")
    token = await site.confirmation()
    clock.advance(timedelta(days=1, seconds=1))

    assert await site.desk.expire_pending() == 1
    assert [one.subscriber.email async for one in site.desk.walk()] == ["late@readers.example"]
    with pytest.raises(TokenError):
        await site.subscribing.confirm(token)


async def test_a_pause_ends_by_itself_or_early(site: Site, clock: StoppedClock) -> None:
    """Its end is kept after it has passed: from it the next edition knows how far to reach back."""
    page = site.page(await site.confirmed())
    until = clock.now() + timedelta(days=10)

    paused = await site.choosing.pause(page, until=until)
    clock.advance(timedelta(days=4))
    resumed = await site.choosing.resume(page)
    clock.advance(timedelta(days=1))
    again = await site.choosing.resume(page)

    assert paused.reader.subscriber.paused_until == until
    assert resumed.reader.subscriber.paused_until == clock.now() - timedelta(days=1)
    assert again.reader.subscriber.paused_until == resumed.reader.subscriber.paused_until
    for wrong in (clock.now(), clock.now() + timedelta(days=400)):
        with pytest.raises(UsageError):
            await site.choosing.pause(page, until=wrong)


async def test_an_erased_reader_leaves_a_hash_and_a_number(site: Site) -> None:
    """Nothing that is kept tells who he was; his links are dead, but leaving is still no error."""
    public_id = await site.confirmed()
    everything = await site.choosing.export(site.page(public_id))
    assert everything["email"] == ANN

    await site.choosing.erase(site.page(public_id))

    async with site.readership.database.read() as connection:
        row = (await connection.execute(select(subscriber))).one()
        keys = list((await connection.execute(select(suppression.c.email_key))).scalars())
    assert (row.email, row.name, row.state) == (None, "", "erased")
    assert keys == [site.readership.key.email(ANN)]
    with pytest.raises(TokenError):
        await site.choosing.preferences(site.page(public_id))
    with pytest.raises(NotFoundError):
        await site.desk.show(ANN)
    gone = await site.unsubscribing.unsubscribe(site.unsubscribing.signer.unsubscribe(public_id, "daily"))
    assert gone.reader is None


async def test_an_erased_reader_may_come_back_by_himself(site: Site) -> None:
    """Confirming takes him off the list; he is somebody new."""
    public_id = await site.confirmed()
    await site.choosing.erase(site.page(public_id))

    again = await site.confirmed()

    assert again != public_id
    assert (await site.desk.show(ANN))["suppressed"] is None


async def test_suppressing_holds_until_it_is_lifted(site: Site) -> None:
    """His choices wait for him meanwhile."""
    await site.confirmed()
    await site.desk.suppress(ANN, reason="complaint")
    shown = await site.desk.show(ANN)

    assert (shown["state"], shown["suppressed"]) == ("suppressed", "complaint")
    with pytest.raises(UsageError, match="complaint"):
        await site.desk.add(email=ANN, sections=[WORLD], digests=["daily"], confirmed=True)
    assert await site.desk.unsuppress(ANN)
    assert not await site.desk.unsuppress(ANN)
    assert (await site.desk.show(ANN))["state"] == "confirmed"


async def test_adding_by_hand(site: Site) -> None:
    """With `confirmed` at once, without it after a letter; again with other choices, these replace the first."""
    added = await site.desk.add(email=ANN, sections=[WORLD], digests=["daily"], confirmed=True, timezone="Asia/Tokyo")
    asked = await site.desk.add(email="bob@readers.example", sections=[WORLD], digests=["daily"])
    changed = await site.desk.add(email=ANN, sections=[SPORT], digests=["weekly"])

    assert (added["state"], asked["state"], changed["state"]) == ("confirmed", "pending", "confirmed")
    assert changed["timezone"] == "Asia/Tokyo"
    assert [kind for kind, _ in await site.letters()] == ["confirmation"]
    assert await site.digests() == {"daily": "left", "weekly": "active"}


async def test_the_address_key_survives_a_change_of_the_secret(site: Site) -> None:
    """Once opened with both secrets at hand, the new one is enough; a stranger's opens nothing."""
    database, first = site.readership.database, site.readership.key.email(ANN)
    old, new = "a secret that is long enough", "another secret, just as long"

    both = await open_address_key(database, [new, old])
    alone = await open_address_key(database, [new])

    assert both.email(ANN) == alone.email(ANN.upper()) == first
    with pytest.raises(SecretChangedError):
        await open_address_key(database, ["a stranger's secret, also long"])


async def test_many_sign_ups_at_once_are_one(site: Site) -> None:
    """An impatient finger makes one reader and one letter."""
    await asyncio.gather(*(site.sign_up(sections=[slug]) for slug in (WORLD, SPORT) for _ in range(5)))

    assert [kind for kind, _ in await site.letters()] == ["confirmation"]
    assert len([one async for one in site.desk.walk()]) == 1


async def test_many_clicks_at_once_are_one(site: Site) -> None:
    """One confirms, the others find it done; one leaves, the others find it done."""
    await site.sign_up()
    token = await site.confirmation()

    done = await asyncio.gather(*(site.subscribing.confirm(token) for _ in range(5)))
    leave = site.unsubscribing.signer.unsubscribe(done[0].reader.subscriber.public_id, "daily")
    await asyncio.gather(*(site.unsubscribing.unsubscribe(leave) for _ in range(5)))

    assert sorted(one.again for one in done) == [False, True, True, True, True]
    assert [one["kind"] for one in (await site.desk.show(ANN))["consent"]] == ["asked", "confirmed", "left"]


async def test_a_link_of_a_former_request_confirms_nothing(site: Site) -> None:
    """Who confirmed, left and asks again has to click on the new link."""
    await site.sign_up()
    old = await site.confirmation()
    public_id = (await site.subscribing.confirm(old)).reader.subscriber.public_id
    await site.unsubscribing.unsubscribe(site.unsubscribing.signer.unsubscribe(public_id, "daily"))
    await site.sign_up()

    with pytest.raises(TokenError):
        await site.subscribing.confirm(old)
    assert await site.digests() == {"daily": "pending"}
    assert not (await site.subscribing.confirm(await site.confirmation())).again
