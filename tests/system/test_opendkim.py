"""opendkim, which many mail hosts verify with, finds our signatures good."""

import os
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from syndicate.core.dkim import SigningKey, sign
from syndicate.core.filling import fill
from tests.mail_samples import VALUES, composer, rich_digest

pytestmark = pytest.mark.system
NOW = 1_790_000_000


def rsa() -> tuple[SigningKey, str]:
    """Return an RSA key and its record."""
    key = generate_private_key(65537, 2048)
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return SigningKey(domain="news.example", selector="s1", key=key), f"k=rsa; p={b64encode(public).decode()}"


def ed25519() -> tuple[SigningKey, str]:
    """Return an Ed25519 key and its record."""
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return SigningKey(domain="news.example", selector="s1", key=key), f"k=ed25519; p={b64encode(public).decode()}"


def verdict(message: bytes, record: str, folder: Path) -> str:
    """Return what opendkim would write into Authentication-Results, its key in a file in place of the DNS."""
    program = shutil.which("opendkim", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program is not None, "opendkim is not installed: apt-get install opendkim"
    (folder / "keys").write_text(f"s1._domainkey.news.example v=DKIM1; {record}\n")
    (folder / "opendkim.conf").write_text(f"TestPublicKeys {folder / 'keys'}\nMode v\n")
    (folder / "message.eml").write_bytes(message)
    command = [program, "-x", str(folder / "opendkim.conf"), "-t", str(folder / "message.eml"), "-vvv"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout + done.stderr


@pytest.mark.parametrize("make", [rsa, ed25519])
def test_a_signed_digest_is_verified(make: Callable[[], tuple[SigningKey, str]], tmp_path: Path) -> None:
    """With either kind of key; and what was changed on the way is not."""
    key, record = make()
    prepared = composer().compose(rich_digest())
    parts = fill(prepared, VALUES)
    raw = sign(b"".join(parts[: prepared.head]), parts[prepared.head :], key, NOW) + b"".join(parts)

    assert "dkim=pass" in verdict(raw, record, tmp_path)
    assert "dkim=fail" in verdict(raw[:-40] + b"x" + raw[-39:], record, tmp_path)
    assert "dkim=fail" in verdict(raw.replace(b"List-Unsubscribe: <", b"List-Unsubscribe: <x", 1), record, tmp_path)
