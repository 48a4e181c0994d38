"""Read an article from the text of a saved news page: breadcrumb, label, headline, date, body, and what trails behind."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime

from syndicate.errors import MalformedArticleError
from syndicate.model import Incoming
from syndicate.sources import page_lines as lines_of
from syndicate.sources.draft import Draft
from syndicate.sources.page_ending import Body, body_of
from syndicate.sources.page_fields import fields_of

_HEADER_LINES = 40
_LONG_HEADLINE = 7
_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200b\u202f\u3000]+")
_LABEL_WORDS = 5
_LABEL_STEPS = 3


@dataclass(slots=True)
class _Header:
    """What is gathered from the lines above the body."""

    title: str = ""
    crumbs: tuple[str, ...] = ()
    label: str | None = None
    published: date | datetime | str | None = None
    updated: date | datetime | str | None = None
    authors: tuple[str, ...] = ()
    url: str | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None
    standfirst: list[str] = field(default_factory=list)


def read_saved_page(text: str) -> Draft:
    """Return the article, or raise MalformedArticleError when there is no headline or no body."""
    lines = [_SPACES.sub(" ", line).strip() for line in re.split(r"\n|\f|\u2028|\u2029", text)]
    header = _Header()
    start = _fields(lines, header) or _breadcrumb(lines, header)
    start = _headline(lines, start, header)
    start = _below(lines, start, header)
    body = body_of(lines[start:], title=header.title)
    if header.published is None:
        header.published = body.published
    if not header.standfirst and not body.paragraphs:
        raise MalformedArticleError("no body below the headline")
    return _draft(header, body)


def _draft(header: _Header, body: Body) -> Draft:
    label = header.label or (header.crumbs[-1] if header.crumbs else None) or body.section
    incoming = Incoming(
        source_id="",
        title=header.title,
        body="\n".join([*header.standfirst, *body.paragraphs]),
        body_is_html=False,
        published=_stated(header.published if header.published is not None else header.updated),
        updated=_stated(header.updated),
        labels=(label,) if label else (),
        authors=header.authors,
        tags=header.tags or body.tags,
        language=header.language,
    )
    return Draft(incoming=incoming, url=header.url, states_url=header.url is not None)


def _stated(value: date | datetime | str | None) -> date | datetime | str | None:
    return value.isoformat() if isinstance(value, datetime) else value


def _fields(lines: list[str], header: _Header) -> int:
    """Take in "Title: …" lines at the top, as some programs save a page; return where they end, 0 when there is no title."""
    found, end = fields_of(lines[:_HEADER_LINES])
    header.title = found.get("title") or found.get("headline") or ""
    if not header.title:
        return 0
    header.url = found.get("url") or found.get("source url") or found.get("link")
    header.label = found.get("section") or found.get("category")
    header.published, header.updated = found.get("date") or found.get("published"), found.get("updated")
    header.authors = lines_of.split_names(found.get("author") or found.get("by") or "")
    header.tags = tuple(tag.strip() for tag in found.get("tags", "").split(",") if tag.strip())
    header.language = found.get("language")
    return end


def _breadcrumb(lines: list[str], header: _Header) -> int:
    """Read the breadcrumb, on one line or as a list; its last step may be the headline itself. Return where it ends."""
    for number, line in enumerate(lines[:_HEADER_LINES]):
        if title := _ending_of(line, lines[number + 1 :]):
            header.title = title
            line = line[: -len(title)]
            header.crumbs = tuple(step for step in lines_of.crumbs(f"{line} …")[:-1] if not lines_of.is_home(step))
            return number + 1
        if steps := lines_of.crumbs(line):
            return _crumbs_found(lines, steps, number + 1, header)
        if lines_of.is_home(lines_of.unbulleted(line) or line):
            bulleted = lines_of.unbulleted(line) is not None
            listed = _listed(lines, number + 1, bulleted=bulleted)
            if listed or bulleted:
                return _crumbs_found(lines, tuple(listed), number + 1 + _length(lines, number + 1, len(listed)), header)
    return 0


def _ending_of(line: str, below: list[str]) -> str | None:
    """Return the headline below that also ends a breadcrumb's line, whatever signs it holds."""
    for other in below[:_HEADER_LINES]:
        if len(other.split()) > 1 and line.endswith(other) and lines_of.crumbs(f"{line[: -len(other)]} …"):
            return other
    return None


def _listed(lines: list[str], start: int, *, bulleted: bool) -> list[str]:
    """Return the steps below "Home": bulleted lines; without bullets, those up to one that comes again as the headline."""
    steps: list[str] = []
    if bulleted:
        for line in lines[start:]:
            if not line:
                continue
            step = lines_of.unbulleted(line)
            if step is None or len(steps) == 6:
                break
            steps.append(step)
        return steps
    for line in [line for line in lines[start : start + 8] if line][:5]:
        steps.append(line)
        if len(line.split()) > _LABEL_WORDS:
            return steps if lines[start:].count(line) > 1 else []
    return []


def _length(lines: list[str], start: int, steps: int) -> int:
    """Return how many lines, empty ones counted, hold so many steps."""
    number = start
    while steps and number < len(lines):
        steps -= bool(lines[number])
        number += 1
    return number - start


def _crumbs_found(lines: list[str], steps: tuple[str, ...], start: int, header: _Header) -> int:
    names = [step for step in steps if not lines_of.is_home(step)]
    if names and (title := _same_title(names[-1], lines[start:])) is not None:
        header.title = title
        names = names[:-1]
    elif names and len(names[-1].split()) > _LABEL_WORDS:
        header.title = names.pop()  # a page that shows its headline only there
    elif len(names) > _LABEL_STEPS:
        names = []  # a menu
    header.crumbs = tuple(names)
    return start


def _same_title(step: str, lines: list[str]) -> str | None:
    """Return the line that repeats a breadcrumb's last step, which may have been cut short there."""
    stem = step.rstrip("….").strip().casefold()
    was_cut = step.endswith(("…", "..."))
    for line in lines[:_HEADER_LINES]:
        folded = line.casefold()
        if folded == step.casefold() or (was_cut and len(stem) > 10 and folded.startswith(stem)):
            return line
    return None


def _headline(lines: list[str], start: int, header: _Header) -> int:
    """Find the headline and the label above it; return the line behind it."""
    above: list[str] = []
    wanted = header.title or _likeliest(lines, start)
    repeated = any(line.casefold() == wanted.casefold() for line in lines[start:])
    for number in range(start, min(len(lines), start + _HEADER_LINES)):
        line = lines[number]
        if wanted and line.casefold() == wanted.casefold():
            header.title = wanted.removeprefix("# ").strip()
            _label_from(above, header)
            return number + 1
        if not line or _states(line, header) or _is_passed_over(line):
            continue
        if wanted and not repeated:
            return number  # named above, in a field or a breadcrumb, and not here: this is the body
        above.append(line)
    if not header.title:
        raise MalformedArticleError("no headline")
    return start


def _likeliest(lines: list[str], start: int) -> str:
    """Return the line that is most likely the headline: where a date or byline shows the header's end, the first long one above."""
    top = lines[start : start + _HEADER_LINES]
    end = next((number for number, line in enumerate(top) if _is_stated(line)), 0)
    above = [
        line
        for number, line in enumerate(top[:end])
        if line and not _is_passed_over(line) and _is_headline(line, top[number + 1 :])
    ]
    if above:
        long = [line for line in above if len(line.split()) >= _LONG_HEADLINE or line.startswith("# ")]
        return long[0] if long else max(above, key=len)
    found = (
        line
        for number, line in enumerate(top)
        if line and not _is_stated(line) and not _is_passed_over(line) and _is_headline(line, top[number + 1 :])
    )
    return next(found, "")


def _label_from(above: list[str], header: _Header) -> None:
    """Take the last short line above the headline as the section, or the one that the breadcrumb names too."""
    steps = {step.casefold() for step in header.crumbs}
    short = [line for line in above if len(line.split()) <= _LABEL_STEPS and not lines_of.is_sentence(line)]
    named = [line for line in short if line.casefold() in steps]
    if header.label is None and (named or (short and short[-1] == above[-1] and not header.crumbs and len(short) <= 3)):
        header.label = (named or short)[-1]


def _is_headline(line: str, below: list[str]) -> bool:
    words = len(line.split())
    if line.startswith("# "):
        return True
    if len(line) > 250 or (line.endswith(".") and words > 12):
        return False
    if words >= 4 or (words == 1 and len(line) >= 10 and not line.isascii()):  # a script without spaces
        return True
    # A short one is the headline when a date, a byline or the body comes next, and a label when another headline does.
    following, then = [*(text for text in below if text), "", ""][:2]
    if _is_stated(following) or len(following.split()) > 25:
        return True
    return words > 1 and _is_person(following) and _is_stated(then)


def _is_stated(line: str) -> bool:
    """Tell whether a line gives the date, the authors or the section."""
    return (
        lines_of.dated(line) is not None or lines_of.names_in(line) is not None or lines_of.section_in(line) is not None
    )


def _is_passed_over(line: str) -> bool:
    return lines_of.is_furniture(line) or lines_of.is_credit(line)


def _states(line: str, header: _Header) -> bool:
    """Take in a line that gives the date, the authors or the section; tell whether it did."""
    if (found := lines_of.dated(line)) is not None:
        value, changed, rest = found
        if changed:
            header.updated = header.updated or value
        elif header.published is None:
            header.published = value
        header.authors = header.authors or lines_of.names_in(rest) or ()
        header.label = header.label or lines_of.section_in(rest)
        return True
    if (names := lines_of.names_in(line)) is not None:
        header.authors = header.authors or names
        return True
    if (section := lines_of.section_in(line)) is not None:
        header.label = header.label or section
        return True
    return False


def _below(lines: list[str], start: int, header: _Header) -> int:
    """Read what stands between headline and body; return where the body begins: behind the last date or byline.

    Two lines at most may stand between: a standfirst, which stays, a caption or a name. Any more is the body.
    """
    end = start
    pending: list[str] = []
    for number in range(start, min(len(lines), start + _HEADER_LINES)):
        line = lines[number]
        if not line:
            continue
        if line.casefold() == header.title.casefold() or _states(line, header):
            end = number + 1
            header.standfirst += [text for text in pending if lines_of.is_sentence(text) or len(text.split()) >= 8]
            _name_from(pending, header)
            pending = []
        elif not _is_passed_over(line):
            pending.append(line)
            if len(pending) > 2 or len(line.split()) > 60:
                break
    return end


def _name_from(pending: list[str], header: _Header) -> None:
    """Take a lone name between headline and date as the author."""
    for line in pending:
        if not header.authors and _is_person(line):
            header.authors = (line,)


def _is_person(line: str) -> bool:
    words = line.split()
    return 2 <= len(words) <= 4 and all(word[:1].isupper() for word in words) and not lines_of.is_sentence(line)
