"""Sign and check links: each bound to one purpose and one reader, still good after the secret was changed."""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from syndicate.errors import TokenError
from syndicate.model import EditionId, VariantId

CONFIRM_WITHIN = timedelta(hours=48)
FORM_WITHIN = timedelta(hours=24)
LONGEST = 300
MAC_BYTES = 18  # 144 bits: a whole number of base64 letters, so that no spelling is left loose
RETURN_MAC = 12  # base32 letters: 60 bits, in the 64 letters that a local part may have
_RETURN = re.compile(r"b-([0-9a-z]{1,13})-([a-z2-7]{16})-([a-z2-7]{12})")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"

Mac = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """A reader confirms the request that bears `nonce`; it is good once."""

    public_id: str
    nonce: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """A reader leaves the digest that the mail belonged to."""

    public_id: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionView:
    """Somebody reads one variant of an edition in the browser."""

    edition: EditionId
    variant: VariantId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnPath:
    """The message that a bounce speaks of. `edition` is 0 for mail that belongs to none."""

    edition: EditionId
    public_id: str


class Signer:
    """Sign with the newest secret, accept any. A token is `field.field.MAC+key`: readable, and ending in a letter or digit.

    The MAC is compared as it is spelt and never decoded, so a token has exactly one spelling.
    """

    def __init__(self, secrets: Sequence[str]) -> None:
        if not secrets:
            raise ValueError("a signer needs a secret")
        self._keys = [(_key_id(secret), _Macs(secret)) for secret in secrets]
        self._key, macs = self._keys[0]
        self._unsubscribe, self._preferences, self._edition = macs.unsubscribe, macs.preferences, macs.edition
        self._return = macs.back

    def confirmation(self, public_id: str, nonce: str, *, now: datetime) -> str:
        """Return the token of a confirmation mail, good for 48 hours."""
        return self._sign("confirm", f"{public_id}.{nonce}.{_seconds(now + CONFIRM_WITHIN)}")

    def read_confirmation(self, token: str, *, now: datetime) -> Confirmation:
        """Return who confirms what. Raises TokenError, `expired` when it is only too late."""
        public_id, nonce, until = self._read("confirm", token, fields=3)
        if int(until, 36) < now.timestamp():
            raise TokenError("this link has expired", expired=True)
        return Confirmation(public_id=public_id, nonce=nonce)

    def preferences(self, public_id: str) -> str:
        """Return the token of a reader's preferences page; it does not expire."""
        return f"{public_id}.{_text(self._preferences(public_id.encode()))}{self._key}"

    def read_preferences(self, token: str) -> str:
        """Return the reader's public id. Raises TokenError."""
        return self._read("preferences", token, fields=1)[0]

    def unsubscribe(self, public_id: str, digest: str) -> str:
        """Return the token that leaves a digest; it does not expire."""
        text = f"{public_id}.{digest}"
        return f"{text}.{_text(self._unsubscribe(text.encode()))}{self._key}"

    def read_unsubscribe(self, token: str) -> Leaving:
        """Return who leaves which digest. Raises TokenError."""
        public_id, digest = self._read("unsubscribe", token, fields=2)
        return Leaving(public_id=public_id, digest=digest)

    def edition(self, edition: EditionId, variant: VariantId) -> str:
        """Return the token of an edition in the browser; it names no reader and does not expire."""
        text = f"{edition}.{variant}"
        return f"{text}.{_text(self._edition(text.encode()))}{self._key}"

    def read_edition(self, token: str) -> EditionView:
        """Return which variant of which edition is asked for. Raises TokenError."""
        edition, variant = self._read("edition", token, fields=2)
        return EditionView(edition=EditionId(int(edition)), variant=VariantId(int(variant)))

    def form(self, subject: str, *, now: datetime) -> str:
        """Return the hidden field of a form about a subject (a page's name, a reader's public id): it proves that we made the form."""
        return self._sign("form", f"{_seconds(now)}", about=subject)

    def read_form(self, token: str, subject: str, *, now: datetime) -> datetime:
        """Return when the form was made, at most 24 hours ago. Raises TokenError, `expired` when it is only too old."""
        made = datetime.fromtimestamp(int(self._read("form", token, fields=1, about=subject)[0], 36), UTC)
        if not made - timedelta(minutes=1) <= now <= made + FORM_WITHIN:
            raise TokenError("this form is too old; load the page again", expired=True)
        return made

    def verp_local(self, edition: EditionId, public_id: str) -> str:
        """Return the local part that bounces come back to: at most 64 letters, however they are cased."""
        text = f"{_base36(edition)}-{public_id}"
        return f"b-{text}-{_short(self._return(text.encode()))}"

    def read_verp_local(self, local: str) -> ReturnPath:
        """Return which message a bounce's recipient stands for. Raises TokenError when it is forged or none of ours."""
        found = _RETURN.fullmatch(local.lower())
        if found is None:
            raise TokenError("this is not a return address of ours")
        text = f"{found[1]}-{found[2]}".encode()
        if not any(hmac.compare_digest(found[3], _short(macs.back(text))) for _, macs in self._keys):
            raise TokenError("this return address is forged")
        return ReturnPath(edition=EditionId(int(found[1], 36)), public_id=found[2])

    def _sign(self, purpose: str, text: str, *, about: str = "") -> str:
        mac = self._keys[0][1].of(purpose)
        return f"{text}.{_text(mac(_about(about, text)))}{self._key}"

    def _read(self, purpose: str, token: str, *, fields: int, about: str = "") -> list[str]:
        text, _, mark = token.rpartition(".")
        if len(token) > LONGEST or not token.isascii() or not text:
            raise TokenError("this link is not complete")
        first, *rest = text.split(".", fields - 1)
        if len(rest) != fields - 1:
            raise TokenError("this link is not complete")
        signed = _about(about, text)
        for key, macs in self._keys:
            if hmac.compare_digest(mark, _text(macs.of(purpose)(signed)) + key):
                return [first, *rest]
        raise TokenError("this link is not valid")


class _Macs:
    """The keyed hashes of one secret, one for each purpose, their key schedules done."""

    __slots__ = ("_of", "back", "edition", "preferences", "unsubscribe")

    def __init__(self, secret: str) -> None:
        purposes = ("confirm", "preferences", "unsubscribe", "edition", "form", "return")
        self._of = {
            purpose: _mac(hmac.digest(secret.encode(), f"link:{purpose}".encode(), "sha256")) for purpose in purposes
        }
        self.preferences, self.unsubscribe = self._of["preferences"], self._of["unsubscribe"]
        self.edition, self.back = self._of["edition"], self._of["return"]

    def of(self, purpose: str) -> Mac:
        return self._of[purpose]


def _mac(key: bytes) -> Mac:
    """Return HMAC-SHA256 (RFC 2104) under a key of at most 64 bytes, three times as fast as hmac.digest for short texts."""
    padded = key.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded)).copy
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in padded)).copy

    def mac(text: bytes) -> bytes:
        within = inner()
        within.update(text)
        around = outer()
        around.update(within.digest())
        return around.digest()

    return mac


def _key_id(secret: str) -> str:
    """Return two letters that tell keys apart; that two may share them costs a second try, no more."""
    mark = int.from_bytes(hmac.digest(secret.encode(), b"link:key", "sha256")[:4], "big")
    return _DIGITS[mark % 36] + _DIGITS[mark // 36 % 36]


def _about(subject: str, text: str) -> bytes:
    return f"{subject}\n{text}".encode() if subject else text.encode()


def _text(mac: bytes) -> str:
    return base64.urlsafe_b64encode(mac[:MAC_BYTES]).decode()


def _short(mac: bytes) -> str:
    return base64.b32encode(mac[:10]).decode().lower()[:RETURN_MAC]


def _seconds(moment: datetime) -> str:
    return _base36(int(moment.timestamp()))


def _base36(number: int) -> str:
    digits = ""
    while True:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
        if number == 0:
            return digits
