"""Replies are read right however they are cut, and nonsense is never taken for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.model import Outcome
from syndicate.transports.reply import GARBLED, LONGEST_LINE, Reply, ReplyReader, read_line, receipt_of

texts = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=40).map(str.strip)
replies = st.lists(st.tuples(st.integers(200, 599), st.lists(texts, min_size=1, max_size=4)), min_size=1, max_size=6)


def wire(code: int, lines: list[str]) -> bytes:
    """A reply as it travels."""
    *first, last = lines
    return b"".join(b"%d-%b\r\n" % (code, line.encode()) for line in first) + b"%d %b\r\n" % (code, last.encode())


@given(replies, st.data())
def test_pieces_do_not_matter(several: list[tuple[int, list[str]]], data: st.DataObject) -> None:
    """Cut anywhere, the same replies come out."""
    stream = b"".join(wire(code, lines) for code, lines in several)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    reader = ReplyReader()
    found: list[Reply] = []
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        found += reader.feed(stream[start:end])

    assert [reply.code for reply in found] == [code for code, _ in several]
    assert found == ReplyReader().feed(stream)


@given(st.binary(max_size=200))
def test_any_bytes_give_replies_or_nonsense(data: bytes) -> None:
    """Nothing that arrives raises, and after nonsense nothing more is read from the piece."""
    found = ReplyReader().feed(data)

    assert all(200 <= reply.code <= 599 for reply in found[:-1])
    assert all(reply.code == GARBLED or 200 <= reply.code <= 599 for reply in found)


@pytest.mark.parametrize(
    "line",
    [b"", b"25", b"abc hello", b"199 early", b"600 late", b"2500 digits", b"250_x", b" 250 x", b"\xb2\xb2\xb2 x"],
)
def test_nonsense_is_garbled(line: bytes) -> None:
    """Only three digits from 200 to 599 and a space, a hyphen or nothing begin a reply."""
    assert read_line(line).code == GARBLED


def test_a_line_without_end_is_garbled() -> None:
    """A server cannot fill our memory."""
    found = ReplyReader().feed(b"250 " + b"x" * LONGEST_LINE)

    assert [reply.code for reply in found] == [GARBLED]


@pytest.mark.parametrize("line", [b"250 a\x00b\x1b[2Jc\r", b"\x00\x1b[2J\r", "550 \x85é".encode(), b"550 \xff"])
def test_texts_are_harmless(line: bytes) -> None:
    """What a server says may go to a terminal and into PostgreSQL, which takes no NUL."""
    assert read_line(line).text.isprintable()


def test_several_lines_become_one_text() -> None:
    """The enhanced code is taken out of each line."""
    (reply,) = ReplyReader().feed(b"550-5.7.1 Our policy\r\n550-5.7.1 is written\r\n550 5.7.1 elsewhere\r\n")

    assert reply == Reply(code=550, enhanced="5.7.1", text="Our policy is written elsewhere")


@pytest.mark.parametrize(
    ("line", "outcome", "enhanced", "text"),
    [
        (b"250 2.0.0 Ok: queued as 4XYZ\r", Outcome.ACCEPTED, "2.0.0", "Ok: queued as 4XYZ"),
        (b"250", Outcome.ACCEPTED, "", ""),
        (b"450 4.2.0 <a@b>: greylisted", Outcome.DEFERRED, "4.2.0", "<a@b>: greylisted (in reply to RCPT)"),
        (b"550 No such user", Outcome.REFUSED, "", "No such user (in reply to RCPT)"),
        (b"550 5.1.1", Outcome.REFUSED, "5.1.1", "(in reply to RCPT)"),
    ],
)
def test_receipts_say_what_was_answered(line: bytes, outcome: Outcome, enhanced: str, text: str) -> None:
    """2 is accepted, 4 deferred, 5 refused; a failure names the command."""
    receipt = receipt_of(read_line(line), command="RCPT")

    assert (receipt.outcome, receipt.enhanced, receipt.text) == (outcome, enhanced, text)


@pytest.mark.parametrize(
    ("line", "command", "elsewhere"),
    [
        (b"451 4.1.8 Domain of sender address does not resolve", "MAIL", True),
        (b"421 4.7.0 closing", "RCPT", True),
        (b"452 4.3.1 Insufficient system storage", "the message", True),
        (b"450 4.7.1 greylisted", "RCPT", False),
        (b"452 4.2.2 mailbox full", "the message", False),
        (b"550 5.7.1 go away", "MAIL", False),
        (b"250 2.1.0 Ok", "MAIL", False),
    ],
)
def test_receipts_say_whether_another_relay_may_be_asked(line: bytes, command: str, elsewhere: bool) -> None:
    """Where it is the relay that takes nothing now; what is said of a recipient, or for good, stays."""
    assert receipt_of(read_line(line), command=command).elsewhere is elsewhere
