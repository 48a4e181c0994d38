"""Read a report that came back: whom it speaks of, and what it means for each of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from syndicate.core.bounce_class import BounceClass, Judgement, find_status, judge, judge_feedback
from syndicate.core.bounce_detectors import detect
from syndicate.core.bounce_gloss import without_gloss
from syndicate.core.bounce_phrases import LONGEST
from syndicate.core.bounce_sender import without_ours
from syndicate.core.report_addresses import (
    addressees,
    addresses_in,
    cleaned,
    delivered,
    forwarded_from,
    our_domains,
    ours,
    recipients_of,
    spoken_of,
)
from syndicate.core.report_answers import is_automatic
from syndicate.core.report_delays import is_delay
from syndicate.core.report_fields import Fields
from syndicate.core.report_kinds import is_about_our_mailbox, is_bounce, is_complaint_without_fields, is_evident
from syndicate.core.report_parts import ReportParts, decoded, in_ascii, take_apart
from syndicate.core.ses_notice import read_ses, ses_headers

LONGEST_TEXT = 500
AROUND = 1_500
MOST_GROUPS = 200  # recipients of one report; ours have one each, and a hostile one may name any number
CROWD = 10  # recipients beyond which each is judged by what stands in his own block alone
# How a line begins that is about somebody else.
_OTHER = r"(?i)\n[ \t<*•-]*(?:\d{1,3}[.)][ \t]*)?(?:(?:>>> )?rcpt to: ?<|[45]\d\d[ -](?:[45]\.\d\.\d )?<)?"
_REASON = re.compile(
    r"\(reason: ([^\n]{3,400})\)[ \t]*\n"
)  # Sendmail: the server's own words, where the rest is Sendmail's
_REPLY = re.compile(r"(?<![\d.])[45]\d\d[ -]#?[245]\.\d{1,3}\.\d{1,3}[^\n]{3,400}")  # what a server said, for people


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """What a report says of one recipient; None when it names nobody. `kind` is dsn, arf or other.

    `aliases` are other addresses it has for the same recipient. `sure` is false where the class is only a guess. `returned` are the
    headers of our message, where a mail provider's event has them; those of a report stand in `Report`.
    """

    recipient: str | None
    kind: str
    status: str
    verdict: BounceClass
    text: str = ""
    sure: bool = True
    aliases: tuple[str, ...] = ()
    returned: Fields = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report read: what it says of each recipient, and what may prove that it speaks of a message of ours.

    `came_to` are the addresses that the report itself was sent to, for a return path of ours; `returned` the headers of our message.
    """

    reported: tuple[Reported, ...]
    came_to: tuple[str, ...]
    returned: Fields


NOBODY = Reported(recipient=None, kind="other", status="", verdict=BounceClass.NONE)


def read_report(raw: bytes, *, domain: str = "") -> Report:
    """Read any bytes as a report; a message that reports nobody has one entry without recipient. `domain` is ours."""
    raw = in_ascii(raw)
    parts = replace(take_apart(raw), domain=domain)
    names = ("to", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-rcpt-to", "x-delivered-to")
    came_to = tuple(
        dict.fromkeys(one for name in names for value in parts.headers.get(name, ()) for one in addresses_in(value))
    )
    found = _feedback(parts) or _status_groups(parts) or _told_by_ses(parts) or _in_words(raw, parts)
    returned = parts.returned or ses_headers(parts.text)
    return Report(reported=found or (NOBODY,), came_to=came_to, returned=returned)


# -- feedback reports, RFC 5965


def _feedback(parts: ReportParts) -> tuple[Reported, ...]:
    fields = parts.feedback
    if fields is None:
        if not is_complaint_without_fields(parts):
            return ()
        fields = {}
    kind = next(iter(fields.get("feedback-type", ())), "abuse").strip().lower()
    named = [one for name in ("original-rcpt-to", "removal-recipient") for one in fields.get(name, ())]
    recipients = [one for value in named if (one := cleaned(value)) is not None] or list(addressees(parts.returned))[:1]
    whole = Reported(
        recipient=None,
        kind="arf",
        status="",
        verdict=judge_feedback(kind),
        text=f"feedback: {kind}"[:LONGEST_TEXT],
    )
    readers = [one for one in dict.fromkeys(recipients) if not re.match(r"(?i)redacted|undisclosed", one)]
    return tuple(replace(whole, recipient=one) for one in readers) or (whole,)


# -- delivery status, RFC 3464


def _status_groups(parts: ReportParts) -> tuple[Reported, ...]:
    groups = [
        group
        for group in parts.groups
        if {"final-recipient", "original-recipient", "action", "x-actual-recipient"} & set(group)
    ][:MOST_GROUPS]
    found: dict[str, Reported] = {}
    for group in groups:
        one = _status_group(group, parts, number=len(groups))
        key = (one.recipient or "").lower()
        if key not in found or found[key].verdict in (BounceClass.NONE, BounceClass.DELAYED):
            found[key] = one
    if any(found) and "" in found:
        del found[""]
    return tuple(found.values())


def _status_group(group: Fields, parts: ReportParts, *, number: int) -> Reported:
    alone = number == 1
    known = recipients_of(group, parts.returned if alone else None)
    diagnostic = " ".join(
        decoded(value)
        for name in ("diagnostic-code", "x-diagnostic-code", "x-display-name")
        for value in group.get(name, ())
    )
    if not known and alone:
        known = list(addresses_in(diagnostic)[:1] or spoken_of(parts)[:1])
    recipient = known[0] if known else None
    if alone:
        known += [*addressees(parts.returned)[:1], *forwarded_from(parts.text)]
    verdict = _judged_group(group, parts, diagnostic, known, number=number)
    return Reported(
        recipient=recipient,
        kind="dsn",
        status=verdict.status,
        verdict=verdict.kind,
        text=" ".join(diagnostic.split())[:LONGEST_TEXT],
        sure=verdict.sure,
        aliases=_aliases(known),
    )


def _aliases(known: Sequence[str]) -> tuple[str, ...]:
    """Return the other names of the first of some addresses."""
    return tuple(dict.fromkeys(one for one in known[1:] if one.lower() != known[0].lower()))


def _judged_group(
    group: Fields, parts: ReportParts, diagnostic: str, known: Sequence[str], *, number: int
) -> Judgement:
    action = " ".join(group.get("action", ())).strip().lower()
    comment = " ".join(group.get("status", ()))
    status = find_status(comment) or (comment.strip() if re.fullmatch(r"2\.\d+\.\d+", comment.strip()) else "")
    if action.startswith("delay") or (not action.startswith("fail") and is_delay(parts)):
        return Judgement(kind=BounceClass.DELAYED, status=status, sure=True)
    if action.startswith(("deliver", "relay", "expand")) or (status.startswith("2") and not action.startswith("fail")):
        return Judgement(kind=BounceClass.NONE, status=status, sure=True)
    # The reply that counts is the server's own; what people are told around it is asked only when that says nothing.
    wider = [] if number > CROWD else [without_gloss(parts.text[:AROUND])]
    if wider and number > 1 and known:
        wider.insert(0, without_gloss(_around(parts.text, known[0])))
    diagnostic = diagnostic or (_quoted(parts.text, known[0], alone=number == 1) if wider and known else "")
    text, *more = _with_ours_marked((f"{diagnostic} {_comment_of(comment)}", *wider), parts, known)
    return judge(text, status=status, more=more)


def _quoted(text: str, recipient: str, *, alone: bool) -> str:
    """Return the server's reply that a text quotes where it names a recipient, "" where it quotes none."""
    if not alone and recipient.lower() not in text.lower():
        return ""
    reply = _REPLY.search(without_gloss(_around(text, recipient)))
    return "" if reply is None else reply[0]


def _with_ours_marked(texts: Sequence[str], parts: ReportParts, about: Sequence[str]) -> list[str]:
    """Mark what is ours in a server's words, but for whom the report is about and his domain: we may write to ourselves."""
    his = {one.lower() for one in about}
    addresses = ours(parts) - his
    domains = our_domains(parts) - {one.rpartition("@")[2] for one in his}
    return [without_ours(text[:LONGEST], addresses, domains) for text in texts]


def _comment_of(status: str) -> str:
    return " ".join(re.findall(r"\(([^()]{3,200})\)", status)) or ("" if find_status(status) else status[:200])


# -- everything else


def _told_by_ses(parts: ReportParts) -> tuple[Reported, ...]:
    return tuple(
        Reported(
            recipient=cleaned(address),
            kind="arf" if verdict is BounceClass.COMPLAINT else "dsn",
            status=status,
            verdict=verdict,
            text=text[:LONGEST_TEXT],
            sure=sure,
        )
        for address, verdict, status, text, sure in read_ses(parts.text)
    )


def _in_words(raw: bytes, parts: ReportParts) -> tuple[Reported, ...]:
    if is_automatic(parts):
        return ()
    failed = tuple(
        dict.fromkeys(one for value in parts.headers.get("x-failed-recipients", ()) for one in addresses_in(value))
    )
    delayed: tuple[str, ...] = ()
    if not failed:
        delayed, failed = (_without_ours(found, parts) for found in detect(raw))
    if not failed and not delayed:
        if not is_bounce(parts):
            return ()
        failed = spoken_of(parts)
        if not failed and (is_about_our_mailbox(parts) or not is_evident(parts)):
            return ()
    late = is_delay(parts)
    alone = len(failed) + len(delayed) <= 1
    found = [_worded(one, parts, late=late, alone=alone) for one in failed]
    found += [_worded(one, parts, late=True, alone=alone) for one in delayed]
    found = found or [_worded(None, parts, late=late, alone=True)]
    # Any letter may say that something was not delivered; nobody is given up for that alone.
    return tuple(found if is_evident(parts) else [replace(one, sure=False) for one in found])


def _without_ours(found: Sequence[str], parts: ReportParts) -> tuple[str, ...]:
    """Leave out who sent our message, and who got it: some detectors take the first address that an error stands behind."""
    own, text = ours(parts) | delivered(parts.text), parts.text.lower()
    return tuple(one for one in found if one.lower() not in own and f"mail from:<{one.lower()}>" not in text)


def _worded(recipient: str | None, parts: ReportParts, *, late: bool, alone: bool) -> Reported:
    near = _around(parts.text, recipient) if recipient else parts.text[:AROUND]
    known = [] if recipient is None else [recipient]
    if known and alone:
        known += [*addressees(parts.returned)[:1], *forwarded_from(parts.text)]
    found = Judgement(kind=BounceClass.DELAYED, status=find_status(near), sure=True)
    if not late:
        said, whole = _REASON.search(near), (parts.text[: 2 * AROUND], parts.header("subject"))
        wider = whole if said is None and alone else (near, *whole)
        texts = [without_gloss(one) for one in (near if said is None else said[1], *wider)]
        text, *more = _with_ours_marked(texts, parts, known)
        found = judge(text, more=more)
        if not found.status:
            found = replace(found, status=find_status(parts.text[:AROUND]))
    return Reported(
        recipient=recipient,
        kind="other",
        status=found.status,
        verdict=found.kind,
        text=" ".join(near.split())[:LONGEST_TEXT],
        sure=found.sure,
        aliases=_aliases(known),
    )


def _around(text: str, recipient: str) -> str:
    """Return what a text says of a recipient: from where he is named to where another is."""
    place = text.lower().find(recipient.lower())
    if place < 0:
        return text[:AROUND]
    start = text.rfind("\n", 0, place) + 1
    rest = text[start : start + AROUND]
    others: Sequence[str] = [one for one in addresses_in(rest) if one.lower() != recipient.lower()]
    ends = [found.start() for one in others if (found := re.search(_OTHER + re.escape(one), rest)) is not None]
    return rest[: min(ends)] if ends else rest
