"""How a sign-up is confirmed."""

from datetime import timedelta

from syndicate.model import SubscriberState
from tests.unit.web.conftest import Town


async def test_the_page_shows_what_the_button_does(town: Town) -> None:
    """Looking shows digests and sections, and changes nothing; the button confirms; again it says the same."""
    await town.sign_up(section=["sport"], digest=["weekly"])
    link = await town.confirmation()

    seen = await town.get(link)
    before = (await town.kept()).subscriber.state
    first = await town.post(link)
    again = await town.post(link)
    later = await town.get(link)

    assert before is SubscriberState.PENDING
    assert "Weekly" in seen.text
    assert "Every Friday at 08:30" in seen.text
    assert "ann@" not in seen.text
    assert [one.status_code for one in (seen, first, again, later)] == [200, 200, 200, 200]
    assert (await town.kept()).subscriber.state is SubscriberState.CONFIRMED
    assert await town.preferences() in first.text
    assert "done already" in again.text


async def test_links_that_are_no_good_show_the_way_out(town: Town) -> None:
    """Forged, used up and expired links are refused with a page that leads to the start; nobody is confirmed."""
    await town.sign_up()
    link = await town.confirmation()
    spot = len(link) // 2
    forged = link[:spot] + ("a" if link[spot] != "a" else "b") + link[spot + 1 :]
    bad = await town.post(forged)
    await (await town.app.desk()).erase("ann@readers.example")
    used = await town.post(link)
    town.clock.advance(timedelta(hours=49))
    expired = await town.post(link)

    assert [one.status_code for one in (bad, used, expired)] == [404, 410, 410]
    assert "too old" in expired.text
    for answer in (bad, used, expired):
        assert 'href="/"' in answer.text
