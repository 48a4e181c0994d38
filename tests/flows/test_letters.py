"""Letters to single readers: sent once each, tried again under the same Message-ID, given up in the end; on both databases."""

from datetime import timedelta

from sqlalchemy import select, update

from syndicate.core.letters import Letters
from syndicate.core.links import Signer
from syndicate.flows.envelopes import Postman
from syndicate.flows.letters import LetterFlow
from syndicate.flows.route import Route, Router
from syndicate.storage.tables import outbox, subscriber
from tests.flows.newsroom import ACCEPTED, DEFERRED, REFUSED, SECRET, UNANSWERED, Newsroom
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


async def test_what_a_dead_process_took_is_sent_when_its_lease_ends(newsroom: Newsroom) -> None:
    """Until then nobody else sends it."""
    await _sign_up(newsroom, "ann")

    class CutOffError(BaseException):
        """As a kill would be."""

    def cut_off(_: object) -> None:
        raise CutOffError

    flow = _flow(newsroom)
    newsroom.relay.answer = cut_off  # type: ignore[assignment]  # it never answers
    try:
        await flow.send_due()
    except CutOffError:
        newsroom.relay.answer = lambda _: ACCEPTED
    early = await flow.send_due()
    newsroom.clock.advance(timedelta(minutes=11))

    assert (early, await flow.send_due()) == (0, 1)
    assert len(newsroom.relay.to("ann")) == 1
