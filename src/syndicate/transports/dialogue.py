"""Lead the SMTP dialogue of one connection: what to write for each message, what each answer means. No I/O of its own."""

from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol

from msgspec import structs

from syndicate.core.lateness import LATE
from syndicate.model import Outcome, Receipt
from syndicate.transports.flight import Flight, Road, Stage
from syndicate.transports.offer import Offer, mail_command, objection, rcpt_command
from syndicate.transports.relay import Relay
from syndicate.transports.reply import CLOSING, Reply, receipt_of
from syndicate.transports.stuffing import END, stuffed

OUT_OF_STEP = frozenset({500, 502, 503, 504})  # "what?": an answer about the conversation, not about the message


class Tower(Protocol):
    """Whom messages are reported to."""

    def landed(self, flight: Flight, receipt: Receipt) -> None:
        """Take the receipt of a message."""

    def returned(self, flight: Flight, receipt: Receipt) -> None:
        """Take back a message that was surely not accepted, to try it elsewhere; else this is its receipt."""


class Dialogue:
    """The messages in flight on one connection, oldest first, and how far each has come.

    `write` hands bytes to the connection and returns whether it took them. `spent`: no more may be begun. `dismissed`: the
    relay said 421. `rested`: nothing was said for a while, so the next message feels its way. `now` is the time of what happens, in seconds. `trouble`: why the relay can no longer be followed. `suspects` were refused with an answer about the
    conversation: theirs only if the connection proves to be in step.
    """

    def __init__(
        self,
        *,
        offer: Offer,
        relay: Relay,
        depth: int,
        recycle: int,
        write: Callable[[Sequence[bytes]], bool],
        tower: Tower,
    ) -> None:
        self._offer, self._relay, self._depth, self._recycle = offer, relay, depth, recycle
        self._write, self._tower = write, tower
        self.waiting: deque[Flight] = deque()
        self.suspects: list[tuple[Flight, Receipt]] = []
        self.latest: Flight | None = None  # whose message was written last
        self.answered = 0
        self.spent = self.dismissed = self.rested = False
        self.trouble = ""
        self.now = self._turn = 0.0  # `_turn`: since when the oldest message is the one that is answered
        self._begun = 0
        self._failed_last = False

    # --- beginning ---

    def has_room_for(self, flight: Flight) -> bool:
        """Whether this message may be begun now."""
        if self.spent:
            return False
        if not self.waiting:
            return True
        last = self.waiting[-1]
        if flight.envelope.alone or last.envelope.alone:
            return False
        road = self._road_for(flight)
        if road is Road.TOGETHER:
            return last.road is Road.TOGETHER and len(self.waiting) < self._depth
        # While a message sent by DATA waits for its answer, the next envelope may already travel (RFC 2920 3.1).
        ahead = last.stage is Stage.FINAL and last.failure is None and len(self.waiting) == 1
        return ahead and road is Road.ENVELOPE_FIRST and not self._uses_bdat

    def begin(self, flight: Flight) -> None:
        """Write what the road allows of one message; there must be room."""
        refusal = objection(self._offer, flight.envelope, flight.message)
        if refusal is not None:
            self._tower.landed(flight, refusal)
            return
        road = self._road_for(flight)
        # A relay may keep a failed transaction open and add the next recipient to it: then one reader gets another's mail.
        reset = self._failed_last or bool(self.waiting)
        if not self.waiting:
            self._turn = self.now
        self._failed_last = False
        self._begun += 1
        self.spent = self._begun >= min(self._recycle, self._relay.limit or self._recycle)
        flight.start(road=road, by_bdat=self._uses_bdat, stage=Stage.RESET if reset else Stage.MAIL)
        self.waiting.append(flight)
        command = mail_command(self._offer, flight.envelope, flight.message)
        if reset:
            command = b"RSET\r\n" + command
        if road is Road.TOGETHER:
            self._write_message(flight, command + rcpt_command(flight.envelope))
        elif road is Road.ENVELOPE_FIRST:
            self._write((command, rcpt_command(flight.envelope), b"" if flight.by_bdat else b"DATA\r\n"))
        else:
            self._write((command,))

    @property
    def _uses_bdat(self) -> bool:
        return self._offer.chunking and self._relay.takes_bdat

    def _road_for(self, flight: Flight) -> Road:
        if flight.careful or self._relay.step_by_step or not self._offer.pipelining:
            return Road.STEP_BY_STEP
        known = (self._relay.is_scouted or self._begun < self._relay.proven) and not self.rested
        return Road.TOGETHER if known and self._uses_bdat else Road.ENVELOPE_FIRST

    def _write_message(self, flight: Flight, command: bytes = b"") -> None:
        message = flight.message
        self.latest = flight
        if flight.by_bdat:
            flight.written = self._write((b"%bBDAT %d LAST\r\n" % (command, len(message)), message))
        else:
            flight.written = self._write(stuffed(message, flight.envelope))

    # --- answers ---

    def answer(self, reply: Reply) -> None:
        """Take the next answer, for the oldest message; there must be one."""
        flight = self.waiting[0]
        stage = flight.stage
        if reply.code == CLOSING:
            self._dismiss(flight, reply)
        elif stage is Stage.RESET:
            flight.stage = Stage.MAIL
            if not reply.is_positive:  # nothing can be sent in advance where the way back is not known
                self.spent = self._relay.step_by_step = True
        elif stage is Stage.FINAL:
            self._finish(flight, reply)
        elif stage is Stage.DATA:
            self._answer_data(flight, reply)
        elif 300 <= reply.code < 400:
            self.trouble = f"the relay answered {stage.value} with {reply.code} {reply.text}"
        else:
            if not reply.is_positive:
                flight.fail(receipt_of(reply, command=stage.value))
            self._proceed(flight)

    def _proceed(self, flight: Flight) -> None:
        """Go on after the answer to MAIL or RCPT."""
        is_mail = flight.stage is Stage.MAIL
        if flight.road is Road.TOGETHER:
            flight.stage = Stage.RCPT if is_mail else Stage.FINAL
        elif flight.road is Road.ENVELOPE_FIRST and is_mail:
            flight.stage = Stage.RCPT
        elif flight.road is Road.ENVELOPE_FIRST and not flight.by_bdat:
            flight.stage = Stage.DATA
        elif flight.failure is not None:
            self._settle(flight, flight.failure)
        elif is_mail:
            flight.stage = Stage.RCPT
            self._write((rcpt_command(flight.envelope),))
        elif flight.by_bdat:
            flight.stage = Stage.FINAL
            self._write_message(flight)
        else:
            flight.stage = Stage.DATA
            self._write((b"DATA\r\n",))

    def _answer_data(self, flight: Flight, reply: Reply) -> None:
        if reply.code == 354:
            flight.stage = Stage.FINAL
            if flight.failure is None:
                self._write_message(flight)
            else:
                self._write((END,))  # RFC 2920 3.1: it refused the recipient and waits for a message all the same
        elif reply.code >= 400:
            flight.fail(receipt_of(reply, command=Stage.DATA.value))
            assert flight.failure is not None
            self._settle(flight, flight.failure)
        else:
            self.trouble = f"the relay answered DATA with {reply.code} {reply.text}"

    def _finish(self, flight: Flight, reply: Reply) -> None:
        """Take the answer to the message itself."""
        if 300 <= reply.code < 400:
            self.trouble = f"the relay answered a message with {reply.code} {reply.text}"
            return
        receipt = receipt_of(reply, command=Stage.FINAL.value)
        if flight.failure is None:
            if not reply.is_positive:
                flight.fail(receipt)
            self._settle(flight, receipt)
        elif flight.failed_at is Stage.MAIL and flight.written and reply.is_positive:
            # MAIL was called out of turn, yet the recipient and the message went through: it is on its way.
            self._settle(flight, receipt)
        else:
            self._settle(flight, flight.failure)

    def _settle(self, flight: Flight, receipt: Receipt) -> None:
        self.waiting.popleft()
        self.answered += 1
        self._relay.answered(self.answered)
        took, self._turn = self.now - self._turn, self.now
        if took >= LATE:
            receipt = structs.replace(receipt, seconds=took)
        if receipt.outcome is Outcome.ACCEPTED:
            self._tower.landed(flight, receipt)
            return
        self._failed_last = True
        if receipt.code in OUT_OF_STEP and not flight.careful:
            if flight.failed_at is Stage.FINAL and flight.by_bdat:
                self._relay.takes_bdat = False
            flight.careful = self.spent = True
            self.suspects.append((flight, receipt))
        else:
            self._tower.landed(flight, receipt)

    def _dismiss(self, flight: Flight, reply: Reply) -> None:
        """421: this message was not taken; answers to those behind it may or may not come before the relay closes."""
        self.dismissed = self.spent = True
        self.waiting.popleft()
        receipt = flight.failure or receipt_of(reply, command=flight.stage.value)
        if flight.failure is None and self.answered and flight.stage in (Stage.RESET, Stage.MAIL):
            self._tower.returned(flight, receipt)  # it was the connection's turn to end, not this message's fault
        else:
            self._tower.landed(flight, receipt)

    # --- endings ---

    def clear_suspects(self, *, in_step: bool) -> bool:
        """Settle the suspects now that it is known whether answers were matched right; whether there were any."""
        suspects, self.suspects = self.suspects, []
        for flight, receipt in suspects:
            if in_step:
                self._tower.returned(flight, receipt)
            else:
                text = f"the connection was out of step: {receipt.text}"
                self._tower.landed(flight, Receipt(outcome=Outcome.UNCERTAIN, code=receipt.code, text=text))
        return bool(suspects)

    def be_careful(self) -> None:
        """What waits here may have been lost by a relay that drops commands given in advance: send it step by step next time."""
        for flight in self.waiting:
            flight.careful = True

    def give_up(self, why: str, *, unfinished_write: bool) -> None:
        """Settle every message that has no answer, because there will be none.

        After 421 the relay has closed and so has read nothing behind it (RFC 5321 3.8): those messages never arrived.
        """
        self.spent = True
        if unfinished_write and self.latest is not None:
            self.latest.written = False  # its last byte never left this process
        while self.waiting:
            flight = self.waiting.popleft()
            if flight.failure is not None and (flight.failed_at is Stage.RCPT or not flight.written):
                self._tower.landed(flight, flight.failure)  # without its recipient it cannot have been taken
            elif flight.written and not self.dismissed:
                self._tower.landed(flight, Receipt(outcome=Outcome.UNCERTAIN, text=f"{why}, before its answer"))
            elif flight.failure is not None:
                self._tower.landed(flight, flight.failure)
            else:
                self._tower.returned(flight, Receipt(outcome=Outcome.UNSENT, text=why))
