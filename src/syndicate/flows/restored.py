"""Pause sending after a restore from a backup, until the operator resumes: the backup does not know what was sent since."""

from pathlib import Path

import structlog

from syndicate.clock import Clock
from syndicate.storage.database import Database
from syndicate.storage.pauses import EVERYTHING, RESTORED, pause_digest
from syndicate.storage.pulse import beat, catch_up, read_pulse, write_pulse

log = structlog.get_logger(__name__)


async def keep_pulse(database: Database, *, directory: Path, clock: Clock) -> bool:
    """Count the database's pulse on and write it beside the feeds; True when the database was found to be an older one.

    Called before a process plans or sends anything and every minute after: a backup that is older than that is noticed, whichever
    machine sees it first.
    """
    try:
        written = read_pulse(directory)
    except OSError as error:  # what it says must not be written over unread: it is looked at again in a minute
        log.warning("pulse_not_read", trouble=str(error))
        return False
    async with database.begin() as connection:
        identity, number = await beat(connection)
        restored = written is not None and written[0] == identity and number <= written[1]
        if restored and written is not None:
            number = written[1] + 1
            await catch_up(connection, number)
            await pause_digest(connection, EVERYTHING, reason=RESTORED, now=clock.now())
    if restored:
        log.error(
            "sending_paused",
            reason=RESTORED,
            remedy="look at `syndicate editions list`, then `syndicate deliveries resume`",
        )
    try:
        write_pulse(directory, identity, number)
    except OSError as error:  # a full or read-only disk: feeds suffer too, and say so; sending goes on
        log.warning("pulse_not_written", trouble=str(error))
    return restored
