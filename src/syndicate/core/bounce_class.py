"""Judge what a refusal means for a reader, from its enhanced status, its SMTP code and its words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from syndicate.core.bounce_gloss import is_made_of
from syndicate.core.bounce_phase import after_recipient, before_recipient
from syndicate.core.bounce_phrases import Saying, sayings


class BounceClass(StrEnum):
    """What a report means: HARD never try again; POLICY is about us, not the reader; DELAYED and NONE change nothing."""

    HARD = "hard"
    SOFT = "soft"
    POLICY = "policy"
    COMPLAINT = "complaint"
    DELAYED = "delayed"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A class with the status it goes by, "" for none. `sure`: words or status say it; what is only guessed suppresses nobody at once."""

    kind: BounceClass
    status: str
    sure: bool


# Feedback that no reader gave by pressing "this is spam".
_NO_COMPLAINTS = ("not-spam", "auth-failure", "virus", "dmarc", "dkim", "spf", "opinion")
HARD, SOFT, POLICY = BounceClass.HARD, BounceClass.SOFT, BounceClass.POLICY

# Words that outweigh any status: servers put 5.0.0, 5.7.1 and even 5.1.1 on everything.
_DECISIVE = {
    Saying.SENDER: POLICY,
    Saying.FULL: SOFT,
    Saying.PASSING: SOFT,
    Saying.UNKNOWN: HARD,
    Saying.DISABLED: HARD,
    Saying.UNWANTED: POLICY,
    Saying.NOWHERE: HARD,
}
# Words that a status which says something outweighs.
_WEAK = {Saying.TURNED_AWAY: HARD, Saying.BARRED: POLICY, Saying.TROUBLE: SOFT}

# RFC 3463 and its registry; what is not here says nothing. 5.3.4 and 5.2.3 are about our message's size: the reader is there.
_STATUS: dict[str, BounceClass] = {
    **dict.fromkeys(("1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.10", "2.1", "4.4", "4.310"), HARD),
    **dict.fromkeys(("2.2", "2.3", "2.4", "2.122", "1.9"), SOFT),
    **dict.fromkeys(("1.7", "1.8"), POLICY),
}
_SUBJECTS = {"3": SOFT, "4": SOFT, "6": POLICY, "7": POLICY}  # the mail system, routing, content, security
_CODES = {
    "550": HARD,
    "551": HARD,
    "553": HARD,
    "556": HARD,
    "521": HARD,
    "552": SOFT,
    "554": POLICY,
    "571": POLICY,
    "530": POLICY,
}

_SIZE = re.compile(
    r"(?i)(?:message|mail|maximum|fixed) size|size (?:exceeds|limit)|(?:message|mail)\b.{0,40}\btoo (?:big|large)"
)
_LATER = r"(?i)temporar|[,;:]\s+try\s+again|(?:try|again)\s+(?:later|in)|servfail|did\s+not\s+complete|timed?\s?out|(?<!\d)4\d\d[ -]"
_GONE_FOR_GOOD = re.compile(
    r"(?i)mail ?box\s+(?:is\s+)?(?:unavailable|not\s+available)|no\s+longer"
)  # more than that it was refused
_ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,2})\.(\d{1,3})(?![\d.]*\d)")
# A reply code where replies stand, which a number in a sentence is not.
_REPLIED = re.compile(
    r"(?im)(?:(?:^|[:;,(<'\">]|said|returned|error|code|smtp)[ \t]*([45])[0-7]\d(?=[ \-:)'\";,.]|$)|(?<![\d.])([45])[0-7]\d(?=[ -]#?[45]\.\d))"
)
_AFTER_CODE = re.compile(r"(?<!\d)[45]\d\d[ -]+#?([45])\.(\d{1,2})\.(\d{1,3})(?![\d.]*\d)")
_CODE = re.compile(r"(?<![\d.:\[])([45][0-7]\d)(?=[ -](?!\w*@)|:|$)")


def judge(text: str, *, status: str = "", code: int = 0, more: Sequence[str] = ()) -> Judgement:
    """Judge a final refusal. `text` is what the server said, `more` are wider texts that are asked only while nothing is known.

    Words beat a generic status where the two disagree; a status that says something beats weak words; the SMTP code is asked last.
    Whatever was said before the recipient was named, and 5.1.7 and 5.1.8, are about the sender. A status that was made of a bare code says nothing.
    """
    said = " ".join([text, *more[:1]])
    if is_made_of(status, code=find_code(text), said=said):
        found = _judged(text, "", code, more)
        found = found if found.status else replace(found, status=status)
    else:
        found = _judged(text, status, code, more)
    if found.kind is HARD and (found.status[2:] in ("1.7", "1.8") or before_recipient(said)):
        return replace(found, kind=SOFT if "4" in _signs(said, found.status, code) else POLICY, sure=True)
    return found


def _judged(text: str, status: str, code: int, more: Sequence[str]) -> Judgement:
    """Judge by what was said, whenever it was."""
    spoken = find_status(text)
    status = (
        spoken if spoken and (generic(status) or spoken[0] == status[:1]) and not generic(spoken) else status or spoken
    )
    said = sayings(text)
    by_words = _by_words(said, status, text, code)
    if by_words is not None:
        return Judgement(kind=by_words, status=status, sure=by_words is not HARD or _for_ever(text, status, code))
    by_status = _by_status(status)
    if by_status is not None:
        return Judgement(kind=by_status, status=status, sure=by_status is not HARD or _for_ever(text, status, code))
    for place, wider in enumerate(more):
        by_words = _by_words(sayings(wider), status, wider, code)
        if by_words is not None:
            sure = place == 0 and (by_words is not HARD or _for_ever(wider, status, code))
            return Judgement(kind=by_words, status=status or find_status(wider), sure=sure)
        by_status = _by_status(find_status(wider)) if generic(status) else None
        if by_status is not None:
            return Judgement(kind=by_status, status=find_status(wider), sure=False)
        said = said or sayings(wider)
    return _guessed(said, text, status, code, more)


def _guessed(said: tuple[Saying, ...], text: str, status: str, code: int, more: Sequence[str]) -> Judgement:
    """Judge what neither words nor a status say: by when it was refused, by weak words, by the SMTP code."""
    weak = next((_WEAK[one] for one in said if one in _WEAK), None)
    reply = str(code or find_code(" ".join([text, *more])) or "")
    if weak is not SOFT and reply.startswith("5") and after_recipient(" ".join([text, *more[:1]])):
        weak = POLICY  # about the message
    if weak is HARD and (reply.startswith("4") or status.startswith("4.") or reply == "552"):
        weak = SOFT
    guess = weak or _CODES.get(reply) or (SOFT if reply or status[:1] == "4" or not generic(status) else HARD)
    sure = weak is HARD and _for_ever(text, status, code) and _GONE_FOR_GOOD.search(text) is not None
    return Judgement(kind=guess, status=status, sure=sure)


def judge_reply(text: str, *, status: str, code: int) -> Judgement:
    """Judge what a server refused while we spoke to it. What it says of the message's size or of its own trouble is about us.

    The same message goes to many: were that held against readers, one that is too large would cost them all their place.
    """
    found = judge(text, status=status, code=code)
    if found.kind is SOFT and (found.status[2:3] in ("3", "4") or _SIZE.search(text) is not None):
        return Judgement(kind=POLICY, status=found.status, sure=found.sure)
    return found


def _by_words(said: tuple[Saying, ...], status: str, text: str, code: int) -> BounceClass | None:
    """Return what decisive words mean; what passes is not for ever, whatever else they say."""
    strong = next((one for one in said if one in _DECISIVE), None)
    if strong is None:
        return None
    if strong is Saying.SENDER and Saying.DISABLED in said and status in ("5.1.1", "5.2.1"):
        return HARD  # whoever was it that was closed for abuse: the status says that it is the reader
    if strong in (Saying.NOWHERE, Saying.DISABLED) and (
        (Saying.TROUBLE in said and _passing(text)) or (status.startswith("4.") and not generic(status))
    ):
        return SOFT
    if strong is Saying.UNWANTED and status in ("5.1.1", "5.1.2", "5.1.6", "5.1.10", "5.2.2") and not _accuses(text):
        return None
    found, signs = _DECISIVE[strong], _signs(text, status, code)
    # Servers that cannot look a reader up just now, and those that are told to be patient, say 450 and "user unknown".
    return SOFT if found is HARD and signs == {"4"} else found


def _signs(text: str, status: str, code: int) -> set[str]:
    """Return how the reply codes and the status begin that say whether a refusal is for ever, 5, or passes, 4."""
    replies = {found[1] or found[2] for found in _REPLIED.finditer(text[:4_000])}
    reply = str(code)[:1] if code else "5" if "5" in replies else "".join(replies)
    return {one for one in (reply, "" if generic(status) else status[0]) if one in ("4", "5")}


def _for_ever(text: str, status: str, code: int) -> bool:
    return not status.startswith("4") and "4" not in _signs(text, status, code)


def _passing(text: str) -> bool:
    return re.search(_LATER, text) is not None and re.search(r"(?i)nxdomain|non-?existent", text) is None


def _accuses(text: str) -> bool:
    """Tell whether words are about spam, lists or who we are, rather than about rules in general."""
    return (
        re.search(
            r"(?i)spam|junk|black|block|\brbl\b|dnsbl|\bip\b|reput|dmarc|\bspf\b|dkim|\b[eh][eh]lo\b|virus|content|unsolicited",
            text,
        )
        is not None
    )


def _by_status(status: str) -> BounceClass | None:
    if not status or status[0] not in "45":
        return None
    found = _STATUS.get(status[2:]) or (None if generic(status) else _SUBJECTS.get(status[2:3]))
    if status[0] == "4" and found is HARD:
        return SOFT
    return found or (SOFT if status[0] == "4" and not generic(status) else None)


def judge_feedback(kind: str) -> BounceClass:
    """Judge feedback by its type (RFC 5965), which mail providers name in the same words; one without a type is a complaint."""
    return BounceClass.NONE if kind.strip().lower() in _NO_COMPLAINTS else BounceClass.COMPLAINT


def find_status(text: str) -> str:
    """Return the enhanced status (RFC 3463) that stands in a server's words, or ""; one behind a reply code is taken first."""
    found = _AFTER_CODE.search(text) or next((one for one in _ENHANCED.finditer(text) if one[1] != "2"), None)
    return "" if found is None else f"{found[1]}.{int(found[2])}.{int(found[3])}"


def find_code(text: str) -> int:
    """Return the SMTP reply code that stands in a server's words, or 0."""
    found = _CODE.search(text)
    return 0 if found is None else int(found[1])


def generic(status: str) -> bool:
    """Tell whether a status says no more than that something failed."""
    return (
        not status
        or status[2:] in ("0.0", "9.9")
        or (status.endswith(".0") and status[2:] not in ("1.0", "7.0"))
        or status[2:3] == "5"
        or status == "4.7.0"
    )
