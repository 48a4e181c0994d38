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
    "192.0.2.7 does not like recipient. Remote host said: 550 mailbox unavailable. Giving up on 192.0.2.7.",
    "lookup of the domain returned answer with no data",
    "550 nothing came in here for long: extended inactivity",
    "550 unrouteable mail domain x.example",
    "550 'ann@x.example' is not a registered reader",
    "550 5.2.1 the mailbox was blocked due to long inactivity",
    "550 account blocked because it has not been used",
    "550 5.2.1 the mailbox is administratively disabled",
    "550 user ann@x.example is banned",
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
    "550 too many concurrent sessions from one host",
    "lost connection with mx.x.example[192.0.2.1] while sending RCPT TO",
    "x-unix; 127",
    "550 several matches were found for this name",
    "550 the reader has not enough space",
    "550 the space of this account has been used up",
    "no valid route to the mail host",
    "550 5.4.316 not delivered",
    "550 quota excedeed",
    "554 5.2.122 the recipient has exceeded the limit of an hour",
    "554 this was seen in a loop, hops=100",
    "421 4.7.0 try again later, closing the connection",
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
    "550 Rejected (in reply to MAIL FROM command)",
    "550 Rejected (in reply to end of DATA command)",
    "554 no (in reply to EHLO command)",
    ">>> DATA\n<<< 550 no",
    "192.0.2.7 failed after I sent the message. Remote host said: 550 no",
    "550 The reader is not accepting mail with pictures",
    "550 BATV: the tag is missing",
    "550 5.7.708 Access denied, unavailable from this address",
    "554 This host was blocked, it wrote to too many invalid recipients",
    "554 You reached your daily relay quota",
    "521 5.2.1 we will not accept delivery of this message",
    "550 the mail was rejected by its recipients",
    "550 connection frequency limited",
    "550 a false HELO",
    "550 whoever writes here must authenticate",
    "550 contra la política del sitio",
    "550 only letters from members are taken",
    "550 refused by the recipient preferences",
    "the receiving server must offer it: a TLS session is required",
    "550 your account is blocked",
    "550 the recipient has blocked you",
    "550 the sender account was blocked",
    "550 5.7.1 relaying denied: the account was blocked",
    "554 5.7.8 user has been banned",
    "550 your mail account has been blocked",
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
        ("5.2.122", BounceClass.SOFT, True),
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


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("450 4.1.1 <ann@x.example>: Recipient address rejected: User unknown in local recipient table", "4.1.1"),
        ("450 User unknown", ""),
        ("User unknown in virtual mailbox table, 450 4.1.1", ""),
        ("451 4.2.1 the account is disabled", ""),
        ("450 <ann@x.example>: Domain not found", ""),
        ("no such user", "4.1.1"),
    ],
)
def test_what_passes_is_no_proof_that_a_reader_is_gone(text: str, status: str) -> None:
    """A server that cannot look him up now, and one that is told to be patient, say 450, whatever their words."""
    assert judge(text, status=status).kind is BounceClass.SOFT
    assert judge("", more=[text], status=status).kind is BounceClass.SOFT


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("550 5.1.1 User unknown", "4.4.7"),
        ("450 User unknown", "5.1.1"),
        ("450 not now", "5.1.1"),
        ("User unknown", "4.0.0"),
    ],
)
def test_where_numbers_disagree_it_is_a_guess(text: str, status: str) -> None:
    """One says for ever, the other not: nobody is suppressed at once."""
    found = judge(text, status=status)

    assert (found.kind, found.sure) == (BounceClass.HARD, False)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("192.0.2.7 does not like recipient. Remote host said: 550 cap hit. Giving up on 192.0.2.7.", BounceClass.HARD),
        ("192.0.2.7 does not like recipient. Remote host said: 552 cap hit. Giving up on 192.0.2.7.", BounceClass.SOFT),
        ("192.0.2.7 does not like recipient. Remote host said: 554 your host is on a blocklist", BounceClass.POLICY),
        (
            "554 Your IP is in a blocklist. I'm not going to try again; this message has been in the queue too long.",
            BounceClass.POLICY,
        ),
        ("I'm not going to try again; this message has been in the queue too long.", BounceClass.SOFT),
        ("552 the recipient was rejected", BounceClass.SOFT),
        ("550 the recipient was rejected", BounceClass.HARD),
    ],
)
def test_what_is_written_under_every_refusal_is_no_reason(text: str, wanted: BounceClass) -> None:
    """Nor is that an address was not taken: no reader is given up for it at once."""
    found = judge(text)

    assert found.kind is wanted
    assert not (found.kind is BounceClass.HARD and found.sure)


def test_a_number_in_a_sentence_is_no_reply() -> None:
    """Only where replies stand."""
    found = judge("after 450 minutes on host 4.0.0.450 we learned: user unknown")

    assert (found.kind, found.sure) == (BounceClass.HARD, True)


@pytest.mark.parametrize(
    "text",
    [
        "550 Rejected (in reply to RCPT TO command)",
        ">>> RCPT To:<ann@x.example>\n<<< 550 Rejected\n>>> DATA\n<<< 503 no",
    ],
)
def test_a_refusal_of_the_recipient_is_not_about_us(text: str) -> None:
    """Only what comes before or after him is."""
    assert judge(text).kind is BounceClass.HARD


ABOUT_US = [
    "550 the return path does not exist",
    "550 Return address: unknown user",
    "550 connecting host unknown",
    "550 your account is disabled",
    "550 you are not a valid user",
    "550 Found an invalid address in the From header",
    "550 the address was not found in our allow list",
    "550 IP address not found in the SPF record",
    "535 5.7.8 Authentication failed: user unknown",
    "550 HELO: host not found",
    "550 Reply-To address is invalid",
    "550 your host does not resolve, no valid MX",
    "550 the URL address is invalid",
    "550 the mailbox is disabled for external mail",
    "550 This address is closed for non-members",
    "550 Your account has been disabled for sending",
    "550 Account suspended for sending spam",
    "550 ann@x.example does not accept mail from you",
    "550 ann@x.example does not accept mail without TLS",
    "550 the reader does not wish to receive mail of this kind",
    "550 the reader has opted out",
    "550 too many unknown users",
    "554 5.1.1 Too many invalid recipients, no such user",
    "550 directory harvest, user unknown",
    "550 dictionary attack: no such user here",
]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("550 5.2.1 <ann@x.example>: account suspended for abuse", BounceClass.HARD),
        ("550 5.1.1 User account suspended due to spamming", BounceClass.HARD),
        ("554 5.2.1 Your account has been suspended for sending spam", BounceClass.POLICY),
        ("550 5.7.1 Account suspended for sending spam", BounceClass.POLICY),
        ("450 4.2.1 account suspended for abuse", BounceClass.POLICY),
    ],
)
def test_the_status_says_whose_account_was_closed_for_abuse(text: str, kind: BounceClass) -> None:
    """A reader's, where it is about a mailbox; else ours."""
    assert judge(text).kind is kind


@pytest.mark.parametrize("text", ABOUT_US)
def test_what_is_said_of_the_sender_is_not_held_against_the_reader(text: str) -> None:
    """Servers say of both that they are unknown, disabled and nowhere to be found."""
    assert judge(text).kind is BounceClass.POLICY
    assert judge("", more=[text], status="5.0.0").kind is BounceClass.POLICY


@pytest.mark.parametrize(
    "text",
    [
        "550 your message to ann@x.example could not be delivered: user unknown",
        "550 Your recipient is unknown",
        "550 from your mail we see that the user is unknown",
        "550 We got your letter, but the user is unknown",
        "The response from the remote server was: 550 5.1.1 user unknown",
        "550 message from digest@news.example to ann@x.example: no such user",
        "550 your host was asked for a user who is not here: user unknown",
        "556 the domain does not accept mail",
        "550 the account is disabled",
        "550 5.1.1 Sending to ann@x.example failed, no such user",
    ],
)
def test_what_is_said_of_the_reader_counts(text: str) -> None:
    """Though we are spoken to."""
    found = judge(text)

    assert (found.kind, found.sure) == (BounceClass.HARD, True)


PHASES = [
    "550 5.1.1 User unknown (in reply to MAIL FROM command)",
    "550 Host unknown (in reply to EHLO command)",
    "550 5.1.2 no such domain (in reply to HELO command)",
    "SMTP error from remote mail server after MAIL FROM:<b-1@news.example> SIZE=900: host mx.x.example: 550 no such domain",
    "SMTP error from remote mail server after pipelined MAIL FROM:<b-1@news.example>: 550 user unknown",
    "SMTP error from remote mail server after initial connection: 554 domain does not exist",
    "host mx.x.example[192.0.2.1] refused to talk to me: 550 unknown host",
    ">>> MAIL From:<b-1@news.example>\n<<< 550 5.1.1 unknown user",
    "192.0.2.7 does not like sender. Remote host said: 550 invalid mailbox",
    "Connected to 192.0.2.7 but sender was rejected. Remote host said: 550 no such user",
    "550 unknown user (in response to MAIL FROM)",
]


@pytest.mark.parametrize("text", PHASES)
def test_a_refusal_before_the_recipient_was_named_is_about_us(text: str) -> None:
    """Whatever its words, and wherever it stands: Postfix tells it in the part for people alone."""
    assert judge(text).kind is BounceClass.POLICY
    assert judge("550 User unknown", more=[text]).kind is BounceClass.POLICY


@pytest.mark.parametrize("text", [one for one in PHASES if "\n" not in one])
def test_the_point_of_refusal_is_seen_wherever_lines_are_folded(text: str) -> None:
    """Mail systems fold what they write for people, at any blank."""
    for place in (number for number, sign in enumerate(text) if sign == " "):
        folded = f"{text[:place]}\n    {text[place + 1 :]}"

        assert judge("550 User unknown", more=[folded]).kind is BounceClass.POLICY


def test_a_status_of_the_sender_is_about_us() -> None:
    """Whatever is said with it."""
    assert judge("550 5.1.8 Domain not found").kind is BounceClass.POLICY
    assert judge("550 no such user", status="5.1.7").kind is BounceClass.POLICY


def test_a_refusal_before_the_recipient_was_named_that_passes_is_soft() -> None:
    """What servers say at MAIL FROM while their directory is away."""
    assert judge("550 User unknown", status="4.1.1", more=["in reply to MAIL FROM command"]).kind is BounceClass.SOFT


@pytest.mark.parametrize(
    "told",
    [
        "550 5.1.1 User unknown (in reply to RCPT TO command)",
        "mx1: 550 no (in reply to MAIL FROM command), mx2: 550 User unknown (in reply to RCPT TO command)",
        ">>> MAIL From:<b-1@news.example>\n<<< 250 yes\n>>> RCPT To:<ann@x.example>\n<<< 550 5.1.1 unknown user",
        "550 5.1.1 User unknown (in reply to end of DATA command)",
        "The following mail from Ann could not be delivered: 550 5.1.1 User unknown",
        "After mail from you came, we asked: 550 5.1.1 User unknown",
    ],
)
def test_an_unknown_reader_stays_unknown_when_he_was_named(told: str) -> None:
    """Some servers look him up only after the message."""
    found = judge("550 5.1.1 User unknown", more=[told])

    assert (found.kind, found.sure) == (BounceClass.HARD, True)


@pytest.mark.parametrize(
    ("text", "status", "kind", "sure"),
    [
        ("550 Access denied", "5.1.1", BounceClass.POLICY, False),
        ("550 The mail was refused for policy reasons", "5.1.1", BounceClass.POLICY, True),
        ("550 Your host is not welcome", "5.1.1", BounceClass.POLICY, True),
        ("551 Relaying denied", "5.1.6", BounceClass.POLICY, True),
        ("550 tiu ne estas", "5.1.1", BounceClass.HARD, False),
        ("550 User unknown", "5.1.1", BounceClass.HARD, True),
        ("550 5.1.1 tiu ne estas", "5.1.1", BounceClass.HARD, True),
        ("tiu ne estas", "5.1.1", BounceClass.HARD, True),
    ],
)
def test_a_status_that_was_made_of_a_bare_code_says_nothing(
    text: str, status: str, kind: BounceClass, sure: bool
) -> None:
    """Sendmail puts 5.1.1 on every 550 to RCPT, whatever the server meant."""
    found = judge(text, status=status)

    assert (found.kind, found.sure, found.status) == (kind, sure, status)


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
