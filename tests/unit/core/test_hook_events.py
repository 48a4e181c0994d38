"""What providers call things, where their own word says more than the server's."""

import pytest

from syndicate.core.bounce_class import BounceClass
from syndicate.core.hook_events import mailgun_events, sendgrid_events

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
