"""Envelopes: one reader's copy, addressed, signed, with a return path of its own."""

from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from msgspec import structs

from syndicate.core.dkim import SigningKey
from syndicate.core.links import Signer
from syndicate.errors import AddressError
from syndicate.flows.envelopes import Postman
from syndicate.model import EditionId, SubscriberId, VariantId
from syndicate.storage.audience import ReaderRow
from syndicate.storage.editions import EditionRow
from tests.mail_samples import SETTINGS, composer, parsed, rich_digest

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
READER = ReaderRow(
    subscriber=SubscriberId(7),
    public_id="abcdefghijklmnop",
    email="zoe@readers.example",
    name="Zoë",
    state="confirmed",
    subscribed="active",
    paused_until=None,
    choice=1,
    mark=None,
    since=NOW,
    since_seq=0,
    suppressed=False,
)
EDITION = EditionRow(
    id=EditionId(3),
    digest="daily",
    rhythm=1,
    slot="2026-11-22",
    at=NOW,
    to_seq=10,
    revision=0,
    state="open",
    replay=False,
    planned_at=NOW,
    stale_at=NOW + timedelta(hours=6),
    walked_to=None,
)
POSTMAN = Postman(signer=Signer(["a secret for these tests"]), mail=SETTINGS)


def test_the_message_id_is_the_same_at_every_try_and_tells_no_address() -> None:
    """Date and links may differ between tries; the identity may not."""
    message = composer().compose(rich_digest())

    first = POSTMAN.envelope(READER, EDITION, VariantId(1), message, now=NOW)
    again = POSTMAN.envelope(READER, EDITION, VariantId(1), message, now=NOW + timedelta(hours=3))
    other = POSTMAN.envelope(
        structs.replace(READER, public_id="ponmlkjihgfedcba"), EDITION, VariantId(1), message, now=NOW
    )

    assert first.message_id == again.message_id != other.message_id
    assert "zoe" not in first.message_id
    assert parsed(b"".join(first.parts))["To"] == "Zoë <zoe@readers.example>"


def test_a_bounce_domain_gives_each_copy_a_return_path_of_its_own() -> None:
    """It names edition and reader, and nobody can make one up."""
    postman = replace(POSTMAN, bounce_domain="bounce.news.example")

    envelope = postman.envelope(READER, EDITION, VariantId(1), composer().compose(rich_digest()), now=NOW)

    local, _, domain = envelope.sender.partition("@")
    found = postman.signer.read_verp_local(local)
    assert (domain, found.edition, found.public_id) == ("bounce.news.example", 3, READER.public_id)


def test_a_key_signs_the_copy_as_it_goes_out() -> None:
    """The signature is verified by a stranger, and stands before all other headers."""
    key = generate_private_key(65537, 2048)
    postman = replace(POSTMAN, key=SigningKey(domain="news.example", selector="s1", key=key))
    envelope = postman.envelope(READER, EDITION, VariantId(1), composer().compose(rich_digest()), now=NOW)

    raw = b"".join(postman.signed(envelope, now=NOW).parts)

    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    record = b"v=DKIM1; k=rsa; p=" + b64encode(public)
    assert raw.startswith(b"DKIM-Signature: ")
    assert dkim.verify(raw, dnsfunc=lambda name, timeout=5: record)
    assert not dkim.verify(raw.replace(b"zoe@", b"eve@", 1), dnsfunc=lambda name, timeout=5: record)


def test_without_a_key_nothing_is_signed() -> None:
    """The relay signs then."""
    envelope = POSTMAN.envelope(READER, EDITION, VariantId(1), composer().compose(rich_digest()), now=NOW)

    assert POSTMAN.signed(envelope, now=NOW) is envelope


def test_a_stored_address_that_is_none_is_an_error_of_its_own() -> None:
    """So that it can cost this reader his copy, and nobody else."""
    with pytest.raises(AddressError):
        POSTMAN.envelope(
            structs.replace(READER, email="a@b.c\r\nRCPT TO:<x@y>"),
            EDITION,
            VariantId(1),
            composer().compose(rich_digest()),
            now=NOW,
        )
