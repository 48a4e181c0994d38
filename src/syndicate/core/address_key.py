"""Hash addresses under a key of the site's own, and wrap that key in the site's secret."""

import base64
import hmac
from collections.abc import Sequence

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

KEY_BYTES = 32
HASH_BYTES = 20


class AddressKey:
    """Turn addresses into hashes that tell nothing without the key, and stay the same when the site's secret changes."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"an address key has {KEY_BYTES} bytes")
        self._key = key

    def email(self, address: str) -> str:
        """Return the hash of a checked address, the same however it is cased."""
        return self._hash("email", address.casefold())

    def ip(self, address: str) -> str:
        """Return the hash of an IP address, for the proof of consent."""
        return self._hash("ip", address)

    def _hash(self, purpose: str, text: str) -> str:
        mac = hmac.digest(self._key, f"{purpose}:{text}".encode("utf-8", "surrogatepass"), "sha256")
        return base64.b32encode(mac[:HASH_BYTES]).decode().lower()


def wrap(key: bytes, secret: str) -> str:
    """Return a key as it may be stored: encrypted under a secret (RFC 3394)."""
    return base64.b64encode(aes_key_wrap(_wrapping(secret), key)).decode()


def unwrap(text: str, secrets: Sequence[str]) -> tuple[bytes, str] | None:
    """Return a wrapped key and which of the secrets opened it; None when none does."""
    for secret in secrets:
        try:
            return aes_key_unwrap(_wrapping(secret), base64.b64decode(text)), secret
        except (InvalidUnwrap, ValueError):
            continue
    return None


def _wrapping(secret: str) -> bytes:
    return hmac.digest(secret.encode(), b"address key", "sha256")
