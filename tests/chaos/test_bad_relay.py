"""Send through a real server that misbehaves in every way it can: all ends, and nobody loses his mail."""

from collections import Counter
from datetime import timedelta

from syndicate.flows.route import Route, Router
from syndicate.transports.smtp import SmtpTransport
from tests.chaos.conftest import IN_FLIGHT
from tests.flows.newsroom import Newsroom, utc
from tests.integration.smtp_servers import Misdeed, Session, SmtpServer

READERS = 96
# The timeouts of RFC 5321 are minutes; what matters is whether an answer comes before or after them.
HASTY = {"connections": 4, "reply-timeout": "2s", "final-timeout": "2s", "back-off": "1ms"}


class Nuisance:
    """A relay that does to each recipient, once, what his number draws; some it refuses for good. It hangs up at each tenth message."""

    DEEDS: tuple[str | Misdeed | None, ...] = (
        None,
        "451 4.7.1 greylisted, come back later",
        Misdeed.RESET,
        "452 4.2.2 mailbox full",
        "not an answer",
        Misdeed.HANG,
        "421 4.3.2 going down",
        Misdeed.LATE,
        Misdeed.CLOSE,
        "550 5.1.1 no such user",
        "250-one\r\n251 two",
        None,
    )

    def __init__(self) -> None:
        self.done: set[tuple[str, str]] = set()

    def __call__(self, session: Session, verb: str, argument: str) -> str | Misdeed | None:
        """Answer, or misbehave."""
        if verb == "MAIL" and session.taken == 10:
            return Misdeed.CLOSE
        if verb not in ("RCPT", "MESSAGE"):
            return None
        number = int(argument.partition("@")[0][1:])
        deed = self.DEEDS[number % len(self.DEEDS)]
        if deed == "550 5.1.1 no such user":
            return deed
        wanted = "MESSAGE" if number // len(self.DEEDS) % 2 else "RCPT"
        if deed is None or verb != wanted or (verb, argument) in self.done:
            return None
        self.done.add((verb, argument))
        return deed


def _late_for_one_domain(_session: Session, verb: str, argument: str) -> Misdeed | None:
    """Take a second and more for each recipient there, as a relay does that asks their server first."""
    return Misdeed.LATE if verb == "RCPT" and "@late.example" in argument else None


async def test_a_domain_that_is_answered_late_keeps_nobody_else_waiting(newsroom: Newsroom) -> None:
    """A relay that takes its time for some answers the others at once, and all get their mail in the end."""
    newsroom.store.put("a1", labels=["World"], published=utc("2026-05-04T05:00"))
    await newsroom.collect()
    for number in range(300):
        domain = "late.example" if number % 20 == 19 else f"quick{number % 7}.example"
        await newsroom.desk.add(
            email=f"r{number}@{domain}", sections=("world",), digests=("daily",), timezone="UTC", confirmed=True
        )
    newsroom.clock.moment = utc("2026-05-04T07:00")
    await newsroom.planning.plan()
    async with SmtpServer(answer=_late_for_one_domain, late=1.2) as server:
        transport = SmtpTransport(
            name="out", settings={"host": "127.0.0.1", "port": server.port, "tls": "none", "connections": 4}
        )
        await transport.open()
        flow = newsroom.delivering()
        flow.router = Router(routes=[Route(transport=transport)], clock=newsroom.clock)
        for _ in range(20):
            while (lease := await flow.next_batch()) is not None:
                await flow.run(lease, newsroom.tally)
            newsroom.clock.advance(timedelta(seconds=10))
        await transport.close()
    await newsroom.finish()

    late = [place for place, recipient in enumerate(server.recipients) if "@late." in recipient]
    assert len(late) == 15
    assert len(set(server.recipients)) == len(server.recipients) == 300
    assert late[9] > 285  # in their turn two thirds of the quick ones would come behind it
    assert await newsroom.states() == {"accepted": 300}


async def test_a_relay_that_misbehaves_costs_nobody_his_mail(newsroom: Newsroom) -> None:
    """Refused, put off, reset, closed, silent, late, garbage: all end in a terminal state, and only those are without it who were refused."""
    newsroom.store.put("a1", labels=["World"], published=utc("2026-05-04T05:00"))
    await newsroom.collect()
    for number in range(READERS):
        await newsroom.add_reader(f"r{number}")
    newsroom.clock.moment = utc("2026-05-04T07:00")
    await newsroom.planning.plan()
    nuisance = Nuisance()
    async with SmtpServer(answer=nuisance) as server:
        transport = SmtpTransport(
            name="out", settings={"host": "127.0.0.1", "port": server.port, "tls": "none"} | HASTY
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

    everybody = {f"r{number}@r{number}.example" for number in range(READERS)}
    refused = {f"r{number}@r{number}.example" for number in range(READERS) if number % len(Nuisance.DEEDS) == 9}
    counts, states = Counter(server.recipients), await newsroom.states()
    assert counts.keys() == everybody - refused
    assert counts.total() - len(counts) <= IN_FLIGHT
    assert max(counts.values()) <= 2
    assert len(nuisance.done) == READERS // len(Nuisance.DEEDS) * 9
    assert states["refused"] == len(refused)
    assert not {"planned", "sending", "deferred"} & states.keys()
    assert states["accepted"] + states.get("uncertain", 0) == READERS - len(refused)
    assert await newsroom.open_work() == (0, 0)
