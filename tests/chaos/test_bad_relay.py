"""Send through a real server that misbehaves in every way it can: all ends, and nobody loses his mail."""

from datetime import timedelta

from syndicate.flows.route import Route, Router
from syndicate.transports.smtp import SmtpTransport
from tests.flows.newsroom import Newsroom, utc
from tests.integration.smtp_servers import Misdeed, Session, SmtpServer

READERS = 40


class Nuisance:
    """A relay that does to each recipient, once, what his number draws; some it refuses for good."""

    DEEDS: tuple[str | Misdeed | None, ...] = (
        None,
        "451 4.7.1 greylisted, come back later",
        Misdeed.RESET,
        None,
        "not an answer",
        "421 4.3.2 going down",
        None,
        Misdeed.CLOSE,
        "550 5.1.1 no such user",
        None,
    )

    def __init__(self) -> None:
        self.done: set[tuple[str, str]] = set()

    def __call__(self, session: Session, verb: str, argument: str) -> str | Misdeed | None:
        """Answer, or misbehave."""
        if verb not in ("RCPT", "MESSAGE"):
            return None
        number = int(argument.partition("@")[0][1:])
        deed = self.DEEDS[number % len(self.DEEDS)]
        if deed == "550 5.1.1 no such user":
            return deed
        wanted = "MESSAGE" if number % 20 < 10 else "RCPT"
        if deed is None or verb != wanted or (verb, argument) in self.done:
            return None
        self.done.add((verb, argument))
        return deed


async def test_a_relay_that_misbehaves_costs_nobody_his_mail(newsroom: Newsroom) -> None:
    """Put off, reset, closed, garbage: all end in a terminal state, and only those are without it who were refused."""
    newsroom.store.put("a1", labels=["World"], published=utc("2026-05-04T05:00"))
    await newsroom.collect()
    for number in range(READERS):
        await newsroom.add_reader(f"r{number}")
    newsroom.clock.moment = utc("2026-05-04T07:00")
    await newsroom.planning.plan()
    async with SmtpServer(answer=Nuisance()) as server:
        transport = SmtpTransport(
            name="out",
            settings={"host": "127.0.0.1", "port": server.port, "tls": "none", "connections": 3, "final-timeout": 20.0},
        )
        await transport.open()
        flow = newsroom.delivering()
        flow.router = Router(routes=[Route(transport=transport)], clock=newsroom.clock)
        for _ in range(15):
            while (lease := await flow.next_batch()) is not None:
                await flow.run(lease, newsroom.tally)
            newsroom.clock.advance(timedelta(minutes=16))
        await transport.close()
    await newsroom.finish()

    refused = {f"r{number}@r{number}.example" for number in range(READERS) if number % 10 == 8}
    everybody = {f"r{number}@r{number}.example" for number in range(READERS)}
    states = await newsroom.states()
    assert set(server.recipients) == everybody - refused
    assert states["refused"] == len(refused)
    assert not {"planned", "sending", "deferred"} & states.keys()
    assert states["accepted"] + states.get("uncertain", 0) == READERS - len(refused)
    assert await newsroom.open_work() == (0, 0)
