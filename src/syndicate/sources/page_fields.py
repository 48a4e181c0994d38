"""Read the "Title: …" lines that some programs write above a page they save."""

import re

_FIELD = re.compile(
    r"(title|headline|date|published|updated|author|by|section|category|tags|url|source url|link|language)\s*:\s*(\S.*)",
    re.IGNORECASE,
)


def fields_of(lines: list[str]) -> tuple[dict[str, str], int]:
    """Return the fields at the top by their names in small letters, and the number of lines they take."""
    found: dict[str, str] = {}
    end = 0
    for number, line in enumerate(lines):
        match = _FIELD.fullmatch(line)
        if match is not None:
            found.setdefault(match.group(1).lower(), match.group(2))
            end = number + 1
        elif line.strip("-=") != "":
            break
    return found, end
