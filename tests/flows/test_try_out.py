"""A test of a digest: the real message, to one address, that says what it is."""

from pathlib import Path

from syndicate.clock import StoppedClock
from syndicate.flows.route import Route, Router
from syndicate.flows.try_out import TryingOut
from tests.press import Press, body_of

DIGESTS = """
[[digest]]
name = "daily"
at = "07:00"
"""


async def test_a_test_says_so_in_both_bodies(database_url: str, tmp_path: Path, clock: StoppedClock) -> None:
    """Above the articles; it leads to no edition, as none is kept."""
    press = await Press.open(database_url, tmp_path, clock, DIGESTS)
    await press.write("bridge")
    trying = TryingOut(previewing=press.app.previewing, composer=press.app.composer, postman=press.app.postman)
    router = Router(routes=[Route(transport=press.outbox)], clock=clock)

    await trying.send(router, digest="daily", address="editor@news.example", language="en", at=None, subject=None)

    (message,) = press.outbox.take("editor@news.example")
    for kind in ("plain", "html"):
        body = body_of(message, kind)
        assert "This is a test. No reader got it" in body
        assert "/editions/" not in body
        assert "/unsubscribe/" in body
    await press.close()
