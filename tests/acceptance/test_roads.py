"""The installed program, from a content store to a feed file and an inbox: an article goes in, and SIGTERM ends it with 0."""

import json
import mailbox
import socket
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import feedparser

from tests.integration.house import House, until

MAILDIR = """
[[transport]]
name = "inbox"
kind = "maildir"
path = "inbox/"
"""


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, ConnectionError, TimeoutError):
        return False


async def test_an_article_goes_from_the_store_to_a_feed_and_an_inbox(tmp_path: Path) -> None:
    """Under `syndicate run`: within seconds it is in the files, on the web and in the reader's mail, once."""
    port = _free_port()
    async with House(folder=tmp_path, database="sqlite:///syndicate.db", transports=MAILDIR) as house:
        house.configuration(web=port)
        await house.run("subscribers", "import", str(house.readers(3, digests="alerts")))
        daemon = await house.start("run")
        await until(lambda: _answers(f"http://127.0.0.1:{port}/readyz"), house=house)
        house.publish(1)
        inbox = mailbox.Maildir(tmp_path / "inbox", create=False)
        await until(lambda: (tmp_path / "inbox").exists() and len(inbox) >= 3, house=house)
        await until(lambda: "The council meets, 1" in (tmp_path / "public" / "world.xml").read_text(), house=house)
        code = await house.stop(daemon)
        again = await house.run("digest", "send", "alerts")

        feed = feedparser.parse((tmp_path / "public" / "world.xml").read_bytes())
        item = json.loads((tmp_path / "public" / "world.json").read_text())["items"][0]
        assert code == 0
        assert (again["planned"], again["accepted"]) == (0, 0)
        assert [entry.title for entry in feed.entries] == ["The council meets, 1"]
        assert item["url"] == "https://news.example/articles/1"
        assert sorted(message["Delivered-To"] for message in inbox) == [f"r{n}@readers.example" for n in range(3)]
        assert all("List-Unsubscribe" in message for message in inbox)
