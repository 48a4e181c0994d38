"""Headers, as a stranger's parser reads them back."""

import email
import email.policy
import re
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.core.characters import one_line
from syndicate.core.headers import line_safe, mailbox, structured, unstructured
from syndicate.errors import AddressError

SMUGGLED = "=?utf-8?q?a=0D=0ABcc:_x=40y?="
HOSTILE = st.lists(
    st.sampled_from(
        ["a", "é", "東京", SMUGGLED, "=?", "?=", ".", " ", "  ", "\r\n", "\r\n ", "\x85", "\u2028", "\x00", "Bcc: x@y", "x" * 30,
         "👩‍🚀", "e\u0301", '"', "\\", ",", "<", "@", ";", "(", "x" * 500, "\u202e", "\ud800", "🇩🇪"]
    ),
    max_size=30,
).map("".join)  # fmt: skip


def read(raw: bytes) -> EmailMessage:
    """Return headers as a stranger reads them."""
    message = email.message_from_bytes(raw + b"\r\n", policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def assert_lines(raw: bytes) -> None:
    """Check what must hold of the lines of any header."""
    for line in raw.split(b"\r\n"):
        assert len(line) <= (76 if b"=?" in line else 998)
    assert all(len(word) <= 75 for word in re.findall(rb"=\?[^?\s]+\?[bBqQ]\?[^?\s]*\?=", raw))
    assert raw.isascii()


@given(st.one_of(st.text(), HOSTILE))
def test_any_subject_comes_back_as_one_clean_line(text: str) -> None:
    """Whatever a title holds, one Subject header comes out of it, and the text is the cleaned title."""
    raw = unstructured("Subject", text)

    message = read(raw)
    assert message.keys() == ["Subject"]
    assert message["Subject"] == one_line(text)
    assert_lines(raw)


@given(st.one_of(st.text(), HOSTILE))
def test_any_display_name_leaves_one_mailbox(text: str) -> None:
    """Whatever a name holds, From has exactly one address, ours; the parser's way with blanks is not held against us."""
    raw = f"From: {mailbox(text, 'digest@news.example')}\r\n".encode()

    message = read(raw)
    (address,) = message["From"].addresses
    assert message.keys() == ["From"]
    assert address.addr_spec == "digest@news.example"
    assert "".join(address.display_name.split()) == "".join(one_line(text).split())
    assert_lines(raw)


def test_injection_from_an_encoded_word_stays_text() -> None:
    """A title that would decode to a line end and a Bcc stays visible text (CVE-2024-6923)."""
    message = read(unstructured("Subject", SMUGGLED))

    assert message.keys() == ["Subject"]
    assert message["Subject"] == SMUGGLED
    assert b"=0D=0A" not in unstructured("Subject", SMUGGLED).replace(b"=3D0D=3D0A", b"")


def test_no_encoded_word_splits_a_character_or_a_cluster() -> None:
    """Each encoded word is whole in itself, families and flags included."""
    raw = unstructured("Subject", "👩‍👩‍👧‍👦🇩🇪é東" * 20)

    for word in raw.split(b": ", 1)[1].split():
        decoded = str(read(b"Subject: " + word + b"\r\n")["Subject"])
        assert "\ufffd" not in decoded
        assert not decoded.startswith("\u200d")
        assert not decoded.endswith("\u200d")


def test_plain_subject_is_folded_at_spaces_within_78_columns() -> None:
    """A plain ASCII subject is folded, not encoded."""
    raw = unstructured("Subject", "word " * 60)

    assert b"=?" not in raw
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78


def test_structured_header_is_never_encoded_and_folds_between_its_pieces() -> None:
    """Addresses on the web longer than a line stay whole."""
    url, mailto = f"<https://feeds.news.example/{'t' * 120}>,", "<mailto:leave@news.example>"
    raw = structured("List-Unsubscribe", url, mailto)

    assert raw == f"List-Unsubscribe: {url}\r\n {mailto}\r\n".encode()


def test_address_with_a_line_end_is_refused() -> None:
    """An address that was not checked cannot get into a header."""
    with pytest.raises(AddressError):
        mailbox("A", "a@b.example>\r\nBcc: <x@y.example")


def test_line_safe_keeps_legal_folds_only() -> None:
    """Of line ends in a value that was folded already only those that continue the header survive."""
    assert line_safe("a\r\n b\r\nBcc: x\nY\r\n\r\n") == "a\r\n b  Bcc: x Y    "
