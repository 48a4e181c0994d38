"""Keep choices and rhythms once each, however many readers share them."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

import msgspec
from sqlalchemy import Table, case, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from syndicate.model import Choice, Rhythm
from syndicate.storage.tables import choice, rhythm, subscription

T = TypeVar("T")
NONE = -1
LOOKED_UP = 100  # rows looked up at a time


def insert_into(connection: AsyncConnection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT that knows ON CONFLICT, in the connection's dialect."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


async def intern_choices(connection: AsyncConnection, choices: Iterable[Choice]) -> dict[Choice, int]:
    """Return the id of each choice, storing those that are new. Safe against others who store the same."""
    wanted = {_hash(text): (one, text) for one in sorted(set(choices), key=repr) for text in [_canonical(one)]}
    found = await _find_choices(connection, list(wanted))
    missing = [{"hash": key, "json": wanted[key][1]} for key in sorted(wanted.keys() - found.keys())]
    if missing:
        await connection.execute(insert_into(connection, choice).on_conflict_do_nothing(), missing)
        found |= await _find_choices(connection, [row["hash"] for row in missing])
    return {wanted[key][0]: number for key, number in found.items()}


async def intern_rhythms(connection: AsyncConnection, rhythms: Iterable[Rhythm]) -> dict[Rhythm, int]:
    """Return the id of each rhythm, storing those that are new. Safe against others who store the same."""
    wanted = {_row(one): one for one in set(rhythms)}
    found = await _find_rhythms(connection, list(wanted))
    missing = sorted(wanted.keys() - found.keys())
    if missing:
        values = [dict(zip(_RHYTHM_NAMES, row, strict=True)) for row in missing]
        await connection.execute(insert_into(connection, rhythm).on_conflict_do_nothing(), values)
        found |= await _find_rhythms(connection, missing)
    return {wanted[row]: number for row, number in found.items()}


async def load_choice_rows(connection: AsyncConnection, ids: Iterable[int]) -> dict[int, Choice]:
    """Return choices by id."""
    found: dict[int, Choice] = {}
    for part in _parts(sorted(set(ids))):
        rows = await connection.execute(select(choice.c.id, choice.c.json).where(choice.c.id.in_(part)))
        found |= {row.id: msgspec.json.decode(row.json, type=Choice) for row in rows}
    return found


async def replace_choices(connection: AsyncConnection, replaced: Mapping[int, Choice]) -> None:
    """Put others in the place of choices, id → choice, for all readers who have them."""
    texts = {number: _canonical(one) for number, one in replaced.items()}
    known = await _find_choices(connection, [_hash(text) for text in texts.values()])
    same: dict[int, int] = {}
    for number, text in texts.items():
        if (stored := known.setdefault(_hash(text), number)) != number:
            same[number] = stored
        else:
            await connection.execute(update(choice).where(choice.c.id == number).values(hash=_hash(text), json=text))
    for part in _parts(sorted(same)):  # a look at every reader each
        column = subscription.c.choice
        values = case({number: same[number] for number in part}, value=column)
        await connection.execute(update(subscription).where(column.in_(part)).values(choice=values))


_RHYTHM_NAMES = ("zone", "minute", "weekdays", "quiet_from", "quiet_to")
_RHYTHM_COLUMNS = [rhythm.c[name] for name in _RHYTHM_NAMES]
RhythmRow = tuple[str, int, int, int, int]


def _row(one: Rhythm) -> RhythmRow:
    quiet = one.quiet or (NONE, NONE)
    return one.zone, NONE if one.minute is None else one.minute, one.weekdays, *quiet


async def _find_rhythms(connection: AsyncConnection, wanted: Sequence[RhythmRow]) -> dict[RhythmRow, int]:
    found: dict[RhythmRow, int] = {}
    for part in _parts(wanted):
        query = select(rhythm.c.id, *_RHYTHM_COLUMNS).where(tuple_(*_RHYTHM_COLUMNS).in_(part))
        for row in await connection.execute(query):
            found[row.zone, row.minute, row.weekdays, row.quiet_from, row.quiet_to] = row.id
    return found


async def _find_choices(connection: AsyncConnection, hashes: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for part in _parts(hashes):
        rows = await connection.execute(select(choice.c.hash, choice.c.id).where(choice.c.hash.in_(part)))
        found |= {row.hash: row.id for row in rows}
    return found


def _parts(rows: Sequence[T]) -> list[Sequence[T]]:
    return [rows[start : start + LOOKED_UP] for start in range(0, len(rows), LOOKED_UP)]


def _canonical(one: Choice) -> str:
    return msgspec.json.encode(one).decode()


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
