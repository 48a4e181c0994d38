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
_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:((?:[^\r]|\r\n[ \t])*)\r\n")
_BLANKS = re.compile(rb"[ \t]+")
_FOLD = re.compile(rb"\r\n(?=[ \t])")
_TAILS = re.compile(rb"[ \t]+(?=\r\n)")
_LONG = 400
_EMPTY_LINES = re.compile(rb"(?:\r\n)+\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """A private key and where its public half is found: `selector`._domainkey.`domain`."""

    domain: str
    selector: str
    key: RSAPrivateKey | Ed25519PrivateKey = field(repr=False)


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


def sign(headers: bytes, body_parts: Iterable[bytes], key: SigningKey, now_seconds: int) -> bytes:
    """Return the DKIM-Signature header of a message, to be put before `headers`, which end with the empty line or without it."""
    fields: dict[bytes, list[bytes]] = {}
    for name, value in _FIELD.findall(headers):
        fields.setdefault(name.lower(), []).append(value)
    # Of headers with the same name the last is signed first (RFC 6376, 5.4.2).
    found = [(name, value) for name in _SIGNED if name in fields for value in reversed(fields[name])]
    names = [name for name, _ in found] + list(_AGAIN)
    unsigned = _header(key, names=names, body_hash=_body_hash(body_parts), at=now_seconds)
    signed = b"".join([name + b":" + _relaxed(value) + b"\r\n" for name, value in found])
    signed += b"dkim-signature:" + _relaxed(unsigned.removeprefix(b"DKIM-Signature:"))
    signature = b64encode(_signature(key, signed))
    return unsigned + b"\r\n ".join(signature[start : start + 72] for start in range(0, len(signature), 72)) + b"\r\n"


def _header(key: SigningKey, *, names: list[bytes], body_hash: bytes, at: int) -> bytes:
    algorithm = "rsa-sha256" if isinstance(key.key, RSAPrivateKey) else "ed25519-sha256"
    start = (
        f"DKIM-Signature: v=1; a={algorithm}; c=relaxed/relaxed;\r\n d={key.domain};\r\n s={key.selector}; t={at};\r\n h="
    ).encode("ascii")
    lines, line = [], b""
    for name in names:
        if len(line) + len(name) > 70:
            lines.append(line)
            line = b""
        line += name + b":"
    lines.append(line.removesuffix(b":"))
    return start + b"\r\n ".join(lines) + b";\r\n bh=" + body_hash + b";\r\n b="


def _signature(key: SigningKey, data: bytes) -> bytes:
    if isinstance(key.key, RSAPrivateKey):
        return key.key.sign(data, PKCS1v15(), SHA256())
    return key.key.sign(sha256(data).digest())


def _relaxed(value: bytes) -> bytes:
    return _BLANKS.sub(b" ", _FOLD.sub(b"", value)).strip(b" \t\r\n")


def _body_hash(parts: Iterable[bytes]) -> bytes:
    """Return the hash of the relaxed body. What core.quoted encodes is in that form already, and only looked through."""
    body = b"".join([_relaxed_lines(part) for part in _in_whole_lines(list(parts))])
    if body.endswith(b"\r\n\r\n"):
        body = _EMPTY_LINES.sub(b"\r\n", body)
    if body in (b"", b"\r\n"):
        body = b""
    elif not body.endswith(b"\r\n"):
        body += b"\r\n"
    return b64encode(sha256(body).digest())


def _in_whole_lines(parts: list[bytes]) -> list[bytes]:
    """Return parts that all end where a line does, so that each can be looked at alone: ours do."""
    return parts if all(part[-2:] == b"\r\n" or not part for part in parts) else [b"".join(parts)]


def _relaxed_lines(part: bytes) -> bytes:
    # The long parts are the same objects in thousands of messages, and bytes remember their hash.
    return _remembered(part) if len(part) > _LONG else _made_relaxed(part)


def _made_relaxed(part: bytes) -> bytes:
    if b"  " in part or b"\t" in part or b" \r\n" in part:
        return _TAILS.sub(b"", _BLANKS.sub(b" ", part))
    return part


_remembered = lru_cache(maxsize=64)(_made_relaxed)


def _unusable(trouble: str) -> ConfigurationError:
    remedy = "give an unencrypted PEM file, as `openssl genrsa 2048` or `openssl genpkey -algorithm ed25519` writes it"
    return ConfigurationError(file="", table="dkim", key="key", trouble=trouble, remedy=remedy)
