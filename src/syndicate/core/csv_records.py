"""Cut a spreadsheet's lines into records, losing no more than the line that is broken."""

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from syndicate.errors import UsageError

LONGEST_LINE = 65_536  # bytes
MOST_LINES = 20  # a quoted field may span these many; more is a quote that somebody forgot to close
DELIMITERS = ",;\t"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record and the line it begins on; `trouble` says why it has no fields."""

    line: int
    fields: tuple[str, ...] = ()
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str
    trouble: str | None = None


def cut_lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield lines with their ends (LF, CRLF or CR); one that is too long is cut to a stub still longer than is allowed."""
    rest = b""
    for chunk in chunks:
        held = rest + chunk
        lines = held.splitlines(keepends=True)
        complete = held.endswith(b"\n")  # a CR at the end may be half of a CRLF
        rest = b"" if complete or not lines else lines.pop()
        yield from lines
        if len(rest) > LONGEST_LINE:
            rest = rest[: LONGEST_LINE + 1] + rest[-1:]
    if rest:
        yield rest


class CsvRecords:
    """The records of one file. Iterating yields them in order; `header` is the first line's fields.

    Delimiters are told by the header; lines that are not UTF-8 are taken for Windows-1252, as spreadsheets write it. A quoted
    field may span lines, but a quote that is never closed costs its own line only. Raises UsageError when there is no header.
    """

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._source = enumerate(lines, 1)
        self._back: deque[_Line] = deque()
        first = self._next()
        if first is not None and first.text.strip().lower().startswith("sep="):
            first = self._next()  # Excel's way to name its delimiter
        if first is None or first.trouble is not None or not first.text.strip():
            raise UsageError("the file has no first line that names its columns; one of them must be email")
        self.delimiter = max(DELIMITERS, key=first.text.count)
        self.header = tuple(self._parse(first.text))

    def __iter__(self) -> Iterator[Record]:
        while (line := self._next()) is not None:
            if line.trouble is not None:
                yield Record(line=line.number, trouble=line.trouble)
            elif line.text.strip():
                yield self._record(line)

    def _record(self, line: _Line) -> Record:
        try:
            if line.text.count('"') % 2 == 0:
                return Record(line=line.number, fields=tuple(self._parse(line.text)))
            return self._spanning(line)
        except csv.Error as error:
            return Record(line=line.number, trouble=f"not readable as CSV ({error})")

    def _spanning(self, line: _Line) -> Record:
        """Return the record of a line with an open quote: with the lines up to the closing one, if that makes a record."""
        group, size, is_open = [line], len(line.text), True
        while is_open and len(group) < MOST_LINES and size <= LONGEST_LINE:
            following = self._next()
            if following is None:
                break
            group.append(following)
            size += len(following.text)
            if following.trouble is not None:
                break
            is_open = following.text.count('"') % 2 == 0
        fields = [] if is_open else self._try("".join(one.text for one in group))
        if len(fields) == len(self.header):
            return Record(line=line.number, fields=tuple(fields))
        self._back.extendleft(reversed(group[1:]))
        fields = self._parse(line.text)
        if len(fields) != len(self.header):
            return Record(line=line.number, trouble="a quote is never closed")
        return Record(line=line.number, fields=tuple(fields))

    def _try(self, text: str) -> list[str]:
        try:
            return self._parse(text, strict=True)
        except csv.Error:
            return []

    def _parse(self, text: str, *, strict: bool = False) -> list[str]:
        return next(csv.reader([text], delimiter=self.delimiter, strict=strict), [])

    def _next(self) -> _Line | None:
        if self._back:
            return self._back.popleft()
        found = next(self._source, None)
        if found is None:
            return None
        number, raw = found
        if number == 1:
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        if len(raw) > LONGEST_LINE:
            return _Line(number, "", f"longer than {LONGEST_LINE} bytes")
        if b"\0" in raw:
            return _Line(number, "", "holds a NUL byte")
        try:
            return _Line(number, raw.decode())
        except UnicodeDecodeError:
            pass
        try:
            return _Line(number, raw.decode("cp1252"))
        except UnicodeDecodeError:
            return _Line(number, "", "neither UTF-8 nor Windows-1252")
