"""Prune the ledger: remove old editions with their deliveries, old letters, and the text of old reports."""

from dataclasses import dataclass
from datetime import timedelta

from syndicate.clock import Clock
from syndicate.storage import prune as storage
from syndicate.storage.database import Database

SLICES = 12  # transactions in one run; a run a minute removes more in a day than ten million readers get


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """What one run removed."""

    deliveries: int = 0
    letters: int = 0
    reports: int = 0


async def prune(database: Database, *, clock: Clock, keep: timedelta) -> Pruned:
    """Remove some of what is older than `keep`. What is left over goes with the next run; being killed in between is harmless."""
    before = clock.now() - keep
    gone = 0
    for _ in range(SLICES):
        async with database.begin() as connection:
            edition = await storage.oldest_edition(connection, before=before)
            if edition is None:
                break
            gone += await storage.prune_edition(connection, edition)
    async with database.begin() as connection:
        letters = await storage.prune_letters(connection, before=before)
        reports = await storage.prune_reports(connection, before=before)
    return Pruned(deliveries=gone, letters=letters, reports=reports)
