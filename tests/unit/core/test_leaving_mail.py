"""Mails by which mail programs leave a list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.core.leaving_mail import leaving_token

TOKEN = "o2zaccw4e4csibx4.daily.A-b_C1"


@pytest.mark.parametrize(
    ("subject", "token"),
    [
        (f"unsubscribe {TOKEN}", TOKEN),
        (f"Unsubscribe  {TOKEN}", TOKEN),
        (f"unsubscribe\r\n {TOKEN}", TOKEN),
        (f"=?utf-8?Q?unsubscribe_{TOKEN.replace('_', '=5F')}?=", TOKEN),
        (f"Re: unsubscribe {TOKEN}", None),
        (f"unsubscribe {TOKEN} please", None),
        ("unsubscribe", None),
        ("unsubscribe " + "=?a?q?b?=" * 6_000, None),  # the standard library would take seconds to decode it
        ("=?nosuch?q?unsubscribe?=", None),
        ("=?utf-8?b?A?=", None),  # one letter is no base64
        ("=?utf-8?b?é?=", None),
        ("Undelivered Mail Returned to Sender", None),
    ],
)
def test_the_subject_says_who_leaves_what(subject: str, token: str | None) -> None:
    """Folded, encoded, in any case; anything else beside it makes it another mail."""
    assert leaving_token(f"To: digest@news.example\r\nSubject: {subject}\r\n\r\nunsubscribe x\r\n".encode()) == token


@given(st.binary())
def test_no_bytes_stop_it(raw: bytes) -> None:
    """Whatever is sent there."""
    assert leaving_token(raw) is None
    leaving_token(b"Subject: unsubscribe " + raw)
    leaving_token(b"Subject: =?" + raw)
