"""How sign-ups are taken."""

from datetime import timedelta

import httpx2
import pytest

from syndicate.model import SubscriberState
from syndicate.web.desk import SIGN_UPS
from syndicate.web.site import build_site
from tests.unit.web.conftest import Town, hidden


async def test_a_new_reader_is_asked_to_confirm(town: Town) -> None:
    """The six fields of the contract suffice: a reader is pending, and one letter waits."""
    answer = await town.sign_up(section=["world", "sport"], digest=["daily", "weekly"], timezone="Asia/Tokyo")

    person = (await town.kept()).subscriber
    assert answer.status_code == 200
    assert (person.state, person.timezone) == (SubscriberState.PENDING, "Asia/Tokyo")
    assert await town.count("outbox") == 1


async def test_the_answer_tells_nothing_of_an_address(town: Town) -> None:
    """New, pending, confirmed, suppressed and erased addresses get the same bytes; nothing of theirs changes."""
    desk = await town.app.desk()
    await town.confirmed("known@readers.example")
    await town.confirmed("silent@readers.example")
    await desk.suppress("silent@readers.example")
    await town.confirmed("gone@readers.example")
    await desk.erase("gone@readers.example")
    before = await town.kept("known@readers.example")

    pages = set()
    for name in ("fresh", "fresh", "known", "silent", "gone"):
        address = f"{name}@readers.example"
        pages.add((await town.sign_up(address)).text.replace(address, "…"))

    assert len(pages) == 1
    assert await town.kept("known@readers.example") == before
    assert (await town.kept("silent@readers.example")).subscriber.state is SubscriberState.SUPPRESSED


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"consent": ""}, "We need your consent"),
        ({"consent": "no"}, "We need your consent"),
        ({"email": "nobody"}, "not an e-mail address"),
        ({"email": "a@b.example\r\nBcc: c@d.example"}, "not an e-mail address"),
        ({"section": []}, "Choose at least one section"),
        ({"section": ["gossip"]}, "Choose at least one section"),
        ({"digest": []}, "Choose how often"),
        ({"digest": ["hourly"]}, "Choose how often"),
        ({"timezone": "Mars/Olympus"}, "no such time zone"),
        ({"language": "<b>"}, "no such language"),
    ],
)
async def test_what_is_wrong_is_said(town: Town, fields: dict[str, str | list[str]], words: str) -> None:
    """A form with a mistake comes back with what was typed, says which, and nobody is signed up."""
    answer = await town.sign_up(**({"email": "ann@readers.example"} | fields))

    assert answer.status_code == 400
    assert words in answer.text
    assert 'role="alert" tabindex="-1" autofocus' in answer.text  # where a reader goes on, without a script
    assert "ann@readers.example" in answer.text or "email" in fields
    assert await town.count("subscriber") == 0


async def test_a_site_with_one_digest_need_not_be_told_which(town: Town) -> None:
    """Missing digests are asked for only where there is a choice; here there is."""
    assert (await town.sign_up(digest=[])).status_code == 400


async def test_the_form_of_the_page_works_after_a_moment(town: Town) -> None:
    """Sent at once it asks to press again, after two seconds it works, after a day it has to be fresh."""
    token = hidden((await town.get("/")).text)

    at_once = await town.sign_up(form=token)
    town.clock.advance(timedelta(seconds=3))
    later = await town.sign_up(form=token)
    town.clock.advance(timedelta(days=2))
    too_late = await town.sign_up("bea@readers.example", form=token)
    forged = await town.sign_up("bea@readers.example", form="1.forged")

    assert [one.status_code for one in (at_once, later, too_late, forged)] == [400, 200, 400, 400]
    assert "too old" in too_late.text
    assert await town.count("subscriber") == 1


async def test_programs_fall_into_the_trap(town: Town) -> None:
    """Whoever fills in the field that nobody sees gets the usual answer, and nothing happens."""
    human, program = await town.sign_up(), await town.sign_up("bot@readers.example", website="http://x.example")

    assert program.status_code == 200
    assert program.text.replace("bot@", "ann@") == human.text
    assert await town.find("bot@readers.example") is None


async def test_one_network_signs_up_so_often(town: Town) -> None:
    """More sign-ups than one network needs get 429 with the time to wait; an hour later it goes on."""
    answers = [(await town.sign_up(consent="")).status_code for _ in range(SIGN_UPS)]
    refused = await town.sign_up()
    spoofed = await town.client.post("/subscribe", headers={"x-forwarded-for": "198.51.100.1"})
    town.clock.advance(timedelta(seconds=int(refused.headers["retry-after"])))

    assert set(answers) == {400}
    assert (refused.status_code, spoofed.status_code) == (429, 429)
    assert (await town.sign_up()).status_code == 200


async def test_no_answer_comes_before_its_time(town: Town) -> None:
    """Each accepted sign-up takes at least the stated time."""
    site = build_site(town.app, answer_after=timedelta(milliseconds=60))
    transport = httpx2.ASGITransport(app=site)
    form = {"email": "a@b.example", "section": "world", "digest": "daily", "consent": "1"}
    async with httpx2.AsyncClient(transport=transport, base_url="http://x.example") as client:
        answer = await client.post("/subscribe", data=form)

    assert answer.status_code == 200
    assert answer.elapsed >= timedelta(milliseconds=60)
