"""Sign messages by DKIM (RFC 6376, RFC 8463): relaxed/relaxed, RSA-SHA256 or Ed25519."""

import re
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from syndicate.errors import ConfigurationError

_SIGNED = (
    b"from", b"to", b"reply-to", b"subject", b"date", b"message-id", b"mime-version", b"content-type",
    b"content-transfer-encoding", b"list-id", b"list-unsubscribe", b"list-unsubscribe-post", b"list-help", b"list-archive",
    b"list-owner", b"list-post", b"precedence", b"auto-submitted", b"feedback-id", b"form-sub",
)  # fmt: skip
_AGAIN = (
    b"from",
    b"to",
    b"subject",
    b"date",
    b"list-unsubscribe",
    b"list-unsubscribe-post",
)  # a second one voids the signature
_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:([^\r]*)")
_BLANKS = re.compile(rb"[ \t]+")
_FOLD = re.compile(rb"\r\n(?=[ \t])")
_TAILS = re.compile(rb"[ \t]+(?=\r\n)")
_EMPTY_LINES = re.compile(rb"(?:\r\n)+\Z")


PrivateKey = RSAPrivateKey | Ed25519PrivateKey


class _TornLineError(Exception):
    """A part of a body ends in the middle of a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """A private key and where its public half is found: `selector`._domainkey.`domain`."""

    domain: str
    selector: str
    key: PrivateKey = field(repr=False)


def read_signing_key(pem: bytes, *, domain: str, selector: str) -> SigningKey:
    """Return the key of an unencrypted PEM file. Raises ConfigurationError."""
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise _unusable(f"the key cannot be read: {error}") from error
    if isinstance(key, RSAPrivateKey):
        if key.key_size < 1024:
            raise _unusable(f"an RSA key of {key.key_size} bits is refused by verifiers")
    elif not isinstance(key, Ed25519PrivateKey):
        raise _unusable("the key is neither RSA nor Ed25519")
    return SigningKey(domain=domain, selector=selector, key=key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A DKIM-Signature header that lacks its last value; `digest` is what a key signs for it."""

    header: bytes
    digest: bytes

    def with_signature(self, signature: bytes) -> bytes:
        """Return the header whole, to be put before the headers that it covers."""
        text = b64encode(signature)
        return self.header + b"\r\n ".join([text[start : start + 72] for start in range(0, len(text), 72)]) + b"\r\n"


def sign(headers: bytes, body_parts: Iterable[bytes], key: SigningKey, now_seconds: int) -> bytes:
    """Return the DKIM-Signature header of a message, to be put before `headers`, which end with the empty line or without it."""
    draft = prepare(headers, body_parts, key, now_seconds)
    return draft.with_signature(signature_of(draft.digest, key.key))


def prepare(headers: bytes, body_parts: Iterable[bytes], key: SigningKey, now_seconds: int) -> Draft:
    """Return all of a message's signature but what takes the private key."""
    fields: dict[bytes, list[bytes]] = {}
    for line in _FOLD.sub(b"", headers).split(b"\r\n"):
        if (known := _field(line)) is not None:
            fields.setdefault(known[0], []).append(known[1])
    # Of headers with the same name the last is signed first (RFC 6376, 5.4.2).
    found = [(name, header) for name in _SIGNED if name in fields for header in reversed(fields[name])]
    names = tuple([name for name, _ in found])
    header, canonical = _header(key, names, now_seconds)
    body_hash = _body_hash(body_parts)
    signed = b"".join([*(one for _, one in found), canonical, body_hash, b"; b="])
    return Draft(header=header + body_hash + b";\r\n b=", digest=sha256(signed).digest())


def signature_of(digest: bytes, key: PrivateKey) -> bytes:
    """Sign a SHA-256 digest."""
    if isinstance(key, RSAPrivateKey):
        return key.sign(digest, PKCS1v15(), Prehashed(SHA256()))
    return key.sign(digest)


@lru_cache(maxsize=64)
def _header(key: SigningKey, found: tuple[bytes, ...], at: int) -> tuple[bytes, bytes]:
    """Return the header up to the hash of the body, and that as it is signed; the same for all messages of a moment."""
    algorithm = "rsa-sha256" if isinstance(key.key, RSAPrivateKey) else "ed25519-sha256"
    start = (
        f"DKIM-Signature: v=1; a={algorithm}; c=relaxed/relaxed;\r\n d={key.domain};\r\n s={key.selector}; t={at};\r\n h="
    ).encode("ascii")
    lines, line = [], b""
    for name in found + _AGAIN:
        if len(line) + len(name) > 70:
            lines.append(line)
            line = b""
        line += name + b":"
    lines.append(line.removesuffix(b":"))
    header = start + b"\r\n ".join(lines) + b";\r\n bh="
    return header, b"dkim-signature:" + _relaxed(header.removeprefix(b"DKIM-Signature:"))


# Most headers and most parts of a body are the same in thousands of messages.


@lru_cache(maxsize=256)
def _field(line: bytes) -> tuple[bytes, bytes] | None:
    """Return a header's name and the header as it is signed; None when the line is none."""
    found = _FIELD.fullmatch(line)
    if found is None:
        return None
    name = found[1].lower()
    return name, name + b":" + _relaxed(found[2]) + b"\r\n"


def _relaxed(value: bytes) -> bytes:
    return _BLANKS.sub(b" ", _FOLD.sub(b"", value)).strip(b" \t\r\n")


def _body_hash(parts: Iterable[bytes]) -> bytes:
    """Return the hash of the relaxed body. What core.quoted encodes is in that form already, and only looked through."""
    parts = list(parts)
    try:
        body = b"".join([_relaxed_lines(part) for part in parts])
    except _TornLineError:
        body = _made_relaxed(b"".join(parts))
    if body.endswith(b"\r\n\r\n"):
        body = _EMPTY_LINES.sub(b"\r\n", body)
    if body in (b"", b"\r\n"):
        body = b""
    elif not body.endswith(b"\r\n"):
        body += b"\r\n"
    return b64encode(sha256(body).digest())


@lru_cache(maxsize=256)
def _relaxed_lines(part: bytes) -> bytes:
    """Return a part in relaxed form. One that ends within a line cannot be looked at alone; ours do not."""
    if part and part[-2:] != b"\r\n":
        raise _TornLineError
    return _made_relaxed(part)


def _made_relaxed(part: bytes) -> bytes:
    if b"  " in part or b"\t" in part or b" \r\n" in part:
        return _TAILS.sub(b"", _BLANKS.sub(b" ", part))
    return part


def _unusable(trouble: str) -> ConfigurationError:
    remedy = "give an unencrypted PEM file, as `openssl genrsa 2048` or `openssl genpkey -algorithm ed25519` writes it"
    return ConfigurationError(file="", table="mail", key="dkim-key-file", trouble=trouble, remedy=remedy)
