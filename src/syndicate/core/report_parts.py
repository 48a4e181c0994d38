"""Take a report that came back apart: its headers, its texts, its machine-readable fields, and what it returns of our message."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from html import unescape
from itertools import islice

from syndicate.core.report_fields import Fields, fields_of, first_block, groups_of

MOST_BYTES = (
    2 * 1024 * 1024
)  # the fields and the reason stand before the returned message; nobody needs the rest of a huge one
MOST_TEXT = 200_000
MOST_PARTS = 200
MOST_MULTIPARTS = 200  # each looks for the ends of all that it is nested in

# The standard parser would take nested messages apart, as deep as a hostile one nests them; as texts they stay leaves.
_NESTED = re.compile(rb"^(content-type:[ \t]*(?:\r?\n[ \t]+)?)message/", re.IGNORECASE | re.MULTILINE)
# The standard parser takes time by the square of a header's parameters; nobody's has so many.
_OVERLONG = re.compile(
    rb"^(content-[\w-]{1,40}:(?:[^\n]|\n[ \t]){4000})(?:[^\n]|\n[ \t])+", re.IGNORECASE | re.MULTILINE
)
# Some servers begin the second line of this header without a blank; no other header has such a name.
_UNINDENTED = re.compile(
    rb"^(content-type:[^\n]{1,200};)[ \t]*\n((?:boundary|report-type|charset)=)", re.IGNORECASE | re.MULTILINE
)
_BOUNDARY = re.compile(rb"\bboundary[ \t]*=", re.IGNORECASE)
_GROUP_IN_TEXT = re.compile(r"(?im)^(?:final|original)-recipient:[ \t]*[\w-]+[ \t]*;[^\n]*@")
_ACTION = re.compile(r"(?im)^action:[ \t]*\w")
# Where an address that is longer than a line was cut in two.
_CUT_ADDRESS = re.compile(r"(@[\w.-]{4,200})\n[ \t]*(?=\.\w)|([\w.+-]{20,64})\n[ \t]*(?=@[\w-]+\.\w)")
_BEGINNINGS = (b"\xff\xfe", b"\xfe\xff")
_BREAKS = re.compile(r"(?i)<(?:br|/p|/div|/tr|/li|/h\d|/td|/pre|hr)\b[^>]{0,500}>")
_HIDDEN = {"<style": "</style", "<script": "</script", "<head>": "</head", "<!--": "-->"}
_HIDING = re.compile("|".join(_HIDDEN), re.IGNORECASE)
_MARK = re.compile(r"</?[a-zA-Z][a-zA-Z0-9:]{0,30}(?:\s[^<>]{0,2000})?/?>|<![^<>]{0,2000}>")
_RETURNED_AFTER = re.compile(
    r"(?im)^[-=_*> \t|.+]*(?:"
    r"(?:this is|below this line is|included is|here is|following is|the following is)[^\n]{0,20}? (?:a )?copy of (?:the|your)[^\n]*"
    r"|(?:the )?(?:original|returned|undelivered|unsent|bounced) (?:message|mail)(?: (?:follows|below|headers?|text|attached|starts here|(?:is )?(?:included|attached)[^\n]*))?"
    r"|(?:text|headers?|body|beginning|start) of (?:the |your )?(?:original|returned|undelivered) (?:message|mail|e-?mail)[^\n]*"
    r"|(?:original|returned|unsent|undelivered) (?:message|mail|e-?mail)(?: headers?)?(?: (?:follows|was|text|is included below|below)[^\n]{0,60})?"
    r"|message headers? (?:follows?|:)|header of (?:the )?original message|(?:the )?message header(?:s)? (?:is|are) (?:as )?follows?[^\n]*"
    r"|orig(?:inal)?[- ]?message|message contents follow|forwarded message|first \d+ lines of[^\n]*|start of returned message"
    r"|your original message (?:is|follows|was|header)[^\n]*|copy of (?:your|the original) message[^\n]*"
    r")[-=_*< \t|.:+]*$"
)
_HEADER_RUN = re.compile(
    r"(?im)^[ \t>|]{0,4}(?:Return-Path|Received|Message-I[dD]|From|To|Subject|Date|X-[\w-]+|MIME-Version|DKIM-Signature|Content-Type|Reply-To)[ \t]?:[^\n]*"
    r"(?:\n[ \t>|]{0,4}(?:[A-Za-z][\w-]*[ \t]?:|[ \t]+)[^\n]*){3,}"
)
_RECEIVED = re.compile(r"(?m)^[ \t>|]{0,4}Received:[ \t]?(?:from|by|\()")
_REPORTER = re.compile(r"(?i)mailer-?daemon|postmaster@|mail delivery (?:sub)?system")
_REASON_AFTER = re.compile(r"(?i)recipient|reason|could not|undeliver|fail|error|(?<!\d)[45]\d\d[ -]")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportParts:
    """A report taken apart. `text` is what it says to people, up to where our message begins.

    `groups` are the blocks of its delivery-status parts, `feedback` the fields of a feedback report; `returned` the headers of our message
    that came along, None when none did. `type` is the whole's content type with its report-type, `domain` one that is known to be ours.
    """

    headers: Fields
    text: str
    groups: tuple[Fields, ...]
    feedback: Fields | None
    returned: Fields | None
    type: str
    domain: str = ""

    def header(self, name: str) -> str:
        """Return the first header of that name, decoded."""
        return decoded(next(iter(self.headers.get(name, ())), ""))


def take_apart(raw: bytes, *, inside: bool = False) -> ReportParts:
    """Take any bytes apart; whatever cannot be read as mail is all text. A report that is forwarded whole is read `inside`."""
    raw = in_ascii(raw)
    try:
        message = BytesParser(policy=compat32).parsebytes(
            _NESTED.sub(rb"\1text/x-message-", _OVERLONG.sub(rb"\1", raw))
        )
        leaves = list(_leaves(message))
        type_, headers = _type_of(message), _fields_of_message(message)
    except (RecursionError, ValueError, TypeError, AttributeError, LookupError, IndexError, MessageError):
        # What the standard parser stumbles over in broken MIME; the report is read as one text.
        text = raw.decode("utf-8", "replace")[:MOST_TEXT]
        head, _, body = text.replace("\r\n", "\n").partition("\n\n")
        own, returned = split_returned(body)
        return ReportParts(
            headers=fields_of(head), text=own, groups=(), feedback=None, returned=returned, type="text/plain"
        )
    parts = _sort_out(headers, type_, leaves)
    whole = next((text for kind, text in leaves if "rfc822" in kind or "global" in kind), None)
    about = " ".join((parts.returned or {}).get("content-type", ()))
    if not inside and whole is not None and not parts.groups and parts.feedback is None and "multipart/report" in about:
        return replace(take_apart(whole.encode("utf-8", "surrogateescape"), inside=True), headers=parts.headers)
    return parts


def _sort_out(headers: Fields, type_: str, leaves: Sequence[tuple[str, str]]) -> ReportParts:
    """Give each leaf its meaning."""
    texts, pages, groups = [], [], []
    feedback: Fields | None = None
    returned: Fields | None = None
    for kind, text in leaves:
        if kind.endswith("delivery-status"):
            groups += groups_of(text)
        elif kind.endswith("feedback-report"):
            feedback = fields_of(text)
        elif kind in (
            "text/x-message-rfc822",
            "text/x-message-global",
            "text/rfc822-headers",
            "text/rfc822",
            "text/x-message-global-headers",
        ):
            returned = returned or fields_of(first_block(text)) or None
        elif kind in ("text/html", "text/xhtml"):
            pages.append(plain_of(text))
        elif kind.startswith("text/") and returned is None:
            texts.append(text)
    if not groups:
        groups = [
            fields_of(block)
            for text in texts
            for block in re.split(r"\n[ \t]*\n", text)
            if _GROUP_IN_TEXT.search(block) and _ACTION.search(block)
        ]
    own, in_text = split_returned("\n".join(texts))
    if len(own.strip()) < 40 and pages:
        own, in_text = split_returned("\n".join([own, *pages]))
    return ReportParts(
        headers=headers,
        text=_CUT_ADDRESS.sub(r"\1\2", own[:MOST_TEXT]),
        groups=tuple(groups),
        feedback=feedback,
        returned=returned if returned is not None else in_text,
        type=type_,
    )


def split_returned(text: str, *, forwarded: bool = False) -> tuple[str, Fields | None]:
    """Return what a text says before it quotes our message, and the headers that it quotes, if any; of a report that is `forwarded`, its own."""
    marked = _RETURNED_AFTER.search(text)
    if marked is not None and text[: marked.start()].strip() and _RECEIVED.search(text, 0, marked.start()) is None:
        rest = text[marked.end() :].lstrip()
        quoted = fields_of(re.sub(r"(?m)^[ \t]*[>|][ \t]?", "", first_block(rest)))
        if not forwarded and _REPORTER.search(" ".join(quoted.get("from", ()))):
            return split_returned(rest[len(first_block(rest)) :], forwarded=True)
        if {"from", "to", "subject", "message-id", "received"} & set(quoted):
            return text[: marked.start()], quoted
        run = _HEADER_RUN.search(rest)
        return text[: marked.start()], None if run is None else fields_of(_unquoted(run[0]))
    run = _HEADER_RUN.search(text)
    if run is None or not text[: run.start()].strip():
        return text, None
    quoted, rest = fields_of(_unquoted(run[0])), text[run.end() :]
    if not {"received", "message-id", "return-path"} & set(quoted):
        return text, None  # a list of what the report is about, rather than our message
    if "received" not in quoted and _REASON_AFTER.search(rest) is not None:
        return text[
            : run.start()
        ] + rest, quoted  # some servers name our message first and say what became of it afterwards
    return text[: run.start()], quoted


def plain_of(page: str) -> str:
    """Return the words of an HTML page, a line for each of its lines."""
    text = _BREAKS.sub("\n", _without_hidden(page[:MOST_TEXT]))
    return re.sub(r"[ \t\xa0]+", " ", unescape(_MARK.sub("", text)))


def _without_hidden(page: str) -> str:
    kept, lower, place = [], page.lower(), 0
    while (found := _HIDING.search(page, place)) is not None:
        kept.append(page[place : found.start()])
        end = lower.find(_HIDDEN[found[0].lower()], found.end())
        if end < 0:
            break
        place = end + 3
    else:
        kept.append(page[place:])
    return " ".join(kept)


def decoded(value: str) -> str:
    """Return a header's words, RFC 2047 decoded as far as it can be."""
    if "=?" not in value:
        return value
    try:
        return str(make_header(decode_header(value[:2000])))
    except (ValueError, LookupError, MessageError, AttributeError, TypeError):
        return value


def _unquoted(block: str) -> str:
    return re.sub(r"(?m)^[ \t]*[>|][ \t]?|^[ ]{1,4}(?=[A-Za-z-]+:)", "", block)


def _leaves(message: Message) -> Iterator[tuple[str, str]]:
    """Yield the content type and the text of the parts that hold text."""
    waiting, seen = [message], 0
    while waiting and seen < MOST_PARTS:
        part = waiting.pop(0)
        seen += 1
        payload = part.get_payload()
        if isinstance(payload, list):
            waiting[:0] = [one for one in payload if isinstance(one, Message)]
        elif seen > 1 and part["message-id"] and part["from"]:  # our message itself, put in without a type of its own
            yield "text/rfc822-headers", "\n".join(f"{name}: {value}" for name, value in part.items()[:200])
        elif part.get_content_maintype() == "text" or seen == 1:
            # A multipart that has no parts at all is one text.
            yield (
                part.get_content_type() if part.get_content_maintype() != "multipart" else "text/plain",
                _text_of(part),
            )


def _text_of(part: Message) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return str(content or "").replace("\r\n", "\n")
    return _characters(content, part.get_content_charset() or "").replace("\r\n", "\n").replace("\r", "\n")[:MOST_TEXT]


def _characters(content: bytes, charset: str) -> str:
    for name in (charset, "utf-8"):
        try:
            return content.decode(name)
        except (LookupError, ValueError):
            continue
    try:
        return (
            content.decode(charset, "replace")
            if charset not in ("", "utf-8", "us-ascii")
            else content.decode("latin-1")
        )
    except (LookupError, ValueError):
        return content.decode("latin-1")


def _type_of(message: Message) -> str:
    report = message.get_param("report-type")
    return f"{message.get_content_type()} {report if isinstance(report, str) else ''}".strip().lower()


def _fields_of_message(message: Message) -> Fields:
    found: dict[str, list[str]] = {}
    for name, value in islice(message.raw_items(), 500):
        found.setdefault(name.lower(), []).append(re.sub(r"\s*\n\s*", " ", _readable(str(value)))[:10_000])
    return found


def _readable(value: str) -> str:
    """Return a header that was written in bytes, against the standard, as the text it was meant to be."""
    return _characters(value.encode("utf-8", "surrogateescape"), "utf-8") if not value.isascii() else value


def in_ascii(raw: bytes) -> bytes:
    """Return the beginning of a message in letters of one byte: UTF-16, known by its mark or its zeros, becomes UTF-8; no envelope line, and no nest of multiparts."""
    head = raw[:400]
    if raw[:2] in _BEGINNINGS:
        raw = raw[: 2 * MOST_BYTES].decode("utf-16", "replace").encode()
    elif len(head) > 20 and head[1::2].count(0) > len(head) // 3:
        raw = raw[: 2 * MOST_BYTES].decode("utf-16-le", "replace").encode()
    elif len(head) > 20 and head[::2].count(0) > len(head) // 3:
        raw = raw[: 2 * MOST_BYTES].decode("utf-16-be", "replace").encode()
    raw = raw[:MOST_BYTES].removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"")
    raw = _UNINDENTED.sub(rb"\1 \2", raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").lstrip(b"\n"))
    raw = raw.partition(b"\n")[2] if raw.startswith((b"From ", b">From ")) else raw
    return raw[: next((found.start() for found in islice(_BOUNDARY.finditer(raw), MOST_MULTIPARTS, None)), None)]
