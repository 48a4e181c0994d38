"""Whatever a relay does, no receipt says what is not so, and no message arrives twice."""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence

import pytest

from syndicate.model import Envelope, Outcome, Receipt
from syndicate.transports.smtp import SmtpTransport
from tests.integration.smtp.test_smtp_roads import ROADS, letter, outcomes, roads, transport_to
from tests.integration.smtp_servers import Answer, Misdeed, Session, SmtpServer

HASTY = {"reply-timeout": "500ms", "final-timeout": "500ms", "back-off": "1ms"}
HASTIER = {"reply-timeout": "100ms", "final-timeout": "100ms", "back-off": "1ms"}  # where lateness changes no claim


def check_honesty(server: SmtpServer, letters: Sequence[Envelope], receipts: Sequence[Receipt]) -> Counter[Outcome]:
    """Accepted means once in the server, uncertain at most once, everything else never → how many of each."""
    arrived = Counter(server.recipients)
    for each, receipt in zip(letters, receipts, strict=True):
        lowest, highest = {Outcome.ACCEPTED: (1, 1), Outcome.UNCERTAIN: (0, 1)}.get(receipt.outcome, (0, 0))
        assert lowest <= arrived[each.recipient] <= highest, (each.recipient, receipt)
    for recipient, body in server.accepted:
        assert body == next(b"".join(each.parts) for each in letters if each.recipient == recipient)
    return Counter(outcomes(receipts))


@roads
@pytest.mark.parametrize("manner", ["421 at MAIL", "421 after", "silent after"])
async def test_a_relay_that_closes_at_its_tenth_message_costs_nothing(extensions: tuple[str, ...], manner: str) -> None:
    """Connections end before the relay ends them, once it has shown when; nothing is in doubt."""

    def answer(session: Session, verb: str, argument: str) -> Answer:
        if manner == "421 at MAIL":
            return "421 4.7.0 enough" if session.taken == 10 and verb == "MAIL" else None
        if verb == "MESSAGE" and session.taken == 10:
            return "250 2.0.0 ok\r\n421 4.7.0 enough" if manner == "421 after" else None
        return Misdeed.CLOSE if session.taken == 10 and verb != "QUIT" else None

    letters = [letter(number) for number in range(300)]
    async with (
        SmtpServer(extensions=extensions, answer=answer) as server,
        transport_to(server, connections=4) as transport,
    ):
        receipts = await transport.send(letters)

        assert check_honesty(server, letters, receipts) == {Outcome.ACCEPTED: 300}
        assert sum(session.taken == 10 for session in server.sessions) >= 28


@roads
@pytest.mark.parametrize("misdeed", [Misdeed.CLOSE, Misdeed.RESET, Misdeed.HANG])
async def test_a_message_without_an_answer_is_uncertain(extensions: tuple[str, ...], misdeed: Misdeed) -> None:
    """The message was taken whole, the answer never came: only that one is in doubt on a young connection."""

    def answer(session: Session, verb: str, argument: str) -> Answer:
        return misdeed if verb == "MESSAGE" and argument.startswith("r7@") else None

    letters = [letter(number) for number in range(20)]
    async with SmtpServer(extensions=extensions, answer=answer) as server:
        async with transport_to(server, connections=2, **HASTY) as transport:
            receipts = await transport.send(letters)

        assert receipts[7].outcome is Outcome.UNCERTAIN
        assert check_honesty(server, letters, receipts) == {Outcome.ACCEPTED: 19, Outcome.UNCERTAIN: 1}


@roads
@pytest.mark.parametrize("misdeed", [Misdeed.CLOSE, Misdeed.RESET])
async def test_a_connection_that_dies_before_the_message_leaves_it_unsent(
    extensions: tuple[str, ...], misdeed: Misdeed
) -> None:
    """A relay that hangs up at each RCPT got no message; it is tried a few times and handed back as never sent."""

    def answer(session: Session, verb: str, argument: str) -> Answer:
        return misdeed if verb == "RCPT" else None

    letters = [letter(number) for number in range(3)]
    async with SmtpServer(extensions=extensions, answer=answer) as server, transport_to(server, **HASTY) as transport:
        receipts = await transport.send(letters)

        assert check_honesty(server, letters, receipts) == {Outcome.UNSENT: 3}
        assert 3 <= len(server.sessions) <= 9


@roads
@pytest.mark.parametrize("garbage", ["\x00\x01garbage", "999 what", "25", "250-one\r\n251 two", "x" * 10000])
async def test_garbage_is_never_taken_for_an_answer(extensions: tuple[str, ...], garbage: str) -> None:
    """Whatever command is answered with nonsense, nothing is called accepted or refused for it."""
    verbs = ["", "CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "BDAT", "MESSAGE"]

    def answer(session: Session, asked: str, argument: str) -> Answer:
        return garbage if session.number < len(verbs) and asked == verbs[session.number] else None

    letters = [letter(number) for number in range(4)]
    async with SmtpServer(extensions=extensions, answer=answer) as server:
        async with transport_to(server, connections=2, **HASTIER) as transport:
            receipts = await transport.send(letters)

        assert Outcome.REFUSED not in check_honesty(server, letters, receipts)


@pytest.mark.parametrize("eats_body", [True, False])
async def test_bdat_that_is_offered_and_not_known_is_left_alone(eats_body: bool) -> None:
    """A middle box that answers 502 to BDAT is sent DATA from then on; the recipient is not blamed."""

    def answer(session: Session, verb: str, argument: str) -> Answer:
        return "502 5.5.1 unknown command" if verb == "BDAT" else None

    letters = [letter(number) for number in range(60)]
    async with SmtpServer(answer=answer, eats_body=eats_body) as server:
        async with transport_to(server, connections=2) as transport:
            receipts = await transport.send(letters)

        count = check_honesty(server, letters, receipts)
        assert count[Outcome.ACCEPTED] >= 58
        assert count[Outcome.REFUSED] == 0
        if eats_body:
            assert count == {Outcome.ACCEPTED: 60}


async def test_a_relay_that_drops_commands_given_in_advance_is_spoken_to_step_by_step() -> None:
    """PIPELINING is offered and broken: messages still arrive, and after some trouble without delay."""

    def forget(session: Session, verb: str, argument: str) -> Answer:
        return Misdeed.SILENCE if verb == "RCPT" and session.number <= 2 else None

    letters = [letter(number) for number in range(30)]
    async with SmtpServer(answer=forget) as server, transport_to(server, connections=2, **HASTY) as transport:
        receipts = await transport.send(letters)

        assert check_honesty(server, letters, receipts) == {Outcome.ACCEPTED: 30}


@roads
async def test_a_dead_relay_gives_everything_back_at_once_and_is_found_again(extensions: tuple[str, ...]) -> None:
    """Nothing waits for a relay that refuses connections; when it is back, mail flows without a restart."""
    async with SmtpServer(extensions=extensions) as server, transport_to(server, **HASTY) as transport:
        first = await transport.send([letter(1)])
        await server.stop()
        gone = await transport.send([letter(number) for number in range(2, 60)])
        reborn = SmtpServer(extensions=extensions)
        reborn.port = server.port
        async with reborn, asyncio.timeout(5):
            while (back := await transport.send([letter(99)]))[0].outcome is Outcome.UNSENT:
                await asyncio.sleep(0.002)

        assert outcomes(first) == outcomes(back) == [Outcome.ACCEPTED]
        assert set(outcomes(gone)) == {Outcome.UNSENT}
        assert "127.0.0.1" in gone[0].text


async def test_a_relay_that_is_too_busy_defers_nothing_for_ever() -> None:
    """421 as a greeting means: never sent, with the relay's words."""

    def answer(session: Session, verb: str, argument: str) -> Answer:
        return "421 4.3.2 too busy" if verb == "CONNECT" else None

    async with SmtpServer(answer=answer) as server, transport_to(server) as transport:
        receipts = await transport.send([letter(number) for number in range(30)])

        assert set(outcomes(receipts)) == {Outcome.UNSENT}
        assert "421 4.3.2 too busy" in receipts[0].text


async def test_fewer_connections_than_wished_for_are_enough() -> None:
    """A relay that turns the third connection away gets everything over two."""

    def answer(session: Session, verb: str, argument: str) -> Answer:
        return "421 4.7.0 too many connections" if verb == "CONNECT" and session.number > 2 else None

    letters = [letter(number) for number in range(200)]
    async with SmtpServer(answer=answer) as server, transport_to(server, connections=8) as transport:
        receipts = await transport.send(letters)

        assert check_honesty(server, letters, receipts) == {Outcome.ACCEPTED: 200}


async def test_421_in_mid_work_settles_what_is_behind_as_unsent() -> None:
    """With several in flight, 421 answers one; those behind it were never read and are tried again elsewhere."""

    def answer(session: Session, verb: str, argument: str) -> Answer:
        return "421 4.3.2 shutting down" if verb == "MESSAGE" and session.number == 1 and session.taken == 50 else None

    letters = [letter(number) for number in range(120)]
    async with SmtpServer(answer=answer) as server, transport_to(server, connections=1) as transport:
        receipts = await transport.send(letters)

        assert check_honesty(server, letters, receipts) == {Outcome.ACCEPTED: 119, Outcome.DEFERRED: 1}


async def test_a_refused_recipient_stays_refused_when_the_connection_dies() -> None:
    """RCPT was answered 550 before the end: the message cannot have been taken."""

    def answer(session: Session, verb: str, argument: str) -> Answer:
        if verb == "RCPT" and argument.startswith("r60@"):
            return "550 5.1.1 unknown"
        return Misdeed.CLOSE if verb == "BDAT" and session.sender == "bounce+60@news.example" else None

    letters = [letter(number) for number in range(61)]
    async with SmtpServer(answer=answer) as server, transport_to(server, connections=1) as transport:
        receipts = await transport.send(letters)

        assert check_honesty(server, letters, receipts) == {Outcome.ACCEPTED: 60, Outcome.REFUSED: 1}
        assert receipts[60].enhanced == "5.1.1"


async def test_a_message_that_did_not_leave_whole_is_unsent() -> None:
    """The relay stops reading in the middle of a message and goes: it cannot have it, and it is not uncertain."""
    stop = asyncio.Event()

    async def swallow_a_little(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 hello\r\n")
        await reader.readline()
        writer.write(b"250-x\r\n250-PIPELINING\r\n250 CHUNKING\r\n")
        await reader.readline()
        await reader.readline()
        writer.write(b"250 ok\r\n250 ok\r\n")
        await reader.readuntil(b"LAST\r\n")
        writer.transport.abort()
        stop.set()

    server = await asyncio.start_server(swallow_a_little, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    transport = SmtpTransport(name="relay", settings={"port": port, "connections": 1} | HASTY)
    huge = letter(1, body=(b"x" * 998 + b"\r\n",) * 30_000)
    receipts = await transport.send([huge])
    await transport.close()
    server.close()

    assert stop.is_set()
    assert outcomes(receipts) == [Outcome.UNSENT]


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize("seed", range(4))
async def test_receipts_are_honest_under_random_faults(road: str, seed: int) -> None:
    """Any mixture of refusals, nonsense, hang-ups and silences, and no receipt is wrong."""
    lots = random.Random(f"{road} {seed}")
    faults: list[Answer] = [
        *("450 4.2.0 later", "550 5.1.1 no", "421 4.3.2 bye", "503 5.5.1 sequence", "500 what", "junk", "354 go"),
        *(Misdeed.CLOSE, Misdeed.RESET, Misdeed.HANG),
    ]

    def answer(session: Session, verb: str, argument: str) -> Answer:
        if lots.random() < 0.03 and verb not in {"CONNECT", "EHLO"}:
            fault = lots.choice(faults)
            return "250 ok" if fault == "354 go" and verb == "DATA" else fault
        return None

    letters = [letter(number) for number in range(150)]
    async with SmtpServer(extensions=ROADS[road], answer=answer, strict=bool(seed % 2)) as server:
        async with transport_to(server, connections=3, **HASTIER) as transport:
            async with asyncio.timeout(30):
                receipts = await transport.send(letters)

        count = check_honesty(server, letters, receipts)
        assert count.total() == 150
        assert count[Outcome.ACCEPTED] > 0


async def test_a_relay_that_says_no_in_another_encoding_is_a_receipt() -> None:
    """What it greets with may be anything; the receipt is text that can be stored and shown."""
    greeting = "554 5.7.1 Zugriff f\udcfcr Unbefugte gesperrt \x00"
    async with (
        SmtpServer(answer=lambda _, verb, __: greeting if verb == "CONNECT" else None) as server,
        transport_to(server, **HASTY) as transport,
    ):
        receipts = await transport.send([letter(1)])

    assert outcomes(receipts) == [Outcome.UNSENT]
    assert "Zugriff für Unbefugte" in receipts[0].text
    assert receipts[0].text.isprintable()
