"""Spreadsheets as people send them, cut into records."""

import csv
import io
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate.core.csv_records import LONGEST_LINE, CsvRecords, Record, cut_lines
from syndicate.errors import UsageError

HEADER = b"email,name\n"


def records(content: bytes, *, chunk: int = 7) -> list[Record]:
    """Read a file in small pieces."""
    pieces = (content[at : at + chunk] for at in range(0, len(content), chunk))
    return list(CsvRecords(cut_lines(pieces)))


def names(content: bytes) -> list[tuple[int, str]]:
    """Return line and second field of each record, or its trouble."""
    return [(one.line, one.trouble or one.fields[1]) for one in records(HEADER + content)]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("delimiter", [b",", b";", b"\t"])
@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf"])
def test_every_make_of_spreadsheet_is_read(end: bytes, delimiter: bytes, before: bytes) -> None:
    """Line ends, delimiters and byte order marks differ from program to program."""
    content = before + delimiter.join([b"email", b"name"]) + end + delimiter.join([b"a@x.example", b"Ann"]) + end

    assert records(content) == [Record(line=2, fields=("a@x.example", "Ann"))]


def test_excels_own_first_line_is_skipped() -> None:
    """It names the delimiter, and counts as a line."""
    assert records(b"sep=;\r\nemail;name\r\na@x.example;Ann\r\n") == [Record(line=3, fields=("a@x.example", "Ann"))]


def test_a_quoted_field_may_span_lines() -> None:
    """Later records keep their line numbers."""
    assert names(b'a,"Ann\r\nof ""Green"" Gables"\nb,Bob\n') == [(2, 'Ann\r\nof "Green" Gables'), (4, "Bob")]


def test_a_quote_that_is_never_closed_costs_its_line_only() -> None:
    """Whatever follows is read, also when another stray quote seems to close it."""
    assert names(b'"a,Ann\nb,Bob\nc,Cat\n') == [(2, "a quote is never closed"), (3, "Bob"), (4, "Cat")]
    assert names(b'"a,Ann\nb,Bob\n"c,Cat\nd,Dan\n') == [
        (2, "a quote is never closed"),
        (3, "Bob"),
        (4, "a quote is never closed"),
        (5, "Dan"),
    ]


def test_an_inch_mark_is_no_quote() -> None:
    """A quote inside a bare field is a letter like any other."""
    assert names(b'a,5" Ann\nb,Bob\n') == [(2, '5" Ann'), (3, "Bob")]


def test_bytes_that_are_no_utf_8_are_taken_for_windows() -> None:
    """Each line is judged by itself; what is neither is told."""
    assert names("a,José\n".encode("cp1252") + "b,Zoë\n".encode() + b"c,\x81\xff\n") == [
        (2, "José"),
        (3, "Zoë"),
        (4, "neither UTF-8 nor Windows-1252"),
    ]


def test_a_nul_and_a_line_without_end_are_told() -> None:
    """Neither stops the reading."""
    long = b"x" * (LONGEST_LINE + 1)

    assert names(b"a,A\0nn\nb," + long + b"\nc,Cat\n") == [
        (2, "holds a NUL byte"),
        (3, f"longer than {LONGEST_LINE} bytes"),
        (4, "Cat"),
    ]


def test_empty_lines_are_no_records() -> None:
    """They count as lines."""
    assert names(b"\n  \na,Ann\n\n") == [(4, "Ann")]


@pytest.mark.parametrize("content", [b"", b"\n", b"\0\n", b"\xef\xbb\xbf"])
def test_a_file_without_a_header_is_refused(content: bytes) -> None:
    """There is nothing to read it by."""
    with pytest.raises(UsageError, match="first line"):
        CsvRecords(cut_lines([content]))


def test_a_gigantic_line_takes_no_memory() -> None:
    """A hundred megabytes without a line end pass by."""

    def pieces() -> Iterator[bytes]:
        yield HEADER
        for _ in range(400):
            yield b"x" * 262_144
        yield b"\nb,Bob\n"

    tracemalloc.start()
    found = list(CsvRecords(cut_lines(pieces())))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert [one.trouble is None for one in found] == [False, True]
    assert peak < 2_000_000


plain_text = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)


@given(
    rows=st.lists(
        st.tuples(plain_text, plain_text, plain_text).filter(lambda row: any(c.strip() for c in row)), max_size=6
    ),
    chunk=st.integers(1, 40),
)
@settings(max_examples=150, deadline=None)
def test_what_a_spreadsheet_writes_is_read_back(rows: list[tuple[str, str, str]], chunk: int) -> None:
    """Every field survives, whatever letters, quotes and line ends it holds, and wherever the file is cut while reading."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, quoting=csv.QUOTE_ALL)
    writer.writerows([("email", "name", "more"), *rows])

    found = records(written.getvalue().encode(), chunk=chunk)

    assert [one.fields for one in found] == rows
