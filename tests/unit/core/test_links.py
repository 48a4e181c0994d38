"""Signed links: good for what they were made for, and for nothing else."""

import hashlib
import hmac
import string
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.core.links import Confirmation, EditionView, Leaving, ReturnPath, Signer, _mac
from syndicate.errors import TokenError
from syndicate.model import EditionId, VariantId

NOW = datetime(2026, 5, 4, 7, tzinfo=UTC)
READER = "abcdefghijklmnop"
OLD, NEW = "an old secret, long enough", "a new secret, long enough"
SIGNER = Signer([OLD])
TOKENS = {
    "confirm": SIGNER.confirmation(READER, "nonce", now=NOW),
    "preferences": SIGNER.preferences(READER),
    "unsubscribe": SIGNER.unsubscribe(READER, "daily.world"),
    "edition": SIGNER.edition(EditionId(7), VariantId(9)),
    "form": SIGNER.form("subscribe", now=NOW),
}


def readers(signer: Signer) -> dict[str, Callable[[str], object]]:
    """Return what reads each kind of token."""
    return {
        "confirm": lambda token: signer.read_confirmation(token, now=NOW),
        "preferences": signer.read_preferences,
        "unsubscribe": signer.read_unsubscribe,
        "edition": signer.read_edition,
        "form": lambda token: signer.read_form(token, "subscribe", now=NOW),
    }


def test_each_token_says_what_it_was_made_of() -> None:
    """What was signed comes back."""
    read = readers(SIGNER)

    assert read["confirm"](TOKENS["confirm"]) == Confirmation(public_id=READER, nonce="nonce")
    assert read["preferences"](TOKENS["preferences"]) == READER
    assert read["unsubscribe"](TOKENS["unsubscribe"]) == Leaving(public_id=READER, digest="daily.world")
    assert read["edition"](TOKENS["edition"]) == EditionView(edition=EditionId(7), variant=VariantId(9))
    assert read["form"](TOKENS["form"]) == NOW


@pytest.mark.parametrize("kind", TOKENS)
@pytest.mark.parametrize("other", TOKENS)
def test_a_token_is_good_for_one_purpose(kind: str, other: str) -> None:
    """A token of one kind opens no other door."""
    if kind != other:
        with pytest.raises(TokenError):
            readers(SIGNER)[kind](TOKENS[other])


@pytest.mark.parametrize("kind", TOKENS)
def test_every_other_spelling_is_refused(kind: str) -> None:
    """No letter can be changed, the last ones neither, and none left out or added."""
    token, read = TOKENS[kind], readers(SIGNER)[kind]
    letters = string.ascii_letters + string.digits + "-_.=+/ \n\0é"
    forgeries = {token[:at] + letter + token[at + 1 :] for at in range(len(token)) for letter in letters}
    forgeries |= {token[:at] + token[at + 1 :] for at in range(len(token))} | {token + letter for letter in letters}

    for forged in forgeries - {token}:
        with pytest.raises(TokenError):
            read(forged)


@given(st.text() | st.text(alphabet=string.ascii_letters + "._-", max_size=80))
def test_noise_is_refused_with_our_own_error(noise: str) -> None:
    """Whatever a stranger puts into an address, it is a TokenError."""
    for read in readers(SIGNER).values():
        with pytest.raises(TokenError):
            read(noise)
    with pytest.raises(TokenError):
        SIGNER.read_verp_local(noise)


@pytest.mark.parametrize("kind", TOKENS)
def test_tokens_outlive_the_secret_that_made_them(kind: str) -> None:
    """As long as the old secret is known, old links work; without it they do not."""
    readers(Signer([NEW, OLD]))[kind](TOKENS[kind])

    with pytest.raises(TokenError):
        readers(Signer([NEW]))[kind](TOKENS[kind])


def test_the_newest_secret_signs() -> None:
    """After a rotation new links need the new secret only."""
    token = Signer([NEW, OLD]).preferences(READER)

    assert Signer([NEW]).read_preferences(token) == READER


def test_keys_that_share_a_mark_are_both_tried() -> None:
    """Key marks are short; a clash must not lock anybody out."""
    secrets = [f"secret number {n} of many" for n in range(200)]
    token = Signer([secrets[-1]]).preferences(READER)

    assert Signer(secrets).read_preferences(token) == READER


def test_a_confirmation_is_good_for_48_hours() -> None:
    """Later the link is said to have expired, which the page can explain."""
    token = TOKENS["confirm"]

    assert SIGNER.read_confirmation(token, now=NOW + timedelta(hours=48)).public_id == READER
    with pytest.raises(TokenError) as error:
        SIGNER.read_confirmation(token, now=NOW + timedelta(hours=48, seconds=1))
    assert error.value.expired


def test_a_form_belongs_to_its_subject_and_its_day() -> None:
    """A form made for one reader is no good for another, nor for tomorrow."""
    token = SIGNER.form(READER, now=NOW)

    assert SIGNER.read_form(token, READER, now=NOW + timedelta(hours=24)) == NOW
    for subject, now in [
        ("somebody-else", NOW),
        (READER, NOW + timedelta(hours=25)),
        (READER, NOW - timedelta(hours=1)),
    ]:
        with pytest.raises(TokenError):
            SIGNER.read_form(token, subject, now=now)


@given(
    edition=st.integers(0, 2**63 - 1),
    reader=st.text(alphabet=string.ascii_lowercase + "234567", min_size=16, max_size=16),
)
def test_a_return_path_survives_any_casing_and_fits(edition: int, reader: str) -> None:
    """Mail servers may shout; a local part has 64 letters."""
    local = SIGNER.verp_local(EditionId(edition), reader)

    assert len(local) <= 64
    assert SIGNER.read_verp_local(local.upper()) == ReturnPath(edition=EditionId(edition), public_id=reader)
    assert Signer([NEW, OLD]).read_verp_local(local).public_id == reader


def test_a_forged_return_path_is_refused() -> None:
    """Neither another reader nor another edition can be put in."""
    local = SIGNER.verp_local(EditionId(71), READER)

    for at in range(len(local)):
        other = "3" if local[at] != "3" else "4"
        with pytest.raises(TokenError):
            SIGNER.read_verp_local(local[:at] + other + local[at + 1 :])


@given(key=st.binary(max_size=64), text=st.binary())
def test_our_hmac_is_the_standard_one(key: bytes, text: bytes) -> None:
    """The precomputed form gives the bytes of RFC 2104."""
    assert _mac(key)(text) == hmac.digest(key, text, hashlib.sha256)


def test_tokens_stand_well_in_mail() -> None:
    """They are short, and made of letters that no client breaks or takes for the end of a sentence."""
    for token in TOKENS.values():
        assert len(token) <= 72
        assert set(token) <= set(string.ascii_letters + string.digits + "-_.")
        assert token[-1].isalnum()
