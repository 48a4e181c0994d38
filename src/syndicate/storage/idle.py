"""Ask a pooled connection whether it lives, if it has rested; one that was just used would tell by failing."""

from typing import Any

from sqlalchemy import Engine, event, exc

from syndicate.clock import Clock

RESTED = 1.0  # seconds


def watch(engine: Engine, *, clock: Clock) -> None:
    """Ask connections of this engine when they are taken up after a rest, and replace one that gives no answer.

    SQLAlchemy's `pool_pre_ping` asks each time: three round trips more for every micro-batch of deliveries.
    """

    def rest(_: Any, record: Any) -> None:  # Any: SQLAlchemy's own, of no type
        record.info["rests_since"] = clock.monotonic()

    def ask(connection: Any, record: Any, _: Any) -> None:  # Any: as above
        if clock.monotonic() - record.info.get("rests_since", clock.monotonic()) < RESTED:
            return
        try:
            engine.dialect.do_ping(connection)
        except Exception as error:  # whatever the driver says of a server that is gone
            raise exc.InvalidatePoolError from error  # the others rest on the same server

    event.listen(engine, "checkin", rest)
    event.listen(engine, "checkout", ask)
