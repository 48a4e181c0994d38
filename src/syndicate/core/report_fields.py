"""Read blocks of header fields, in reports and in what they return."""

import re
from collections.abc import Mapping, Sequence

MOST_HEADERS = 64 * 1024

_FIELD = re.compile(r"^([!-9;-~]{1,80})[ \t]*:[ \t]?(.*)$")
_RECIPIENT = {"final-recipient", "original-recipient"}

Fields = Mapping[str, Sequence[str]]


def fields_of(block: str) -> Fields:
    """Read a block of header fields, folded lines joined; lines that are none are passed over. Names in lower case."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in block[:MOST_HEADERS].split("\n"):
        if line[:1] in (" ", "\t") and name:
            found[name][-1] += " " + line.strip()
            continue
        field = _FIELD.match(line.rstrip())
        name = "" if field is None else field[1].lower()
        if field is not None:
            found.setdefault(name, []).append(field[2].strip())
    return found


def groups_of(text: str) -> list[Fields]:
    """Read the blocks of a delivery status; what goes on about a recipient after an empty line is of his block."""
    found: list[Fields] = []
    for block in re.split(r"\n[ \t]*\n", text):
        fields = fields_of(block)
        if found and _RECIPIENT & set(found[-1]) and not (_RECIPIENT | set(found[-1])) & set(fields):
            found[-1] = {**found[-1], **fields}
        elif fields:
            found.append(fields)
    return found


def first_block(text: str) -> str:
    """Return what stands before the first empty line."""
    return re.split(r"\n[ \t]*\n", text.lstrip()[:MOST_HEADERS], maxsplit=1)[0]
