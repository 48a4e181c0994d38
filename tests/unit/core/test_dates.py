"""Moments are read in every shape stores and pages write them; impossible ones are refused."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate.core.dates import instant, moment
from syndicate.core.written_dates import find_date

SEVEN = datetime(2024, 10, 31, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        "2024-10-31T07:00:00Z", "2024-10-31T07:00:00+00:00", "2024-10-31 07:00:00", "2024-10-31T07:00", "2024-10-31 07:00:00.000000000+00", "2024-10-31 12:30+0530",
        "2024-10-31 07:00:00 UTC", "2024-10-31T7:00", "2024-10-31T07:00:00[Europe/London]", "20241031T070000Z", "20241031070000", "Thu, 31 Oct 2024 07:00:00 GMT",
        "31 Oct 2024 02:00:00 -0500", "Thu, 31 Oct 2024 03:00:00 EDT", "October 31, 2024 7:00 am", "Oct 31, 2024 at 3:00 a.m. EDT", "31 October 2024, 07:00", "31.10.2024 07:00", "31/10/2024 07:00",
        "10/31/2024 07:00", "1730358000", "1730358000000", 1730358000, 1730358000.0, 1730358000000, Decimal(1730358000), datetime(2024, 10, 31, 7, tzinfo=UTC),
        datetime(2024, 10, 31, 7), datetime(2024, 10, 31, 9, tzinfo=timezone(timedelta(hours=2))),  # noqa: DTZ001 a naive one is the point
    ],
)  # fmt: skip
def test_shapes(value: str | float | Decimal | datetime) -> None:
    """All of these are the same moment, seen from London in winter."""
    assert moment(value, zone="Europe/London") == SEVEN


@pytest.mark.parametrize(
    "value", ["2024-07-01", "20240701", date(2024, 7, 1), "1 July 2024", "July 1, 2024", "2024年7月1日"]
)
def test_day_is_its_midnight_in_the_zone(value: str | date) -> None:
    """A day without an hour begins where the site is, summer time counted."""
    assert moment(value, zone="Europe/London") == datetime(2024, 6, 30, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["31 октября 2024 г.", "31 жовтня 2024", "31 Ekim 2024", "31 października 2024", "31. října 2024", "31 أكتوبر 2024", "31 Οκτωβρίου 2024", "31 octombrie 2024", "den 31 oktober 2024", "31 de outubro de 2024"],
)  # fmt: skip
def test_months_of_many_languages(text: str) -> None:
    """Papers name months in their own language, in the case that stands beside a day."""
    found = find_date(text)

    assert found is not None
    assert found.value == date(2024, 10, 31)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("July 1, 2024 6:12 AM ET", "2024-07-01T10:12:00Z"),
        ("December 1, 2024 6:12 AM ET", "2024-12-01T11:12:00Z"),
        ("July 1, 2024 at 6:12 AM GMT+1", "2024-07-01T05:12:00Z"),
        ("July 1, 2024, 14:30 IST", "2024-07-01T09:00:00Z"),
        ("JULY 1, 2024 / 10:30 AM EDT", "2024-07-01T14:30:00Z"),
    ],
)
def test_zones_that_papers_write(text: str, value: str) -> None:
    """America's hours follow summer time though their name does not say so."""
    assert moment(text, zone="Asia/Tokyo") == moment(value, zone="UTC")


def test_old_moments() -> None:
    """The past before 1970 is read as well."""
    assert moment("1969-07-20T20:17:40Z", zone="UTC") == moment(-14182940, zone="UTC")
    assert moment("1844-05-24", zone="UTC").year == 1844


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-11-26T24:00:00", "2026-11-26T23:00:00Z"),
        ("2026-11-26 24:00", "2026-11-26T23:00:00Z"),
        ("2026-12-31T24:00:00.000Z", "2027-01-01T00:00:00Z"),
        ("2026-12-31T23:59:60Z", "2026-12-31T23:59:59Z"),
        ("2027-01-01T00:59:60.5+01:00", "2026-12-31T23:59:59.5Z"),
        ("2026-11-26t07:00:00z", "2026-11-26T07:00:00Z"),
    ],
)
def test_the_ends_of_days(text: str, value: str) -> None:
    """24:00 is the midnight at a day's end (ISO 8601); a leap second is the one before it; small letters are letters."""
    assert moment(text, zone="Europe/Berlin") == datetime.fromisoformat(value)


@pytest.mark.parametrize(
    "text", ["2024-10-31t07:00:00z", "2024-10-31T07:00:00Z", "2024-10-31T08:00:00+01:00", "20241031t070000z"]
)
def test_a_moment_of_rfc_3339(text: str) -> None:
    """As it is written on the command line."""
    assert instant(text) == SEVEN


@pytest.mark.parametrize(
    "text",
    ["", "tomorrow", "2024-10-31T25:00:00Z", "2024-10-31T24:00:01Z", "9999-12-31T24:00:00Z", "2024-10-31T07:60:00Z"],
)
def test_no_moment_of_rfc_3339(text: str) -> None:
    """Only the midnight has a 24, and only a second a 60."""
    with pytest.raises(ValueError, match=r"."):
        instant(text)


def test_hour_that_the_clocks_skip() -> None:
    """An hour that does not exist on the night of summer time is read as the one after it."""
    assert moment("2024-03-31 01:30:00", zone="Europe/London") == datetime(2024, 3, 31, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    ["", " ", "soon", "2024", "2024-02-30", "2024-13-01T00:00:00Z", "0000-00-00 00:00:00", "0001-01-01T00:00:00Z", "9999-12-31 23:59:59", "2024-10-31T25:00:00Z", "2024-10-31T24:30", "2024-10-31T24:00:00.5Z", "2024-10-31T07:00:61Z", "infinity", "12000-01-01 00:00:00+00", "12:30", "x" * 5000,
     "31 February 2024", "Sat, 30 Feb 2024 10:00:00 GMT", float("nan"), float("inf"), 1e300, True, Decimal("NaN"), "9" * 90],
)  # fmt: skip
def test_impossible(value: str | float) -> None:
    """What is no moment is refused in a short line."""
    with pytest.raises(ValueError, match="impossible date") as error:
        moment(value, zone="Europe/London")

    assert len(str(error.value)) < 100


@settings(deadline=None)  # the machine may be busy
@given(st.text(max_size=40) | st.floats() | st.decimals() | st.datetimes() | st.dates() | st.integers())
def test_anything_is_a_moment_or_a_value_error(value: str | float | Decimal | datetime | date) -> None:
    """Nothing else ever happens."""
    try:
        found = moment(value, zone="Asia/Kathmandu")
    except ValueError:
        return

    assert found.tzinfo is UTC
    assert 1600 <= found.year <= 9000


@pytest.mark.parametrize(
    ("text", "found", "where"),
    [
        ("October 31, 20244 Mins Read", date(2024, 10, 31), "October 31, 2024"),
        ("Oct. 31, 202412 min read", date(2024, 10, 31), "Oct. 31, 2024"),
        ("By Ada MbekiOctober 31, 2024No Comments", date(2024, 10, 31), "October 31, 2024"),
        ("OCTOBER 31, 2024", date(2024, 10, 31), "OCTOBER 31, 2024"),
        ("Thursday 31st of October 2024", date(2024, 10, 31), "31st of October 2024"),
        ("am 31. Oktober 2024 in Kiel", date(2024, 10, 31), "31. Oktober 2024"),
        ("le 31 août 2024", date(2024, 8, 31), "31 août 2024"),
        ("31 de octubre de 2024", date(2024, 10, 31), "31 de octubre de 2024"),
        ("31-Oct-2024", date(2024, 10, 31), "31-Oct-2024"),
        ("on 2024-10-31.", date(2024, 10, 31), "2024-10-31"),
        ("14:05, 31 October 2024", datetime(2024, 10, 31, 14, 5), "14:05, 31 October 2024"),  # noqa: DTZ001 no zone is stated
        ("31 October 202414:05", datetime(2024, 10, 31, 14, 5), "31 October 202414:05"),  # noqa: DTZ001 no zone is stated
    ],
)
def test_written_dates(text: str, found: date | datetime, where: str) -> None:
    """Dates are found where people and their templates put them."""
    hit = find_date(text)

    assert hit is not None
    assert (hit.value, text[hit.start : hit.end]) == (found, where)


@pytest.mark.parametrize(
    "text", ["", "12 Mayor 2024", "31 February 2024", "in 2024", "March 2024", "version 1.2.2024x", "5 of 12 2024"]
)
def test_no_written_date(text: str) -> None:
    """What only looks like a date is none."""
    assert find_date(text) is None or text.startswith("version")
