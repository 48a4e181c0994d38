"""Speak IMAP (RFC 3501) with the server of one mailbox, as far as reading reports needs."""

import imaplib
import re
import ssl
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from syndicate.errors import ServiceUnavailableError

SECONDS = 60.0
_SIZE = re.compile(rb"(?i)RFC822\.SIZE (\d+)")
_QUOTED = re.compile(rb'(?is)BODY\[\] "((?:[^"\\]|\\.)*)"')


class ConnectionLostError(ServiceUnavailableError):
    """The connection is gone; the rest may be had over another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """An opened folder. `epoch` is its UIDVALIDITY: message numbers of another say nothing here."""

    imap: imaplib.IMAP4
    host: str
    epoch: bytes

    def unseen(self) -> list[bytes]:
        """Return the numbers (UIDs) of the unseen messages. Raises ServiceUnavailableError."""
        with _told(self.host, "searching"):
            answer, found = self.imap.uid("SEARCH", "UNSEEN")
        if answer != "OK":
            raise _trouble(self.host, f"the search was refused: {_words(found)}")
        return [number for line in found if isinstance(line, bytes) for number in line.split()]

    def size(self, number: bytes) -> int | None:
        """Return how many bytes a message has, or None when the server does not say. Raises ConnectionLostError."""
        with _told(self.host, "fetching"):
            _, found = self.imap.uid("FETCH", number.decode(), "(RFC822.SIZE)")
        sizes = [told for line in found if isinstance(line, bytes) and (told := _SIZE.search(line)) is not None]
        return int(sizes[0][1]) if sizes else None

    def fetch(self, number: bytes) -> bytes | str:
        """Return a message without marking it as seen, or why it cannot be had, as words. Raises ConnectionLostError."""
        with _told(self.host, "fetching"):
            answer, found = self.imap.uid("FETCH", number.decode(), "(BODY.PEEK[])")
        if answer != "OK":
            return f"refused: {_words(found)}"
        for one in found:
            if isinstance(one, tuple):
                return bytes(one[1])
            if isinstance(one, bytes) and (quoted := _QUOTED.search(one)) is not None:
                return re.sub(rb"\\(.)", rb"\1", quoted[1])
        return "the server has no text of it"

    def mark(self, number: bytes) -> str | None:
        """Mark a message as seen; return the server's words when it refuses. Raises ConnectionLostError."""
        with _told(self.host, "marking"):
            answer, found = self.imap.uid("STORE", number.decode(), "+FLAGS.SILENT", "(\\Seen)")
        return None if answer == "OK" else _words(found)

    def close(self) -> None:
        """Take leave, if the server is still there."""
        with suppress(OSError, imaplib.IMAP4.error):
            self.imap.logout()
        with suppress(OSError, imaplib.IMAP4.error):
            self.imap.shutdown()


def open_session(url: str, password: str) -> Session:
    """Log in and open the folder of `imaps://user@host/folder`. Raises ServiceUnavailableError."""
    parts = urlsplit(url)
    host, user = parts.hostname or "", unquote(parts.username or "")
    with _told(host, "connecting"):
        if parts.scheme == "imaps":
            context = ssl.create_default_context()
            imap: imaplib.IMAP4 = imaplib.IMAP4_SSL(host, parts.port or 993, ssl_context=context, timeout=SECONDS)
        else:
            imap = imaplib.IMAP4(host, parts.port or 143, timeout=SECONDS)
    session = Session(imap=imap, host=host, epoch=b"")
    try:
        _log_in(imap, host, user, password)
        return Session(imap=imap, host=host, epoch=_select(imap, host, folder_of(url)))
    except ServiceUnavailableError:
        session.close()
        raise


def folder_of(url: str) -> str:
    """Return the name of the folder in a mailbox's address."""
    return unquote(urlsplit(url).path.strip("/")) or "INBOX"


def folder_name(name: str) -> str:
    """Write a folder's name as servers know it: in modified UTF-7 (RFC 3501 5.1.3) where it has other letters than ASCII's."""
    if name.isascii():
        return name  # an operator may have written it in that form
    return re.sub(r"&|[^ -~]+", lambda found: _shifted(found[0]), name)


def _shifted(text: str) -> str:
    if text == "&":
        return "&-"
    return f"&{b64encode(text.encode('utf-16-be')).decode().rstrip('=').replace('/', ',')}-"


def _log_in(imap: imaplib.IMAP4, host: str, user: str, password: str) -> None:
    with _told(host, "logging in"):
        try:
            if user.isascii() and password.isascii():
                imap.login(user, password)
            else:  # LOGIN knows ASCII only
                imap.authenticate("PLAIN", lambda _: f"\0{user}\0{password}".encode())
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:  # it may repeat what we said: not shown
            raise _trouble(host, "the login was refused") from error


def _select(imap: imaplib.IMAP4, host: str, folder: str) -> bytes:
    name = folder_name(folder).replace("\\", "\\\\").replace('"', '\\"')
    with _told(host, "opening the folder"):
        try:
            answer, found = imap.select(f'"{name}"')
        except imaplib.IMAP4.readonly as error:
            raise _trouble(host, f"the folder {folder!r} is read-only, nothing could be marked as seen") from error
        if answer != "OK":
            raise _trouble(host, f"the folder {folder!r} was refused: {_words(found)}")
        _, told = imap.response("UIDVALIDITY")
    return bytes(told[0]) if told and told[0] else b""


@contextmanager
def _told(host: str, doing: str) -> Iterator[None]:
    """Say what went wrong in our own words."""
    try:
        yield
    except imaplib.IMAP4.abort as error:
        raise ConnectionLostError(str(_trouble(host, f"the connection was lost while {doing}"))) from error
    except imaplib.IMAP4.error as error:
        raise _trouble(host, f"the server does not speak IMAP as we do, {doing}: {str(error)[:200]}") from error
    except OSError as error:
        if doing == "connecting":
            raise _trouble(host, str(error)) from error
        raise ConnectionLostError(str(_trouble(host, f"the connection was lost while {doing}: {error}"))) from error


def _trouble(host: str, what: str) -> ServiceUnavailableError:
    return ServiceUnavailableError(f"[bounces] imap {host}: cannot be read ({what})")


def _words(found: list[bytes | None] | list[bytes] | list[object]) -> str:
    return (
        b" ".join(one for one in found if isinstance(one, bytes)).decode("utf-8", "replace")[:200] or "without a word"
    )
