"""A caller that gives up and a transport that is closed leave nothing half told."""

import asyncio
from collections import Counter

from syndicate.model import Outcome
from tests.integration.smtp.test_smtp_roads import letter, outcomes, transport_to
from tests.integration.smtp_servers import Answer, Session, SmtpServer


async def test_cancelled_messages_that_were_not_begun_are_not_sent() -> None:
    """A caller that gives up in the middle leaves only what was in flight."""
    begun = asyncio.Event()

    def answer(session: Session, verb: str, argument: str) -> Answer:
        if verb == "MESSAGE":
            begun.set()
        return None

    async with SmtpServer(answer=answer) as server:
        async with transport_to(server, connections=1) as transport:
            task = asyncio.create_task(transport.send([letter(number) for number in range(500)]))
            await begun.wait()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            receipts = await transport.send([letter(1000)])

        assert task.cancelled()
        assert outcomes(receipts) == [Outcome.ACCEPTED]
        assert len(server.accepted) < 60


async def test_close_waits_for_what_is_in_flight_and_returns_the_rest() -> None:
    """Closing in mid-send answers every message: accepted or never sent."""
    begun = asyncio.Event()

    def answer(session: Session, verb: str, argument: str) -> Answer:
        if verb == "MESSAGE":
            begun.set()
        return None

    letters = [letter(number) for number in range(300)]
    async with SmtpServer(answer=answer) as server, transport_to(server, connections=2) as transport:
        task = asyncio.create_task(transport.send(letters))
        await begun.wait()
        await transport.close()
        count = Counter(outcomes(await task))

        assert count[Outcome.ACCEPTED] == len(server.accepted) >= 1
        assert count[Outcome.ACCEPTED] + count[Outcome.UNSENT] == 300
