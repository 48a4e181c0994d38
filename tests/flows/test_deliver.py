"""Deliver batches: claimed, sent, marked; whatever relays, readers and other workers do meanwhile; on both databases."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import exc, func, insert, select, update
from structlog.testing import capture_logs

from syndicate.clock import StoppedClock
from syndicate.core.dkim import SigningKey
from syndicate.core.links import Signer
from syndicate.core.pace import Urgency
from syndicate.core.retry import Policy
from syndicate.flows.deliver import IN_FLIGHT
from syndicate.flows.ingest_reports import IngestReports
from syndicate.flows.marking import Marking
from syndicate.flows.pace import RelayPace
from syndicate.flows.places import Slots
from syndicate.flows.route import Route, Router
from syndicate.flows.send import send_digest
from syndicate.flows.tally import Tally
from syndicate.flows.work import finish_digest, take_back
from syndicate.model import DeliveryState, Envelope, Outcome, Receipt
from syndicate.storage import batches, by_hand, deliveries
from syndicate.storage.buckets import Limits
from syndicate.storage.database import Database
from syndicate.storage.pauses import pause_digest, resume_digest
from syndicate.storage.tables import batch, bounce, delivery, pause, subscriber, suppression
from tests.flows.newsroom import ACCEPTED, DEFERRED, REFUSED, SECRET, UNANSWERED, Newsroom, Relay, open_newsroom, utc

SLOT = utc("2026-05-04T07:00")
NOW = timedelta(0)


async def _edition_for(newsroom: Newsroom, *names: str, articles: int = 1) -> None:
    """Collect some articles of the hour before the slot, subscribe readers to World, and let the slot come."""
    for number in range(1, articles + 1):
        newsroom.store.put(f"a{number}", labels=["World"], published=utc("2026-05-04T05:00"))
    await newsroom.collect()
    for name in names:
        await newsroom.add_reader(name)
    newsroom.clock.moment = SLOT


async def _next_day(newsroom: Newsroom, *articles: str) -> None:
    """Let the next slot come, with further articles."""
    newsroom.clock.moment = SLOT + timedelta(hours=20)
    for one in articles:
        newsroom.store.put(one, labels=["World"], published=newsroom.clock.moment)
    await newsroom.collect()
    newsroom.clock.moment = SLOT + timedelta(days=1)


def _once(receipt: Receipt, *names: str) -> dict[str, Receipt]:
    return dict.fromkeys((f"{name}@{name}.example" for name in names), receipt)


async def test_each_reader_gets_what_is_new_once(newsroom: Newsroom) -> None:
    """A second run sends nothing, and the edition is closed."""
    newsroom.store.put("a1", labels=["World"], published=utc("2026-05-04T05:00"))
    newsroom.store.put("a2", labels=["Sport"], published=utc("2026-05-04T05:30"))
    await newsroom.collect()
    await newsroom.add_reader("ann", sections=["world"])
    await newsroom.add_reader("bob", sections=["world", "sport"])
    newsroom.clock.moment = SLOT

    tally, again = await newsroom.send(), await newsroom.send()

    assert (tally.editions, tally.planned, tally.accepted) == (1, 2, 2)
    assert (again.editions, again.planned, again.accepted) == (0, 0, 0)
    assert [sent.articles for sent in newsroom.relay.to("ann")] == [["a1"]]
    assert [sorted(sent.articles) for sent in newsroom.relay.to("bob")] == [["a1", "a2"]]
    assert await newsroom.open_work() == (0, 0)


async def test_a_refused_reader_gets_it_with_the_next_edition(newsroom: Newsroom) -> None:
    """5xx is final for the delivery; the mark is put back, so that its articles are still to come."""
    await _edition_for(newsroom, "ann", "bob")
    troubles = _once(REFUSED, "ann")
    newsroom.relay.answer = lambda envelope: troubles.pop(envelope.recipient, ACCEPTED)

    tally = await newsroom.send()
    marks = await newsroom.marks()
    await _next_day(newsroom, "a2")
    await newsroom.send()

    assert (tally.accepted, tally.refused) == (1, 1)
    assert marks["ann", "daily"] == (None, None)
    assert marks["bob", "daily"][0] is not None
    assert [sorted(sent.articles) for sent in newsroom.relay.to("bob")] == [["a1"], ["a2"]]
    # his first edition goes by date of publication, and that of a1 is past
    assert [sorted(sent.articles) for sent in newsroom.relay.to("ann")] == [["a2"]]


async def test_what_no_relay_can_carry_is_refused_and_nobodys_word(newsroom: Newsroom) -> None:
    """No server was asked, so it is no report: neither on the reader nor on the digest."""
    await _edition_for(newsroom, "ann", "bob")
    unfit = Receipt(outcome=Outcome.UNFIT, code=553, enhanced="5.6.7", text="no SMTPUTF8 (not sent)")
    newsroom.relay.answer = lambda envelope: unfit if envelope.recipient.startswith("ann@") else ACCEPTED
    flow = newsroom.delivering()
    flow.reports = IngestReports(
        readership=newsroom.readership, signer=Signer([SECRET]), return_paths=False, from_domain="news.example"
    )

    tally = await send_digest(newsroom.planning, flow, digest="daily", at=None)

    assert (tally.accepted, tally.refused) == (1, 1)
    async with newsroom.database.read() as connection:
        assert (await connection.execute(select(func.count()).select_from(bounce))).scalar_one() == 0


async def test_what_is_put_off_is_tried_again_under_the_same_message_id(newsroom: Newsroom) -> None:
    """4xx has a stored next try; before it nothing happens, and after it the message goes as it was."""
    await _edition_for(newsroom, "ann")
    troubles = _once(DEFERRED, "ann")
    newsroom.relay.answer = lambda envelope: troubles.pop(envelope.recipient, ACCEPTED)

    first, early = await newsroom.send(), await newsroom.send()
    newsroom.clock.advance(timedelta(minutes=5))
    late = await newsroom.send()

    assert (first.deferred, early.accepted, late.accepted) == (1, 0, 1)
    assert len({sent.message_id for sent in newsroom.relay.tried}) == 1
    assert len(newsroom.relay.tried) == 2
    assert await newsroom.open_work() == (0, 0)


async def test_what_is_put_off_until_it_is_stale_is_given_up(newsroom: Newsroom) -> None:
    """After the grace the delivery is refused and its articles come with the next edition."""
    await _edition_for(newsroom, "ann")
    await newsroom.send()
    newsroom.relay.answer = lambda _: DEFERRED
    await _next_day(newsroom, "a2")
    await newsroom.send()
    for _ in range(20):
        newsroom.clock.advance(timedelta(minutes=30))
        await newsroom.send()
    states = await newsroom.states()
    newsroom.relay.answer = lambda _: ACCEPTED
    newsroom.clock.moment = SLOT + timedelta(days=2)
    await newsroom.send()

    assert states == {"accepted": 1, "refused": 1}
    assert [sent.articles for sent in newsroom.relay.to("ann")] == [["a1"], ["a2"]]
    assert await newsroom.open_work() == (0, 0)


@pytest.mark.parametrize(
    ("policy", "tries", "state"), [("retry", 2, "uncertain"), ("hold", 1, "uncertain"), ("accept", 1, "accepted")]
)
async def test_an_unanswered_message_follows_the_policy(
    newsroom: Newsroom, policy: Policy, tries: int, state: str
) -> None:
    """By default it is tried once more and then held; the edition is finished either way."""
    await _edition_for(newsroom, "ann")
    newsroom.policy = policy
    newsroom.relay.answer = lambda _: UNANSWERED
    await newsroom.send()
    for _ in range(4):
        newsroom.clock.advance(timedelta(minutes=3))
        await newsroom.send()

    assert len(newsroom.relay.tried) == tries
    assert await newsroom.states() == {state: 1}
    assert await newsroom.open_work() == (0, 0)


async def test_an_uncertain_delivery_of_a_stale_edition_is_held(newsroom: Newsroom) -> None:
    """It may have arrived: it is neither tried again when it is old news nor called refused, and holds nothing open."""
    await _edition_for(newsroom, "ann")
    newsroom.relay.answer = lambda _: UNANSWERED
    await newsroom.send()
    newsroom.clock.advance(timedelta(hours=7))
    await newsroom.send()

    assert len(newsroom.relay.tried) == 1
    assert await newsroom.states() == {"uncertain": 1}
    assert await newsroom.open_work() == (0, 0)


async def test_what_a_dead_worker_left_in_flight_is_sent_again_as_it_was(newsroom: Newsroom) -> None:
    """Rows found in `sending` when a batch is taken over are uncertain and tried once more, with the same Message-ID."""
    await _edition_for(newsroom, "ann", "bob")
    await newsroom.planning.plan()
    dead = newsroom.delivering(owner="dead")
    started = asyncio.Event()

    async def hang(_: Sequence[Envelope]) -> None:
        started.set()
        await asyncio.Event().wait()

    newsroom.relay.before = hang
    lease = await dead.next_batch()
    assert lease is not None
    task = asyncio.create_task(dead.run(lease, Tally()))
    await started.wait()
    in_flight = await newsroom.states()
    newsroom.relay.before = None
    async with newsroom.database.begin() as connection:
        await batches.free_batches_of(connection, "dead")
    tally = await newsroom.finish()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert in_flight == {"sending": 2}
    assert tally.accepted == 2
    assert await newsroom.states() == {"accepted": 2}
    assert await newsroom.open_work() == (0, 0)


@pytest.mark.parametrize(("deaths", "state"), [(5, "accepted"), (6, "uncertain")])
async def test_what_is_interrupted_again_and_again_is_held(newsroom: Newsroom, deaths: int, state: str) -> None:
    """A process that dies as often as it is started does not mail the same reader each time."""
    await _edition_for(newsroom, "ann")
    await newsroom.planning.plan()
    for number in range(deaths):
        started = asyncio.Event()

        async def hang(_: Sequence[Envelope], started: asyncio.Event = started) -> None:
            started.set()
            await asyncio.Event().wait()

        newsroom.relay.before = hang
        dying = newsroom.delivering(owner=f"dead {number}")
        lease = await dying.next_batch()
        assert lease is not None
        task = asyncio.create_task(dying.run(lease, Tally()))
        await started.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        async with newsroom.database.begin() as connection:
            await batches.free_batches_of(connection, f"dead {number}")
    newsroom.relay.before = None

    await newsroom.finish()

    assert await newsroom.states() == {state: 1}
    assert await newsroom.open_work() == (0, 0)


@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(hours=-1)])
async def test_a_clock_that_jumps_takes_no_batch_from_who_works_on_it(newsroom: Newsroom, jump: timedelta) -> None:
    """Neither the worker itself nor another one mistakes a lease for one that has ended, and nothing goes twice."""
    await _edition_for(newsroom, "ann", "bob")
    flow, other = newsroom.delivering(owner="here|us"), newsroom.delivering(owner="here|them")
    taken: list[object] = []

    async def jump_once(_: Sequence[Envelope]) -> None:
        newsroom.clock.advance(jump)
        taken.extend([await flow.next_batch(), await other.next_batch()])

    newsroom.relay.before = jump_once
    await newsroom.planning.plan()
    await finish_digest(flow, "daily", Tally())

    assert taken == [None, None]
    assert sorted(sent.recipient for sent in newsroom.relay.accepted) == ["ann@ann.example", "bob@bob.example"]
    assert await newsroom.states() == {"accepted": 2}


async def test_what_a_machine_that_is_gone_had_is_free_when_its_lease_ends(newsroom: Newsroom) -> None:
    """A container that was made anew has another name, and cannot tell whether the old one lives."""
    await _edition_for(newsroom, "ann")
    await newsroom.planning.plan()
    gone, new = newsroom.delivering(owner="old|1"), newsroom.delivering(owner="new|1")
    assert await gone.next_batch() is not None
    early = await new.next_batch()
    newsroom.clock.advance(timedelta(seconds=21))
    if not newsroom.database.is_sqlite:  # there leases go by the database's clock
        async with newsroom.database.begin() as connection:
            await connection.execute(update(batch).values(lease_until=func.clock_timestamp() - timedelta(seconds=1)))

    assert early is None
    assert await new.next_batch() is not None


async def test_who_has_lost_the_lease_writes_nothing(newsroom: Newsroom) -> None:
    """A worker that was held up for too long finds that another has the batch, and leaves the ledger alone."""
    await _edition_for(newsroom, "ann", "bob")
    await newsroom.planning.plan()
    slow, go = newsroom.delivering(owner="slow"), asyncio.Event()
    relay = Relay(clock=newsroom.clock)

    async def wait(_: Sequence[Envelope]) -> None:
        await go.wait()

    relay.before = wait
    slow.router = Router(routes=[Route(transport=relay)], clock=newsroom.clock)
    lease = await slow.next_batch()
    assert lease is not None
    late = Tally()
    task = asyncio.create_task(slow.run(lease, late))
    while (await newsroom.states()) != {"sending": 2}:
        await asyncio.sleep(0)
    async with newsroom.database.begin() as connection:
        await batches.free_batches_of(connection, "slow")
    newsroom.relay.answer = lambda _: REFUSED
    await newsroom.finish()
    go.set()
    await task

    assert await newsroom.states() == {"refused": 2}
    assert (late.planned, late.accepted) == (2, 0)  # it counts only what stands


async def test_a_bad_stored_address_costs_nobody_else_a_place(newsroom: Newsroom) -> None:
    """It is refused with the reason, at the first try and at a later one."""
    await _edition_for(newsroom, "ann", "bob", "cat")
    async with newsroom.database.begin() as connection:
        await connection.execute(
            update(subscriber).where(subscriber.c.email == "bob@bob.example").values(email="no address")
        )
    troubles = _once(DEFERRED, "cat")
    newsroom.relay.answer = lambda envelope: troubles.pop(envelope.recipient, ACCEPTED)

    tally = await newsroom.send()
    async with newsroom.database.begin() as connection:
        await connection.execute(
            update(subscriber).where(subscriber.c.email == "cat@cat.example").values(email="cat\r\n@cat.example")
        )
    newsroom.clock.advance(timedelta(minutes=10))
    later = await newsroom.send()

    assert (tally.accepted, tally.refused, tally.deferred) == (1, 1, 1)
    assert later.refused == 1
    assert await newsroom.states() == {"accepted": 1, "refused": 2}
    assert await newsroom.open_work() == (0, 0)


async def test_it_can_be_listed_who_did_not_get_it_and_why(newsroom: Newsroom) -> None:
    """The server's words for one that was refused, the reason for one on the suppression list."""
    await _edition_for(newsroom, "ann", "bob", "cat")
    async with newsroom.database.begin() as connection:
        query = select(subscriber.c.email_key).where(subscriber.c.email == "bob@bob.example")
        key = (await connection.execute(query)).scalar_one()
        await connection.execute(insert(suppression).values(email_key=key, reason="complaint", at=newsroom.clock.now()))
    troubles = _once(REFUSED, "ann")
    newsroom.relay.answer = lambda envelope: troubles.pop(envelope.recipient, ACCEPTED)
    await newsroom.send()
    missed = [state for state in DeliveryState if state is not DeliveryState.ACCEPTED]
    async with newsroom.database.read() as connection:
        rows = await by_hand.list_deliveries(connection, states=missed)

    assert [(row["email"], row["state"], row["note"]) for row in rows] == [
        ("ann@ann.example", "refused", "5.1.1 no such user"),
        ("bob@bob.example", "suppressed", "complaint"),
    ]


async def test_who_leaves_during_the_send_is_not_sent_to(newsroom: Newsroom) -> None:
    """A choice is checked at each claim; a retry looks again too."""
    names = [f"r{number:02}" for number in range(40)]
    await _edition_for(newsroom, *names)
    left: list[str] = []

    async def leave(_: Sequence[Envelope]) -> None:
        if not left:
            left.extend(names[-5:])
            for name in left:
                token = newsroom.choosing.signer.unsubscribe(await newsroom.public_id(name), "daily")
                await newsroom.unsubscribing.unsubscribe(token)

    troubles = _once(DEFERRED, "r00")
    newsroom.relay.answer = lambda envelope: troubles.pop(envelope.recipient, ACCEPTED)
    newsroom.relay.before = leave
    flow = newsroom.delivering()
    flow.slots = Slots(10)
    await newsroom.planning.plan()
    lease = await flow.next_batch()
    assert lease is not None
    await flow.run(lease, Tally())
    token = newsroom.choosing.signer.unsubscribe(await newsroom.public_id("r00"), "daily")
    await newsroom.unsubscribing.unsubscribe(token)
    newsroom.clock.advance(timedelta(minutes=10))
    await newsroom.finish()

    assert not {sent.recipient.partition("@")[0] for sent in newsroom.relay.accepted} & {*left, "r00"}
    assert len(newsroom.relay.accepted) == 34
    assert await newsroom.states() == {"accepted": 34, "skipped": 1}


async def test_who_was_erased_leaves_nothing_open(newsroom: Newsroom) -> None:
    """A delivery that waited for another try ends, and the edition with it."""
    await _edition_for(newsroom, "ann", "bob")
    newsroom.relay.answer = lambda _: DEFERRED
    await newsroom.send()
    await newsroom.choosing.erase(await newsroom.token("ann"))
    newsroom.relay.answer = lambda _: ACCEPTED
    newsroom.clock.advance(timedelta(minutes=10))
    async with asyncio.timeout(60):
        await newsroom.send()

    assert await newsroom.states() == {"accepted": 1, "skipped": 1}
    assert await newsroom.open_work() == (0, 0)


async def test_an_article_withdrawn_in_the_middle_of_a_send_goes_no_further(newsroom: Newsroom) -> None:
    """Those claimed afterwards, and those tried again, get the digest without it."""
    names = [f"r{number:02}" for number in range(30)]
    await _edition_for(newsroom, *names, articles=2)
    done = asyncio.Event()

    async def withdraw(_: Sequence[Envelope]) -> None:
        if not done.is_set():
            done.set()
            newsroom.store.change("a1", status="withdrawn")
            await newsroom.collect()

    troubles = _once(DEFERRED, "r00")
    newsroom.relay.answer = lambda envelope: troubles.pop(envelope.recipient, ACCEPTED)
    newsroom.relay.before = withdraw
    flow = newsroom.delivering()
    flow.slots = Slots(10)
    await newsroom.planning.plan()
    lease = await flow.next_batch()
    assert lease is not None
    await flow.run(lease, Tally())
    newsroom.clock.advance(timedelta(minutes=10))
    await newsroom.finish()

    bodies = {sent.recipient.partition("@")[0]: sorted(sent.articles) for sent in newsroom.relay.accepted}
    assert bodies["r29"] == ["a2"]
    assert bodies["r00"] == ["a2"]
    assert bodies["r01"] == ["a1", "a2"]


async def test_a_paused_digest_holds_up_nobody(newsroom: Newsroom) -> None:
    """While it is paused, or everything is, a send ends at once with nothing sent; afterwards it goes on."""
    await _edition_for(newsroom, "ann")
    for name in ("daily", "*"):
        async with newsroom.database.begin() as connection:
            await connection.execute(insert(pause).values(digest=name, reason="test", at=newsroom.clock.now()))
        async with asyncio.timeout(60):
            held = await newsroom.send()
        async with newsroom.database.begin() as connection:
            await connection.execute(pause.delete())
        assert held.accepted == 0

    assert (await newsroom.send()).accepted == 1


async def test_a_transport_that_raises_leaves_its_messages_uncertain(newsroom: Newsroom) -> None:
    """What it did cannot be known; they are tried once more."""
    await _edition_for(newsroom, "ann")

    def explode(_: Envelope) -> Receipt:
        raise RuntimeError("a fault of the plug-in")

    newsroom.relay.answer = explode
    tally = await newsroom.send()
    newsroom.relay.answer = lambda _: ACCEPTED
    newsroom.clock.advance(timedelta(minutes=5))
    later = await newsroom.send()

    assert (tally.uncertain, later.accepted) == (1, 1)


async def test_two_workers_never_send_twice(newsroom: Newsroom) -> None:
    """Whoever is fast, each reader is claimed once; many cohorts composed at once lock nothing up."""
    names = [f"r{number:02}" for number in range(60)]
    for number, section in enumerate(("World", "Sport", "Culture") * 2, 1):
        newsroom.store.put(f"a{number}", labels=[section], published=utc("2026-05-04T05:00"))
    await newsroom.collect()
    mixes = (["world"], ["sport"], ["culture"], ["sport", "world"], ["world", "sport"], ["culture", "world"])
    for number, name in enumerate(names):
        await newsroom.add_reader(name, sections=mixes[number % len(mixes)])
    newsroom.clock.moment = SLOT
    newsroom.planning.batch_size = 7
    await newsroom.planning.plan()
    flows = [newsroom.delivering(owner=f"worker {number}") for number in range(2)]

    async def work(number: int) -> int:
        tally = Tally()
        while (lease := await flows[number].next_batch()) is not None:
            await flows[number].run(lease, tally)
        return tally.accepted

    async with asyncio.timeout(120):
        counts = await asyncio.gather(work(0), work(1), work(0), work(1))

    assert sum(counts) == 60
    assert sorted(sent.recipient.partition("@")[0] for sent in newsroom.relay.accepted) == names
    assert await newsroom.states() == {"accepted": 60}


async def test_a_refused_delivery_retried_by_hand_brings_nothing_twice(newsroom: Newsroom) -> None:
    """Its mark is moved again when it is tried; and where a later edition has brought its articles, it is left out."""
    await _edition_for(newsroom, "ann", "bob")
    await newsroom.send()
    troubles = _once(REFUSED, "ann", "bob")
    newsroom.relay.answer = lambda envelope: troubles.pop(envelope.recipient, ACCEPTED)
    await _next_day(newsroom, "a2")
    await newsroom.send()
    await _retry_refused(newsroom, "ann")
    await newsroom.finish()
    newsroom.clock.moment = SLOT + timedelta(days=2)
    await newsroom.send()
    await _retry_refused(newsroom, "bob")
    await newsroom.finish()

    for name in ("ann", "bob"):
        assert [sent.articles for sent in newsroom.relay.to(name)] == [["a1"], ["a2"]]


async def _retry_refused(newsroom: Newsroom, name: str) -> None:
    """Do as `deliveries retry --state refused` does, for one reader."""
    async with newsroom.database.begin() as connection:
        others = select(subscriber.c.id).where(subscriber.c.email != f"{name}@{name}.example")
        refused, aside = deliveries.CODES[DeliveryState.REFUSED], deliveries.CODES[DeliveryState.SKIPPED]
        hidden = update(delivery).where(delivery.c.subscriber.in_(others), delivery.c.state == refused)
        await connection.execute(hidden.values(state=aside))
        counts = await by_hand.retry_by_hand(
            connection, state=DeliveryState.REFUSED, now=newsroom.clock.now(), edition_id=None
        )
        await batches.reopen(connection, list(counts), now=newsroom.clock.now())
        back = update(delivery).where(delivery.c.subscriber.in_(others), delivery.c.state == aside)
        await connection.execute(back.values(state=refused))


async def test_a_late_edition_never_takes_a_mark_back(newsroom: Newsroom) -> None:
    """A slot of the past, sent after a newer one, leaves what came meanwhile behind the mark."""
    await _edition_for(newsroom, "ann")
    await newsroom.send()
    mark = (await newsroom.marks())["ann", "daily"]
    newsroom.store.put("a2", labels=["World"], published=utc("2026-05-04T06:30"))
    await newsroom.collect()
    await newsroom.send(at=SLOT - timedelta(days=5))
    after = (await newsroom.marks())["ann", "daily"]
    await _next_day(newsroom)
    await newsroom.send()

    assert after[1] == mark[1]
    assert [sent.articles for sent in newsroom.relay.to("ann")] == [["a1"], ["a2"]]


async def _fold_in_the_middle(newsroom: Newsroom) -> int:
    """Have an edition for thirty readers go so slowly that it gets stale; return how many have got it."""
    await _edition_for(newsroom, *(f"r{number:02}" for number in range(30)))

    async def dawdle(_: Sequence[Envelope]) -> None:
        newsroom.clock.moment = SLOT + timedelta(hours=7)

    newsroom.relay.before = dawdle
    flow = newsroom.delivering()
    flow.slots = Slots(10)
    await newsroom.planning.plan()
    while (lease := await flow.next_batch()) is not None:
        await flow.run(lease, Tally())
    newsroom.relay.before = None
    return len(newsroom.relay.accepted)


async def test_a_stale_edition_is_folded_in_the_middle(newsroom: Newsroom) -> None:
    """When a send takes longer than the grace, whoever was not claimed yet gets it with the next edition."""
    sent = await _fold_in_the_middle(newsroom)
    async with newsroom.database.read() as connection:
        states = (await connection.execute(select(batch.c.state))).scalars().all()

    assert 0 < sent < 30
    assert states == ["done"]


async def test_whom_a_stale_edition_did_not_reach_stands_in_the_ledger(newsroom: Newsroom) -> None:
    """Each with the reason; the next edition goes to them as well."""
    sent = await _fold_in_the_middle(newsroom)
    async with newsroom.database.read() as connection:
        missed = await by_hand.list_deliveries(connection, states=[DeliveryState.UNREACHED])
    states = await newsroom.states()
    before = {one.recipient for one in newsroom.relay.accepted}
    await _next_day(newsroom, "a2")
    await newsroom.send()

    assert states == {"accepted": sent, "unreached": 30 - sent}
    assert {(row["note"], row["attempt"]) for row in missed} == {("stale before his turn", 0)}
    assert {row["email"] for row in missed} == {one.recipient for one in newsroom.relay.accepted} - before


async def test_who_would_not_have_had_a_turn_was_not_missed_by_a_stale_edition(newsroom: Newsroom) -> None:
    """Whoever left, paused, or came after its hour."""
    await _edition_for(newsroom, "ann", "bob", "cleo")
    await newsroom.planning.plan()
    newsroom.clock.moment = SLOT + timedelta(hours=1)
    async with newsroom.database.begin() as connection:
        for name, changes in (
            ("bob", {"state": "unsubscribed"}),
            ("cleo", {"paused_until": SLOT + timedelta(days=9)}),
        ):
            await connection.execute(
                update(subscriber).where(subscriber.c.email == f"{name}@{name}.example").values(changes)
            )
    newsroom.clock.moment = SLOT + timedelta(hours=7)
    tally = await newsroom.finish()

    assert (tally.unreached, await newsroom.states()) == (1, {"unreached": 1})


async def test_who_was_not_reached_is_recorded_also_where_others_are_tried_again_first(newsroom: Newsroom) -> None:
    """An edition that went stale in a pause is not folded yet when an operator has its refused deliveries tried again."""
    await _edition_for(newsroom, "ann", "bob")
    newsroom.relay.answer = lambda _: REFUSED
    await newsroom.planning.plan()
    flow = newsroom.delivering()
    flow.slots = Slots(1)
    lease = await flow.next_batch()
    assert lease is not None

    async def stop(_: Sequence[Envelope]) -> None:
        flow.stopping = lambda: True

    newsroom.relay.before = stop
    await flow.run(lease, Tally())
    newsroom.relay.before, newsroom.relay.answer = None, lambda _: ACCEPTED
    newsroom.clock.moment = SLOT + timedelta(hours=7)
    await _retry_refused(newsroom, "ann")
    await newsroom.finish()

    assert await newsroom.states() == {"accepted": 1, "unreached": 1}
    assert await newsroom.open_work() == (0, 0)


async def test_of_a_stale_edition_only_what_is_asked_for_is_tried_again(newsroom: Newsroom) -> None:
    """Whoever a folded edition did not reach gets the next one, and not this one because somebody else was to get it."""
    newsroom.relay.answer = lambda envelope: REFUSED if envelope.recipient.startswith("r00@") else ACCEPTED
    before = await _fold_in_the_middle(newsroom)
    newsroom.relay.answer = lambda _: ACCEPTED
    await _retry_refused(newsroom, "r00")
    await newsroom.finish()

    assert 0 < before < 30
    assert [sent.recipient for sent in newsroom.relay.accepted[before:]] == ["r00@r00.example"]


async def test_a_slot_before_all_its_readers_stays_open_for_who_asks_for_it(newsroom: Newsroom) -> None:
    """It is not planned by itself, so that planning it by hand later still reaches them."""
    newsroom.store.put("a0", labels=["World"], published=utc("2026-05-04T05:00"))
    await newsroom.collect()
    newsroom.clock.moment = SLOT + timedelta(minutes=30)
    await newsroom.add_reader("late")

    assert await newsroom.send() == Tally()
    assert (await newsroom.send(at=SLOT)).accepted == 1
    assert [one.articles for one in newsroom.relay.to("late")] == [["a0"]]


async def test_a_pause_stops_what_is_being_sent(newsroom: Newsroom) -> None:
    """What is in flight is answered, nobody else is claimed, and the rest goes on when it is resumed."""
    names = [f"r{number}" for number in range(3 * IN_FLIGHT)]
    await _edition_for(newsroom, *names)

    async def pause_it(_: Sequence[Envelope]) -> None:
        newsroom.relay.before = None
        async with newsroom.database.begin() as connection:
            await pause_digest(connection, "daily", reason="by hand", now=newsroom.clock.now())

    newsroom.relay.before = pause_it
    await newsroom.send()
    before = len(newsroom.relay.accepted)
    async with newsroom.database.begin() as connection:
        await resume_digest(connection)
    await newsroom.finish()

    assert 0 < before <= 2 * IN_FLIGHT
    assert sorted(one.recipient for one in newsroom.relay.accepted) == sorted(
        f"{name}@{name}.example" for name in names
    )
    assert await newsroom.open_work() == (0, 0)


async def test_answers_outlive_a_deadlock(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL gives up one of two transactions that wait for each other; what was answered is then written again, and not sent again."""
    await _edition_for(newsroom, "ann", "bob")
    mark, deadlocks = Marking.mark, iter((True, True))

    async def unlucky(self: Marking, *told: Any, now: datetime) -> None:
        await mark(self, *told, now=now)
        if next(deadlocks, False):
            raise exc.DBAPIError("UPDATE subscriber", None, asyncpg.DeadlockDetectedError("deadlock detected"))

    monkeypatch.setattr(Marking, "mark", unlucky)

    tally = await newsroom.send()

    assert next(deadlocks, None) is None
    assert tally.accepted == 2
    assert len(newsroom.relay.tried) == 2
    assert await newsroom.states() == {"accepted": 2}


async def test_a_new_readers_quiet_day_is_merged_into_the_next(database: Database, clock: StoppedClock) -> None:
    """What was too little for his first edition comes with the next, once, and so does what he finds there."""
    newsroom = await open_newsroom(database, clock, min_items=3)
    await _edition_for(newsroom, "ann", articles=2)
    quiet = await newsroom.send()
    await _next_day(newsroom, "b3")

    merged = await newsroom.send()
    newsroom.clock.moment = SLOT + timedelta(days=2)
    nothing = await newsroom.send()

    assert (quiet.accepted, quiet.skipped) == (0, 1)
    assert merged.accepted == 1
    assert [sorted(one.articles) for one in newsroom.relay.to("ann")] == [["a1", "a2", "b3"]]
    assert nothing.accepted == 0


async def test_a_days_number_is_not_used_up_by_what_does_not_go(newsroom: Newsroom) -> None:
    """One reader is one message, whatever was asked for; and when the day is over, the batch is given back at once."""
    await _edition_for(newsroom, "ann", "bob")
    flow = newsroom.delivering()
    pace = RelayPace(relay="new", limits=Limits(per_day=1), database=newsroom.database, clock=newsroom.clock)
    flow.router = Router(routes=[Route(transport=newsroom.relay, pace=pace)], clock=newsroom.clock)
    await newsroom.planning.plan(digest="daily")
    lease = await flow.next_batch(digest="daily")
    assert lease is not None

    async with asyncio.timeout(10):
        await flow.run(lease, newsroom.tally)  # one goes, and the other waits for tomorrow: an hour at least
    pace.limits = Limits(per_day=50)
    grant = await pace.reserve(100, urgency=Urgency.DIGEST)

    assert newsroom.tally.accepted == 1
    assert grant.count == 49


async def test_a_digest_that_only_another_process_knows_is_left_to_it(newsroom: Newsroom) -> None:
    """Where one machine has the new configuration already and one the old: the old one says so, and nobody waits for it."""
    await _edition_for(newsroom, "ann")
    await newsroom.planning.plan(digest="daily")
    old, new = newsroom.delivering(owner="old"), newsroom.delivering(owner="new")
    old.composing = replace(old.composing, rules={"weekly": old.composing.rules["weekly"]})

    with capture_logs() as logs:
        assert await old.next_batch() is None
        await take_back(old)
        await take_back(old)
    lease = await new.next_batch()
    assert lease is not None
    await new.run(lease, newsroom.tally)

    assert [one["digest"] for one in logs if one["event"] == "unknown_digest"] == ["daily"]
    assert newsroom.tally.accepted == 1


async def test_an_edition_of_a_digest_that_nobody_knows_is_given_up_in_time(newsroom: Newsroom) -> None:
    """It left every configuration before it went; it does not stay open for ever."""
    await _edition_for(newsroom, "ann")
    await newsroom.planning.plan(digest="daily")
    flow = newsroom.delivering()
    flow.composing = replace(flow.composing, rules={})
    newsroom.clock.advance(timedelta(hours=7))

    lease = await flow.next_batch()
    assert lease is not None
    await flow.run(lease, newsroom.tally)
    await take_back(flow)

    assert newsroom.tally.accepted == 0
    assert await newsroom.open_work() == (0, 0)


async def test_a_stale_batch_is_given_up_though_no_relay_may_carry_it(newsroom: Newsroom) -> None:
    """What is not sent needs no place of a day's number: it does not wait until there is one."""
    await _edition_for(newsroom, "ann")
    flow = newsroom.delivering()
    pace = RelayPace(relay="new", limits=Limits(per_day=1), database=newsroom.database, clock=newsroom.clock)
    flow.router = Router(routes=[Route(transport=newsroom.relay, pace=pace)], clock=newsroom.clock)
    await newsroom.planning.plan(digest="daily")
    assert (await pace.reserve(1, urgency=Urgency.DIGEST)).count == 1
    newsroom.clock.advance(timedelta(hours=7))
    lease = await flow.next_batch(digest="daily")
    assert lease is not None

    async with asyncio.timeout(10):
        await flow.run(lease, newsroom.tally)

    _, batches_open = await newsroom.open_work()
    assert (newsroom.relay.tried, batches_open) == ([], 0)


async def test_what_could_not_be_signed_was_not_sent(newsroom: Newsroom) -> None:
    """Nobody has seen it: it goes when the signing is well again, whatever silence means to the operator."""
    await _edition_for(newsroom, "ann")
    await newsroom.planning.plan(digest="daily")

    async def broken(_messages: Sequence[bytes]) -> Sequence[bytes]:
        raise BrokenPipeError("the signer died")

    flow = newsroom.delivering()
    flow.policy, flow.sign = "accept", broken
    key = SigningKey(key=Ed25519PrivateKey.generate(), domain="news.example", selector="s")
    flow.postman = replace(flow.postman, key=key)
    with capture_logs() as logs:
        while (lease := await flow.next_batch()) is not None:
            await flow.run(lease, newsroom.tally)
    assert newsroom.relay.accepted == []
    assert await newsroom.states() == {"deferred": 1}
    assert [one["event"] for one in logs if one["log_level"] == "error"] == ["signing_failed"]

    newsroom.clock.advance(timedelta(minutes=2))
    await newsroom.finish()
    assert [one.recipient for one in newsroom.relay.accepted] == ["ann@ann.example"]


async def test_a_send_by_hand_waits_for_what_comes_back_in_seconds_and_not_for_what_was_put_off(
    newsroom: Newsroom,
) -> None:
    """Mail for a domain that is answered late is worth waiting for, mail that a server put off is not."""
    await _edition_for(newsroom, "ann")
    newsroom.relay.answer = lambda envelope: DEFERRED
    await newsroom.send()
    now, soon = newsroom.clock.now(), timedelta(seconds=10)

    async with newsroom.database.read() as connection:
        put_off = [await batches.is_busy(connection, digest="daily", now=now, aside=aside) for aside in (NOW, soon)]
        later = now + timedelta(minutes=5) - timedelta(seconds=5)
        coming = [await batches.is_busy(connection, digest="daily", now=later, aside=aside) for aside in (NOW, soon)]

    assert put_off == [False, False]
    assert coming == [False, True]
