"""A Maildir holds each message once, whole, with its envelope in front."""

import mailbox
from pathlib import Path

import pytest

from syndicate.errors import TransportError
from syndicate.model import Envelope, Outcome
from syndicate.transports.maildir import MaildirTransport


def letter(number: int, *, body: bytes = b"hello\r\n", recipient: str = "reader@readers.example") -> Envelope:
    """A message with a Message-ID of its own."""
    parts = (b"Subject: %d\r\n" % number, b"\r\n", body)
    return Envelope(
        sender="bounce@news.example", recipient=recipient, parts=parts, message_id=f"<{number}@news.example>"
    )


async def test_strangers_can_read_it(tmp_path: Path) -> None:
    """Python's own Maildir finds the messages and who they were for."""
    transport = MaildirTransport(name="inbox", settings={"path": str(tmp_path / "box")})
    await transport.open()
    await transport.send([letter(1), letter(2)])
    found = sorted(mailbox.Maildir(tmp_path / "box", create=False), key=lambda message: str(message["Subject"]))

    assert [message["Subject"] for message in found] == ["1", "2"]
    assert found[0]["Delivered-To"] == "reader@readers.example"
    assert found[0]["Return-Path"] == "<bounce@news.example>"
    assert list((tmp_path / "box" / "tmp").iterdir()) == []


async def test_a_repeat_replaces(tmp_path: Path) -> None:
    """The same Message-ID to the same reader is one file, the newer one; to another reader it is another."""
    transport = MaildirTransport(name="inbox", settings={"path": tmp_path, "folder": "Digests"})
    await transport.open()
    await transport.send([letter(1, body=b"old\r\n"), letter(1, recipient="other@readers.example")])
    await transport.send([letter(1, body=b"new\r\n")])
    files = [file.read_bytes() for file in (tmp_path / ".Digests" / "new").iterdir()]

    assert len(files) == 2
    assert sum(content.endswith(b"new\r\n") for content in files) == 1
    assert not any(content.endswith(b"old\r\n") for content in files)


async def test_what_cannot_be_written_is_deferred(tmp_path: Path) -> None:
    """A directory that vanished costs no message its place in the queue."""
    transport = MaildirTransport(name="inbox", settings={"path": str(tmp_path / "box")})
    receipts = await transport.send([letter(1)])

    assert [(receipt.outcome, receipt.enhanced) for receipt in receipts] == [(Outcome.DEFERRED, "4.3.1")]


async def test_a_place_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """A file stands where the Maildir should be."""
    (tmp_path / "file").touch()
    transport = MaildirTransport(name="inbox", settings={"path": str(tmp_path / "file")})

    with pytest.raises(TransportError, match="cannot be made"):
        await transport.open()


@pytest.mark.parametrize("settings", [{}, {"path": ""}, {"path": 5}, {"path": "box", "folder": "../up"}])
def test_slips_are_named(settings: dict[str, object]) -> None:
    """A Maildir needs a path, and a folder's name is not a way out."""
    with pytest.raises(TransportError, match=r"transport inbox: (path|folder)"):
        MaildirTransport(name="inbox", settings=settings)
