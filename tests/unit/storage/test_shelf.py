"""How feed files get onto the shelf."""

import errno
import gzip
import os
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # it has no types
import pytest
import zstandard

from syndicate.errors import ShelfError
from syndicate.storage.shelf import Shelf


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """Return an empty shelf."""
    return Shelf(tmp_path / "public")


def test_equal_bytes_stay_untouched(shelf: Shelf) -> None:
    """Last-Modified tells the truth: it does not move when nothing changed."""
    assert shelf.put("world.xml", b"<rss/>") == "written"
    path = shelf.directory / "world.xml"
    os.utime(path, (1_000, 1_000))
    for ending in (".gz", ".br", ".zst"):
        os.utime(path.with_name(path.name + ending), (1_000, 1_000))

    assert shelf.put("world.xml", b"<rss/>") == "unchanged"
    assert path.stat().st_mtime == 1_000


def test_last_modified_moves_with_every_change(shelf: Shelf) -> None:
    """Changes within one second are told apart by whole seconds, which is all that HTTP knows."""
    moments = []
    for number in range(5):
        shelf.put("world.xml", b"%d" % number)
        moments.append((shelf.directory / "world.xml").stat().st_mtime)

    assert moments == sorted(set(moments))
    assert all(moment == int(moment) for moment in moments)


def test_neighbours_hold_the_same_bytes(shelf: Shelf) -> None:
    """Any web server can send the compressed file that lies beside."""
    content = b"<rss>" + b"news " * 500 + b"</rss>"
    shelf.put("world.xml", content)
    path = shelf.directory / "world.xml"

    assert gzip.decompress((shelf.directory / "world.xml.gz").read_bytes()) == content
    assert brotli.decompress((shelf.directory / "world.xml.br").read_bytes()) == content
    assert zstandard.ZstdDecompressor().decompress((shelf.directory / "world.xml.zst").read_bytes()) == content
    assert {file.stat().st_mtime for file in shelf.directory.iterdir()} == {path.stat().st_mtime}


def test_what_is_put_can_be_read(shelf: Shelf) -> None:
    """A file comes back with its date and its neighbours; what is not there is None."""
    shelf.put("world/archive/12.json", b"{}")

    found = shelf.get("world/archive/12.json")

    assert found is not None
    assert found.content == b"{}"
    assert found.modified == shelf.modified("world/archive/12.json")
    assert gzip.decompress(found.encoded["gzip"]) == b"{}"
    assert shelf.get("world/archive/13.json") is None
    assert shelf.names() == ("world/archive/12.json",)


def test_a_stale_neighbour_is_mended(shelf: Shelf) -> None:
    """A put that died half-way leaves neighbours of other bytes; nobody reads them, and the next put writes them anew."""
    shelf.put("world.xml", b"old")
    stale = shelf.directory / "world.xml.gz"
    stale.write_bytes(gzip.compress(b"new"))
    os.utime(stale, (2_000_000_000, 2_000_000_000))

    before = shelf.get("world.xml")
    assert before is not None
    assert gzip.decompress(before.encoded["gzip"]) == b"old"
    assert shelf.put("world.xml", b"old") == "unchanged"
    assert gzip.decompress(stale.read_bytes()) == b"old"


def test_removing(shelf: Shelf) -> None:
    """A file goes with its neighbours."""
    shelf.put("world.xml", b"<rss/>")

    assert shelf.remove("world.xml") is True
    assert shelf.remove("world.xml") is False
    assert list(shelf.directory.iterdir()) == []


@pytest.mark.parametrize(
    "name", ["../x.xml", "/etc/x.xml", "a/../b.xml", "", "x", ".hidden.xml", "a//b.xml", "A.xml", "a.xml\n"]
)
def test_names_stay_on_the_shelf(shelf: Shelf, name: str) -> None:
    """No name leads out of the directory."""
    with pytest.raises(ShelfError):
        shelf.put(name, b"x")


def test_a_failing_write_leaves_the_last_good_bytes(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk is reported, nothing half-written is served, and no rubbish stays."""
    shelf.put("world.xml", b"good")
    files = sorted(shelf.directory.iterdir())

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(ShelfError, match="No space left"):
        shelf.put("world.xml", b"better, and longer")
    found = shelf.get("world.xml")
    assert found is not None
    assert found.content == b"good"
    assert gzip.decompress(found.encoded["gzip"]) == b"good"
    assert sorted(shelf.directory.iterdir()) == files


def test_notes_are_kept(shelf: Shelf) -> None:
    """What was built from what is remembered beside the files, and is none of them."""
    assert shelf.read_state() == b""

    with shelf.locked():
        shelf.write_state(b'{"sections": {}}')

    assert shelf.read_state() == b'{"sections": {}}'
    assert shelf.names() == ()


@pytest.mark.parametrize("moves", range(4))
def test_a_put_that_died_half_way_is_done_again(shelf: Shelf, monkeypatch: pytest.MonkeyPatch, moves: int) -> None:
    """After however many moves: the next one says that it wrote, so that hubs are told, and all files are of one content."""
    shelf.put("world.xml", b"old")
    replace, left = Path.replace, iter(range(moves))

    def die(part: Path, target: Path) -> Path:
        if next(left, None) is None:
            raise OSError(errno.EIO, "Input/output error")
        return replace(part, target)

    with monkeypatch.context() as dying:
        dying.setattr(Path, "replace", die)
        with pytest.raises(ShelfError):
            shelf.put("world.xml", b"new")

    assert shelf.put("world.xml", b"new") == "written"
    found = shelf.get("world.xml")
    assert found is not None
    assert (found.content, gzip.decompress(found.encoded["gzip"])) == (b"new", b"new")
