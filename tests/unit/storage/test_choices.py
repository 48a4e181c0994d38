"""Choices and rhythms are kept once each, whoever stores them at the same time; on both databases."""

import asyncio

from sqlalchemy import func, select

from syndicate.model import Choice, Rhythm
from syndicate.storage.choices import intern_choices, intern_rhythms, load_choice_rows
from syndicate.storage.database import Database
from syndicate.storage.tables import choice, rhythm

CHOICES = [Choice(sections=((f"section-{n}", ("daily",)),), language="en") for n in range(250)]
RHYTHMS = [
    Rhythm(zone="UTC", minute=420),
    Rhythm(zone="UTC", minute=420, weekdays=1),
    Rhythm(zone="UTC", minute=None, quiet=(1320, 420)),
    Rhythm(zone="UTC", minute=None),
    Rhythm(zone="Asia/Tokyo", minute=0),
]


async def test_the_same_is_stored_once_by_however_many(database: Database) -> None:
    """Five who store the same in different orders get the same numbers."""

    async def store(turn: int) -> tuple[dict[Choice, int], dict[Rhythm, int]]:
        async with database.begin() as connection:
            choices = await intern_choices(connection, CHOICES[turn * 10 :] + CHOICES[: turn * 10])
            return choices, await intern_rhythms(connection, RHYTHMS[turn:] + RHYTHMS[:turn])

    stored = await asyncio.gather(*(store(turn) for turn in range(5)))

    assert all(one == stored[0] for one in stored)
    async with database.read() as connection:
        assert (await connection.execute(select(func.count()).select_from(choice))).scalar() == len(CHOICES)
        assert (await connection.execute(select(func.count()).select_from(rhythm))).scalar() == len(RHYTHMS)


async def test_a_choice_comes_back_as_it_was(database: Database) -> None:
    """With the order of its sections, which is another choice when it differs."""
    first = Choice(sections=(("world", ("daily", "weekly")), ("sport", ("daily",))), language="de", format="text")
    other = Choice(sections=first.sections[::-1], language="de", format="text")

    async with database.begin() as connection:
        numbers = await intern_choices(connection, [first, other])
        loaded = await load_choice_rows(connection, numbers.values())

    assert loaded == {numbers[first]: first, numbers[other]: other}
    assert numbers[first] != numbers[other]
