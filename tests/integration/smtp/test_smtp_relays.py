"""Two real servers, of which one cannot take what the other can."""

from syndicate.flows.route import Route, Router
from syndicate.model import Outcome
from tests.integration.smtp.test_smtp_roads import letter, transport_to
from tests.integration.smtp_servers import Session, SmtpServer


async def test_what_one_relay_does_not_offer_another_may() -> None:
    """Readers with international addresses get their mail by the relay that takes them, whoever has the turn."""
    letters = [letter(f"é{number}", smtputf8=True) for number in range(20)]
    async with (
        SmtpServer(extensions=("PIPELINING", "8BITMIME")) as old,
        SmtpServer() as new,
        transport_to(old) as first,
        transport_to(new) as second,
    ):
        first.name, second.name = "old", "new"
        router = Router(routes=[Route(transport=first), Route(transport=second)])
        results = [result for start in (0, 10) for result in await router.send(letters[start : start + 10])]

    assert [(receipt.outcome, name) for receipt, name in results] == [(Outcome.ACCEPTED, "new")] * 20
    assert len(new.accepted) == 20
    assert old.accepted == []


async def test_a_relay_whose_disk_is_full_hands_over_to_another() -> None:
    """At MAIL it takes nothing from anybody, and at once the other does."""

    def full(_session: Session, verb: str, _argument: str) -> str | None:
        return "452 4.3.1 Insufficient system storage" if verb == "MAIL" else None

    async with (
        SmtpServer(answer=full) as bad,
        SmtpServer() as good,
        transport_to(bad) as first,
        transport_to(good) as second,
    ):
        first.name, second.name = "bad", "good"
        router = Router(routes=[Route(transport=first), Route(transport=second)])
        results = await router.send([letter(number) for number in range(20)])

    assert [(receipt.outcome, name) for receipt, name in results] == [(Outcome.ACCEPTED, "good")] * 20
