"""How readers choose again."""

from datetime import UTC, datetime, timedelta

import pytest

from syndicate.model import SubscriberState
from tests.unit.web.conftest import Town, hidden
from tests.unit.web.test_leaving import reader, sections


async def form(town: Town) -> tuple[str, str]:
    """Return Ann's preferences link and a fresh form token."""
    link = await town.preferences()
    return link, hidden((await town.get(link)).text)


async def test_saving_changes_what_comes_and_when(town: Town) -> None:
    """A digest for each section, hours, days, zone and format are kept as they were chosen."""
    await town.confirmed()
    link, token = await form(town)

    answer = await town.post(
        link,
        form=token,
        in__world=["weekly"],
        in__sport=["daily", "alerts"],
        at__daily="18:45",
        at__weekly="09:00",
        day__weekly="sunday",
        timezone="Asia/Tokyo",
        format="text",
        action="save",
    )

    found = await reader(town)
    rhythms = {one.digest: one.rhythm for one in found.kept}
    assert answer.status_code == 200
    assert "Saved." in answer.text
    assert 'value="18:45"' in answer.text
    assert await sections(town) == {"world": ("weekly",), "sport": ("daily", "alerts")}
    assert (rhythms["daily"].minute, rhythms["daily"].zone) == (18 * 60 + 45, "Asia/Tokyo")
    assert (rhythms["weekly"].minute, rhythms["weekly"].weekdays) == (540, 0b1000000)
    assert found.subscriber.format == "text"


async def test_saving_what_is_shown_changes_nothing(town: Town) -> None:
    """The form says exactly what is: sent back untouched it leaves every subscription as it was."""
    await town.confirmed()
    before = await reader(town)
    link, token = await form(town)

    await town.post(
        link, form=token, in__world=["daily", "weekly"], in__sport=["daily", "weekly"],
        at__daily="07:00", at__weekly="08:30", day__weekly="friday", timezone="Europe/London", format="html",
    )  # fmt: skip

    assert await reader(town) == before


async def test_a_daily_digest_comes_on_the_days_that_are_ticked(town: Town) -> None:
    """They are ticked again on the page, a change of something else leaves them, and the export names them."""
    await town.confirmed()
    link, token = await form(town)

    answer = await town.post(link, form=token, in__world="daily", day__daily=["", "monday", "friday"])
    await town.post(link, form=token, in__world="daily", at__daily="18:45")

    (daily,) = (await reader(town)).kept
    record = (await town.get(f"{link}/data.json")).json()
    assert answer.text.count('name="day.daily"') == 8
    assert all(f'name="day.daily" value="{day}" checked' in answer.text for day in ("monday", "friday"))
    assert answer.text.count(" checked> <span>") == 2 + 1  # and the format
    assert (daily.rhythm.minute, daily.rhythm.weekdays) == (18 * 60 + 45, 0b0010001)
    assert [one["days"] for one in record["digests"] if one["digest"] == "daily"] == [["monday", "friday"]]


async def test_choosing_nothing_is_leaving(town: Town) -> None:
    """Who ticks nothing gets no more mail, and is told so; ticking again brings it back."""
    await town.confirmed()
    link, token = await form(town)

    left = await town.post(link, form=token)
    state = (await town.kept()).subscriber.state
    await town.post(link, form=token, in__world="daily")

    assert "no more mail" in left.text
    assert state is SubscriberState.UNSUBSCRIBED
    assert await sections(town) == {"world": ("daily",)}
    assert (await town.kept()).subscriber.state is SubscriberState.CONFIRMED


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"action": "dance"}, "not on offer"),
        ({"in__world": "daily", "day__daily": ""}, "Choose a day"),
        ({"in__world": "daily", "day__daily": ["", "someday"]}, "Choose a day"),
        ({"in__gossip": "daily"}, "not on offer"),
        ({"in__world": "hourly"}, "not on offer"),
        ({"in__world": "daily", "at__daily": "25:00"}, "Write an hour"),
        ({"in__world": "weekly", "day__weekly": "someday"}, "day of the week"),
        ({"in__world": "daily", "timezone": "Mars/Olympus"}, "no such time zone"),
        ({"in__world": "daily", "language": "<b>"}, "no such language"),
        ({"in__world": "daily", "format": "rtf"}, "one of the formats"),
        ({"action": "pause", "until": "yesterday"}, "a day that is to come"),
        ({"action": "pause", "until": "2026-05-01"}, "a day that is to come"),
        ({"action": "pause", "until": "2036-05-01"}, "a day that is to come"),
    ],
)
async def test_mistakes_are_said_and_change_nothing(town: Town, fields: dict[str, str | list[str]], words: str) -> None:
    """What cannot be is refused with a page that says which."""
    await town.confirmed()
    link, token = await form(town)
    before = town.dump()

    answer = await town.post(link, form=token, **fields)

    assert answer.status_code == 400
    assert words in answer.text
    assert town.dump() == before


async def test_a_form_of_another_reader_is_refused(town: Town) -> None:
    """The form's token belongs to one reader; without it, or a day later, nothing changes."""
    await town.confirmed()
    await town.confirmed("bea@readers.example")
    link, token = await form(town)
    other = hidden((await town.get(await town.preferences("bea@readers.example"))).text)
    before = town.dump()

    answers = [await town.post(link, in__world="daily"), await town.post(link, form=other, in__world="daily")]
    town.clock.advance(timedelta(hours=25))
    answers.append(await town.post(link, form=token, action="erase", sure="yes"))

    assert [one.status_code for one in answers] == [400, 400, 400]
    assert town.dump() == before


async def test_a_break_ends_by_itself_or_by_hand(town: Town) -> None:
    """A pause lasts until the beginning of the day in the reader's zone."""
    await town.confirmed()
    link, token = await form(town)

    paused = await town.post(link, form=token, action="pause", until="2026-06-01")
    until = (await town.kept()).subscriber.paused_until
    resumed = await town.post(link, form=token, action="resume")

    assert until == datetime(2026, 5, 31, 23, tzinfo=UTC)
    assert "Paused until 1 June" in paused.text
    assert "Paused until" not in resumed.text
    assert (await town.kept()).subscriber.paused_until == town.clock.now()


async def test_a_reader_takes_his_data_along(town: Town) -> None:
    """The export is a file that holds the address, the choices and the proofs."""
    await town.confirmed()

    answer = await town.get(await town.preferences() + "/data.json")

    record = answer.json()
    assert answer.headers["content-disposition"].startswith("attachment")
    assert record["email"] == "ann@readers.example"
    assert {one["section"] for one in record["sections"]} == {"world", "sport"}
    assert record["consent"]


async def test_erasing_asks_once_more(town: Town) -> None:
    """The first button only asks; the second one forgets, and the link is no good afterwards."""
    await town.confirmed()
    link, token = await form(town)
    before = town.dump()

    asked = await town.post(link, form=token, action="erase")
    unchanged = town.dump() == before
    done = await town.post(link, form=hidden(asked.text), action="erase", sure=hidden(asked.text, "sure"))

    assert unchanged
    assert "cannot be undone" in asked.text
    assert done.status_code == 200
    assert await town.find("ann@readers.example") is None
    assert not any("ann@readers.example" in line for line in town.dump())
    assert (await town.get(link)).status_code == 410


async def test_a_reader_chooses_a_language_that_mail_speaks(town: Town) -> None:
    """Each language is listed once, by its own name, and the chosen one is kept."""
    await town.confirmed()
    link, token = await form(town)

    page = (await town.get(link)).text
    await town.post(link, form=token, in__world="daily", language="de")

    assert page.count(">Deutsch</option>") == 1
    assert page.count(">English</option>") == 1
    assert (await town.kept()).subscriber.language == "de"
    assert '<option value="de" selected>' in (await town.get(link)).text
