"""Carry one dialogue over one open connection, with its clock and its endings."""

import asyncio
import socket
from collections.abc import Sequence
from typing import Protocol

from syndicate.transports.dialogue import Dialogue, Tower
from syndicate.transports.flight import Flight, Road, Stage
from syndicate.transports.offer import Offer
from syndicate.transports.relay import Relay
from syndicate.transports.reply import CLOSING, GARBLED, Reply, ReplyReader
from syndicate.transports.smtp_settings import SmtpSettings

FAREWELL = 5.0  # seconds a relay gets to close after 421, or to answer QUIT
AT_ONCE = 1.0  # seconds: a connection closed sooner after its last answer was closed because of it
RESTED = 1.0  # seconds of rest after which the relay may have closed without our knowing yet
QUICK_ACK: int | None = getattr(socket, "TCP_QUICKACK", None)


class Owner(Tower, Protocol):
    """Whom a lane reports to."""

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
        owner: Owner,
    ) -> None:
        self._transport, self._relay, self._settings, self._owner = transport, relay, settings, owner
        self._dialogue = Dialogue(
            offer=offer,
            relay=relay,
            depth=depth,
            recycle=settings.recycle,
            write=self._write,
            tower=owner,
        )
        self._reader = ReplyReader()
        self._paused = self._quitting = self._ended = self._learned = False
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
        return len(self._dialogue.waiting)

    @property
    def is_apart(self) -> bool:
        """Whether a message is in flight here that nothing may wait behind."""
        return bool(self._dialogue.waiting) and self._dialogue.waiting[0].envelope.alone

    def has_room_for(self, flight: Flight) -> bool:
        """Whether this message may be begun now."""
        return not (self._paused or self._transport.is_closing()) and self._dialogue.has_room_for(flight)

    def begin(self, flight: Flight) -> None:
        """Start one message; there must be room."""
        if not self._dialogue.waiting:
            now = self._loop.time()
            self._dialogue.rested = now - self._moved > RESTED
            self._moved = self._dialogue.now = now
        self._dialogue.begin(flight)

    def retire(self) -> None:
        """Begin no more messages; leave when those in flight are answered."""
        self._dialogue.spent = True
        if not self._dialogue.waiting:
            self._quit()

    def abort(self) -> None:
        """Hang up now."""
        self._transport.abort()

    # --- what the connection brings ---

    def data_received(self, data: bytes) -> None:
        """Settle what can be settled, and say that there is room."""
        if self._ended:
            return
        if self._socket is not None and QUICK_ACK is not None:
            self._socket.setsockopt(socket.IPPROTO_TCP, QUICK_ACK, 1)  # else a real Postfix waits 40 ms for our ACK
        dialogue = self._dialogue
        self._moved = dialogue.now = self._loop.time()
        for reply in self._reader.feed(data):
            if reply.code == GARBLED:
                dialogue.trouble = f"the relay answered what is not SMTP: {reply.text}"
            elif dialogue.waiting:
                dialogue.answer(reply)
            else:
                self._take_unasked(reply)
            if dialogue.trouble:
                self._lose_step(dialogue.trouble)
            if self._ended or self._transport.is_closing():
                return
        if dialogue.dismissed:
            self._leave_dismissed()
        elif dialogue.spent and not dialogue.waiting:
            self._quit()
        else:
            self._owner.changed()

    def _take_unasked(self, reply: Reply) -> None:
        """Take a reply that no message waits for."""
        if self._quitting:
            if reply.code == 221 and self._dialogue.clear_suspects(in_step=True):
                self._relay.trouble(opened=self._opened, now=self._moved)
            self._transport.close()
        elif reply.code == CLOSING:
            self._dialogue.dismissed = self._dialogue.spent = True
        else:
            self._dialogue.trouble = f"the relay answered what it was not asked: {reply.code} {reply.text}"

    def _leave_dismissed(self) -> None:
        """After 421: learn from it, hear what the relay still says, and go."""
        self._learn_limit()
        if self._dialogue.waiting:
            self._watch()
        else:
            self._transport.close()

    def _learn_limit(self) -> None:
        if not self._learned and self._dialogue.answered:
            self._learned = True
            self._relay.hung_up(self._dialogue.answered, now=self._loop.time())

    def _lose_step(self, why: str) -> None:
        self._relay.trouble(opened=self._opened, now=self._loop.time())
        self._end(why)
        self._transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Settle what got no answer, and learn from it."""
        if self._ended:
            return
        waiting = self._dialogue.waiting
        if not self._dialogue.dismissed and not self._quitting:
            if self._loop.time() - self._moved < AT_ONCE:
                self._learn_limit()
            if waiting and waiting[0].road is Road.TOGETHER:
                self._relay.trouble(opened=self._opened, now=self._loop.time())
        self._end(f"the connection died: {exc}" if exc is not None else "the relay closed the connection")

    def _end(self, why: str) -> None:
        self._ended = True
        if self._timer is not None:
            self._timer.cancel()
        if self._dialogue.clear_suspects(in_step=False):
            self._relay.trouble(opened=self._opened, now=self._loop.time())
        self._dialogue.give_up(why, unfinished_write=self._paused)
        self._owner.gone(self)

    # --- writing ---

    def _write(self, parts: Sequence[bytes]) -> bool:
        """Hand bytes to the connection; False if it failed in taking them."""
        self._transport.writelines(parts)
        return not self._transport.is_closing()

    def pause_writing(self) -> None:
        """Write nothing more until the last write is all out."""
        self._paused = True

    def resume_writing(self) -> None:
        """Go on writing."""
        self._paused = False
        self._moved = self._loop.time()
        self._owner.changed()

    def _quit(self) -> None:
        """Say goodbye; the answer proves that all answers were matched to the right messages."""
        if not self._quitting and not self._ended:
            self._quitting = self._dialogue.spent = True
            self._moved = self._loop.time()
            self._transport.write(b"QUIT\r\n")
            self._watch()

    # --- time ---

    def _watch(self) -> None:
        """Look after the next time-out; the timer is moved when it fires, not at each message."""
        if self._timer is not None:
            self._timer.cancel()
        if self._ended:
            return
        patience = self._patience()
        left = self._moved + patience - self._loop.time()
        if left <= 0:
            self._expire(patience)
            return
        settings = self._settings
        soonest = min(left, settings.idle, settings.reply_timeout, settings.final_timeout)
        self._timer = self._loop.call_later(soonest, self._watch)

    def _patience(self) -> float:
        if self._quitting or self._dialogue.dismissed:
            return min(FAREWELL, self._settings.reply_timeout)
        if not self._dialogue.waiting:
            return self._settings.idle
        is_final = self._dialogue.waiting[0].stage is Stage.FINAL
        return self._settings.final_timeout if is_final else self._settings.reply_timeout

    def _expire(self, patience: float) -> None:
        if self._dialogue.waiting:
            self._dialogue.dismissed = (
                False  # it may have said 421, but it stayed: what it did with the rest is not known
            )
            self._end(f"no answer within {patience:g} s")
            self._transport.abort()
        elif self._quitting or self._dialogue.dismissed:
            self._end("the relay did not say goodbye")
            self._transport.abort()
        else:
            self._quit()
