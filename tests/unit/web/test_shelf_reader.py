"""How the memory of a web server follows the shelf."""

from pathlib import Path

import pytest

from syndicate.errors import ShelfError
from syndicate.flows.built import Built, Notes, write_notes
from syndicate.storage.shelf import Shelf
from syndicate.web.memory import FeedMemory
from syndicate.web.shelf_reader import ShelfReader

FEED = "/world.xml"


async def test_what_could_not_be_read_is_read_at_the_next_look(tmp_path: Path) -> None:
    """One failure leaves no old feed in memory until something else is published."""
    shelf, memory = Shelf(tmp_path), FeedMemory()
    reader = ShelfReader(shelf=shelf, public_url="https://feeds.example/")
    for ending in ("xml", "atom", "json"):
        shelf.put(f"world.{ending}", b"new")
    write_notes(shelf, Notes(publication="x", sections={"world": Built(seq=1, recipe="r")}))
    (tmp_path / "world.xml").rename(tmp_path / "aside")
    (tmp_path / "world.xml").mkdir()
    with pytest.raises(ShelfError):
        await reader.refresh(memory)
    (tmp_path / "world.xml").rmdir()
    (tmp_path / "aside").rename(tmp_path / "world.xml")

    assert FEED in await reader.refresh(memory)
