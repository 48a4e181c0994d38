"""Test that a long document is printed to its end, however little the system takes at a time."""

import os
import subprocess
import sys
from io import BytesIO, RawIOBase, StringIO, TextIOWrapper
from typing import Any, BinaryIO, cast

from syndicate.cli.output import whole


class Sipping(RawIOBase):
    """A pipe that takes at most a thousand bytes at a time, as one may that a signal interrupts."""

    def __init__(self) -> None:
        self.taken = b""

    def writable(self) -> bool:
        """Say that it can be written to."""
        return True

    def write(self, data: Any, /) -> int:  # Any: whatever holds bytes
        """Take what fits."""
        piece = bytes(data)[:1000]
        self.taken += piece
        return len(piece)


def test_a_long_document_is_written_to_its_end() -> None:
    """Without a buffer below it, bytes and text all arrive."""
    pipe = Sipping()
    unbuffered = TextIOWrapper(cast("BinaryIO", pipe), encoding="utf-8", write_through=True)
    stream = whole(unbuffered)

    stream.buffer.write(b"x" * 200_000)
    stream.write("é" * 50_000)
    stream.flush()

    assert pipe.taken == b"x" * 200_000 + "é".encode() * 50_000


def test_a_stream_with_a_buffer_stays_as_it_is() -> None:
    """What is whole already is not touched."""
    for stream in (StringIO(), TextIOWrapper(BytesIO(), encoding="utf-8")):
        assert whole(stream) is stream


LISTS = """
import sys, typer
from syndicate.cli.running import run
async def body():
    for _ in range(100_000):
        print("a line")
try:
    run(body)
except typer.Exit as end:
    sys.exit(end.exit_code)
"""


def test_who_stops_reading_has_enough() -> None:
    """As `head` does: the command ends well, and says nothing of a database."""
    reading, writing = os.pipe()
    os.close(reading)

    result = subprocess.run([sys.executable, "-c", LISTS], stdout=writing, stderr=subprocess.PIPE, check=False)

    os.close(writing)
    assert (result.returncode, result.stderr) == (0, b"")
