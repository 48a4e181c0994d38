"""Keep notes on what the shelf's feeds were built from, so that a build is due only when they would differ."""

from datetime import datetime

import msgspec

from syndicate.storage.shelf import Shelf


class Built(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one section's documents were built from.

    `seq` and `changed` are the section's version; `recipe` stands for settings and program; at `until` time alone changes the
    window; `archives` counts the archive documents; `max_age` is what caches are told, in seconds.
    """

    seq: int
    recipe: str
    changed: datetime | None = None
    until: datetime | None = None
    archives: int = 0
    max_age: int = 900


class Notes(msgspec.Struct, kw_only=True):
    """What the whole shelf was built from, and for which publication; `lists` maps OPML and sitemap to theirs."""

    publication: str = ""
    sections: dict[str, Built] = {}
    lists: dict[str, Built] = {}


def read_notes(shelf: Shelf) -> Notes:
    """Return the shelf's notes; none when they are missing or unreadable, so that all is built again."""
    try:
        return msgspec.json.decode(shelf.read_state() or b"{}", type=Notes)
    except msgspec.DecodeError:
        return Notes()


def own_notes(notes: Notes, publication: str) -> Notes:
    """Return a publication's own notes: where another one's lie, nothing is known to be built, and nothing is ours to remove."""
    if notes.publication not in ("", publication):
        return Notes(publication=publication)
    notes.publication = publication
    return notes


def write_notes(shelf: Shelf, notes: Notes) -> None:
    """Keep the notes. Raises ShelfError."""
    shelf.write_state(msgspec.json.format(msgspec.json.encode(notes, order="sorted"), indent=1))


def is_due(built: Built | None, *, seq: int, recipe: str, now: datetime) -> bool:
    """Tell whether a build would give other bytes: something entered or changed, the recipe did, or time moved the window."""
    if built is None or built.recipe != recipe or built.seq < seq:
        return True
    return built.until is not None and built.until <= now
