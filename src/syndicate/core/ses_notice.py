"""Read what Amazon SES tells of a message: the JSON of its notifications, mailed or posted."""

import json
import re
from collections.abc import Iterator
from typing import Any

from syndicate.core.bounce_class import BounceClass, judge, judge_feedback

Told = tuple[str, BounceClass, str, str, bool]  # address, class, status, text, sure

_OBJECT = re.compile(r"\{\s*\"")
_PERMANENT = ("General", "NoEmail", "OnAccountSuppressionList")
_ABOUT_US = ("ContentRejected", "AttachmentRejected", "MessageTooLarge")
_TYPES = {"bounce": "bouncedRecipients", "complaint": "complainedRecipients"}


def read_ses(text: str) -> tuple[Told, ...]:
    """Return what a notification or event says of each recipient; nothing when it is no JSON of SES's or tells of no failure."""
    return tuple(_told(_notice(text))) if "ecipients" in text else ()


def ses_headers(text: str) -> dict[str, list[str]]:
    """Return the headers of our message that a notification brings along."""
    mail = _notice(text).get("mail")
    found: dict[str, list[str]] = {}
    headers = mail.get("headers") if isinstance(mail, dict) else None
    for one in headers if isinstance(headers, list) else ():
        if isinstance(one, dict):
            found.setdefault(str(one.get("name", "")).lower(), []).append(str(one.get("value", "")))
    return found


def _notice(text: str) -> dict[str, Any]:  # Any: JSON
    """Return the object in a text; of a notification that SNS mailed, the one inside."""
    start = _OBJECT.search(text)
    try:
        found = json.JSONDecoder(strict=False).raw_decode(text, start.start())[0] if start is not None else {}
    except (ValueError, RecursionError):
        return {}
    inside = found.get("Message") if isinstance(found, dict) else None
    if isinstance(inside, str):
        return _notice(inside)
    return found if isinstance(found, dict) else {}


def _told(notice: dict[str, Any]) -> Iterator[Told]:  # Any: JSON
    kind = str(notice.get("notificationType") or notice.get("eventType") or "").lower()
    about: Any = notice.get(kind)  # Any: JSON
    people = about.get(_TYPES.get(kind, "")) if isinstance(about, dict) else None
    for person in people if isinstance(people, list) else ():
        if not isinstance(person, dict) or not isinstance(person.get("emailAddress"), str):
            continue
        address = person["emailAddress"]
        if kind == "complaint":
            feedback = str(about.get("complaintFeedbackType") or "")
            yield address, judge_feedback(feedback), "", feedback, True
        else:
            yield _bounced(address, person, str(about.get("bounceType", "")), str(about.get("bounceSubType", "")))


def _bounced(address: str, person: dict[str, Any], kind: str, detail: str) -> Told:  # Any: JSON
    text, status = str(person.get("diagnosticCode") or ""), str(person.get("status") or "")
    found = judge(text, status=status)
    if found.kind is BounceClass.POLICY or text:
        return address, found.kind, found.status, text, found.sure
    if kind == "Permanent":
        verdict, sure = BounceClass.HARD, detail in _PERMANENT
    elif detail in _ABOUT_US:
        verdict, sure = BounceClass.POLICY, True
    elif (kind, detail, status) == ("Transient", "General", ""):
        verdict, sure = BounceClass.NONE, False  # what answering machines wrote comes so
    else:
        verdict, sure = BounceClass.SOFT, False
    return address, verdict, found.status, f"{kind} {detail}", sure
