"""A send in the foreground that is asked to stop finishes what is in flight, and the next one goes on."""

import signal
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from syndicate.storage.tables import delivery
from tests.integration.house import RELAY, House, until
from tests.integration.smtp_servers import Answer, Misdeed, Session, SmtpServer

READERS = 300
SENDING = 1


def slowly(_session: Session, verb: str, _argument: str) -> Answer:
    """Take a while over each message, so that there is something in flight."""
    return Misdeed.LATE if verb == "MESSAGE" else None


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
async def test_a_send_that_is_stopped_repeats_nothing(tmp_path: Path, asked: signal.Signals) -> None:
    """Ctrl-C leaves nothing in doubt, and the exit status says what ended it."""
    async with SmtpServer(late=0.1, answer=slowly) as relay:
        transports = RELAY.format(name="relay", port=relay.port, more="")
        async with House(folder=tmp_path, database="sqlite:///syndicate.db", transports=transports) as house:
            await house.run("subscribers", "import", str(house.readers(READERS, digests="alerts")))
            house.publish(1)
            await house.run("collect")
            process = await house.start("digest", "send", "alerts", "--json")
            await until(lambda: len(relay.accepted) >= 60, seconds=60, house=house)
            process.send_signal(asked)
            status = await process.wait()
            before = len(relay.accepted)
            doubtful = await house.look(select(delivery.c.subscriber).where(delivery.c.state == SENDING))
            await house.run("digest", "send", "alerts")

    assert status == 128 + asked
    assert 60 <= before < READERS
    assert doubtful == set()
    assert set(Counter(relay.recipients).values()) == {1}
    assert len(relay.recipients) == READERS
