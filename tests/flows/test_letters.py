"""Letters to single readers: sent once each, tried again under the same Message-ID, given up in the end; on both databases."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from syndicate.core.letters import Letters
from syndicate.core.links import Signer
from syndicate.flows import held
from syndicate.flows.envelopes import Postman
from syndicate.flows.letters import KINDS, LetterFlow
from syndicate.flows.route import Route, Router
from syndicate.flows.work import Worker
from syndicate.model import Envelope
from syndicate.storage import outbox as store
from syndicate.storage.tables import outbox, subscriber
from tests.flows.newsroom import ACCEPTED, DEFERRED, REFUSED, SECRET, UNANSWERED, Newsroom, Relay, utc
from tests.mail_samples import SETTINGS, our_templates


def _flow(newsroom: Newsroom) -> LetterFlow:
    return LetterFlow(
        database=newsroom.database,
        clock=newsroom.clock,
        signer=Signer([SECRET]),
        letters=Letters(our_templates(), SETTINGS),
        postman=Postman(signer=Signer([SECRET]), mail=SETTINGS),
        router=Router(routes=[Route(transport=newsroom.relay)], clock=newsroom.clock),
        titles={"daily": "Daily"},
    )


async def _sign_up(newsroom: Newsroom, *names: str) -> None:
    for name in names:
        await newsroom.desk.subscribing.sign_up(
            email=f"{name}@{name}.example", sections=["world"], digests=["daily"], ip="192.0.2.7"
        )


async def _states(newsroom: Newsroom) -> list[str]:
    async with newsroom.database.read() as connection:
        return list((await connection.execute(select(outbox.c.state).order_by(outbox.c.id))).scalars())


async def test_a_confirmation_goes_once(newsroom: Newsroom) -> None:
    """It carries its link; a second look finds nothing to do."""
    await _sign_up(newsroom, "ann")
    flow = _flow(newsroom)

    assert [await flow.send_due(), await flow.send_due()] == [1, 0]
    (letter,) = newsroom.relay.to("ann")
    assert "/confirm/" in letter.body.replace("=\r\n", "")
    assert await _states(newsroom) == ["done"]


async def test_a_letter_is_tried_again_as_it_was(newsroom: Newsroom) -> None:
    """Put off: later. Unanswered: once more. Refused: never again."""
    answers = {"ann": [DEFERRED, ACCEPTED], "bob": [UNANSWERED, UNANSWERED], "cat": [REFUSED]}
    newsroom.relay.answer = lambda envelope: answers[envelope.recipient.partition("@")[0]].pop(0)
    await _sign_up(newsroom, *answers)
    flow = _flow(newsroom)
    tried = [await flow.send_due()]
    for _ in range(3):
        newsroom.clock.advance(timedelta(minutes=10))
        tried.append(await flow.send_due())

    assert tried == [3, 2, 0, 0]
    assert await _states(newsroom) == ["done", "refused", "refused"]
    assert len({sent.message_id for sent in newsroom.relay.tried}) == 3


async def test_a_letter_put_off_before_is_tried_once_more_when_nobody_answers(newsroom: Newsroom) -> None:
    """What counts is that it was left without an answer, and not how often it was tried."""
    answers = {"ann": [DEFERRED, UNANSWERED, ACCEPTED], "bob": [DEFERRED, UNANSWERED, UNANSWERED]}
    newsroom.relay.answer = lambda envelope: answers[envelope.recipient.partition("@")[0]].pop(0)
    await _sign_up(newsroom, *answers)
    flow = _flow(newsroom)
    for _ in range(4):
        await flow.send_due()
        newsroom.clock.advance(timedelta(minutes=20))

    assert await _states(newsroom) == ["done", "refused"]


async def test_one_that_cannot_be_written_costs_no_other(newsroom: Newsroom) -> None:
    """Somebody whose address is no good, or who has confirmed meanwhile, gets none; the others do."""
    await _sign_up(newsroom, "ann", "bob", "cat")
    async with newsroom.database.begin() as connection:
        mine = update(subscriber).where(subscriber.c.email == "ann@ann.example")
        await connection.execute(mine.values(email="no address"))
        await connection.execute(update(subscriber).where(subscriber.c.email == "bob@bob.example").values(nonce=None))
    await _flow(newsroom).send_due()

    assert [sent.recipient for sent in newsroom.relay.accepted] == ["cat@cat.example"]
    assert await _states(newsroom) == ["done", "done", "done"]


class CutOffError(BaseException):
    """As a kill would be."""


async def _killed_in_flight(newsroom: Newsroom) -> None:
    """Take what is due and die before an answer comes."""

    def cut_off(_: object) -> None:
        raise CutOffError

    newsroom.relay.answer = cut_off  # type: ignore[assignment]  # it never answers
    with pytest.raises(CutOffError):
        await _flow(newsroom).send_due()
    newsroom.relay.answer = lambda _: ACCEPTED


async def _end_leases(newsroom: Newsroom) -> None:
    """Let the time pass after which what a dead process held is free; on PostgreSQL it is the database's time."""
    newsroom.clock.advance(timedelta(seconds=21))
    if not newsroom.database.is_sqlite:
        async with newsroom.database.begin() as connection:
            ended = func.clock_timestamp() - timedelta(seconds=1)
            await connection.execute(update(outbox).where(outbox.c.lease_until.is_not(None)).values(lease_until=ended))


async def test_what_a_dead_process_took_is_sent_when_its_lease_ends(newsroom: Newsroom) -> None:
    """Until then nobody else sends it."""
    await _sign_up(newsroom, "ann")
    await _killed_in_flight(newsroom)
    early = await _flow(newsroom).send_due()
    await _end_leases(newsroom)

    assert (early, await _flow(newsroom).send_due()) == (0, 1)
    assert len(newsroom.relay.to("ann")) == 1
    assert await _states(newsroom) == ["done"]


async def test_whoever_has_lost_a_letter_records_nothing_of_it(newsroom: Newsroom) -> None:
    """What the second one found out stands, however late the first one comes with its answer."""
    await _sign_up(newsroom, "ann")
    first = await _take(newsroom)
    await _end_leases(newsroom)
    second = await _take(newsroom)
    async with newsroom.database.begin() as connection:
        await store.settle(connection, second[0], state="done")
        await store.settle(connection, first[0], state="refused", note="too late")

    assert [row.attempt for row in (*first, *second)] == [1, 2]
    assert await _states(newsroom) == ["done"]


async def test_a_letter_is_held_while_its_answer_is_waited_for(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relay may take longer than a lease lasts."""
    monkeypatch.setattr(held, "RENEW", 0.0)
    await _sign_up(newsroom, "ann")
    flow = _flow(newsroom)

    async def wait(_: object) -> None:
        await _end_leases(newsroom)
        while await _free(newsroom):
            await asyncio.sleep(0)

    newsroom.relay.before = wait
    async with asyncio.timeout(60):
        assert await flow.send_due() == 1

    assert await _states(newsroom) == ["done"]


async def test_a_letter_that_waits_for_its_answer_holds_up_no_digest(newsroom: Newsroom) -> None:
    """A relay that takes minutes for one letter takes the digests meanwhile, and the letters that come later."""
    newsroom.store.put("a1", labels=["World"], published=utc("2026-05-04T05:00"))
    await newsroom.collect()
    await newsroom.add_reader("ann")
    newsroom.clock.moment = utc("2026-05-04T07:00")
    await _sign_up(newsroom, "slow")
    answered = asyncio.Event()
    asked = asyncio.Event()

    async def wait(envelopes: Sequence[Envelope]) -> None:
        if envelopes[0].recipient.startswith("slow@"):
            asked.set()
            await answered.wait()

    router = Router(routes=[Route(transport=Relay(clock=newsroom.clock, before=wait))], clock=newsroom.clock)
    slow = replace(_flow(newsroom), router=router)
    stopping = asyncio.Event()
    working = asyncio.create_task(Worker(flow=newsroom.delivering(), letters=slow.send_due, stopping=stopping).run())
    async with asyncio.timeout(20):
        await asked.wait()
        await newsroom.planning.plan()
        await _sign_up(newsroom, "quick")
        while not newsroom.relay.to("ann") or await _states(newsroom) != ["open", "done"]:
            await asyncio.sleep(0.05)
        answered.set()
        stopping.set()
        await working

    assert await _states(newsroom) == ["done", "done"]


async def test_letters_that_cannot_be_sent_hold_up_no_digest(newsroom: Newsroom) -> None:
    """Whatever breaks there."""
    newsroom.store.put("a1", labels=["World"], published=utc("2026-05-04T05:00"))
    await newsroom.collect()
    await newsroom.add_reader("ann")
    newsroom.clock.moment = utc("2026-05-04T07:00")
    tries: list[int] = []

    async def broken() -> int:
        tries.append(1)
        raise RuntimeError("no letter today")

    stopping = asyncio.Event()
    working = asyncio.create_task(Worker(flow=newsroom.delivering(), letters=broken, stopping=stopping).run())
    async with asyncio.timeout(20):
        while not tries:
            await asyncio.sleep(0.05)
        await newsroom.planning.plan()
        while not newsroom.relay.to("ann"):
            await asyncio.sleep(0.05)
        stopping.set()
        await working

    assert len(tries) == 1  # the clock of this test stands still


@pytest.mark.parametrize("jump", [timedelta(days=2), timedelta(days=-2)])
async def test_a_clock_that_jumps_holds_no_letter_up(newsroom: Newsroom, jump: timedelta) -> None:
    """Neither what was asked for before the jump, nor what a dead process had taken."""
    newsroom.clock.advance(-jump)
    await _sign_up(newsroom, "ann")
    newsroom.clock.advance(jump)
    fresh = await _flow(newsroom).send_due()
    newsroom.clock.advance(-jump)
    await _sign_up(newsroom, "bob")
    await _killed_in_flight(newsroom)
    newsroom.clock.advance(jump)
    await _end_leases(newsroom)

    assert (fresh, await _flow(newsroom).send_due()) == (1, 1)
    assert await _states(newsroom) == ["done", "done"]


async def _take(newsroom: Newsroom) -> list[store.OutboxRow]:
    async with newsroom.database.begin() as connection:
        return await store.take(connection, kinds=KINDS, now=newsroom.clock.now(), most=10)


async def _free(newsroom: Newsroom) -> int:
    async with newsroom.database.read() as connection:
        return await store.count_due(connection, kinds=KINDS, now=newsroom.clock.now(), most=10)
