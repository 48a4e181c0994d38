"""Print results: as one JSON document, or as a table for people."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from datetime import datetime
from io import BufferedWriter, RawIOBase, TextIOWrapper
from textwrap import indent
from typing import Any, TextIO

import msgspec
import yaml
from rich.console import Console
from rich.table import Table
from rich.text import Text

_ENDLESS = 100_000  # columns of a pipe: a line that is folded there cannot be put together again
console = Console(soft_wrap=True, highlight=False)


def whole(stream: TextIO) -> TextIO:
    """Return a stream that writes all it is given: one without a buffer (PYTHONUNBUFFERED) may stop in the middle of a long document."""
    raw = getattr(stream, "buffer", None)
    if not isinstance(raw, RawIOBase):
        return stream
    return TextIOWrapper(BufferedWriter(raw), encoding=stream.encoding, errors=stream.errors, line_buffering=True)


def plain(value: Any) -> Any:  # Any: whatever JSON can hold
    """Return a value that JSON can hold: moments as RFC 3339 in UTC, dataclasses as objects."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if is_dataclass(value) and not isinstance(value, type):
        return {key: plain(one) for key, one in asdict(value).items()}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(one) for one in value]
    return value


def print_json(value: Any) -> None:  # Any: whatever JSON can hold
    """Print one JSON document in UTF-8, whatever the locale."""
    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(plain(value)), indent=2) + b"\n")
    sys.stdout.flush()


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str | None = None) -> None:
    """Print rows under headings; cells are texts, never markup."""
    wide = console if console.is_terminal else Console(highlight=False, width=_ENDLESS)
    wide.print(_table(columns, rows, title=title), crop=False)


def _table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str | None) -> Table:
    """Return rows as a table that folds a long cell where a terminal is narrow, and never cuts it."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(_cell(cell), overflow="fold") for cell in row))
    return table


def print_facts(facts: Mapping[str, object]) -> None:
    """Print names and values, one a line."""
    width = max((len(name) for name in facts), default=0)
    for name, value in facts.items():
        if isinstance(value, Mapping) or (
            isinstance(value, (list, tuple)) and any(isinstance(one, Mapping) for one in value)
        ):
            nested = yaml.safe_dump(plain(value), allow_unicode=True, sort_keys=False, width=100)
            console.print(Text(f"{name.replace('_', ' ')}\n{indent(nested, '    ')}".rstrip()))
        else:
            console.print(Text(f"{name.replace('_', ' '):<{width}}  {_cell(value)}"))


def print_line(text: str) -> None:
    """Print one line as it is."""
    console.print(Text(text))


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, float):
        return f"{value:.2f}"
    if isinstance(value, (list, tuple)):
        return ", ".join(str(one) for one in value)
    return str(value)
