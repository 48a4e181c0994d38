"""What servers say when they refuse, in their words and numbers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate.core.bounce_class import BounceClass, find_code, find_status, judge

HARD = [
    "550 5.1.1 User unknown",
    "550 No such mailbox",
    "550 Requested action not taken: mailbox unavailable",
    "554 delivery error: This user doesn't have an account here",
    "550 5.7.1 Recipient does not exist",
    "550 5.2.1 The mailbox is disabled",
    "550 This account has been discontinued",
    "553 5.1.2 Unknown host",
    "556 5.1.10 Recipient domain has a null MX",
    "551 5.1.6 The recipient has moved",
    "Host or domain name not found. Name service error for name=x.example type=A: Host not found",
    "550 5.1.0 Address rejected",
]
SOFT = [
    "552 5.2.2 Mailbox full",
    "550 5.1.1 User is over quota",
    "452 4.2.2 The mailbox has exceeded its storage limit",
    "552 5.3.4 Message too large",
    "550 5.2.3 message exceeds the maximum size",
    "451 4.7.1 Greylisting in action, come back later",
    "421 4.3.2 Too busy, try again later",
    "554 5.4.6 Too many hops",
    "connect to mx.x.example[192.0.2.1]:25: Connection timed out",
    "host not found, try again",
    "450 4.2.1 The user is receiving mail at a rate that is too high",
]
POLICY = [
    "554 5.7.1 Service unavailable; client host [192.0.2.1] blocked using a blocklist",
    "550 5.7.26 This mail is unauthenticated: SPF and DKIM did not pass",
    "550 5.7.1 Message rejected as spam",
    "550 5.1.1 Blocked: your IP has a poor reputation",
    "550 Sender verify failed: no such user",
    "550 5.1.8 Sender address rejected: domain not found",
    "554 5.7.1 Relay access denied",
    "421 4.7.0 Rate limited: too many messages from your IP",
    "552 5.7.0 The content of this message is not accepted",
    "550 Not accepted for policy reasons",
]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [(text, BounceClass.HARD) for text in HARD]
    + [(text, BounceClass.SOFT) for text in SOFT]
    + [(text, BounceClass.POLICY) for text in POLICY],
)
def test_words_are_understood(text: str, wanted: BounceClass) -> None:
    """Words beat numbers where the two disagree."""
    assert judge(text).kind is wanted


@pytest.mark.parametrize(
    ("status", "wanted", "sure"),
    [
        ("5.1.1", BounceClass.HARD, True),
        ("5.1.7", BounceClass.POLICY, True),
        ("5.2.1", BounceClass.HARD, True),
        ("5.2.2", BounceClass.SOFT, True),
        ("5.2.3", BounceClass.SOFT, True),
        ("5.4.4", BounceClass.HARD, True),
        ("5.7.1", BounceClass.POLICY, True),
        ("4.1.1", BounceClass.SOFT, True),
        ("4.4.7", BounceClass.SOFT, True),
        ("5.0.0", BounceClass.HARD, False),
        ("", BounceClass.HARD, False),
    ],
)
def test_a_status_without_words(status: str, wanted: BounceClass, sure: bool) -> None:
    """A bare failure is only a guess: it suppresses nobody at once."""
    found = judge("", status=status)

    assert (found.kind, found.sure) == (wanted, sure)


@pytest.mark.parametrize(
    ("code", "wanted"),
    [(550, BounceClass.HARD), (552, BounceClass.SOFT), (554, BounceClass.POLICY), (451, BounceClass.SOFT)],
)
def test_a_reply_code_is_asked_last(code: int, wanted: BounceClass) -> None:
    """It says least."""
    found = judge("no", code=code)

    assert (found.kind, found.sure) == (wanted, False)


def test_names_in_addresses_and_links_mean_nothing() -> None:
    """An address may be called spam, and a link may lead to a policy."""
    assert (
        judge("550 5.1.1 <spam@policy.example> user unknown, see https://x.example/blacklist").kind is BounceClass.HARD
    )


def test_a_generic_status_gives_way_to_the_one_spoken() -> None:
    """Gateways put 5.0.0 around what the server said."""
    assert judge("550 5.2.2 no", status="5.0.0").status == "5.2.2"
    assert find_status("see mx1.2.3.4.example, (#5.1.1)") == "5.1.1"
    assert find_status("host [192.5.1.1] said no") == ""
    assert find_code("host [192.0.2.55] said: 550 no") == 550


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300), st.from_regex(r"([245]\.\d\.\d{1,2})?", fullmatch=True), st.integers(0, 599))
def test_anything_is_judged(text: str, status: str, code: int) -> None:
    """There is always an answer, and a refusal is never a delay or nothing."""
    assert judge(text, status=status, code=code).kind in (BounceClass.HARD, BounceClass.SOFT, BounceClass.POLICY)
