"""Fetch reports from an IMAP mailbox, and mark each as seen once it is kept."""

import asyncio
import imaplib
import ssl
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from syndicate.errors import ServiceUnavailableError

SECONDS = 60.0
AT_ONCE = 50  # messages of one look; the rest wait for the next

Take = Callable[[bytes], Awaitable[bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """A mailbox such as `imaps://user@host/INBOX`; without the s only on this machine."""

    url: str
    password: str

    def __repr__(self) -> str:
        return f"Mailbox(host={urlsplit(self.url).hostname!r})"

    async def look(self, take: Take) -> int:
        """Take the unseen messages in and return how many; one that could not be kept stays unseen. Raises ServiceUnavailableError."""
        kept = []
        for number, message in await asyncio.to_thread(self._unseen):
            if await take(message):
                kept.append(number)
        if kept:
            await asyncio.to_thread(self._mark, kept)
        return len(kept)

    def _unseen(self) -> list[tuple[bytes, bytes]]:
        with self._opened() as mailbox:
            _, found = mailbox.uid("SEARCH", "UNSEEN")
            numbers = (found[0] or b"").split()[:AT_ONCE] if found else []
            return [(number, message) for number in numbers if (message := _fetch(mailbox, number)) is not None]

    def _mark(self, numbers: list[bytes]) -> None:
        with self._opened() as mailbox:
            mailbox.uid("STORE", b",".join(numbers).decode(), "+FLAGS.SILENT", "(\\Seen)")

    @contextmanager
    def _opened(self) -> Iterator[imaplib.IMAP4]:
        parts = urlsplit(self.url)
        host, user = parts.hostname or "", unquote(parts.username or "")
        try:
            if parts.scheme == "imaps":
                mailbox: imaplib.IMAP4 = imaplib.IMAP4_SSL(
                    host, parts.port or 993, ssl_context=ssl.create_default_context(), timeout=SECONDS
                )
            else:
                mailbox = imaplib.IMAP4(host, parts.port or 143, timeout=SECONDS)
            try:
                mailbox.login(user, self.password)
                answer, _ = mailbox.select(f'"{unquote(parts.path.strip("/")) or "INBOX"}"')
                if answer != "OK":
                    raise imaplib.IMAP4.error("no such folder")
                yield mailbox
            finally:
                mailbox.logout()
        except (OSError, imaplib.IMAP4.error) as error:
            trouble = "the login or the folder was refused" if isinstance(error, imaplib.IMAP4.error) else str(error)
            raise ServiceUnavailableError(f"[bounces] imap {host}: cannot be read ({trouble})") from error


def _fetch(mailbox: imaplib.IMAP4, number: bytes) -> bytes | None:
    """Return a message without marking it as seen."""
    _, found = mailbox.uid("FETCH", number.decode(), "(BODY.PEEK[])")
    return next((bytes(one[1]) for one in found if isinstance(one, tuple)), None)
