"""Speak SMTP over one open connection with several messages in flight, and settle each by its own answers."""

import asyncio
import socket
from collections import deque
from typing import Protocol

from syndicate.model import Outcome, Receipt
from syndicate.transports.flight import Flight, Road, Stage
from syndicate.transports.offer import Offer, mail_command, objection, rcpt_command
from syndicate.transports.relay import Relay
from syndicate.transports.reply import CLOSING, GARBLED, Reply, ReplyReader, receipt_of
from syndicate.transports.smtp_settings import SmtpSettings
from syndicate.transports.stuffing import END, Stuffing

OUT_OF_STEP = frozenset({500, 502, 503, 504})  # "what?": an answer about the conversation, not about the message
FAREWELL = 5.0  # seconds a relay gets to close after 421, or to answer QUIT
AT_ONCE = 1.0  # seconds: a connection closed sooner after its last answer was closed because of it
QUICK_ACK: int | None = getattr(socket, "TCP_QUICKACK", None)


class Tower(Protocol):
    """Whom a lane reports to."""

    def landed(self, flight: Flight, receipt: Receipt) -> None:
        """Take the receipt of a message."""

    def returned(self, flight: Flight, receipt: Receipt) -> None:
        """Take back a message that was surely not accepted, to try it elsewhere; else this is its receipt."""

    def changed(self) -> None:
        """Hear that there may be room for more."""

    def gone(self, lane: "Lane") -> None:
        """Hear that the lane is closed."""


class Lane(asyncio.Protocol):
    """One connection after EHLO and login. It ends by itself: after `recycle` messages, when idle, or when in doubt."""

    def __init__(
        self,
        transport: asyncio.Transport,
        *,
        offer: Offer,
        relay: Relay,
        settings: SmtpSettings,
        depth: int,
        stuffing: Stuffing,
        tower: Tower,
    ) -> None:
        self._transport, self._offer, self._relay, self._settings = transport, offer, relay, settings
        self._depth, self._stuffing, self._tower = depth, stuffing, tower
        self._reader = ReplyReader()
        self._waiting: deque[Flight] = deque()
        self._suspects: list[tuple[Flight, Receipt]] = []  # refused, if the connection proves to be in step
        self._latest: Flight | None = None  # whose message was written last
        self._begun = self._answered = 0
        self._paused = self._retiring = self._quitting = self._dismissed = self._reset_due = self._lost = False
        self._loop = asyncio.get_running_loop()
        self._opened = self._moved = self._loop.time()
        self._timer: asyncio.TimerHandle | None = None
        self._socket = transport.get_extra_info("socket") if QUICK_ACK is not None else None
        transport.set_write_buffer_limits(high=0)  # so that "paused" means: the last write is not all out
        transport.set_protocol(self)
        self._watch()

    # --- what the pool asks and does ---

    @property
    def load(self) -> int:
        """How many messages are in flight here."""
        return len(self._waiting)

    def has_room_for(self, flight: Flight) -> bool:
        """Whether this message may be begun now."""
        if self._paused or self._retiring or self._transport.is_closing():
            return False
        if not self._waiting:
            return True
        road = self._road_for(flight)
        last = self._waiting[-1]
        if road is Road.TOGETHER:
            return last.road is Road.TOGETHER and len(self._waiting) < self._depth
        # While a message sent by DATA waits for its answer, the next envelope may already travel (RFC 2920 3.1).
        ahead = last.stage is Stage.FINAL and last.failure is None and len(self._waiting) == 1
        return ahead and road is Road.ENVELOPE_FIRST and not self._uses_bdat

    def begin(self, flight: Flight) -> None:
        """Start one message; there must be room."""
        refusal = objection(self._offer, flight.envelope, flight.size)
        if refusal is not None:
            self._tower.landed(flight, refusal)
            return
        if not self._waiting:
            self._moved = self._loop.time()
        road = self._road_for(flight)
        reset = self._reset_due or (road is Road.TOGETHER and self._relay.wants_reset and self._begun > 0)
        self._reset_due = False
        self._begun += 1
        flight.start(road=road, stage=Stage.RESET if reset else Stage.MAIL)
        self._waiting.append(flight)
        command = mail_command(self._offer, flight.envelope, flight.size)
        if reset:
            command = b"RSET\r\n" + command
        if road is not Road.STEP_BY_STEP:
            command += rcpt_command(flight.envelope)
        if road is Road.TOGETHER:
            self._write_message(flight, command)
        else:
            self._transport.write(command if self._uses_bdat or road is Road.STEP_BY_STEP else command + b"DATA\r\n")
        if self._begun >= min(self._settings.recycle, self._relay.limit or self._settings.recycle):
            self._retiring = True

    def retire(self) -> None:
        """Begin no more messages; leave when those in flight are answered."""
        self._retiring = True
        if not self._waiting:
            self._quit()

    def abort(self) -> None:
        """Hang up now."""
        self._transport.abort()

    # --- roads ---

    @property
    def _uses_bdat(self) -> bool:
        return self._offer.chunking and self._relay.takes_bdat

    def _road_for(self, flight: Flight) -> Road:
        if flight.careful or self._relay.step_by_step or not self._offer.pipelining:
            return Road.STEP_BY_STEP
        known = self._relay.is_scouted or self._begun < self._relay.proven
        return Road.TOGETHER if known and self._uses_bdat else Road.ENVELOPE_FIRST

    def _write_message(self, flight: Flight, command: bytes = b"") -> None:
        """Write the message, after its BDAT or the server's 354."""
        if flight.stage is Stage.DATA:
            self._transport.writelines(self._stuffing.stuff(flight.envelope.parts))
        else:
            self._transport.writelines([b"%bBDAT %d LAST\r\n" % (command, flight.size), *flight.envelope.parts])
        self._latest = flight
        flight.written = not self._transport.is_closing()  # closing: the write itself failed

    # --- answers ---

    def data_received(self, data: bytes) -> None:
        """Settle what can be settled, and say that there is room."""
        if self._socket is not None and QUICK_ACK is not None:
            self._socket.setsockopt(socket.IPPROTO_TCP, QUICK_ACK, 1)  # else a real Postfix waits 40 ms for our ACK
        self._moved = self._loop.time()
        for reply in self._reader.feed(data):
            if reply.code == GARBLED:
                self._lose_step(f"the relay answered what is not SMTP: {reply.text}")
                return
            if self._waiting:
                self._answer(self._waiting[0], reply)
            elif not self._unasked(reply):
                return
        if self._waiting or not (self._retiring or self._dismissed):
            self._tower.changed()
        elif self._dismissed and not self._suspects:
            self._transport.close()
        else:
            self._quit()

    def _answer(self, flight: Flight, reply: Reply) -> None:
        if reply.code == CLOSING:
            self._dismissed = self._retiring = True
        stage = flight.stage
        if stage is Stage.RESET:
            flight.stage = Stage.MAIL
            if reply.code == CLOSING:
                self._dismiss(flight, reply)
        elif reply.code == CLOSING:
            self._dismiss(flight, reply)
        elif stage is Stage.FINAL:
            self._finish(flight, reply)
        elif stage is Stage.DATA:
            self._answer_data(flight, reply)
        else:
            self._answer_envelope(flight, reply)

    def _answer_envelope(self, flight: Flight, reply: Reply) -> None:
        is_mail = flight.stage is Stage.MAIL
        if not reply.is_positive:
            flight.fail(receipt_of(reply, command=flight.stage.value))
        if flight.road is Road.TOGETHER:
            flight.stage = Stage.RCPT if is_mail else Stage.FINAL
        elif flight.road is Road.ENVELOPE_FIRST and is_mail:
            flight.stage = Stage.RCPT
        elif flight.road is Road.ENVELOPE_FIRST and not self._uses_bdat:
            flight.stage = Stage.DATA
        elif flight.failure is not None:
            self._settle(flight, flight.failure)
        elif is_mail:
            flight.stage = Stage.RCPT
            self._transport.write(rcpt_command(flight.envelope))
        elif self._uses_bdat:
            flight.stage = Stage.FINAL
            self._write_message(flight)
        else:
            flight.stage = Stage.DATA
            self._transport.write(b"DATA\r\n")

    def _answer_data(self, flight: Flight, reply: Reply) -> None:
        if reply.code == 354 and flight.failure is not None:  # RFC 2920 3.1: it waits for a message all the same
            self._transport.write(END)
        elif reply.code == 354:
            self._write_message(flight)
        elif reply.is_positive:
            self._lose_step(f"the relay answered DATA with {reply.code} {reply.text}")
            return
        else:
            flight.fail(receipt_of(reply, command="DATA"))
            assert flight.failure is not None
            self._settle(flight, flight.failure)
            return
        flight.stage = Stage.FINAL

    def _finish(self, flight: Flight, reply: Reply) -> None:
        """Take the answer to the message itself."""
        if flight.failure is None and 300 <= reply.code < 400:
            self._lose_step(f"the relay answered a message with {reply.code} {reply.text}")
        elif flight.failure is None:
            receipt = receipt_of(reply, command=Stage.FINAL.value)
            if not reply.is_positive:
                flight.fail(receipt)
            self._settle(flight, receipt)
        elif flight.failed_at is Stage.MAIL and reply.is_positive and flight.written:
            # MAIL was out of turn ("nested"), yet its recipient and message went through under the one before it.
            self._relay.wants_reset = True
            self._settle(flight, receipt_of(reply, command=Stage.FINAL.value))
        else:
            self._settle(flight, flight.failure)

    def _settle(self, flight: Flight, receipt: Receipt) -> None:
        self._waiting.popleft()
        self._answered += 1
        self._relay.answered(self._answered)
        if receipt.outcome is Outcome.ACCEPTED:
            self._tower.landed(flight, receipt)
            return
        self._reset_due = True
        if receipt.code in OUT_OF_STEP and not flight.careful:
            if flight.failed_at is Stage.FINAL and self._uses_bdat:
                self._relay.takes_bdat = False
            flight.careful = self._retiring = True
            self._suspects.append((flight, receipt))
        else:
            self._tower.landed(flight, receipt)

    # --- endings ---

    def _dismiss(self, flight: Flight, reply: Reply) -> None:
        """421: this message was not taken; answers to those behind it may or may not come before the relay closes."""
        self._waiting.popleft()
        receipt = flight.failure or receipt_of(reply, command=flight.stage.value)
        self._relay.hung_up(self._answered)
        self._watch()
        if flight.failure is None and flight.stage is Stage.MAIL and self._answered:
            self._tower.returned(flight, receipt)  # it was the connection's turn to end, not this message's fault
        else:
            self._tower.landed(flight, receipt)

    def _unasked(self, reply: Reply) -> bool:
        """Take a reply that nothing waits for; whether the connection goes on."""
        if self._quitting:
            if reply.code == 221:
                self._clear_suspects(in_step=True)
            self._transport.close()
        elif reply.code == CLOSING:
            self._dismissed = self._retiring = True
            return True
        else:
            self._lose_step(f"the relay answered what it was not asked: {reply.code} {reply.text}")
        return False

    def _quit(self) -> None:
        if not self._quitting:
            self._quitting = self._retiring = True
            self._moved = self._loop.time()
            self._transport.write(b"QUIT\r\n")
            self._watch()

    def _clear_suspects(self, *, in_step: bool) -> None:
        suspects, self._suspects = self._suspects, []
        if suspects:
            self._relay.trouble(opened=self._opened, now=self._loop.time())
        for flight, receipt in suspects:
            if in_step:
                self._tower.returned(flight, receipt)
            else:
                text = f"the connection was out of step: {receipt.text}"
                self._tower.landed(flight, Receipt(outcome=Outcome.UNCERTAIN, code=receipt.code, text=text))

    def _lose_step(self, why: str) -> None:
        self._relay.trouble(opened=self._opened, now=self._loop.time())
        self._end(why)
        self._transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Settle what got no answer."""
        if self._lost:
            return
        if self._waiting and not self._dismissed:
            if self._loop.time() - self._moved < AT_ONCE and self._answered:
                self._relay.hung_up(self._answered)
            if len(self._waiting) > 1 or self._waiting[0].road is Road.TOGETHER:
                self._relay.trouble(opened=self._opened, now=self._loop.time())
        self._end(f"the connection died: {exc}" if exc is not None else "the relay closed the connection")

    def _end(self, why: str) -> None:
        """Settle every message that has no answer, once."""
        if self._lost:
            return
        self._lost = self._retiring = True
        if self._timer is not None:
            self._timer.cancel()
        if self._paused and self._latest is not None:
            self._latest.written = False  # its last byte never left this process
        self._clear_suspects(in_step=False)
        while self._waiting:
            flight = self._waiting.popleft()
            if flight.failure is not None and not flight.written:
                self._tower.landed(flight, flight.failure)
            elif flight.written and not self._dismissed:
                self._tower.landed(flight, Receipt(outcome=Outcome.UNCERTAIN, text=f"{why}, before its answer"))
            else:
                self._tower.returned(flight, Receipt(outcome=Outcome.UNSENT, text=why))
        self._tower.gone(self)

    def pause_writing(self) -> None:
        """Write nothing more until the last write is all out."""
        self._paused = True

    def resume_writing(self) -> None:
        """Go on writing."""
        self._paused = False
        self._moved = self._loop.time()
        self._tower.changed()

    def _watch(self) -> None:
        """Look after the next time-out; the timer is moved when it fires, not at each message."""
        if self._timer is not None:
            self._timer.cancel()
        if self._lost:
            return
        settings = self._settings
        if self._quitting or self._dismissed:
            patience = FAREWELL
        elif not self._waiting:
            patience = settings.idle
        else:
            patience = settings.final_timeout if self._waiting[0].stage is Stage.FINAL else settings.reply_timeout
        now = self._loop.time()
        left = self._moved + patience - now
        if left <= 0:
            self._expire(patience)
        else:
            soonest = min(left, settings.idle, settings.reply_timeout, settings.final_timeout)
            self._timer = self._loop.call_later(soonest, self._watch)

    def _expire(self, patience: float) -> None:
        if self._waiting:
            self._dismissed = False  # it said 421 and stayed: what it did with the rest is not known
            self._end(f"no answer within {patience:g} s")
            self._transport.abort()
        elif self._quitting or self._dismissed:
            self._end("the relay did not answer QUIT")
            self._transport.abort()
        else:
            self._quit()
