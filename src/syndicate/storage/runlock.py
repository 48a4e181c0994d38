"""Keep a second daemon from one SQLite file."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import URL

from syndicate.errors import AlreadyRunningError


@contextmanager
def only_run(url: URL, *, wanted: bool) -> Iterator[None]:
    """Hold the database's run lock for the length of the block; the system frees it however the process ends.

    Raises AlreadyRunningError when another `syndicate run` holds it. Without `wanted` (a server that many may share) it does nothing.
    """
    if not wanted or not url.database:
        yield
        return
    path = Path(f"{url.database}.run-lock")
    with path.open("a", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise AlreadyRunningError(
                f"database {url.database}: another `syndicate run` uses it; stop that one, or use PostgreSQL for several"
            ) from error
        yield
