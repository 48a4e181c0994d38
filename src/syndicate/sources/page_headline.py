"""Find the headline of a saved page among the lines above its body."""

from syndicate.sources import page_byline as byline
from syndicate.sources import page_lines as lines_of

_LONG = 4
_USUAL = 7
_LONGEST = 250
_NEAR = 4
_PROSE_WORDS = 8
_PROSE_CHARACTERS = 25  # of a script that does not part words
_QUESTION_WORDS = 25
_MOST = 400


def prose_begins(lines: list[str], start: int = 0) -> int:
    """Return the number of the first line that is a sentence of a story, or where the search for it ended."""
    end = min(len(lines), start + _MOST)
    return next((number for number in range(start, end) if is_prose(lines[number])), end)


def is_prose(line: str) -> bool:
    """Tell whether a line is running text: a whole sentence, no headline with a question mark, nothing of the page's."""
    words = len(line.split())
    if not lines_of.is_sentence(line) or is_passed_over(line) or lines_of.is_last(line) or lines_of.crumbs(line):
        return False
    if line.rstrip("'\"”’»)]").endswith(("?", "!")):
        return words >= _QUESTION_WORDS
    return words >= _PROSE_WORDS or (words < 3 and not line.isascii() and len(line) >= _PROSE_CHARACTERS)


def likeliest(lines: list[str], start: int, end: int) -> str:
    """Return the line from `start` to `end` that is most likely the headline, or an empty text.

    That is the long one above the first date or byline that has one close above it; else the last long one.
    """
    numbers = [n for n in range(start, end) if lines[n] and not is_passed_over(lines[n])]
    marked = next((lines[n] for n in numbers if lines[n].startswith("# ")), None)
    if marked is not None:
        return marked
    for place, number in enumerate(numbers):
        if is_stated(lines[number]) and (above := _above(lines, numbers[:place])):
            return above
    content = [n for n in numbers if not is_stated(lines[n])]
    return _above(lines, content, near=len(content)) or _short(lines, numbers)


def is_stated(line: str) -> bool:
    """Tell whether a line gives the date, the authors or the section."""
    return (
        lines_of.dated(line) is not None or byline.names_in(line) is not None or lines_of.section_in(line) is not None
    )


def is_passed_over(line: str) -> bool:
    """Tell whether a line is the page's, or a picture's, wherever it stands."""
    return lines_of.is_furniture(line) or lines_of.is_credit(line)


def _above(lines: list[str], numbers: list[int], *, near: int = _NEAR) -> str:
    """Return the headline that ends a list of lines: the upper of two long ones, as the lower is a standfirst.

    Unless the upper is a paper's motto: shorter, while the lower has the length of a headline.
    """
    found = ""
    for number in reversed(numbers[-near:]):
        line = lines[number]
        if _is_long(line):
            if found:
                is_motto = len(line.split()) < _USUAL <= len(found.split())
                return found if is_motto or lines.count(found) > 1 else line
            found = line
        elif found or is_stated(line):
            break
    return found


def _is_long(line: str) -> bool:
    words = len(line.split())
    if len(line) > _LONGEST or (line.endswith(".") and words > 12):
        return False
    return words >= _LONG or (words < 3 and not line.isascii() and len(line) >= 10)


def _short(lines: list[str], numbers: list[int]) -> str:
    """Return a short headline: the line that a date, a byline or the body follows."""
    for place, number in enumerate(numbers):
        line = lines[number]
        following, then = [*(lines[n] for n in numbers[place + 1 :]), "", ""][:2]
        if is_stated(line) or lines_of.is_home(line):
            continue
        if not following or is_stated(following) or (byline.is_person(following) and is_stated(then)):
            return line
    return ""
