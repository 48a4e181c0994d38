"""DKIM signatures, verified by a stranger."""

import re
from base64 import b64encode
from functools import cache

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate.core.dkim import SigningKey, read_signing_key, sign
from syndicate.core.filling import fill
from syndicate.errors import ConfigurationError
from tests.mail_samples import VALUES, composer, rich_digest

NOW = 1_790_000_000
HEADERS = b"From: A <a@news.example>\r\nTo:  r@readers.example\r\nSubject: a\t b \r\n  c\r\nDate: Sun, 22 Nov 2026 06:00:00 +0000\r\n"


@cache
def rsa_key() -> RSAPrivateKey:
    """Return a key for these tests."""
    return generate_private_key(65537, 2048)


def pem(key: RSAPrivateKey | Ed25519PrivateKey | X25519PrivateKey) -> bytes:
    """Return a key as an operator stores it."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def signing_key() -> SigningKey:
    """Return the RSA key as read from its file."""
    return read_signing_key(pem(rsa_key()), domain="news.example", selector="s1")


def record(name: bytes, timeout: int = 5) -> bytes:
    """Answer for the DNS, as dkimpy asks."""
    assert name == b"s1._domainkey.news.example."
    public = rsa_key().public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return b"v=DKIM1; k=rsa; p=" + b64encode(public)


def test_a_digest_is_verified_and_its_one_click_headers_are_covered() -> None:
    """The signature holds, covers List-Unsubscribe and -Post, and every line of it is short."""
    prepared = composer().compose(rich_digest())
    parts = fill(prepared, VALUES)
    signature = sign(b"".join(parts[: prepared.head]), parts[prepared.head :], signing_key(), NOW)

    assert dkim.verify(signature + b"".join(parts), dnsfunc=record)
    signed = re.sub(rb"\s", b"", signature).partition(b";h=")[2].partition(b";")[0].split(b":")
    assert {b"from", b"to", b"subject", b"list-unsubscribe", b"list-unsubscribe-post", b"content-type"} <= set(signed)
    assert max(len(line) for line in signature.split(b"\r\n")) <= 78


@pytest.mark.parametrize(
    "change",
    [(b"Subject: Harbour", b"Subject: Harbor"), (b"ferries", b"Ferries"), (b"From: ", b"From: x@y.example\r\nFrom: ")],
)
def test_a_changed_message_is_not_verified(change: tuple[bytes, bytes]) -> None:
    """A changed subject, a changed body and an added From void the signature."""
    prepared = composer().compose(rich_digest())
    raw = b"".join(fill(prepared, VALUES)).replace(b"Ferries", b"ferries")
    head, _, body = raw.partition(b"\r\n\r\n")
    signature = sign(head + b"\r\n", [body], signing_key(), NOW)

    assert dkim.verify(signature + raw, dnsfunc=record)
    assert not dkim.verify(signature + raw.replace(*change), dnsfunc=record)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.sampled_from([b"a", b" ", b"\t", b"\r\n", b"  b", b".\r\n", b"x" * 500 + b" \r\n", b""]), max_size=12)
)
def test_any_body_is_put_into_the_relaxed_form(parts: list[bytes]) -> None:
    """Blanks, tails and empty lines are treated as RFC 6376 wants, however the body is cut."""
    signature = sign(HEADERS, parts, signing_key(), NOW)

    assert dkim.verify(signature + HEADERS + b"\r\n" + b"".join(parts), dnsfunc=record)


def test_ed25519_signature_is_verified(monkeypatch: pytest.MonkeyPatch) -> None:
    """RFC 8463: dkimpy hashes the message and finds the signature good; only its curve comes from elsewhere."""
    private = Ed25519PrivateKey.generate()
    prepared = composer().compose(rich_digest())
    parts = fill(prepared, VALUES)
    key = read_signing_key(pem(private), domain="news.example", selector="s1")
    signature = sign(b"".join(parts[: prepared.head]), parts[prepared.head :], key, NOW)

    class Curve:
        """What dkimpy takes from PyNaCl."""

        def verify(self, digest: bytes, signature: bytes) -> None:
            """Raise when the signature is not good."""
            private.public_key().verify(signature, digest)

    monkeypatch.setattr(dkim, "load_pk_from_dns", lambda name, dnsfunc, timeout: (Curve(), 256, b"ed25519", False))
    assert b"a=ed25519-sha256" in signature
    assert dkim.verify(signature + b"".join(parts), dnsfunc=lambda name, timeout=5: b"")


@pytest.mark.parametrize(
    "data",
    [b"", b"-----BEGIN PRIVATE KEY-----\nnonsense\n-----END PRIVATE KEY-----\n", pem(X25519PrivateKey.generate())],
)
def test_unusable_key_is_a_configuration_error(data: bytes) -> None:
    """What cannot sign is refused at start, with the way out."""
    with pytest.raises(ConfigurationError, match="openssl"):
        read_signing_key(data, domain="news.example", selector="s1")


def test_key_does_not_show_in_a_log() -> None:
    """The private key is no part of what is printed."""
    assert "RSAPrivateKey" not in repr(signing_key())
