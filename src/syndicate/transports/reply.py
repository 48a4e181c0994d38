"""Read SMTP replies out of a stream of bytes, and turn a reply into a receipt."""

import re
from dataclasses import dataclass
from functools import lru_cache

from syndicate.model import Outcome, Receipt

GARBLED = 0  # the code of a "reply" that is none
CLOSING = 421
BEFORE_RECIPIENT = "MAIL"
LONGEST_LINE = 8192
MOST_LINES = 128
LONGEST_TEXT = 500
REPLY = re.compile(rb"[2-5][0-9]{2}(?:[ -]|\r?\Z)")
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
ENHANCED = re.compile(r"([245]\.\d{1,3}\.\d{1,3})(?:\s+|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer of a server: its code (0 when it is not SMTP), enhanced status code and text on one line."""

    code: int
    enhanced: str
    text: str

    @property
    def is_positive(self) -> bool:
        """Whether the server did what it was told."""
        return 200 <= self.code < 300


class ReplyReader:
    """Cut what arrives, in whatever pieces, into replies."""

    __slots__ = ("_lines", "_rest")

    def __init__(self) -> None:
        self._rest = b""
        self._lines: list[bytes] = []

    def feed(self, data: bytes) -> list[Reply]:
        """Return the replies that are complete now; the first garbled one is the last."""
        lines = (self._rest + data if self._rest else data).split(b"\n")
        self._rest = lines.pop()
        replies: list[Reply] = []
        for line in lines:
            reply = self._take(line)
            if reply is None:
                continue
            replies.append(reply)
            if reply.code == GARBLED:
                return replies
        if len(self._rest) > LONGEST_LINE:
            replies.append(_garbled(self._rest))
        return replies

    def _take(self, line: bytes) -> Reply | None:
        if line[3:4] == b"-":
            self._lines.append(line)
            same = line[:3] == self._lines[0][:3]
            if same and _is_reply(line) and len(self._lines) <= MOST_LINES:
                return None
            return _garbled(line)
        if not self._lines:
            return read_line(line)
        lines, self._lines = [*self._lines, line], []
        if line[:3] != lines[0][:3]:
            return _garbled(line)
        replies = [read_line(b"%b %b" % (each[:3], each[4:])) for each in lines]
        enhanced = next((reply.enhanced for reply in replies if reply.enhanced), "")
        text = " ".join(reply.text for reply in replies if reply.text)[:LONGEST_TEXT]
        return Reply(code=replies[-1].code, enhanced=enhanced, text=text)


def _is_reply(line: bytes) -> bool:
    return len(line) <= LONGEST_LINE and REPLY.match(line) is not None


def _garbled(line: bytes) -> Reply:
    return Reply(code=GARBLED, enhanced="", text=_readable(line[:LONGEST_TEXT]))


def _readable(text: bytes) -> str:
    """Decode what a server says, without anything that could upset a terminal or a database."""
    return CONTROLS.sub(" ", text.decode("utf-8", "backslashreplace")).strip()


@lru_cache(maxsize=256)  # a relay says "250 2.1.0 Ok" for each message
def read_line(line: bytes) -> Reply:
    """Read a reply of one line, with or without its line end."""
    if not _is_reply(line):
        return _garbled(line)
    text = _readable(line[4:])
    match = ENHANCED.match(text)
    if match is None:
        return Reply(code=int(line[:3]), enhanced="", text=text[:LONGEST_TEXT])
    return Reply(code=int(line[:3]), enhanced=match[1], text=text[match.end() : match.end() + LONGEST_TEXT])


def receipt_of(reply: Reply, *, command: str) -> Receipt:
    """Say what a reply means for the message; `command` is what it answers."""
    if reply.is_positive:
        return Receipt(outcome=Outcome.ACCEPTED, code=reply.code, enhanced=reply.enhanced, text=reply.text)
    outcome = Outcome.REFUSED if reply.code >= 500 else Outcome.DEFERRED
    text = f"{reply.text} (in reply to {command})".lstrip()
    elsewhere = outcome is Outcome.DEFERRED and _is_about_the_relay(reply, command)
    return Receipt(outcome=outcome, code=reply.code, enhanced=reply.enhanced, text=text, elsewhere=elsewhere)


def _is_about_the_relay(reply: Reply, command: str) -> bool:
    """Tell whether a temporary refusal would have met any recipient: none was named yet, it closes, or its own system (4.3) is in trouble."""
    return command == BEFORE_RECIPIENT or reply.code == CLOSING or reply.enhanced.startswith("4.3.")
