"""One reader's message, read back by a stranger's parser."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from syndicate.core.characters import one_line
from syndicate.core.filling import fill, preview
from syndicate.core.headers import mailbox
from syndicate.core.letters import Correction, Letters
from tests.mail_samples import SETTINGS, VALUES, bodies, composer, filled_bytes, our_templates, parsed, rich_digest

PREPARED = composer().compose(rich_digest())


def test_headers_are_there_once_with_their_values() -> None:
    """The headers of a digest, and no other."""
    message = parsed(filled_bytes(PREPARED))

    assert {name: str(value) for name, value in message.items()} == {
        "From": "The Daily Example <digest@news.example>",
        "To": "Zoë Quinn <zoe@readers.example>",
        "Subject": "Harbour bridge to close for six weeks after cracks are found in its bearings",
        "Date": "Sun, 22 Nov 2026 06:00:00 +0000",
        "Message-ID": VALUES["message_id"],
        "List-Unsubscribe": f"<{VALUES['unsubscribe_url']}>, <{VALUES['unsubscribe_mailto']}>",
        "List-Id": "Morning digest <daily.news.example>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Help": "<https://feeds.news.example/>",
        "List-Archive": "<https://feeds.news.example/>",
        "List-Owner": "<mailto:editor@news.example>",
        "List-Post": "NO",
        "Precedence": "bulk",
        "Auto-Submitted": "auto-generated",
        "Feedback-ID": "daily:20261122:daily:news.example",
        "MIME-Version": "1.0",
        "Content-Type": message["Content-Type"],
    }
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_unsubscribe_header_is_whole_and_not_encoded() -> None:
    """A link far longer than a line is neither encoded nor cut: mail clients make their button of it."""
    link = f"https://feeds.news.example/unsubscribe/{'A1b2' * 100}?x=1&y=2"
    raw = filled_bytes(PREPARED, unsubscribe_url=link)

    assert f"\r\nList-Unsubscribe: <{link}>,\r\n <mailto:".encode() in raw
    assert f"<{link}>" in str(parsed(raw)["List-Unsubscribe"])
    html, text = bodies(parsed(raw))
    assert link in text
    assert link.replace("&", "&amp;") in html


def test_without_a_mailto_only_the_link_is_listed() -> None:
    """List-Unsubscribe has no empty second address."""
    message = parsed(filled_bytes(PREPARED, unsubscribe_mailto=""))

    assert message["List-Unsubscribe"] == f"<{VALUES['unsubscribe_url']}>"


def test_body_is_what_preview_shows() -> None:
    """Encoding, slots and assembling change nothing that a reader sees."""
    html, text = preview(PREPARED, VALUES)

    found_html, found_text = bodies(parsed(filled_bytes(PREPARED)))
    assert found_html.rstrip("\n") == html.rstrip("\n")
    assert found_text.rstrip("\n") == text.rstrip("\n")


@settings(max_examples=40)
@example(name=" ", tail="")
@example(name=" Ada ", tail="")
@given(st.text(max_size=200), st.text(st.characters(codec="ascii", categories=["L", "N", "P", "S"]), max_size=300))
def test_any_name_and_any_link_come_through(name: str, tail: str) -> None:
    """Names and links of any kind leave a sound message with the same decoded bodies as the preview."""
    values = {
        **VALUES,
        "name": name,
        "preferences_url": f"https://feeds.news.example/{tail}",
        "to": mailbox(name, "r@readers.example"),
    }
    raw = b"".join(fill(PREPARED, values))

    html, text = preview(PREPARED, {**values, "name": one_line(name)})
    found_html, found_text = bodies(parsed(raw))
    assert found_html.rstrip("\n") == html.rstrip("\n")
    assert found_text.rstrip("\n") == text.rstrip("\n")


def test_reader_without_a_name_is_not_greeted() -> None:
    """The line around an empty value goes with it."""
    html, text = bodies(parsed(filled_bytes(PREPARED, name="")))

    assert "For " not in text.split("\n\n")[2]
    assert "· For" not in html


def test_hostile_name_stays_text() -> None:
    """A name with markup and line ends is shown, not obeyed."""
    name = "<img src=x onerror=alert(1)>\r\nBcc: x@y.example\u202e"
    message = parsed(filled_bytes(PREPARED, name=name, to=mailbox(name, "r@readers.example")))
    html, text = bodies(message)

    assert "bcc" not in [key.lower() for key in message]
    assert "&lt;img src=x onerror=alert(1)&gt; Bcc: x@y.example<" in html.replace("\n", "")
    assert "For <img src=x onerror=alert(1)> Bcc: x@y.example\n" in text


@pytest.mark.parametrize("slot", ["to", "date", "message_id"])
def test_no_header_value_adds_a_header(slot: str) -> None:
    """Whatever stands in a value for a header, it stays in its line."""
    raw = filled_bytes(PREPARED, **{slot: "<a@b.example>\r\nBcc: x@y.example\n\nbody"})

    assert b"\nBcc" not in raw.partition(b"\r\n\r\n")[0]


@pytest.mark.parametrize("slot", ["to", "date", "message_id", "unsubscribe_url"])
def test_missing_value_is_an_error(slot: str) -> None:
    """A message without its reader's link or address is never made."""
    with pytest.raises(KeyError):
        fill(PREPARED, {name: value for name, value in VALUES.items() if name != slot})


def test_smtputf8_address_is_written_in_utf8() -> None:
    """For a reader whose address is not ASCII, To is the one header that is not (RFC 6532)."""
    raw = filled_bytes(PREPARED, to=mailbox("Jürgen", "jürgen@readers.example"))

    assert "To: =?utf-8?b?SsO8cmdlbg==?= <jürgen@readers.example>\r\n".encode() in raw


def test_correction_is_told_to_those_who_are_to_be_told() -> None:
    """The notice fills a slot of both bodies; for others there is no trace of it."""
    notice = Letters(our_templates(), SETTINGS).correction(
        [Correction(title="Bridge <b>shut</b>", url="https://news.example/1", note="Six weeks, not sixteen.")],
        language="en",
    )
    told_html, told_text = bodies(parsed(filled_bytes(PREPARED, **notice)))
    other_html, other_text = bodies(parsed(filled_bytes(PREPARED)))

    assert "Bridge &lt;b&gt;shut&lt;/b&gt;</a>" in told_html
    assert "* Bridge <b>shut</b>\nhttps://news.example/1\nSix weeks, not sixteen.\n\nCITY" in told_text
    assert "sixteen" not in other_html + other_text
