"""Read the byline of a saved page's text: who wrote, beside minutes, counts and offices."""

import re

MINUTES = re.compile(
    r"(?:reading time:?\s*)?(?:about\s+)?\d{1,3}\s*[- ]?min(?:ute)?s?\.?(?:\s*(?:read|to read|reading time|lesen|de lecture))?"
    r"|(?:read|reading)(?: time)?:?\s*\d{1,3}\s*min(?:ute)?s?(?:\s*read)?|temps de lecture\s*:?\s*\d{1,3}\s*min\.?",
    re.IGNORECASE,
)
COUNTS = re.compile(
    r"\b\d[\d,.]*k?\s*(?:comments?|shares?|views?|likes?|reads)\b|\b(?:no|leave a) comments?\b", re.IGNORECASE
)
BYLINE = re.compile(
    r"^(?:(?:written|words|story|text|report(?:ing)?|reported|posted|published|authored)\s+)?by[:\s]+(?=\S)|^(?:authors?|reporters?|writers?|автор|yazan)\s*:\s*",
    re.IGNORECASE,
)
# Words that also begin names and sentences: only names may follow.
_ELSEWHERE = re.compile(r"^(?:von|par|por|di|door|av|af|przez)\s+", re.IGNORECASE)
_AND = re.compile(r",|\s+(?:and|und|et|y|en|och|og|e|i)\s+|\s+&\s+|;|\|")
_HOUSES = re.compile(
    r"\s+(?:CNN|BBC(?: News)?|Fox News(?: Digital)?|(?:NBC|CBS|ABC|Sky) News|Reuters|AP|AFP|Bloomberg)$"
)
_PLACE = re.compile(r"\s+(?:in|from)\s+[A-Z][\w.'’-]*(?:[\s,]+[A-Z][\w.'’-]*){0,3}$")
_OFFICES = re.compile(
    r"\b(?:editor|correspondent|reporter|writer|staff|news|bureau|desk|chief|analyst|columnist|agency|times|post|press|media|journalist"
    r"|contributor|producer|director)\b",
    re.IGNORECASE,
)
_ENDED = re.compile(r"[.!?…。！？؟۔।]['\"”’»)\]]*$")


def names_in(line: str) -> tuple[str, ...] | None:
    """Return the names of a byline, or None when the line is none."""
    line = line.strip("*_ ")
    if len(line) > 160 or _ENDED.search(line) is not None:
        return None
    match = BYLINE.match(line)
    if match is not None:
        return None if line[match.end()].islower() else split_names(line[match.end() :])  # "By the numbers"
    match = _ELSEWHERE.match(line)
    if match is None:
        return None
    names = split_names(line[match.end() :])
    return names if names and all(map(is_person, names)) else None


def split_names(text: str) -> tuple[str, ...]:
    """Return the people of "Jane Doe and John Roe, political editor": each by name, without offices and addresses."""
    text = COUNTS.sub("", MINUTES.sub("", text))
    text = re.split(r"\s+[|•·–—]\s+|\s*\(|\s+in\s+[A-Z]|\s+for\s+[A-Z]|\S+@\S+", text)[0]
    parts = [_HOUSES.sub("", part.strip(" ,;|•·–—-*_")) for part in _AND.split(text)]
    return tuple(part for index, part in enumerate(parts) if part and (index == 0 or _is_name(part)))


def person_in(line: str) -> str | None:
    """Return the name in a line that holds nothing else, but for the place it was written at."""
    name = _PLACE.sub("", line)
    return name if is_person(name) else None


def is_person(line: str) -> bool:
    """Tell whether a line reads like a person's name."""
    words = line.split()
    return (
        2 <= len(words) <= 4
        and all(word[:1].isupper() for word in words)
        and not any(character.isdigit() or character in ",:;?!|" for character in line)
        and _ENDED.search(line) is None
    )


def is_office(line: str) -> bool:
    """Tell whether a short line names an office or a house, as stands below a byline: "BBC News", "Political editor"."""
    return len(line.split()) <= 6 and _OFFICES.search(line) is not None and _ENDED.search(line) is None


def _is_name(part: str) -> bool:
    words = part.split()
    return 2 <= len(words) <= 5 and words[0][0].isupper() and _OFFICES.search(part) is None
