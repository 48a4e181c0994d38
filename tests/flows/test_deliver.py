"""Deliver batches: claimed, sent, marked; on both databases."""

from tests.flows.newsroom import Newsroom, utc


async def test_each_reader_gets_what_is_new_once(newsroom: Newsroom) -> None:
    """A second run sends nothing, and the edition is closed."""
    newsroom.store.put("a1", labels=["World"], published=utc("2026-05-04T05:00"))
    newsroom.store.put("a2", labels=["Sport"], published=utc("2026-05-04T05:30"))
    await newsroom.collect()
    await newsroom.add_reader("ann", sections=["world"])
    await newsroom.add_reader("bob", sections=["world", "sport"])
    newsroom.clock.moment = utc("2026-05-04T07:00")

    tally, again = await newsroom.send(), await newsroom.send()

    assert (tally.editions, tally.planned, tally.accepted) == (1, 2, 2)
    assert (again.editions, again.planned, again.accepted) == (0, 0, 0)
    assert [sent.articles for sent in newsroom.relay.to("ann")] == [["a1"]]
    assert [sorted(sent.articles) for sent in newsroom.relay.to("bob")] == [["a1", "a2"]]
    assert await newsroom.open_work() == (0, 0)
