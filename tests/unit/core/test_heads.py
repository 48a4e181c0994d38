"""Header blocks and message ids."""

from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

from hypothesis import given
from hypothesis import strategies as st

from syndicate.core.heads import date_header, message_id


@given(st.integers(0, 4_000_000_000), st.integers(-14 * 60, 14 * 60))
def test_date_is_written_as_a_stranger_writes_it(seconds: int, minutes: int) -> None:
    """RFC 5322's form, in whatever locale."""
    moment = datetime.fromtimestamp(seconds, timezone(timedelta(minutes=minutes)))

    assert date_header(moment) == format_datetime(moment)


def test_message_id_is_a_fact_of_what_is_sent() -> None:
    """A retry repeats it; another slot, digest, rhythm or reader has another; it tells no address."""
    facts = {"digest": "daily", "slot": "2026-11-22", "at": "7", "public_id": "p1", "domain": "news.example"}
    first = message_id(**facts)

    assert first == message_id(**facts)
    assert len({message_id(**{**facts, key: "x"}) for key in facts} | {first}) == 6
    assert first.endswith("@news.example>")
    assert "p1" not in first
    assert len(first) < 78 - len("Message-ID: ")
