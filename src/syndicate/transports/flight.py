"""Keep what is known of messages on their way out, and of the batch each belongs to."""

import asyncio
from enum import Enum

from msgspec import Struct

from syndicate.model import Envelope, Receipt


class Stage(Enum):
    """Which answer a message waits for; the value is the command's name."""

    RESET = "RSET"
    MAIL = "MAIL"
    RCPT = "RCPT"
    DATA = "DATA"
    FINAL = "the message"


class Road(Enum):
    """How the commands of a message are written."""

    TOGETHER = "MAIL, RCPT and BDAT with the message in one write"
    ENVELOPE_FIRST = "MAIL and RCPT (and DATA) in one write, the message when they are accepted"
    STEP_BY_STEP = "each command when the one before it is accepted"


class Batch:
    """The messages of one call of `send`: settled when each of them has its receipt."""

    __slots__ = ("_left", "_receipts", "settled")

    def __init__(self, size: int) -> None:
        self._receipts: list[Receipt | None] = [None] * size
        self._left = size
        self.settled: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @property
    def abandoned(self) -> bool:
        """Whether nobody waits for the receipts any more."""
        return self.settled.cancelled()

    def record(self, index: int, receipt: Receipt) -> None:
        """Note one receipt."""
        self._receipts[index] = receipt
        self._left -= 1
        if not self._left and not self.settled.done():
            self.settled.set_result(None)

    def receipts(self) -> list[Receipt]:
        """Return all receipts, in the order of the envelopes; only when settled."""
        return [receipt for receipt in self._receipts if receipt is not None]


class Flight(Struct, eq=False):
    """One message on its way, and how far it has come.

    `written`: its last byte was handed to the operating system, so from here on silence means "uncertain". `failure` is the
    first failing answer. `careful`: it met a relay out of step and goes alone, step by step, from now on.
    """

    envelope: Envelope
    batch: Batch
    index: int
    message: bytes
    tries: int = 0
    careful: bool = False
    by_bdat: bool = False
    road: Road = Road.STEP_BY_STEP
    stage: Stage = Stage.MAIL
    failure: Receipt | None = None
    failed_at: Stage | None = None
    written: bool = False

    def start(self, *, road: Road, by_bdat: bool, stage: Stage) -> None:
        """Begin a try on a connection."""
        self.road, self.by_bdat, self.stage = road, by_bdat, stage
        self.failure, self.failed_at, self.written = None, None, False

    def fail(self, receipt: Receipt) -> None:
        """Keep the first failing answer; the later ones only follow from it."""
        if self.failure is None:
            self.failure, self.failed_at = receipt, self.stage
