"""Import readers from a spreadsheet of any size."""

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from syndicate.core.csv_records import CsvRecords, cut_lines
from syndicate.core.reader_lines import LineReader, ReaderLine, merged
from syndicate.errors import AddressError, UsageError
from syndicate.flows.import_lines import LineImport, LineOutcome, RacedError
from syndicate.flows.readership import Readership
from syndicate.storage.database import is_deadlock
from syndicate.storage.subscriptions import Interned

CHUNK = 500  # readers in one transaction
READ = 1 << 16
TRIES = 5
UTF16 = (b"\xff\xfe", b"\xfe\xff")

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """A line that could not be used, and why."""

    line: int
    reason: str


@dataclass(slots=True, kw_only=True)
class ImportReport:
    """What an import did. Every line is counted once; of lines about one reader that follow one another, the second is unchanged."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[Rejection] = field(default_factory=list)
    seconds: float = 0.0

    def count(self, outcome: LineOutcome, lines: int) -> None:
        """Count a reader, told of by some lines."""
        if outcome is LineOutcome.ADDED:
            self.added += 1
        elif outcome is LineOutcome.UPDATED:
            self.updated += 1
        else:
            self.unchanged += 1
        self.unchanged += lines - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReaders:
    """Reads a file once, line by line, and writes 500 readers at a time; importing it again changes nothing."""

    readership: Readership

    async def run(self, path: Path, *, progress: Progress | None = None) -> ImportReport:
        """Import a file. `progress` is told the lines and bytes read so far. Raises UsageError when the file cannot be used at all."""
        started = self.readership.clock.monotonic()
        report = ImportReport()
        lines = LineImport(readership=self.readership, source=f"import of {path.name}", interned=Interned())
        async with self.readership.database.read() as connection:
            catalogue = await self.readership.catalogue(connection)
        try:
            with path.open("rb") as file:
                records = CsvRecords(cut_lines(_chunks(file)))
                reader = LineReader(records.header, catalogue, now=self.readership.clock.now())
                for chunk in _parts(_groups(_read(records, reader, report))):
                    await self._apply(lines, chunk, report)
                    if progress is not None:
                        progress(chunk[-1][-1].line, file.tell())
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{path}: cannot be read ({error})") from error
        report.seconds = round(self.readership.clock.monotonic() - started, 3)
        return report

    async def _apply(self, lines: LineImport, chunk: list[list[ReaderLine]], report: ImportReport) -> None:
        for attempt in range(1, TRIES + 1):
            try:
                async with self.readership.database.begin() as connection:
                    outcomes = await lines.apply(connection, [merged(group) for group in chunk])
                break
            except Exception as error:
                if attempt == TRIES or not (isinstance(error, RacedError) or is_deadlock(error)):
                    raise
                lines.interned.forget()
        for outcome, group in zip(outcomes, chunk, strict=True):
            report.count(outcome, len(group))


def _read(records: CsvRecords, reader: LineReader, report: ImportReport) -> Iterator[ReaderLine]:
    for record in records:
        try:
            if record.trouble is not None:
                raise UsageError(record.trouble)
            yield reader.read(record.fields, line=record.line)
        except (AddressError, UsageError) as error:
            report.rejected.append(Rejection(line=record.line, reason=str(error)))


def _groups(lines: Iterable[ReaderLine]) -> Iterator[list[ReaderLine]]:
    """Put lines about one reader that follow one another together: some systems write a line for each section."""
    group: list[ReaderLine] = []
    for line in lines:
        if group and (len(group) == CHUNK or line.email.casefold() != group[0].email.casefold()):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _parts(groups: Iterator[list[ReaderLine]]) -> Iterator[list[list[ReaderLine]]]:
    """Yield chunks in which no reader stands twice."""
    chunk: list[list[ReaderLine]] = []
    met: set[str] = set()
    for group in groups:
        address = group[0].email.casefold()
        if len(chunk) == CHUNK or address in met:
            yield chunk
            chunk, met = [], set()
        chunk.append(group)
        met.add(address)
    if chunk:
        yield chunk


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    start = file.read(2)
    file.seek(0)
    if start in UTF16:
        # detached at the end, so that the caller's file stays open for it to close
        text = io.TextIOWrapper(file, encoding="utf-16", newline="")
        while part := text.read(READ):
            yield part.encode()
        text.detach()
        return
    while chunk := file.read(READ):
        yield chunk
