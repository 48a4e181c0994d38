"""Read PostgreSQL's moments that Python cannot hold (infinity, the year 10,000) as text, so that one costs no other row."""

from datetime import date, datetime

from psycopg import Connection, DataError
from psycopg.abc import Buffer
from psycopg.types.datetime import DateLoader, TimestampLoader, TimestamptzLoader


class _Timestamptz(TimestamptzLoader):
    def load(self, data: Buffer) -> datetime:
        try:
            return super().load(data)
        except DataError:
            return _text(data)  # type: ignore[return-value]  # intake refuses it as an impossible date


class _Timestamp(TimestampLoader):
    def load(self, data: Buffer) -> datetime:
        try:
            return super().load(data)
        except DataError:
            return _text(data)  # type: ignore[return-value]  # intake refuses it as an impossible date


class _Date(DateLoader):
    def load(self, data: Buffer) -> date:
        try:
            return super().load(data)
        except DataError:
            return _text(data)  # type: ignore[return-value]  # intake refuses it as an impossible date


def read_all_moments(connection: object) -> None:
    """Make a new connection read every moment; of another driver's connection, leave it as it is."""
    if isinstance(connection, Connection):
        for name, loader in (("timestamptz", _Timestamptz), ("timestamp", _Timestamp), ("date", _Date)):
            connection.adapters.register_loader(name, loader)


def _text(data: Buffer) -> str:
    return bytes(data).decode("ascii", "replace")
