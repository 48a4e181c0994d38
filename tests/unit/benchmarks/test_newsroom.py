"""The benchmarks measure the same at any hour of the day."""

from datetime import UTC, datetime, timedelta

import pytest

from benchmarks.newsroom import slot_for


@pytest.mark.parametrize("minute", range(0, 24 * 60, 7))
def test_an_edition_carries_most_of_the_last_hour(minute: int) -> None:
    """Whenever it is run: at least half of the articles, which are a minute apart, lie in the period before its hour."""
    now = datetime(2026, 5, 4, tzinfo=UTC) + timedelta(minutes=minute)
    slot = slot_for(now)
    articles = [now - timedelta(minutes=number) for number in range(1, 61)]

    assert slot.hour == 7
    assert sum(slot - timedelta(days=1) < one <= slot for one in articles) >= 30
