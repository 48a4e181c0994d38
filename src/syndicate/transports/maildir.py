"""Write messages into a Maildir, for a local inbox and for trying things out."""

import asyncio
import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from syndicate.errors import TransportError
from syndicate.model import Envelope, Outcome, Receipt
from syndicate.transports.address import is_safe

ROOMS = ("tmp", "new", "cur")


class MaildirTransport:
    """A Maildir (or with `folder`, a Maildir++ folder in it). Settings: path, folder.

    Return-Path and Delivered-To are put in front of each message. A file is named after the Message-ID and the recipient, so a
    repeat replaces what is in `new` instead of lying beside it.
    """

    def __init__(self, *, name: str, settings: Mapping[str, object]) -> None:
        self.name = name
        path, folder = settings.get("path"), settings.get("folder") or ""
        if not isinstance(path, str | os.PathLike) or not os.fspath(path):
            raise TransportError(f"transport {name}: path is missing; name the Maildir to write to")
        if not isinstance(folder, str) or "/" in folder or folder.startswith("."):
            raise TransportError(f"transport {name}: folder = {folder!r} is not the name of a Maildir++ folder")
        self._top = Path(path)
        self._path = self._top / f".{folder}" if folder else self._top

    async def open(self) -> None:
        """Make the directories."""
        await asyncio.to_thread(self._make)

    async def send(self, envelopes: Sequence[Envelope]) -> list[Receipt]:
        """Write each message: tmp, fsync, new."""
        return await asyncio.to_thread(self._write_all, tuple(envelopes))

    async def check(self) -> str:
        """Make the directories and see that they can be written."""
        await self.open()
        if not os.access(self._path / "tmp", os.W_OK):
            raise TransportError(f"transport {self.name}: {self._path} cannot be written")
        return f"maildir {self._path}: can be written"

    async def close(self) -> None:
        """Nothing is kept open."""

    def _make(self) -> None:
        try:
            for room in ROOMS:
                (self._path / room).mkdir(parents=True, exist_ok=True)
            if self._path != self._top:
                (self._path / "maildirfolder").touch()
        except OSError as error:
            raise TransportError(f"transport {self.name}: {self._path} cannot be made: {error.strerror}") from error

    def _write_all(self, envelopes: tuple[Envelope, ...]) -> list[Receipt]:
        receipts = [self._write(envelope) for envelope in envelopes]
        try:
            _sync_directory(self._path / "new")
        except OSError as error:  # the names may be lost with the power; a repeat replaces them
            return [_not_stored(error) for _ in receipts]
        return receipts

    def _write(self, envelope: Envelope) -> Receipt:
        if not is_safe(envelope):
            return Receipt(outcome=Outcome.REFUSED, code=553, enhanced="5.1.3", text="not an address")
        name = file_name(envelope)
        draft = self._path / "tmp" / f"{name}.{os.getpid()}.{id(envelope)}"
        try:
            with draft.open("wb") as file:
                file.write(b"Return-Path: <%b>\r\n" % envelope.sender.encode())
                file.write(b"Delivered-To: %b\r\n" % envelope.recipient.encode())
                file.writelines(envelope.parts)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self._path / "new" / name)
        except OSError as error:
            draft.unlink(missing_ok=True)
            return _not_stored(error)
        return Receipt(outcome=Outcome.ACCEPTED, code=250, enhanced="2.0.0", text=f"stored as {name}")


def file_name(envelope: Envelope) -> str:
    """Name a message's file: equal for a repeat, different for everything else."""
    key = f"{envelope.message_id}\n{envelope.recipient}".encode()
    return f"{hashlib.sha256(key).hexdigest()[:40]}.syndicate"


def _not_stored(error: OSError) -> Receipt:
    return Receipt(outcome=Outcome.DEFERRED, code=452, enhanced="4.3.1", text=f"not stored: {error.strerror}")


def _sync_directory(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
