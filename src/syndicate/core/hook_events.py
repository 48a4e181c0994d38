"""Read what mail providers post about our messages: bounces and complaints, each in its own words."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from syndicate.core.bounce import Reported
from syndicate.core.bounce_class import BounceClass, judge
from syndicate.core.report_addresses import cleaned
from syndicate.core.ses_notice import read_ses, ses_headers

JSON = Any  # Any: what a provider posts
_POSTMARK = {
    "HardBounce": BounceClass.HARD,
    "BadEmailAddress": BounceClass.HARD,
    "InactiveRecipient": BounceClass.HARD,
    "SoftBounce": BounceClass.SOFT,
    "Transient": BounceClass.DELAYED,
    "DnsError": BounceClass.SOFT,
    "Undeliverable": BounceClass.SOFT,
    "Unknown": BounceClass.SOFT,
    "SpamNotification": BounceClass.POLICY,
    "Blocked": BounceClass.POLICY,
    "DMARCPolicy": BounceClass.POLICY,
    "SMTPApiError": BounceClass.POLICY,
    "VirusNotification": BounceClass.POLICY,
    "SpamComplaint": BounceClass.COMPLAINT,
}
_MAILGUN = {"suppress-bounce": BounceClass.HARD, "suppress-complaint": BounceClass.COMPLAINT}
# What SendGrid says of an address; "Invalid SMTPAPI header" and "Unknown error" are about us and about them.
_SENDGRID = dict.fromkeys(
    ("bounced address", "invalid", "invalid address", "invalid email", "invalid email address"), BounceClass.HARD
) | {"spam reporting address": BounceClass.COMPLAINT}


def ses_events(message: str) -> tuple[Reported, ...]:
    """Read the message inside a notification of SES."""
    returned = ses_headers(message)
    return tuple(
        replace(_reported(address, verdict, status=status, text=text, sure=sure), returned=returned)
        for address, verdict, status, text, sure in read_ses(message)
    )


def postmark_events(body: JSON) -> tuple[Reported, ...]:
    """Read one event of Postmark."""
    if not isinstance(body, Mapping) or body.get("RecordType") not in ("Bounce", "SpamComplaint"):
        return ()
    kind = "SpamComplaint" if body["RecordType"] == "SpamComplaint" else str(body.get("Type", ""))
    verdict = _POSTMARK.get(kind)
    if verdict is None:
        return ()
    text = f"{body.get('Description', '')} {body.get('Details', '')}".strip()
    return (_reported(str(body.get("Email", "")), verdict, status="", text=text, sure=True),)


def sendgrid_events(body: JSON) -> Iterator[tuple[str, Reported]]:
    """Yield the events of SendGrid that are about failures, each with its id."""
    for event, (number, found) in _sendgrid_events(body):
        yield number, replace(found, returned=_returned(event.get("smtp-id")))


def _sendgrid_events(body: JSON) -> Iterator[tuple[Mapping[str, JSON], tuple[str, Reported]]]:
    for one in body if isinstance(body, list) else ():
        if not isinstance(one, Mapping):
            continue
        address, reason, status = (str(one.get(name) or "") for name in ("email", "reason", "status"))
        event, number = str(one.get("event", "")), str(one.get("sg_event_id", ""))
        if event == "spamreport":
            yield one, (number, _reported(address, BounceClass.COMPLAINT, status="", text=event, sure=True))
        elif event == "deferred":
            yield one, (number, _reported(address, BounceClass.DELAYED, status=status, text=reason, sure=True))
        elif event == "bounce":
            found = _judged(address, reason, status=status)
            blocked = one.get("type") == "blocked" and not found.sure  # their word for a refusal that is not about him
            yield one, (number, replace(found, verdict=BounceClass.POLICY) if blocked else found)
        elif event == "dropped" and (listed := _SENDGRID.get(reason.strip().lower())) is not None:
            yield one, (number, _reported(address, listed, status="", text=reason, sure=True))


def mailgun_events(body: JSON) -> tuple[Reported, ...]:
    """Read one event of Mailgun."""
    event = body.get("event-data") if isinstance(body, Mapping) else None
    if not isinstance(event, Mapping):
        return ()
    message = event.get("message")
    headers = message.get("headers") if isinstance(message, Mapping) else None
    returned = _returned(headers.get("message-id") if isinstance(headers, Mapping) else None)
    return tuple(replace(one, returned=returned) for one in _mailgun_events(event))


def _mailgun_events(event: Mapping[str, JSON]) -> tuple[Reported, ...]:
    address, name = str(event.get("recipient", "")), event.get("event")
    if name == "complained":
        return (_reported(address, BounceClass.COMPLAINT, status="", text="complained", sure=True),)
    if name != "failed":
        return ()
    told = event.get("delivery-status")
    facts: Mapping[str, JSON] = told if isinstance(told, Mapping) else {}
    text = " ".join(str(facts.get(key) or "") for key in ("message", "description")).strip()
    if event.get("severity") == "temporary":
        return (_reported(address, BounceClass.DELAYED, status="", text=text, sure=True),)
    reason = str(event.get("reason"))
    listed = _MAILGUN.get(reason)
    if listed is None and reason.startswith("suppress-"):  # he left there; that is his wish, and no failure
        return ()
    if listed is not None:  # it did not even try: he is on a list of theirs
        return (_reported(address, listed, status="", text=text, sure=True),)
    code = facts.get("code")
    return (
        _judged(address, text, status=str(facts.get("enhanced-code") or ""), code=code if isinstance(code, int) else 0),
    )


def mailgun_name(body: JSON) -> str:
    """Return the id of an event of Mailgun, which stays the same when it is posted again under another signature; "" without one."""
    event = body.get("event-data") if isinstance(body, Mapping) else None
    name = event.get("id") if isinstance(event, Mapping) else None
    return name if isinstance(name, str) else ""


def _returned(number: JSON) -> dict[str, list[str]]:
    """Return the Message-ID that a provider has of our message, which some write without its brackets, as the header that it was."""
    bare = number.strip().strip("<>") if isinstance(number, str) else ""
    return {"message-id": [f"<{bare}>"]} if bare else {}


def _judged(address: str, text: str, *, status: str, code: int = 0) -> Reported:
    found = judge(text, status=status, code=code)
    return _reported(address, found.kind, status=found.status, text=text, sure=found.sure)


def _reported(address: str, verdict: BounceClass, *, status: str, text: str, sure: bool) -> Reported:
    return Reported(
        recipient=cleaned(address),
        kind="arf" if verdict is BounceClass.COMPLAINT else "dsn",
        status=status,
        verdict=verdict,
        text=text[:500],
        sure=sure,
    )
