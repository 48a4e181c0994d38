"""Reports taken in: who is stopped by which, and who by none; on both databases."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from syndicate.core.bounce import Reported
from syndicate.core.bounce_class import BounceClass
from syndicate.core.links import Signer
from syndicate.core.stream_health import LEAST_DEAD
from syndicate.flows.ingest_reports import IngestReports, Taken
from syndicate.model import EditionId, Outcome, Receipt, SubscriberId
from syndicate.storage.tables import bounce, delivery, edition, pause, subscriber, suppression
from tests.flows.newsroom import SECRET, Newsroom, utc
from tests.mail_samples import SETTINGS

ANN, BOB = "ann@ann.example", "bob@bob.example"
UNKNOWN = "smtp; 550 5.1.1 user unknown"
FULL = "smtp; 552 5.2.2 mailbox full"
SPAM = "smtp; 550 5.7.1 rejected as spam"


def failure(
    diagnostic: str,
    *,
    about: str = ANN,
    message_id: str = "<stranger@elsewhere.example>",
    to: str = "digest@news.example",
    action: str = "failed",
    more: str = "",
    number: int = 0,
) -> bytes:
    """Write a report about a message."""
    return (
        f"From: MAILER-DAEMON@mx.example\nTo: {to}\nSubject: failure {number}\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        f"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; {about}\n"
        f"Action: {action}\nDiagnostic-Code: {diagnostic}\n\n"
        f"--b\nContent-Type: text/rfc822-headers\n\nFrom: digest@news.example\nTo: {about}\nMessage-ID: {message_id}\n{more}\n--b--\n"
    ).encode()


def complaint(*, about: str = "redacted@mx.example", more: str = "", number: int = 0) -> bytes:
    """Write a complaint about a message."""
    return (
        f"From: feedback@mx.example\nTo: abuse@news.example\nSubject: complaint {number}\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\n\n'
        "--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nVersion: 1\n\n"
        f"--b\nContent-Type: message/rfc822\n\nFrom: digest@news.example\nTo: {about}\n{more}\nbody\n--b--\n"
    ).encode()


@dataclass(slots=True, kw_only=True)
class Office:
    """Takes reports in about readers who got an edition this morning."""

    newsroom: Newsroom
    flow: IngestReports
    signer: Signer

    async def take(self, *reports: bytes) -> list[str]:
        """Return what was done about each recipient."""
        return [one.action for one in await self.taken(*reports)]

    async def taken(self, *reports: bytes) -> list[Taken]:
        """Return what became of each recipient."""
        return [one for taken in await self.flow.take(reports) for one in taken]

    def message_id(self, name: str = "ann") -> str:
        """Return the Message-ID of a reader's copy."""
        return self.newsroom.relay.to(name)[-1].message_id

    async def token(self, name: str = "ann") -> str:
        """Return the header with a reader's unsubscribe link."""
        token = self.signer.unsubscribe(await self.newsroom.public_id(name), "daily")
        return f"List-Unsubscribe: <https://feeds.news.example/unsubscribe/{token}>,\n <mailto:x@news.example>\n"

    async def path(self, name: str = "ann", *, signer: Signer | None = None) -> str:
        """Return the return path of a reader's copy."""
        local = (signer or self.signer).verp_local(await self.edition(), await self.newsroom.public_id(name))
        return f"{local}@bounces.news.example"

    async def edition(self) -> EditionId:
        """Return this morning's edition."""
        async with self.newsroom.database.read() as connection:
            return EditionId((await connection.execute(select(edition.c.id))).scalars().first() or 0)

    async def state(self, name: str = "ann") -> tuple[str, str | None]:
        """Return a reader's state, and why his address is suppressed."""
        query = (
            select(subscriber.c.state, suppression.c.reason)
            .outerjoin(suppression, suppression.c.email_key == subscriber.c.email_key)
            .where(subscriber.c.email == f"{name}@{name}.example")
        )
        async with self.newsroom.database.read() as connection:
            row = (await connection.execute(query)).one()
            return row.state, row.reason

    async def paused(self) -> list[str]:
        """Return which digests are paused."""
        async with self.newsroom.database.read() as connection:
            return list((await connection.execute(select(pause.c.digest))).scalars())

    async def join(self, count: int) -> list[str]:
        """Let so many more readers join, and return their names."""
        names = [f"reader{number}" for number in range(count)]
        for name in names:
            await self.newsroom.add_reader(name)
        return names

    async def pretend_sent(self, count: int) -> None:
        """Write that so many more messages of this morning's edition were accepted."""
        number = await self.edition()
        rows = [
            {"edition": number, "subscriber": 10_000 + one, "variant": 1, "state": 4, "attempt": 1}
            for one in range(count)
        ]
        async with self.newsroom.database.begin() as connection:
            await connection.execute(insert(delivery), rows)


@pytest.fixture
async def office(newsroom: Newsroom) -> Office:
    """Return an office whose readers Ann and Bob got the daily digest at seven."""
    newsroom.store.put("a1", labels=["World"], published=utc("2026-05-04T05:00"))
    await newsroom.collect()
    for name in ("ann", "bob"):
        await newsroom.add_reader(name)
    newsroom.clock.moment = utc("2026-05-04T07:00")
    await newsroom.send()
    signer = Signer([SECRET])
    flow = IngestReports(
        readership=newsroom.readership, signer=signer, return_paths=False, from_domain=SETTINGS.from_domain
    )
    return Office(newsroom=newsroom, flow=flow, signer=signer)


async def test_an_unknown_mailbox_is_suppressed_when_our_message_came_back(office: Office) -> None:
    """The returned Message-ID is one that only we and the reader's server can know."""
    taken = await office.taken(failure(UNKNOWN, message_id=office.message_id()))

    assert [(one.recipient, one.kind, one.status, one.verdict, one.action) for one in taken] == [
        (ANN, "dsn", "5.1.1", BounceClass.HARD, "suppressed")
    ]
    assert await office.state() == ("bounced", "bounced 5.1.1")
    assert (await office.state("bob"))[0] == "confirmed"


async def test_our_signed_link_in_the_returned_headers_proves_it_too(office: Office) -> None:
    """Also when the server rewrote the Message-ID."""
    assert await office.take(failure(UNKNOWN, more=await office.token())) == ["suppressed"]


async def test_a_link_of_one_reader_proves_nothing_of_another(office: Office) -> None:
    """Bob cannot have Ann suppressed by his own mail, nor does her report stop him."""
    assert await office.take(failure(UNKNOWN, more=await office.token("bob"))) == ["recorded"]
    assert await office.take(failure(UNKNOWN, message_id=office.message_id("bob"))) == ["recorded"]
    assert {(await office.state())[0], (await office.state("bob"))[0]} == {"confirmed"}


async def test_a_report_on_an_address_that_a_reader_forwards_to_is_about_him(office: Office) -> None:
    """What is returned names him, and bears his link."""
    raw = failure(UNKNOWN, about="dead@elsewhere.example", more=await office.token())
    raw = raw.replace(b"\nTo: dead@elsewhere.example", f"\nTo: {ANN}".encode())

    assert await office.take(raw) == ["suppressed"]


async def test_a_report_taken_twice_changes_nothing(office: Office) -> None:
    """Nor does it if its lines end otherwise; and who was unsuppressed meanwhile stays so."""
    raw = failure(UNKNOWN, message_id=office.message_id())
    await office.take(raw)
    await office.newsroom.desk.unsuppress(ANN)

    assert await office.take(raw, raw.replace(b"\n", b"\r\n")) == ["known", "known"]
    assert await office.state() == ("confirmed", None)


async def test_a_strangers_report_is_only_recorded(office: Office) -> None:
    """Anybody can write a report about anybody."""
    for number in range(8):
        reports = [failure(diagnostic, number=number) for diagnostic in (UNKNOWN, FULL, SPAM)]
        assert await office.take(*reports) == ["recorded"] * 3
        office.newsroom.clock.advance(timedelta(days=1))

    assert await office.state() == ("confirmed", None)


async def test_a_delay_does_nothing(office: Office) -> None:
    """However often, and however final its words."""
    for number in range(10):
        raw = failure(UNKNOWN, message_id=office.message_id(), action="delayed", number=number)
        assert await office.take(raw) == ["ignored"]
        office.newsroom.clock.advance(timedelta(days=1))

    assert await office.state() == ("confirmed", None)


async def test_with_return_paths_only_the_message_s_own_counts(office: Office) -> None:
    """A forged one, none, and one of another secret suppress nobody; a true one does, whatever address the report names."""
    office.flow = replace(office.flow, return_paths=True)
    true = await office.path()
    forged = true[:-30] + ("a" if true[-30] != "a" else "b") + true[-29:]

    assert await office.take(failure(UNKNOWN, to=forged)) == ["recorded"]
    assert await office.take(failure(UNKNOWN, to=await office.path(signer=Signer(["another"])))) == ["recorded"]
    assert await office.take(failure(UNKNOWN, message_id=office.message_id())) == ["recorded"]
    assert await office.state() == ("confirmed", None)
    (taken,) = await office.taken(failure(UNKNOWN, to=true, about="forwarded@elsewhere.example"))
    assert (taken.recipient, taken.action) == (ANN, "suppressed")
    assert (await office.state())[0] == "bounced"


async def test_full_mailboxes_are_scored_once_a_day_until_they_are_given_up(office: Office) -> None:
    """The fifth day of failures is the last."""
    done = []
    for number in range(10):
        raw = failure(FULL, message_id=office.message_id(), number=number)
        done += await office.take(raw)
        office.newsroom.clock.advance(timedelta(hours=12))

    assert done == ["scored", "recorded"] * 4 + ["suppressed", "recorded"]
    assert await office.state() == ("bounced", "bounced too often")


async def test_refusals_by_policy_stop_the_stream_and_no_reader(office: Office) -> None:
    """Twenty readers in a day are a tenth and more of what was sent."""
    office.flow = replace(office.flow, return_paths=True)
    await office.pretend_sent(198)
    names = await office.join(20)
    done = []
    for number, name in enumerate(names):
        done += await office.take(failure(SPAM, to=await office.path(name), number=number))

    assert done == ["recorded"] * 19 + ["paused digest daily"]
    assert await office.paused() == ["daily"]
    assert await office.state() == ("confirmed", None)


async def test_a_relay_that_knows_nobody_any_more_is_stopped_and_its_harm_undone(office: Office) -> None:
    """It cannot take the whole list away; what it took comes back at once, and a complaint stands."""
    office.flow = replace(office.flow, return_paths=True)
    names = await office.join(LEAST_DEAD)
    await office.pretend_sent(LEAST_DEAD)
    before = office.newsroom.clock.now()
    office.newsroom.clock.advance(timedelta(minutes=5))
    done = []
    for number, name in enumerate(names):
        done += await office.take(failure(UNKNOWN, to=await office.path(name), number=number))
    await office.take(complaint(more=await office.token()))

    assert done == ["suppressed"] * (LEAST_DEAD - 1) + ["suppressed, paused digest daily"]
    assert await office.newsroom.desk.unsuppress_bounced(since=office.newsroom.clock.now() + timedelta(minutes=1)) == 0
    assert await office.newsroom.desk.unsuppress_bounced(since=before) == LEAST_DEAD
    assert {(await office.state(name))[0] for name in names} == {"confirmed"}
    assert await office.state() == ("suppressed", "complaint")


async def test_a_complaint_stops_mail_to_the_reader(office: Office) -> None:
    """His address may be blotted out; our signed link tells who he is, with return paths too."""
    office.flow = replace(office.flow, return_paths=True)
    (taken,) = await office.taken(complaint(more=await office.token()))

    assert (taken.recipient, taken.kind, taken.verdict, taken.action) == (
        ANN,
        "arf",
        BounceClass.COMPLAINT,
        "suppressed",
    )
    assert await office.state() == ("suppressed", "complaint")


async def test_a_forged_complaint_stops_nobody(office: Office) -> None:
    """Without our link or Message-ID it is kept, and that is all."""
    assert await office.take(complaint(about=ANN)) == ["recorded"]
    assert await office.state() == ("confirmed", None)


async def test_too_many_complaints_pause_the_digest(office: Office) -> None:
    """Three of a thousand."""
    await office.pretend_sent(998)
    names = await office.join(3)

    done = await office.take(*[complaint(more=await office.token(name)) for name in names])

    assert done == ["suppressed", "suppressed", "suppressed, paused digest daily"]
    assert await office.paused() == ["daily"]


async def test_refusals_that_come_a_day_late_are_compared_with_what_was_sent_then(office: Office) -> None:
    """Servers report what they gave up after days; a tenth of that day's stops the digest."""
    office.flow = replace(office.flow, return_paths=True)
    await office.pretend_sent(198)
    names = await office.join(20)
    paths = [await office.path(name) for name in names]
    office.newsroom.clock.advance(timedelta(hours=26))
    for number, path in enumerate(paths[:19]):
        await office.take(failure(SPAM, to=path, number=number))

    assert await office.take(failure(SPAM, to=paths[19], number=19)) == ["paused digest daily"]
    async with office.newsroom.database.read() as connection:
        reason = (await connection.execute(select(pause.c.reason))).scalar_one()
    assert reason == "refused by policy: 20 in a day, of at most 200 messages a day in a week"


async def test_late_refusals_of_few_stop_nothing(office: Office) -> None:
    """They are less than a tenth of what was sent on the day they are about, though on this day nothing was."""
    office.flow = replace(office.flow, return_paths=True)
    await office.pretend_sent(5_000)
    names = await office.join(20)
    paths = [await office.path(name) for name in names]
    office.newsroom.clock.advance(timedelta(hours=26))
    for number, path in enumerate(paths):
        assert await office.take(failure(SPAM, to=path, number=number)) == ["recorded"]


async def test_one_reader_stops_no_digest(office: Office) -> None:
    """However many reports he writes with his own return path and link, and whomever they name."""
    office.flow = replace(office.flow, return_paths=True)
    await office.pretend_sent(998)
    to, more = await office.path(), await office.token()
    for number in range(120):
        raw = failure(SPAM, to=to, about=f"other{number}@elsewhere.example", number=number)
        assert await office.take(raw) == ["recorded"]
        assert await office.take(complaint(more=more, number=number)) == ["suppressed"]

    assert await office.paused() == []


async def test_what_nobody_can_read_is_kept_as_it_came(office: Office) -> None:
    """And listed as a message that reports none."""
    raw = b"\xff\xfenothing of the kind"
    (taken,) = await office.taken(raw)

    async with office.newsroom.database.read() as connection:
        kept = (await connection.execute(select(bounce.c.raw, bounce.c.action))).one()
    assert (taken.recipient, taken.verdict, taken.action) == (None, BounceClass.NONE, "kept")
    assert (kept.raw, kept.action) == (raw, "kept")


async def test_a_reader_who_left_stays_one_who_left(office: Office) -> None:
    """His address is suppressed, so that no import brings it back."""
    await office.newsroom.unsubscribing.unsubscribe(
        office.signer.unsubscribe(await office.newsroom.public_id("ann"), "daily")
    )
    await office.take(failure(UNKNOWN, message_id=office.message_id()))

    assert await office.state() == ("unsubscribed", "bounced 5.1.1")


@pytest.mark.parametrize(
    ("code", "enhanced", "text", "done", "state"),
    [
        (550, "5.1.1", "no such user", "suppressed", "bounced"),
        (550, "5.7.1", "user unknown", "suppressed", "bounced"),
        (550, "", "no", "scored", "confirmed"),
        (552, "5.3.4", "Message size exceeds fixed limit (in reply to MAIL)", "recorded", "confirmed"),
        (552, "", "message too large", "recorded", "confirmed"),
        (550, "5.4.6", "routing loop detected", "recorded", "confirmed"),
        (452, "4.2.2", "given up after 9 tries: mailbox full", "scored", "confirmed"),
        (554, "5.7.1", "blocked as spam", "recorded", "confirmed"),
    ],
)
async def test_a_refusal_while_we_spoke_to_the_server(
    office: Office, code: int, enhanced: str, text: str, done: str, state: str
) -> None:
    """The same judgement, in the transaction that marks the delivery; marking again changes nothing."""
    receipt = Receipt(outcome=Outcome.REFUSED, code=code, enhanced=enhanced, text=text)
    number = await office.edition()
    async with office.newsroom.database.begin() as connection:
        reader = (await connection.execute(select(subscriber.c.id).where(subscriber.c.email == ANN))).scalar_one()
        actions = [
            await office.flow.note_refusal(
                connection, edition=number, digest="daily", subscriber=SubscriberId(reader), receipt=receipt
            )
            for _ in range(2)
        ]

    assert actions == [done, "known"]
    assert (await office.state())[0] == state


async def test_a_blocked_edition_stops_at_its_beginning(office: Office) -> None:
    """What a server refuses while we speak is of today's edition, however many went out on another day of the week."""
    async with office.newsroom.database.begin() as connection:
        await connection.execute(insert(edition).values(
            id=900, digest="daily", rhythm=1, slot="earlier", at=office.newsroom.clock.now() - timedelta(days=3), to_seq=0, state="done",
            planned_at=office.newsroom.clock.now() - timedelta(days=3), stale_at=office.newsroom.clock.now(),
        ))  # fmt: skip
        await connection.execute(insert(delivery), [
            {"edition": 900, "subscriber": 20_000 + one, "variant": 1, "state": 4, "attempt": 1} for one in range(1_000)
        ])  # fmt: skip
    names = await office.join(20)
    await office.pretend_sent(30)
    receipt = Receipt(outcome=Outcome.REFUSED, code=554, enhanced="5.7.1", text="blocked as spam")
    number, done = await office.edition(), []
    async with office.newsroom.database.begin() as connection:
        for name in names:
            query = select(subscriber.c.id).where(subscriber.c.email.startswith(f"{name}@"))
            reader = SubscriberId((await connection.execute(query)).scalar_one())
            done.append(
                await office.flow.note_refusal(
                    connection, edition=number, digest="daily", subscriber=reader, receipt=receipt
                )
            )

    assert done == ["recorded"] * 19 + ["paused digest daily"]


async def test_a_provider_s_word_is_proof(office: Office) -> None:
    """Its signature was checked before; strangers' addresses are only recorded, and an event told twice is one."""
    gone = Reported(recipient=BOB, kind="dsn", status="5.1.1", verdict=BounceClass.HARD)
    other = replace(gone, recipient="nobody@elsewhere.example")

    first = await office.flow.take_events("event-1", [gone, other])
    again = await office.flow.take_events("event-1", [gone, other])

    assert [one.action for one in first] == ["suppressed", "recorded"]
    assert [one.action for one in again] == ["known", "known"]
    assert (await office.state("bob"))[0] == "bounced"


@pytest.mark.parametrize("header", ["message-id", "list-unsubscribe", ""])
async def test_an_event_is_booked_to_the_digest_it_is_about(office: Office, header: str) -> None:
    """By our headers in it, where the provider has them; else to the last that the reader was sent."""
    async with office.newsroom.database.begin() as connection:
        row = dict((await connection.execute(select(edition))).mappings().one())
        reader = (await connection.execute(select(subscriber.c.id).where(subscriber.c.email == ANN))).scalar_one()
        await connection.execute(insert(edition), row | {"id": 77, "digest": "weekly", "slot": "2026-W19"})
        await connection.execute(
            insert(delivery), [{"edition": 77, "subscriber": reader, "variant": 1, "state": 4, "attempt": 1}]
        )
    headers = {
        "message-id": office.message_id(),
        "list-unsubscribe": (await office.token()).partition(": ")[2],
    }
    returned = {name: [value] for name, value in headers.items() if name == header}
    one = Reported(recipient=ANN, kind="arf", status="", verdict=BounceClass.COMPLAINT, returned=returned)
    await office.flow.take_events("event-1", [one])

    async with office.newsroom.database.read() as connection:
        assert (await connection.execute(select(bounce.c.stream))).scalar_one() == ("daily" if header else "weekly")


async def test_several_addresses_of_one_report_count_once_for_its_reader(office: Office) -> None:
    """A mailing list's members behind his address are not five failures."""
    office.flow = replace(office.flow, return_paths=True)
    raw = failure(FULL, to=await office.path()).replace(
        b"--b\nContent-Type: text/rfc822-headers",
        b"Final-Recipient: rfc822; member@elsewhere.example\nAction: failed\nStatus: 5.2.2\n\n"
        b"--b\nContent-Type: text/rfc822-headers",
    )

    assert sorted(await office.take(raw)) == ["recorded", "scored"]


async def test_a_reader_leaves_by_mail(office: Office) -> None:
    """As mail programs do by the mailto address of List-Unsubscribe, however they fold the subject; twice is once."""
    token = office.signer.unsubscribe(await office.newsroom.public_id("ann"), "daily")
    mail = f"From: Ann <ann@elsewhere.example>\r\nTo: digest@news.example\r\nSubject: unsubscribe\r\n {token}\r\n\r\n\r\n".encode()
    forged = mail.replace(token.encode(), token[:-1].encode() + (b"A" if token[-1] != "A" else b"B"))
    replied = mail.replace(b"Subject: ", b"Subject: Re: ")

    assert await office.take(forged, replied) == ["kept", "kept"]
    assert await office.state("ann") == ("confirmed", None)
    assert await office.take(failure(UNKNOWN), mail, mail) == ["recorded", "unsubscribed", "unsubscribed"]
    assert await office.state("ann") == ("unsubscribed", None)
    assert await office.state("bob") == ("confirmed", None)
