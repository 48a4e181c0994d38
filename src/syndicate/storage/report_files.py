"""Read reports from files: raw messages, mboxes however big, and maildirs."""

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, pairwise
from pathlib import Path
from typing import BinaryIO

MOST_BYTES = 4 * 1024 * 1024  # of one message; a report says what it has to say long before
STANDARD_INPUT = "-"
_FROM = re.compile(rb"From (?:\S+|\"[^\"]*\"\S*) .*\d\d:\d\d.*\d{4}|From .*(?:19|20)\d\d\s*$")
_DATED = re.compile(rb"From \S+ +[A-Z][a-z]{2} [A-Z][a-z]{2} +\d{1,2} \d\d:\d\d(?::\d\d)?(?: \S+)? \d{4}(?: \S+)?\s*$")
_HEADER = re.compile(rb"[!-9;-~]+:")
_QUOTED = re.compile(rb"^>(>*From )")


Unreadable = Callable[[str, OSError], None]


def read_reports(name: str, *, unreadable: Unreadable) -> Iterator[bytes]:
    """Yield the messages of a file, of a folder, or of standard input for "-".

    What cannot be read is told to `unreadable`, and costs nothing else its place.
    """
    if name != STANDARD_INPUT:
        yield from _read(Path(name), unreadable)
        return
    try:
        yield from _messages(sys.stdin.buffer)
    except OSError as error:
        unreadable(name, error)


def _read(path: Path, unreadable: Unreadable) -> Iterator[bytes]:
    try:
        if not path.is_dir():
            with path.open("rb") as file:
                yield from _messages(file)
            return
        within = _within(path)
    except OSError as error:
        unreadable(str(path), error)
        return
    for one in within:
        yield from _read(one, unreadable)


def _within(folder: Path) -> list[Path]:
    """Return what has arrived in a maildir; of another folder every file and folder. What is hidden, and a link to a folder, is passed over."""
    arrived = [folder / name for name in ("new", "cur") if (folder / name).is_dir()]
    there = arrived or sorted(folder.iterdir())
    return [
        one
        for one in there
        if not one.name.startswith(".") and (one.is_file() or (one.is_dir() and not one.is_symlink()))
    ]


def _messages(file: BinaryIO) -> Iterator[bytes]:
    first = file.readline(MOST_BYTES)
    while first and not first.strip():
        first = file.readline(MOST_BYTES)
    if _FROM.match(first) is None:
        whole = first + file.read(MOST_BYTES)
        yield whole
        return
    yield from _split(file)


def _split(lines: BinaryIO) -> Iterator[bytes]:
    """Yield the messages of an mbox, one at a time.

    A "From " line counts after an empty one; and elsewhere, as some servers forget the empty one, if it has a whole date and a header follows.
    """
    message: list[bytes] = []
    size, after_empty = 0, False
    for line, following in pairwise(chain(_bounded(lines), [b""])):
        if (after_empty and _FROM.match(line)) or (_DATED.match(line) and _HEADER.match(following)):
            yield b"".join(message)
            message, size, after_empty = [], 0, False
            continue
        after_empty = not line.strip()
        size += len(line)
        if size <= MOST_BYTES:
            message.append(_QUOTED.sub(rb"\1", line))
    yield b"".join(message)


def _bounded(file: BinaryIO) -> Iterable[bytes]:
    while line := file.readline(MOST_BYTES):
        yield line
