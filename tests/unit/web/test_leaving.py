"""How readers leave."""

import pytest

from syndicate.core.readers import Reader
from syndicate.flows.try_out import NOBODY
from syndicate.model import SubscriberState
from tests.unit.web.conftest import Town


async def reader(town: Town) -> Reader:
    """Return Ann with her subscriptions."""
    readership = await town.app.readership()
    kept = await town.kept()
    async with town.app.database.read() as connection:
        return await readership.reader(connection, kept)


async def sections(town: Town) -> dict[str, tuple[str, ...]]:
    """Return what Ann gets: section → digests; nothing when she has left everything."""
    found = await reader(town)
    return dict(found.choice.sections) if found.kept else {}


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", ""])  # fmt: skip
async def test_one_click_leaves_the_digest_of_the_mail(town: Town, kind: str) -> None:
    """RFC 8058: one POST without a cookie or a redirect, in either form encoding; again it is 200 again."""
    await town.confirmed()
    link = await town.unsubscribe()
    body = b"List-Unsubscribe=One-Click"
    if "multipart" in kind:
        body = b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'

    answers = [
        await town.client.post(link, content=body, headers={"content-type": kind} if kind else {}) for _ in range(2)
    ]

    assert [one.status_code for one in answers] == [200, 200]
    assert all("set-cookie" not in one.headers and not one.history for one in answers)
    assert await sections(town) == {"world": ("weekly",), "sport": ("weekly",)}


async def test_one_click_beats_every_other_field(town: Town) -> None:
    """A one-click request leaves the digest only, whatever else it says."""
    await town.confirmed()

    await town.post(await town.unsubscribe(), **{"List-Unsubscribe": "One-Click", "scope": "all"})

    assert await sections(town) == {"world": ("weekly",), "sport": ("weekly",)}


async def test_the_page_offers_less_and_more(town: Town) -> None:
    """Its buttons leave the digest, one section, or everything."""
    await town.confirmed()
    link = await town.unsubscribe()

    page = (await town.get(link)).text
    section = await town.post(link, scope="section", section="sport")
    after_section = await sections(town)
    everything = await town.post(link, scope="all")
    after_all = await sections(town)

    assert "Morning edition" in page
    assert "ann@" not in page
    assert (section.status_code, everything.status_code) == (200, 200)
    assert "no more of Sport" in section.text
    assert after_section == {"world": ("daily", "weekly")}
    assert "no more mail" in everything.text
    assert after_all == {}
    assert (await town.kept()).subscriber.state is SubscriberState.UNSUBSCRIBED


async def test_a_page_once_left_says_so(town: Town) -> None:
    """Looking again after leaving shows that it is done, and what still comes."""
    await town.confirmed()
    link = await town.unsubscribe()
    await town.post(link)

    page = (await town.get(link)).text

    assert "no more of “Morning edition”" in page
    assert "You still get Weekly" in page


async def test_who_was_erased_has_left(town: Town) -> None:
    """The links of old mails keep working when nothing is kept any more."""
    await town.confirmed()
    link = await town.unsubscribe()
    await (await town.app.desk()).erase("ann@readers.example")

    answers = [await town.get(link), await town.post(link)]

    assert [one.status_code for one in answers] == [200, 200]
    assert "no more mail" in answers[0].text


async def test_a_forged_link_changes_nothing(town: Town) -> None:
    """A token that is one letter off is refused, and so is another reader's name on a good one."""
    await town.confirmed()
    await town.confirmed("bea@readers.example")
    good, other = await town.unsubscribe(), await town.unsubscribe("bea@readers.example")
    before = town.dump()
    letter = "A" if good[-5] != "A" else "B"
    forged = [good[:-5] + letter + good[-4:], good + "x", other.split(".")[0] + "." + good.split(".", 1)[1]]

    answers = [await town.post(link) for link in forged]

    assert [one.status_code for one in answers] == [404, 404, 404]
    assert town.dump() == before


async def test_links_of_a_test_say_that_it_was_one(town: Town) -> None:
    """Both pages, and the one click; they change nothing."""
    leave = f"/unsubscribe/{town.app.signer.unsubscribe(NOBODY, 'daily')}"
    for answer in (
        await town.get(leave),
        await town.client.post(leave, content=b"List-Unsubscribe=One-Click"),
        await town.get(f"/preferences/{town.app.signer.preferences(NOBODY)}"),
    ):
        assert answer.status_code == 200
        assert "This was a test" in answer.text
