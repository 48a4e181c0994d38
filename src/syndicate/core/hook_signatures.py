"""Check that an event comes from the mail provider it names, and from nobody else."""

import base64
import binascii
import hmac
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

_SNS_HOST = re.compile(r"sns\.[a-z0-9-]{3,30}\.amazonaws\.com(?:\.cn)?")
_SNS_FIELDS = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
    "UnsubscribeConfirmation": ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
}


def is_amazon(url: str) -> bool:
    """Tell whether an address is one of Amazon's notification service: https, its own host, nothing odd about it."""
    try:
        parts = urlsplit(url)
        plain = parts.scheme == "https" and parts.port in (None, 443) and parts.username is None
    except ValueError:
        return False
    return (
        plain
        and url.isascii()
        and not re.search(r"[\s\\@]", url)
        and _SNS_HOST.fullmatch(parts.hostname or "") is not None
    )


def is_amazon_certificate(url: str) -> bool:
    """Tell whether an address is one of the service's signing certificates."""
    return is_amazon(url) and urlsplit(url).path.endswith(".pem") and not urlsplit(url).query


def signed_by_amazon(message: Mapping[str, object], certificate: bytes) -> bool:
    """Tell whether a notification was signed with a certificate (PEM) of Amazon's."""
    fields = _SNS_FIELDS.get(str(message.get("Type")))
    if fields is None:
        return False
    text = "".join(f"{name}\n{message[name]}\n" for name in fields if message.get(name) is not None)
    digest: hashes.HashAlgorithm = hashes.SHA256() if str(message.get("SignatureVersion")) == "2" else hashes.SHA1()  # noqa: S303  # what version 1 is signed with
    try:
        key = x509.load_pem_x509_certificate(certificate).public_key()
        if not isinstance(key, rsa.RSAPublicKey):
            return False
        signature = base64.b64decode(str(message.get("Signature", "")), validate=True)
        key.verify(signature, text.encode(), padding.PKCS1v15(), digest)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, binascii.Error):
        return False
    return True


def signed_by_key(body: bytes, *, signature: str, timestamp: str, public_key: str) -> bool:
    """Tell whether SendGrid signed a body: ECDSA over the timestamp and the body, or Ed25519 where the key is one."""
    try:
        key = load_der_public_key(base64.b64decode(public_key, validate=True))
        mark = base64.b64decode(signature, validate=True)
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(mark, timestamp.encode() + body, ec.ECDSA(hashes.SHA256()))
        elif isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(mark, timestamp.encode() + body)
        else:
            return False
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, binascii.Error):
        return False
    return True


def signed_with_secret(*, timestamp: str, token: str, signature: str, secret: str) -> bool:
    """Tell whether Mailgun signed a timestamp and a token; the body is not covered, so a token must be taken only once."""
    expected = hmac.digest(secret.encode(), f"{timestamp}{token}".encode(), "sha256").hex()
    return hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace"))


def knows_secret(authorization: str, secret: str) -> bool:
    """Tell whether a request bears the secret: as HTTP basic `name:password`, or as a bearer token."""
    scheme, _, value = authorization.strip().partition(" ")
    if scheme.lower() == "basic":
        try:
            value = base64.b64decode(value.strip(), validate=True).decode()
        except (binascii.Error, ValueError):
            return False
    elif scheme.lower() != "bearer":
        return False
    return hmac.compare_digest(value.strip().encode(), secret.encode())
