"""Keep a saved page's paragraphs and leave what stands between and behind them."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from syndicate.sources import page_lines as lines_of

_SHORT = 12
_WRAPPED_AT = 100
# What houses print below a story, in whole sentences.
_BELOW = re.compile(
    r"sign up here\b.{0,80}|(?:additional )?(?:reporting|writing|editing|compiled) by .{1,200}|our standards: .{1,80}|purchase licensing rights.{0,40}"
    r"|want to (?:read|know) more\?.{0,80}|follow .{1,60} (?:coverage|on|at) .{1,120}|view comments.{0,20}|source: .{1,80}"
    r"|(?:this|the) (?:article|story) (?:was )?(?:first|originally) (?:appeared|published) (?:on|in|at|by) .{1,120}"
    r"|\S+ agency website contains only a portion .{1,200}|(?:have|got) a (?:news )?tip.{0,150}|© .{0,200}|[_—–*#-]+",
    re.IGNORECASE,
)
_LIVES = re.compile(r"\s+(?:is|are|was|covers|reports|writes|has been|joined|leads|works)\b")
_LATE_DATE = re.compile(r"(?:first\s+)?(?:published|posted|date)\b.{0,40}", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A page's paragraphs, and what its last lines say of it."""

    paragraphs: tuple[str, ...]
    tags: tuple[str, ...] = ()
    section: str | None = None
    published: date | datetime | None = None


def body_of(lines: list[str], *, title: str, authors: tuple[str, ...] = ()) -> Body:
    """Return the paragraphs among these lines: up to what ends the article, without pictures' captions and invitations.

    The heading of a list ("Related news") ends the article in its second half; before that, only the list is left out.
    """
    end = next((number for number, line in enumerate(lines) if lines_of.is_last(line)), len(lines))
    tail = lines[end:]
    paragraphs = _unwrapped(lines[:end])
    kept: list[str] = []
    aside: list[str] = []
    in_list = False
    before, behind = 0, _words(paragraphs)  # words that were kept, and that are still to come
    for number, line in enumerate(paragraphs):
        behind -= len(line.split())
        if lines_of.opens_list(line) and not _is_subheading(line, paragraphs[number + 1 : number + 2]):
            if before >= behind:
                tail = paragraphs[number:] + tail
                break
            in_list = True
            aside.append(line)
        elif in_list and not _is_prose(line):
            aside.append(line)
        elif (
            lines_of.is_furniture(line)
            or lines_of.is_credit(line)
            or line.casefold() == title.casefold()
            or _repeats_credit(line, paragraphs[max(0, number - 1)])
        ):
            in_list = False
        else:
            in_list = False
            kept.append(line)
            before += len(line.split())
    tail = _take_tail(kept, authors) + tail
    return Body(
        paragraphs=tuple(kept),
        tags=next((tags for line in [*aside, *tail] if (tags := lines_of.tags_in(line))), ()),
        section=next((section for line in tail if (section := lines_of.section_in(line)) is not None), None),
        published=_published_in(tail),
    )


def _tells_of(line: str, authors: tuple[str, ...]) -> bool:
    """Tell whether a line presents an author, as "Jane Doe is a reporter in Oslo" does."""
    return any(line.startswith(name) and _LIVES.match(line, len(name)) is not None for name in authors)


def _repeats_credit(line: str, before: str) -> bool:
    """Tell whether a line is the caption of a picture whose credit and description stand above it."""
    return line != before and before.endswith(line) and lines_of.is_credit(before)


def _is_subheading(line: str, below: list[str]) -> bool:
    """Tell whether "More on …" heads a part of the article: prose comes next, not the headline of another one."""
    return line.lower().startswith("more ") and bool(below) and len(below[0].split()) > _SHORT and _is_prose(below[0])


def _is_prose(line: str) -> bool:
    """Tell whether a line below the heading of a list is the article again: headlines do not end with a full stop."""
    words = len(line.split())
    return lines_of.is_sentence(line) and (words > _SHORT or (words > 4 and not line.endswith(("?", "!", "…"))))


def _take_tail(kept: list[str], authors: tuple[str, ...]) -> list[str]:
    """Take from the end what is printed below a story: links, labels, a lone date, lines on the author; return them.

    One paragraph stays.
    """
    taken: list[str] = []
    sentences = sum(map(lines_of.is_sentence, kept))
    while len(kept) > 1:
        line = kept[-1]
        dated = lines_of.dated(line) is not None and len(line.split()) <= _SHORT
        linked = len(line.split()) <= _SHORT and not lines_of.is_sentence(line) and sentences > 0
        if not (dated or linked or _BELOW.fullmatch(line) is not None or _tells_of(line, authors)):
            break
        sentences -= lines_of.is_sentence(line)
        taken.append(kept.pop())
    return taken[::-1]


def _published_in(tail: list[str]) -> date | datetime | None:
    """Return the date of a line such as "Published on 31 October 2024" behind the article."""
    for line in tail:
        if (
            (found := lines_of.dated(line)) is not None
            and (_LATE_DATE.match(line) is not None or len(line) < 30)
            and "©" not in line
        ):
            return found[0]
    return None


def _unwrapped(lines: list[str]) -> list[str]:
    """Return the paragraphs of lines: each line is one, unless the text was broken at a width, with empty lines between."""
    inner = [line for line, following in pairwise(lines) if line and following]
    open_ended = sum(1 for line in inner if not lines_of.is_sentence(line))
    if len(inner) < 3 or open_ended * 2 < len(inner) or max(map(len, lines)) > _WRAPPED_AT or max(map(len, inner)) < 40:
        return [line for line in lines if line]
    blocks: list[list[str]] = [[]]
    for line in lines:
        if line:
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return [" ".join(block) for block in blocks if block]


def _words(lines: list[str]) -> int:
    return sum(len(line.split()) for line in lines)
