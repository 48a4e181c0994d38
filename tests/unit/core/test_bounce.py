"""Reports as servers all over the world write them, and what is made of each; and whatever else arrives."""

import base64
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate.core.bounce import read_report
from syndicate.core.bounce_class import BounceClass
from syndicate.core.links import Signer

GOLDEN = Path(__file__).parents[2] / "golden" / "bounces"
ANN = "ann@readers.example"
# file → for each recipient: kind, address, status, class
WANTED: dict[str, list[tuple[str, str | None, str, str]]] = {
    "address-without-domain": [("other", "ann@intranet", "", "soft")],
    "arf-abuse": [("arf", ANN, "", "complaint")],
    "arf-not-spam": [("arf", ANN, "", "none")],
    "arf-redacted": [("arf", None, "", "complaint")],
    "carrier-full": [("other", ANN, "", "soft")],
    "chinese": [("other", ANN, "", "soft")],
    "courier": [("other", ANN, "5.1.1", "hard")],
    "domino": [("other", ANN, "", "hard")],
    "dsn-dmarc": [("dsn", ANN, "5.7.26", "policy")],
    "dsn-expired": [("dsn", ANN, "4.4.7", "soft")],
    "dsn-generic-status": [("dsn", ANN, "5.0.0", "hard")],
    "dsn-gmail-full": [("dsn", ANN, "5.2.2", "soft")],
    "dsn-greylist": [("dsn", ANN, "4.7.1", "soft")],
    "dsn-host-unknown": [("dsn", ANN, "5.4.4", "hard")],
    "dsn-null-mx": [("dsn", ANN, "4.0.0", "hard")],
    "dsn-short-domain": [("dsn", "ann@b.c", "5.1.1", "hard")],
    "dsn-office-access-denied": [("dsn", ANN, "5.4.1", "hard")],
    "dsn-original-differs": [("dsn", ANN, "5.1.1", "hard")],
    "dsn-policy-code-for-unknown": [("dsn", ANN, "5.7.1", "hard")],
    "dsn-postfix-delay": [("dsn", ANN, "4.4.1", "delayed")],
    "dsn-postfix-unknown": [("dsn", ANN, "5.1.1", "hard")],
    "dsn-relayed": [("dsn", ANN, "2.1.9", "none")],
    "dsn-sender-verify": [("dsn", ANN, "5.1.8", "policy")],
    "dsn-sendmail-several": [
        ("dsn", ANN, "5.1.1", "hard"),
        ("dsn", "bob@readers.example", "2.1.5", "none"),
        ("dsn", "cleo@readers.example", "5.2.2", "soft"),
    ],
    "dsn-too-big": [("dsn", ANN, "5.3.4", "soft")],
    "dsn-unknown-code-for-spam": [("dsn", ANN, "5.1.1", "policy")],
    "dsn-without-wrapper": [("dsn", ANN, "5.2.1", "hard")],
    "exim": [("other", ANN, "5.2.2", "soft")],
    "exim-delay": [("other", ANN, "", "delayed")],
    "exim-no-reason": [("other", ANN, "", "hard")],
    "exim-sender-refused": [("other", ANN, "", "policy")],
    "french": [("other", ANN, "", "soft")],
    "gateway-transcript": [("other", ANN, "", "hard")],
    "german": [("other", ANN, "", "hard")],
    "groupwise": [("other", ANN, "", "hard")],
    "imail": [("other", ANN, "", "hard")],
    "japanese": [("other", ANN, "", "hard")],
    "mail-system-html": [("other", ANN, "5.2.2", "soft")],
    "mailmarshal": [("other", ANN, "5.7.1", "policy")],
    "only-returned": [("other", ANN, "", "hard")],
    "qmail": [("other", ANN, "5.1.1", "hard")],
    "qmail-gives-up": [("other", ANN, "", "hard")],
    "quoted-in-lower-case": [("other", ANN, "", "hard")],
    "receipt": [("other", None, "", "none")],
    "reply": [("other", None, "", "none")],
    "reply-with-bad-news": [("other", None, "", "none")],
    "russian": [("other", ANN, "", "hard")],
    "sendmail-reason": [("other", ANN, "5.1.1", "policy")],
    "ses-notice": [("dsn", ANN, "5.1.1", "hard")],
    "success": [("other", None, "", "none")],
    "ses-notice-by-sns": [("dsn", ANN, "5.1.1", "hard")],
    "spanish": [("other", ANN, "", "hard")],
    "transcript-of-several": [("other", ANN, "", "hard"), ("other", "bob@elsewhere.example", "", "soft")],
    "vacation": [("other", None, "", "none")],
    "yahoo": [("other", ANN, "", "hard")],
    "report-without-parts": [("dsn", ANN, "5.5.0", "hard")],
    "unindented-boundary": [("other", ANN, "", "hard")],
    "gateway-in-between": [("dsn", ANN, "5.1.1", "hard")],
    "without-recipient-in-words": [("other", ANN, "", "soft")],
    "gmail-words": [("other", ANN, "5.7.1", "policy")],
    "mailbox-full-japanese": [("other", ANN, "", "soft")],
}


def found(raw: bytes) -> list[tuple[str, str | None, str, str]]:
    """Return what a report says, briefly."""
    return [(one.kind, one.recipient, one.status, one.verdict.value) for one in read_report(raw).reported]


def golden(name: str) -> bytes:
    """Return a sample report."""
    return (GOLDEN / f"{name}.eml").read_bytes()


@pytest.mark.parametrize("name", sorted(path.stem for path in GOLDEN.glob("*.eml")))
def test_each_sample_is_understood(name: str) -> None:
    """Whom it speaks of, and whether never to try again."""
    assert found(golden(name)) == WANTED[name]


def test_a_failure_without_a_reason_is_only_a_guess() -> None:
    """What a server says of every failure says nothing of this one, and suppresses nobody at once."""
    (told,) = read_report(golden("qmail")).reported
    (gone,) = read_report(golden("qmail-gives-up")).reported
    (untold,) = read_report(golden("exim-no-reason")).reported

    assert (told.sure, gone.sure, untold.sure) == (True, True, False)


def test_a_forwarded_address_is_an_alias_of_the_one_we_wrote_to() -> None:
    """The reader is known to us by the original recipient."""
    (one,) = read_report(golden("dsn-original-differs")).reported

    assert (one.recipient, one.aliases) == (ANN, ("a.elsewhere@forward.example",))


def test_what_was_returned_of_our_message_comes_along() -> None:
    """Its headers may prove that it was ours."""
    report = read_report(golden("qmail"))

    assert report.returned["message-id"] == ["<abc@news.example>"]
    assert report.came_to == ("digest@news.example",)


def test_a_return_path_of_ours_is_seen_wherever_the_report_was_sent() -> None:
    """Forwarding keeps it in Delivered-To or X-Original-To."""
    local = Signer(["secret"]).verp_local(7, "abcdefghijklmnop")  # type: ignore[arg-type]  # an edition's number
    raw = b"X-Original-To: " + local.encode() + b"@bounces.news.example\n" + golden("qmail")

    assert f"{local}@bounces.news.example" in read_report(raw).came_to


@pytest.mark.parametrize("ends", [b"\n", b"\r\n", b"\r"])
def test_line_ends_do_not_matter(ends: bytes) -> None:
    """Files come from every system."""
    raw = golden("dsn-postfix-unknown").replace(b"\n", ends)

    assert found(raw)[0][1] == ANN


@pytest.mark.parametrize("coding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_a_report_saved_in_wide_characters_is_read(coding: str) -> None:
    """Some mail clients save messages so."""
    assert found(golden("dsn-postfix-unknown").decode().encode(coding)) == WANTED["dsn-postfix-unknown"]


def test_a_huge_report_is_read_by_its_beginning() -> None:
    """Ten megabytes of returned message change nothing and cost little."""
    raw = golden("dsn-postfix-unknown") + b"x" * 76 + b"\n" * 10_000_000

    assert found(raw) == WANTED["dsn-postfix-unknown"]


def test_nesting_is_no_trap() -> None:
    """Thousands of messages within messages are one leaf; thousands of multiparts are given up, not crashed on."""
    nested = b"Content-Type: message/rfc822\n\n" * 5_000 + golden("qmail")
    parts = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(3_000))

    assert len(found(nested)) == len(found(parts + golden("qmail"))) == 1


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=2_000))
def test_any_bytes_are_read(raw: bytes) -> None:
    """Something is said of everything, and never nothing."""
    assert found(raw)


def test_a_character_set_that_lies_is_survived() -> None:
    """An encoded word may hold bytes that its character set cannot."""
    assert found(golden("chinese").replace(b"Subject: =?", b"Subject: =?utf-8\x80?b?YQ==?= =?", 1))


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(sorted(WANTED)), st.data())
def test_any_damage_is_survived(name: str, data: st.DataObject) -> None:
    """Cut short, with bytes changed, with zeros, twice over: no crash, and the cut never makes a delay final."""
    raw = golden(name)
    start = data.draw(st.integers(0, len(raw)))
    noise = data.draw(
        st.one_of(st.binary(max_size=20), st.sampled_from([b"\0", b"\xff\xfe", b"--=_report", b"\n\n", b"=?x?q?"]))
    )
    end = data.draw(st.integers(start, len(raw)))

    assert found(raw[:start] + noise + raw[end:])


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2_000))
def test_a_delay_cut_short_stops_nobody(length: int) -> None:
    """Whatever is lost of it, it is not taken for a refusal of the address."""
    raw = golden("dsn-postfix-delay")

    assert all(verdict != "hard" for _, address, _, verdict in found(raw[: len(raw) - length]) if address)


def test_of_any_number_of_addresses_the_first_are_looked_at() -> None:
    """Nor are texts within texts followed without end."""
    addresses = "x@y.example " * 80_000
    nested = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(20_000))
    head = "From: MAILER-DAEMON@relay.example\nSubject: failure\n"

    start = process_time()
    for hostile in (f"\n{addresses}", nested):
        assert read_report((head + hostile).encode()).reported
    assert process_time() - start < 3


def test_slow_words_do_not_stop_us() -> None:
    """Texts made to make patterns slow are read like any other."""
    for hostile in (
        b"user" + b":" * 100_000,
        b"<style>" * 20_000,
        b"<br" * 50_000,
        b"\n" * 200_000,
        b"a@" * 50_000,
        b"x." * 80_000 + b"@",
    ):
        raw = b"From: MAILER-DAEMON@x.example\nSubject: failure\nContent-Type: text/html\n\n550 " + hostile
        assert found(raw)


def test_a_delivery_status_in_base64_is_read() -> None:
    """The standard forbids it, and servers do it."""
    raw = golden("dsn-gmail-full")

    assert base64.b64encode(b"Reporting-MTA")[:12] in raw
    assert found(raw) == WANTED["dsn-gmail-full"]


def test_a_report_that_names_any_number_is_read_in_part() -> None:
    """A hostile one may hold 40,000 groups; each beyond a crowd is judged by its own words, and beyond two hundred nobody looks."""
    blocks = "".join(
        f"Final-Recipient: rfc822; x{n}@y.example\nAction: failed\nStatus: 5.1.1\n\n" for n in range(40_000)
    )

    found = read_report(f"From: mailer-daemon@y.example\nSubject: failure\n\n{blocks}".encode()).reported

    assert len(found) == 200
    assert {one.verdict for one in found} == {BounceClass.HARD}


def test_a_header_of_any_number_of_parameters_is_cut() -> None:
    """The standard parser would take minutes over it."""
    raw = b"Content-Type: text/plain;" + b"a;b=" * 500_000 + b"\n\n<ann@readers.example>: 550 5.1.1 no such user\n"

    assert [one.recipient for one in read_report(raw).reported] in ([None], ["ann@readers.example"])


DIRECTORY = "IMCEAEX-_o=House_ou=First+20Group+20+28ABCDEF+29_cn=Recipients_cn=0123456789abcdef0123456789abcdef-ann"


@pytest.mark.parametrize(
    ("fields", "aliases"),
    [
        (f"Original-Recipient: X400;c=US;s=Reader\nFinal-Recipient: rfc822;{DIRECTORY}@relay.example", ()),
        (f"Final-Recipient: rfc822;{DIRECTORY}{DIRECTORY}@relay.example", ()),
        ("Final-Recipient: rfc822;IMCEASMTP-ann+40readers+2Eexample@relay.example", ()),
        ("Original-Recipient: rfc822;ann+40readers.example\nFinal-Recipient: rfc822;ann@readers.example", ()),
        (
            "Original-Recipient: rfc822;ann@readers.example\nFinal-Recipient: rfc822;ann+2bob@elsewhere.example",
            ("ann+2bob@elsewhere.example",),
        ),
    ],
)
def test_exchange_has_addresses_of_its_own(fields: str, aliases: tuple[str, ...]) -> None:
    """Nobody wrote to a name of its directory; what we sent tells whom we meant."""
    head = "From: postmaster@relay.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n"
    status = f"Content-Type: message/delivery-status\n\n{fields}\nAction: failed\nStatus: 5.1.1\n"
    own = f"Content-Type: text/rfc822-headers\n\nFrom: digest@news.example\nTo: {ANN}\nMessage-ID: <1@news.example>\n"
    raw = f"{head}\n--b\n{status}\n--b\n{own}\n--b--\n"

    (one,) = read_report(raw.encode()).reported

    assert (one.recipient, one.aliases, one.verdict) == (ANN, aliases, BounceClass.HARD)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Warning: mail loop", "Possible mail loop: it was not passed on."),
        ("Loop alert", "LOOP ALERT: it was seen before."),
        ("Loop detected", "Your message was rejected, the header shows that it came by in a loop."),
    ],
)
def test_a_list_that_loops_is_there(subject: str, text: str) -> None:
    """It is a failure, which may pass; whom it is about stands in what is returned."""
    own = f"Received: from news.example by relay.example\nMessage-ID: <1@news.example>\nFrom: digest@news.example\nTo: {ANN}"
    raw = f"Return-Path: <>\nFrom: list-admin@readers.example\nSubject: {subject}\n\n{text}\n\n--- Original message ---\n{own}\n"

    (one,) = read_report(raw.encode()).reported

    assert (one.recipient, one.verdict) == (ANN, BounceClass.SOFT)


ABOUT_US = [
    "550 user digest@news.example unknown, asked its server",
    "550 <digest@news.example>: no such user",
    "550 <b-1@bounces.news.example>: Recipient address unknown",
    "550 no such domain: news.example",
    "550 host out.news.example not found",
    "550 out.bounces.news.example does not exist",
]


def about(diagnostic: str, recipient: str = ANN) -> bytes:
    """Write a report on a message of ours with what a server said."""
    head = "From: postmaster@readers.example\nTo: b-1@bounces.news.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n"
    status = f"Final-Recipient: rfc822;{recipient}\nAction: failed\nDiagnostic-Code: smtp; {diagnostic}\n"
    own = f"From: The Daily <digest@news.example>\nTo: {recipient}\nMessage-ID: <1@news.example>\n"
    parts = f"--b\nContent-Type: message/delivery-status\n\n{status}\n--b\nContent-Type: text/rfc822-headers\n\n{own}"
    return f"{head}\n{parts}\n--b--\n".encode()


@pytest.mark.parametrize("diagnostic", ABOUT_US)
def test_an_address_of_ours_that_a_server_does_not_know_is_not_the_readers(diagnostic: str) -> None:
    """The report itself shows which are ours."""
    (one,) = read_report(about(diagnostic)).reported

    assert (one.recipient, one.verdict) == (ANN, BounceClass.POLICY)


@pytest.mark.parametrize("recipient", ["digest@news.example", "ann@news.example"])
def test_a_reader_in_our_own_house_may_be_unknown(recipient: str) -> None:
    """His address is of our domain, or even the one that we write from."""
    for words in (f"550 5.1.1 <{recipient}>: user unknown", "550 no such domain: news.example"):
        (one,) = read_report(about(words, recipient)).reported

        assert (one.recipient, one.verdict, one.sure) == (recipient, BounceClass.HARD, True)


def test_our_domain_is_known_where_the_report_does_not_show_it() -> None:
    """It stands in the configuration."""
    raw = (
        f"From: MAILER-DAEMON@readers.example\nSubject: failure\n\n<{ANN}>: 550 no such domain: news.example\n".encode()
    )

    assert [read_report(raw, domain=own).reported[0].verdict for own in ("", "news.example")] == [
        BounceClass.HARD,
        BounceClass.POLICY,
    ]


def test_whom_we_write_from_is_not_the_reader() -> None:
    """A list may name no other address, and not return our message."""
    text = "You may not write to this list from your\ndigest@news.example account: not authorized to send."
    raw = f"From: list-server@lists.example\nReturn-Path: <>\nSubject: Rejected by {ANN}\n\n{text}\n"

    (one,) = read_report(raw.encode()).reported

    assert (one.recipient, one.verdict) == (ANN, BounceClass.POLICY)


@pytest.mark.parametrize("subject", [f"Undeliverable: {ANN}", f"Mail to <{ANN}> failed"])
def test_a_reader_who_is_named_in_the_subject_alone_is_found(subject: str) -> None:
    """Where neither the words nor our own headers name anybody."""
    (one,) = read_report(f"From: MAILER-DAEMON@relay.example\nSubject: {subject}\n\nNo such user.\n".encode()).reported

    assert (one.recipient, one.verdict) == (ANN, BounceClass.HARD)


def test_a_reader_whose_mail_is_forwarded_is_an_alias() -> None:
    """Only what is returned, or what the part for people adds, tells whom we wrote to."""
    status = "Final-Recipient: rfc822;dead@elsewhere.example\nAction: failed\nStatus: 5.1.1\n"
    text = "  dead@elsewhere.example\n    (generated from list@readers.example)\n    (expanded from: <all@readers.example>)\n"
    own = f"From: The Daily <digest@news.example>\nTo: {ANN}\nMessage-ID: <1@news.example>\n"
    raw = (
        "From: postmaster@readers.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        f"--b\n\n{text}\n--b\nContent-Type: message/delivery-status\n\n{status}\n--b\nContent-Type: text/rfc822-headers\n\n{own}\n--b--\n"
    )

    (one,) = read_report(raw.encode()).reported

    assert (one.recipient, one.verdict) == ("dead@elsewhere.example", BounceClass.HARD)
    assert one.aliases == (ANN, "list@readers.example", "all@readers.example")


@pytest.mark.parametrize("coded", ["ann+2Bnews@readers.example", "ann+3Dnews@readers.example"])
def test_signs_that_are_coded_in_an_original_recipient_are_read(coded: str) -> None:
    """RFC 3461; nothing of ours need be returned."""
    status = (
        f"Original-Recipient: rfc822;{coded}\nFinal-Recipient: rfc822;7@inner.example\nAction: failed\nStatus: 5.1.1\n"
    )
    raw = f"From: postmaster@readers.example\nContent-Type: message/delivery-status\n\n{status}"

    (one,) = read_report(raw.encode()).reported

    assert one.recipient == coded.replace("+2B", "+").replace("+3D", "=")


def test_empty_lines_between_the_fields_of_a_recipient_are_passed_over() -> None:
    """And the next recipient is another."""
    ann = f"Final-Recipient: rfc822;{ANN}\n\nAction: failed\n\nStatus: 5.2.2\n\nDiagnostic-Code: smtp; 552 no\n"
    bob = "Final-Recipient: rfc822;bob@elsewhere.example\nAction: failed\nStatus: 5.1.1\n"
    raw = f"From: postmaster@relay.example\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n{ann}\n{bob}"

    assert found(raw.encode()) == [("dsn", ANN, "5.2.2", "soft"), ("dsn", "bob@elsewhere.example", "5.1.1", "hard")]


def test_a_quoted_name_with_a_blank_is_an_address() -> None:
    """RFC 5321 allows it."""
    raw = 'Content-Type: message/delivery-status\n\nFinal-Recipient: rfc822;"ann b"@x.example\nAction: failed\nStatus: 5.1.1\n'

    assert found(raw.encode()) == [("dsn", '"ann b"@x.example', "5.1.1", "hard")]


@pytest.mark.parametrize("cut", ["@long-subdomain\n.readers.example", "\n@long-subdomain.readers.example"])
def test_an_address_that_was_cut_at_the_end_of_a_line_is_whole(cut: str) -> None:
    """Where it is longer than one."""
    name = "ann.whose.name.takes.most.of.a.line"
    raw = f"From: MAILER-DAEMON@relay.example\nSubject: Undeliverable\n\nNot delivered to {name}{cut} as the user is unknown.\n"

    assert found(raw.encode()) == [("other", f"{name}@long-subdomain.readers.example", "", "hard")]


@pytest.mark.parametrize(
    "said",
    [
        "550 5.1.1 utente sconosciuto\nIl messaggio non è ancora stato consegnato. Si tratta di un errore definitivo e non verranno effettuati altri tentativi.",
        "550 5.1.1 user unknown. The message has been delayed and has now failed permanently, when delivering to mx.reader.example.",
        "550 5.1.1 user unknown. Your message has been delayed since Monday. The server gave up when it reached its limit.",
        "550 5.1.1 <ann@reader.example> user not found in the allowed recipients",
        "550 Requested action not taken: mailbox unavailable",
    ],
)
def test_a_reader_who_is_gone_is_given_up(said: str) -> None:
    """Whatever else the report says of the days before."""
    raw = f"From: MAILER-DAEMON@mx.reader.example (Mail Delivery System)\nSubject: Mail status\n\n<ann@reader.example>: {said}\n"
    (found,) = read_report(raw.encode()).reported

    assert (found.recipient, found.verdict, found.sure) == ("ann@reader.example", BounceClass.HARD, True)


@pytest.mark.parametrize(
    ("reply", "verdict", "sure"),
    [
        ("550 Access denied", BounceClass.POLICY, False),
        ("550-This host is on an RBL", BounceClass.POLICY, True),
        ("550 tiu ne estas", BounceClass.HARD, False),
        ("550 No such user", BounceClass.HARD, True),
        (f"550 5.1.1 <{ANN}>... User unknown", BounceClass.HARD, True),
    ],
)
def test_what_sendmail_makes_of_an_answer_is_not_the_answer(reply: str, verdict: BounceClass, sure: bool) -> None:
    """Under each 550 to RCPT it writes that the user is unknown, in the status and in its transcript."""
    told = f"The addresses that failed:\n<{ANN}>\n    (reason: {reply})\n\nThe talk with mx.readers.example:\n"
    told += f">>> DATA\n<<< {reply}\n550 5.1.1 <{ANN}>... User unknown\n<<< 503 5.0.0 Need RCPT\n"
    status = f"Final-Recipient: rfc822;{ANN}\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: SMTP; {reply}\n"
    head = "From: Mail Delivery Subsystem <MAILER-DAEMON@relay.example>\nSubject: Returned mail\n"
    parts = f"--b\n\n{told}\n--b\nContent-Type: message/delivery-status\n\n{status}\n--b--\n"
    report = f"{head}Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n{parts}"

    for raw in (report, f"{head}\n{told}"):
        (one,) = read_report(raw.encode()).reported

        assert (one.recipient, one.verdict, one.sure) == (ANN, verdict, sure)


def test_a_user_whom_sendmail_itself_does_not_know_is_unknown() -> None:
    """Its own transcript quotes nobody then."""
    told = f"The addresses that failed:\n<{ANN}>\n\nTranscript:\n550 5.1.1 <{ANN}>... User unknown\n"
    raw = f"From: MAILER-DAEMON@readers.example\nSubject: Returned mail\n\n{told}"

    (one,) = read_report(raw.encode()).reported

    assert (one.recipient, one.verdict, one.sure) == (ANN, BounceClass.HARD, True)


@pytest.mark.parametrize("failed", ["", "X-Failed-Recipients: dead@elsewhere.example\n"])
@pytest.mark.parametrize("words", ["generated from", "ultimately generated from"])
def test_a_reader_whose_mail_is_forwarded_is_an_alias_in_plain_words_too(failed: str, words: str) -> None:
    """Whom our message was to, and who the report says that it came by."""
    text = f"  dead@elsewhere.example\n    ({words} list@readers.example)\n    host mx.elsewhere.example: 550 5.1.1 User unknown"
    own = f"From: The Daily <digest@news.example>\nTo: {ANN}\nMessage-ID: <1@news.example>\nDate: x\n"
    head = f"From: Mailer-Daemon@readers.example\nTo: digest@news.example\n{failed}Subject: Mail delivery failed\n"

    (one,) = read_report(
        f"{head}\nIt could not be delivered:\n\n{text}\n\n--- Original message ---\n\n{own}".encode()
    ).reported

    assert (one.recipient, one.verdict) in {(ANN, BounceClass.HARD), ("dead@elsewhere.example", BounceClass.HARD)}
    assert {ANN, "list@readers.example"} <= {one.recipient, *one.aliases}


def test_a_diagnostic_in_encoded_words_is_read() -> None:
    """The standard forbids them there, and servers write them."""
    coded = base64.b64encode(b"552 the mailbox is full").decode()

    assert found(about(f"=?utf-8?B?{coded}?="))[0][3] == "soft"


@pytest.mark.parametrize(
    ("reply", "status", "verdict"),
    [
        ("550 5.1.1 the mailbox is full", "5.1.1", BounceClass.SOFT),
        ("550 5.7.1 unknown recipient", "5.7.1", BounceClass.HARD),
        ("450 4.7.1 greylisted", "4.7.1", BounceClass.SOFT),
    ],
)
def test_without_a_diagnostic_the_reply_that_is_quoted_for_people_counts(
    reply: str, status: str, verdict: BounceClass
) -> None:
    """As OpenSMTPD writes its reports."""
    told = f"These failed:\n\n{ANN}: {reply}\n"
    fields = f"Final-Recipient: rfc822; {ANN}\nAction: failed\nStatus: {status}\n"
    head = (
        "From: MAILER-DAEMON@relay.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n"
    )
    raw = f"{head}\n--b\n\n{told}\n--b\nContent-Type: message/delivery-status\n\n{fields}\n--b--\n"

    (one,) = read_report(raw.encode()).reported

    assert (one.recipient, one.verdict, one.sure) == (ANN, verdict, True)
