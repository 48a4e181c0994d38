"""Messages arrive whole on every road, and each receipt is its own message's."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from msgspec import structs

from syndicate.model import Envelope, Outcome, Receipt
from syndicate.transports import pool
from syndicate.transports.smtp import SmtpTransport
from tests.integration.smtp_servers import MODERN, Answer, Misdeed, Session, SmtpServer

ROADS = {
    "bdat": MODERN,
    "data": ("PIPELINING", "8BITMIME"),
    "bdat, step by step": ("CHUNKING", "8BITMIME"),
    "data, step by step": ("8BITMIME",),
}
SHARED = b"Subject: dots\r\n\r\n.\r\n..\r\n.hidden\r\n" + b"a line\r\n.b\r\n" * 200 + b"cut\r"
roads = pytest.mark.parametrize("extensions", ROADS.values(), ids=ROADS)


def letter(number: int | str, *, smtputf8: bool = False, body: tuple[bytes, ...] | None = None) -> Envelope:
    """A message for reader `number` whose borders between parts fall on dots and line ends."""
    parts = body or (b"X-Reader: %a\r\n" % number, SHARED, b"\n.", b"after\r\n", b".", b"\r\n", b".end\r\n")
    return Envelope(
        sender=f"bounce+{number}@news.example",
        recipient=f"r{number}@readers.example",
        parts=parts,
        message_id=f"<{number}@news.example>",
        smtputf8=smtputf8,
    )


@asynccontextmanager
async def transport_to(server: SmtpServer, **settings: object) -> AsyncIterator[SmtpTransport]:
    """An open transport to a server of ours."""
    transport = SmtpTransport(name="relay", settings={"host": "127.0.0.1", "port": server.port} | settings)
    await transport.open()
    try:
        yield transport
    finally:
        await transport.close()


def outcomes(receipts: Sequence[Receipt]) -> list[Outcome]:
    """What became of each message."""
    return [receipt.outcome for receipt in receipts]


@roads
@pytest.mark.parametrize("manner", ["plain", "dribble", "hoard"])
async def test_every_message_arrives_byte_for_byte(extensions: tuple[str, ...], manner: str) -> None:
    """Dots, borders and line ends survive, whatever pieces the answers come in."""
    letters = [letter(number) for number in range(120)]
    server = SmtpServer(extensions=extensions, dribble=manner == "dribble", hoard=manner == "hoard")
    async with server, transport_to(server, connections=2) as transport:
        receipts = await transport.send(letters)

        assert set(outcomes(receipts)) == {Outcome.ACCEPTED}
        assert receipts[0].enhanced == "2.0.0"
        assert sorted(server.accepted) == sorted((each.recipient, b"".join(each.parts)) for each in letters)
        assert sorted(server.senders) == sorted(each.sender for each in letters)


@roads
async def test_receipts_belong_to_their_messages(extensions: tuple[str, ...]) -> None:
    """Among accepted messages the refused and deferred ones are told apart, and the connection stays in step."""

    def answer(session: Session, verb: str, argument: str) -> Answer:
        number = int("".join(filter(str.isdigit, argument)) or 1) if verb in {"RCPT", "MESSAGE"} else 1
        if verb == "RCPT" and number % 5 == 0:
            return "550-5.1.1 nobody\r\n550 5.1.1 of that name"
        if verb == "RCPT" and number % 7 == 0:
            return "450 4.2.0 greylisted"
        return "552 5.2.2 full" if verb == "MESSAGE" and number % 11 == 0 else None

    async with (
        SmtpServer(extensions=extensions, answer=answer) as server,
        transport_to(server, connections=1) as transport,
    ):
        receipts = await transport.send([letter(number) for number in range(1, 121)])

        for number, receipt in enumerate(receipts, 1):
            if number % 5 == 0:
                assert (receipt.outcome, receipt.code, receipt.enhanced) == (Outcome.REFUSED, 550, "5.1.1")
                assert receipt.text == "nobody of that name (in reply to RCPT)"
            elif number % 7 == 0:
                assert (receipt.outcome, receipt.code, receipt.enhanced) == (Outcome.DEFERRED, 450, "4.2.0")
            elif number % 11 == 0:
                assert (receipt.outcome, receipt.code, receipt.enhanced) == (Outcome.REFUSED, 552, "5.2.2")
            else:
                assert receipt.outcome is Outcome.ACCEPTED
        assert len(server.accepted) == outcomes(receipts).count(Outcome.ACCEPTED)
        assert len(server.sessions) == 1


@roads
async def test_a_transaction_left_open_does_no_harm(extensions: tuple[str, ...]) -> None:
    """A relay that keeps a transaction whose recipient it refused, and calls the next MAIL nested, still gets every message once."""

    def answer(session: Session, verb: str, argument: str) -> Answer:
        return "550 5.1.1 unknown" if verb == "RCPT" and argument.startswith(("r40@", "r60@", "r61@")) else None

    async with SmtpServer(extensions=extensions, answer=answer, strict=True) as server:
        async with transport_to(server, connections=1) as transport:
            receipts = await transport.send([letter(number) for number in range(120)])

        refused = [number for number, receipt in enumerate(receipts) if receipt.outcome is Outcome.REFUSED]
        assert refused == [40, 60, 61]
        assert sorted(server.recipients) == sorted(
            f"r{number}@readers.example" for number in range(120) if number not in refused
        )


async def test_helo_is_said_to_a_relay_without_ehlo() -> None:
    """A relay of 1982 gets HELO and one command at a time."""

    def answer(session: Session, verb: str, argument: str) -> Answer:
        return "502 not implemented" if verb == "EHLO" else None

    async with SmtpServer(answer=answer) as server, transport_to(server) as transport:
        receipts = await transport.send([letter(1)])

        assert outcomes(receipts) == [Outcome.ACCEPTED]
        assert server.accepted == [("r1@readers.example", b"".join(letter(1).parts))]


async def test_several_callers_get_their_own_receipts_as_soon_as_their_batch_is_done() -> None:
    """A batch that meets a slow recipient does not hold another up."""

    def answer(session: Session, verb: str, argument: str) -> Answer:
        return "250 2.0.0 ok" if verb == "MESSAGE" else None

    async with SmtpServer(answer=answer) as server, transport_to(server, connections=3) as transport:
        batches = [[letter(25 * batch + number) for number in range(25)] for batch in range(4)]
        results = await asyncio.gather(*(transport.send(batch) for batch in batches))

        assert [outcomes(receipts) for receipts in results] == [[Outcome.ACCEPTED] * 25] * 4
        assert len(set(server.recipients)) == len(server.recipients) == 100


async def test_what_the_relay_cannot_take_is_refused_here() -> None:
    """Size, SMTPUTF8, 8BITMIME and unsafe addresses are judged before a byte is written."""
    bad = Envelope(
        sender="a@news.example", recipient="a@b.example>\r\nRCPT TO:<x@y.example", parts=(b"\r\n",), message_id="<1@x>"
    )
    letters = [
        letter(1, body=(b"x" * 600, b"\r\n")),
        letter("é", smtputf8=True),
        letter("é"),
        letter(3, body=("é\r\n".encode(),)),
        bad,
        letter(4, body=(b"fits\r\n",)),
        letter("\ud800", smtputf8=True),
    ]
    async with SmtpServer(extensions=("PIPELINING", "SIZE 500")) as server, transport_to(server) as transport:
        receipts = await transport.send(letters)

        assert [receipt.enhanced for receipt in receipts] == [
            "5.3.4",
            "5.6.7",
            "5.6.7",
            "5.6.3",
            "5.1.3",
            "2.0.0",
            "5.1.3",
        ]
        assert outcomes(receipts)[:5] == [*[Outcome.UNFIT] * 4, Outcome.REFUSED]  # another relay may take the four
        assert server.recipients == ["r4@readers.example"]


async def test_what_the_relay_offers_is_declared() -> None:
    """SMTPUTF8, 8BITMIME and SIZE go with MAIL when the message needs them and the relay knows them."""
    async with SmtpServer() as server, transport_to(server) as transport:
        receipts = await transport.send([letter("é", smtputf8=True, body=("é\r\n".encode(),))])

        assert outcomes(receipts) == [Outcome.ACCEPTED]
        assert "MAIL FROM:<bounce+é@news.example> SIZE=4 BODY=8BITMIME SMTPUTF8" in server.sessions[0].transcript


async def test_connections_are_recycled_and_closed_politely() -> None:
    """After `recycle` messages a connection ends with QUIT; so do the rest at close."""
    async with SmtpServer() as server:
        async with transport_to(server, connections=1, recycle=10) as transport:
            receipts = await transport.send([letter(number) for number in range(35)])

        assert set(outcomes(receipts)) == {Outcome.ACCEPTED}
        assert [session.taken for session in server.sessions] == [10, 10, 10, 5]
        assert all(session.transcript[-1] == "QUIT" for session in server.sessions)


async def test_check_says_what_the_relay_offers() -> None:
    """The doctor gets one line."""
    async with (
        SmtpServer(extensions=("PIPELINING", "CHUNKING", "SIZE 1000")) as server,
        transport_to(server) as transport,
    ):
        line = await transport.check()

        assert line == f"smtp 127.0.0.1:{server.port}: no TLS, PIPELINING CHUNKING SIZE 1000"


def _late_for_one_domain(_session: Session, verb: str, argument: str) -> Answer:
    return Misdeed.LATE if verb == "RCPT" and "@late.example" in argument else None


@roads
async def test_nothing_waits_behind_a_message_that_goes_alone(extensions: tuple[str, ...]) -> None:
    """Half the connections at most are taken by such messages; the others are quick, and each receipt says how long its own took."""
    alone = [structs.replace(letter(n), recipient=f"r{n}@late.example", alone=True) for n in range(4)]
    server = SmtpServer(extensions=extensions, answer=_late_for_one_domain, late=1.2)
    async with server, transport_to(server, connections=4) as transport:
        await transport.send([letter("first"), letter("second"), letter("third"), letter("fourth")])
        late, quick = await asyncio.gather(
            transport.send(alone), transport.send([letter(number) for number in range(200)])
        )

    order = ["late" if "@late." in recipient else "quick" for recipient in server.recipients]
    assert set(outcomes(late)) == set(outcomes(quick)) == {Outcome.ACCEPTED}
    assert order.index("late") == 204
    assert all(1.2 <= receipt.seconds < 2.4 for receipt in late)
    assert {receipt.seconds for receipt in quick} == {0.0}
    busy = [sum("@late." in line for line in session.transcript) for session in server.sessions]
    assert sorted(busy)[-2:] == [2, 2]


async def test_a_receipt_counts_its_own_time_only() -> None:
    """A message that waited behind a late one was answered quickly."""
    server = SmtpServer(answer=_late_for_one_domain, late=1.2)
    async with server, transport_to(server, connections=1) as transport:
        await transport.send([letter("first"), letter("second")])
        late, behind = await transport.send([structs.replace(letter(1), recipient="r1@late.example"), letter(2)])

    assert late.seconds >= 1.2
    assert behind.seconds == 0.0


@pytest.mark.parametrize("connections", [1, 2])
async def test_a_message_that_goes_alone_finds_its_turn_among_many(
    connections: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On few connections none is ever empty by itself."""
    monkeypatch.setattr(pool, "PATIENCE", 0.5)

    def slow(_session: Session, verb: str, _argument: str) -> Answer:
        return Misdeed.LATE if verb == "MESSAGE" else None

    async with SmtpServer(answer=slow, late=0.02) as server, transport_to(server, connections=connections) as transport:
        alone = asyncio.Event()

        async def go_on() -> None:
            while not alone.is_set():
                await transport.send([letter(number) for number in range(10)])

        others = [asyncio.create_task(go_on()) for _ in range(4)]
        await asyncio.sleep(0.2)
        async with asyncio.timeout(20):
            (receipt,) = await transport.send([structs.replace(letter(1), alone=True)])
        alone.set()
        await asyncio.gather(*others)

    assert receipt.outcome is Outcome.ACCEPTED
