"""What providers call things, where their own word says more than the server's."""

import json

import pytest

from syndicate.core.bounce_class import BounceClass
from syndicate.core.hook_events import mailgun_events, sendgrid_events, ses_events

ANN = "ann@readers.example"


@pytest.mark.parametrize(
    ("reason", "wanted"),
    [
        ("", BounceClass.POLICY),
        ("550 not taken, no reason given", BounceClass.POLICY),
        ("550 5.1.1 no such user", BounceClass.HARD),
        ("552 5.2.2 mailbox full", BounceClass.SOFT),
    ],
)
def test_sendgrid_calls_a_refusal_blocked(reason: str, wanted: BounceClass) -> None:
    """That decides only where the server's words do not."""
    event = {"event": "bounce", "type": "blocked", "email": ANN, "reason": reason, "sg_event_id": "1"}

    assert [(number, one.verdict) for number, one in sendgrid_events([event])] == [("1", wanted)]


@pytest.mark.parametrize(
    ("reason", "wanted"),
    [
        ("suppress-bounce", BounceClass.HARD),
        ("suppress-complaint", BounceClass.COMPLAINT),
        ("bounce", BounceClass.SOFT),
        ({}, BounceClass.SOFT),
    ],
)
def test_mailgun_did_not_try(reason: object, wanted: BounceClass) -> None:
    """Since the reader is on a list of theirs."""
    told = {"code": 605, "message": "temporarily not delivered"}
    event = {"event": "failed", "severity": "permanent", "reason": reason, "recipient": ANN, "delivery-status": told}

    assert [one.verdict for one in mailgun_events({"event-data": event})] == [wanted]


def test_who_left_at_mailgun_is_not_gone() -> None:
    """They keep a list of those who unsubscribed there, and try none of them."""
    told = {"code": 606, "message": "not delivered to an address that has unsubscribed"}
    event = {"event": "failed", "severity": "permanent", "reason": "suppress-unsubscribe", "recipient": ANN}

    assert mailgun_events({"event-data": {**event, "delivery-status": told}}) == ()


@pytest.mark.parametrize(
    ("reason", "wanted"),
    [
        ("Bounced Address", [BounceClass.HARD]),
        ("Invalid", [BounceClass.HARD]),
        ("Invalid SMTPAPI header", []),
        ("Unknown error", []),
        ("Unsubscribed Address", []),
        ("Spam Reporting Address", [BounceClass.COMPLAINT]),
    ],
)
def test_sendgrid_did_not_try(reason: str, wanted: list[BounceClass]) -> None:
    """Only some of its reasons are about the reader."""
    event = {"event": "dropped", "email": ANN, "reason": reason, "sg_event_id": "1"}

    assert [one.verdict for _, one in sendgrid_events([event])] == wanted


@pytest.mark.parametrize(
    ("feedback", "wanted"),
    [
        ("abuse", BounceClass.COMPLAINT),
        (None, BounceClass.COMPLAINT),
        ("fraud", BounceClass.COMPLAINT),
        ("not-spam", BounceClass.NONE),
        ("auth-failure", BounceClass.NONE),
        ("virus", BounceClass.NONE),
    ],
)
def test_not_all_feedback_is_a_complaint(feedback: str | None, wanted: BounceClass) -> None:
    """As in a feedback report."""
    told = {"complainedRecipients": [{"emailAddress": ANN}], "complaintFeedbackType": feedback}

    assert [one.verdict for one in ses_events(json.dumps({"eventType": "Complaint", "complaint": told}))] == [wanted]


@pytest.mark.parametrize(
    ("kind", "detail", "facts", "wanted", "sure"),
    [
        ("Permanent", "General", {}, BounceClass.HARD, True),
        ("Permanent", "Unheard", {}, BounceClass.HARD, False),
        ("Transient", "MailboxFull", {}, BounceClass.SOFT, False),
        ("Transient", "ContentRejected", {}, BounceClass.POLICY, True),
        ("Transient", "AttachmentRejected", {}, BounceClass.POLICY, True),
        ("Transient", "MessageTooLarge", {}, BounceClass.POLICY, True),
        ("Transient", "General", {}, BounceClass.NONE, False),
        ("Transient", "General", {"status": "4.4.7"}, BounceClass.SOFT, False),
        ("Transient", "General", {"diagnosticCode": "smtp; 552 5.2.2 full"}, BounceClass.SOFT, True),
        ("Undetermined", "Undetermined", {}, BounceClass.SOFT, False),
    ],
)
def test_ses_has_words_of_its_own(
    kind: str, detail: str, facts: dict[str, str], wanted: BounceClass, sure: bool
) -> None:
    """They count where it does not tell what the server said; a passing failure without anything else is an answering machine's letter."""
    told = {"bounceType": kind, "bounceSubType": detail, "bouncedRecipients": [{"emailAddress": ANN, **facts}]}

    (one,) = ses_events(json.dumps({"notificationType": "Bounce", "bounce": told}))

    assert (one.verdict, one.sure) == (wanted, sure)


def test_an_event_brings_what_it_has_of_our_headers() -> None:
    """Amazon all of them, where it is told to; SendGrid and Mailgun the Message-ID, with its brackets and without."""
    wanted = {"message-id": ["<a@b.example>"]}
    mail = {"headers": [{"name": "Message-ID", "value": "<a@b.example>"}]}
    complaint = {"complainedRecipients": [{"emailAddress": ANN}], "complaintFeedbackType": "abuse"}
    (amazon,) = ses_events(json.dumps({"notificationType": "Complaint", "complaint": complaint, "mail": mail}))
    sent = {"event": "spamreport", "email": ANN, "sg_event_id": "1", "smtp-id": "<a@b.example>"}
    ((_, sendgrid),) = sendgrid_events([sent])
    message = {"headers": {"message-id": "a@b.example"}}
    (mailgun,) = mailgun_events({"event-data": {"event": "complained", "recipient": ANN, "message": message}})

    assert amazon.returned == sendgrid.returned == mailgun.returned == wanted
