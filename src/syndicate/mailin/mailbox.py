"""Fetch reports from an IMAP mailbox one by one, and mark each as seen once it is kept."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import structlog

from syndicate.errors import ServiceUnavailableError
from syndicate.mailin.dialogue import MOST_BYTES
from syndicate.mailin.imap import ConnectionLostError, Session, open_session

log = structlog.get_logger()

MOST_TAKEN = 1_000  # messages of one look; the rest wait for the next
MOST_LOST = 3  # connections; a message over which one was lost is left out of the next
MOST_UNKEPT = 20  # messages one after another: then the trouble is ours, not theirs

Take = Callable[[bytes], Awaitable[bool]]


@dataclass(slots=True, kw_only=True)
class _Look:
    """What has become of a look so far; `failed` are numbers of messages within an `epoch` of the folder, `unkept` how many in a row."""

    epoch: bytes = b""
    failed: set[bytes] = field(default_factory=set)
    taken: int = 0
    unkept: int = 0
    unmarked: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """A mailbox such as `imaps://user@host/INBOX`; without the s only on this machine.

    `_aside` are the messages that a look could not keep, by epoch and number: they come last in the next.
    """

    url: str
    password: str
    _aside: set[tuple[bytes, bytes]] = field(default_factory=set)

    def __repr__(self) -> str:
        return f"Mailbox(host={urlsplit(self.url).hostname!r})"

    async def look(self, take: Take) -> int:
        """Take the unseen messages in and return how many; one that could not be kept stays unseen. Raises ServiceUnavailableError."""
        look = _Look()
        for lost in range(1, MOST_LOST + 1):
            session = await asyncio.to_thread(open_session, self.url, self.password)
            try:
                await _go_through(session, take, look, self._aside)
                break
            except ConnectionLostError as error:
                if lost == MOST_LOST:
                    raise
                log.warning("mailbox_lost", trouble=str(error))
            finally:
                await asyncio.to_thread(session.close)
        if look.unmarked:
            raise ServiceUnavailableError(
                f"[bounces] imap {urlsplit(self.url).hostname}: what is taken in cannot be marked as seen, and comes again"
                f" ({look.unmarked}); let its user change flags"
            )
        return look.taken


async def _go_through(session: Session, take: Take, look: _Look, aside: set[tuple[bytes, bytes]]) -> None:
    """Take each message as it is fetched, and mark it at once; one that fails costs the others nothing."""
    if session.epoch != look.epoch:
        look.epoch, look.failed = session.epoch, set()
    unseen = await asyncio.to_thread(session.unseen)
    aside &= {(session.epoch, number) for number in unseen}
    for number in sorted(unseen, key=lambda number: (session.epoch, number) in aside):
        if look.taken >= MOST_TAKEN or look.unkept >= MOST_UNKEPT:
            return
        if number in look.failed:
            continue
        look.failed.add(number)  # until it has gone well
        message = await _fetched(session, number)
        if message is None:
            continue
        if not await _kept(take, message, number):
            look.unkept += 1
            aside.add((session.epoch, number))
            continue
        look.taken, look.unkept = look.taken + 1, 0
        refused = await asyncio.to_thread(session.mark, number)
        if refused is None:
            look.failed.discard(number)
        else:
            look.unmarked = refused


async def _fetched(session: Session, number: bytes) -> bytes | None:
    """Return a message; None, and a line in the log, for one too big or one that the server does not give."""
    try:
        size = await asyncio.to_thread(session.size, number)
        if size is not None and size > MOST_BYTES:
            log.warning("report_too_big", uid=number.decode(), bytes=size, most=MOST_BYTES)
            return None
        message = await asyncio.to_thread(session.fetch, number)
    except ConnectionLostError:
        log.warning("report_not_fetched", uid=number.decode(), trouble="the connection was lost over it")
        raise
    if isinstance(message, str):
        log.warning("report_not_fetched", uid=number.decode(), trouble=message)
        return None
    return message


async def _kept(take: Take, message: bytes, number: bytes) -> bool:
    try:
        return await take(message)
    except Exception:  # the rim: it stays unseen, and the others are taken
        log.exception("report_failed", uid=number.decode())
        return False
