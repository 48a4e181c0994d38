"""Read an article from the text of a saved news page: breadcrumb, label, headline, date, body, and what trails behind."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime

from syndicate.errors import MalformedArticleError
from syndicate.model import Incoming
from syndicate.sources import page_byline as byline
from syndicate.sources import page_headline as headline
from syndicate.sources import page_lines as lines_of
from syndicate.sources.draft import Draft
from syndicate.sources.page_ending import Body, body_of
from syndicate.sources.page_fields import fields_of

_HEADER_LINES = 40
_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200b\u202f\u3000]+")
_MOST_LINES = 10_000
_LABEL_WORDS = 5
_LABEL_STEPS = 3
_PARTING = " |/»›>→▸"
_BY = re.compile(r"^.*(?:^|(?<=[a-z])|(?<=\s))By\s+(?=[A-Z])")
_IN = re.compile(r"\bin ([A-Z]\w+(?: (?:& |and )?[A-Z]\w+)?)$")
_TRIMMING = re.compile(
    r"(?:reporting from|heard on|listen to|share full|updated|file)\b|[—–_-]+$|(?:CNN|BBC)\b.{0,20}$", re.IGNORECASE
)


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
    above: list[str] = field(default_factory=list)


def read_saved_page(text: str) -> Draft:
    """Return the article, or raise MalformedArticleError when there is no headline or no body."""
    lines = [_SPACES.sub(" ", line).strip() for line in re.split(r"\n|\f|\u2028|\u2029", text)]
    if len(lines) > _MOST_LINES:
        raise MalformedArticleError(f"a page of more than {_MOST_LINES:,} lines")
    header = _Header()
    start = _fields(lines, header) or _breadcrumb(lines, header)
    start = _headline(lines, start, header)
    start = _below(lines, start, header)
    body = body_of(lines[start:], title=header.title, authors=header.authors)
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
    header.authors = byline.split_names(found.get("author") or found.get("by") or "")
    header.tags = tuple(tag.strip() for tag in found.get("tags", "").split(",") if tag.strip())
    header.language = found.get("language")
    return end


def _breadcrumb(lines: list[str], header: _Header) -> int:
    """Read the breadcrumb, on one line or as a list; its last step may be the headline itself. Return where it ends."""
    for number, line in enumerate(lines[: headline.prose_begins(lines)]):
        if line and (title := _ending_of(line, lines[number + 1 : number + 1 + _HEADER_LINES])):
            header.title = title
            line = line[: -len(title)]
            header.crumbs = _steps_before(line)
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
    for other in below:
        if len(other.split()) > 1 and line != other and line.endswith(other) and _steps_before(line[: -len(other)]):
            return other
    return None


def _steps_before(stem: str) -> tuple[str, ...]:
    """Return the steps of a breadcrumb without its last one, the headline: "Home › World › ", "World|", "Home World "."""
    steps = lines_of.crumbs(f"{stem} …")[:-1]
    if not steps:
        words = stem.rstrip(_PARTING).split()
        from_home = bool(words) and lines_of.is_home(words[0])
        if from_home or stem.rstrip().endswith(tuple(_PARTING.strip())):
            steps = (" ".join(words[from_home:]),) if len(words) - from_home <= _LABEL_STEPS else ()
    return tuple(step for step in steps if step and not lines_of.is_home(step))


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
    end = headline.prose_begins(lines, start)
    wanted = header.title or headline.likeliest(lines, start, end)
    found = next((n for n in range(start, len(lines)) if wanted and lines[n].casefold() == wanted.casefold()), None)
    if wanted and found is None:
        return start  # named above, in a field or a breadcrumb, and not here: what follows is the body
    if found is None:
        raise MalformedArticleError("no headline")
    header.title = lines[found].removeprefix("# ").strip()
    above = [line for line in lines[start:found] if line and not headline.is_passed_over(line)]
    _label_from([line for line in above if not headline.is_stated(line)], header)
    header.above = [line for line in above if headline.is_stated(line)]
    return found + 1


def _label_from(above: list[str], header: _Header) -> None:
    """Take the last short line above the headline as the section, or the one that the breadcrumb names too."""
    steps = {step.casefold() for step in header.crumbs}
    short = [line for line in above if len(line.split()) <= _LABEL_STEPS and not lines_of.is_sentence(line)]
    named = [line for line in short if line.casefold() in steps]
    if header.label is None and (named or (short and short[-1] == above[-1] and not header.crumbs and len(short) <= 3)):
        header.label = re.split(r"\s*[|/]\s*", (named or short)[-1])[-1]


def _states(line: str, header: _Header) -> bool:
    """Take in a line that gives the date, the authors or the section; tell whether it did."""
    if (found := lines_of.dated(line)) is not None:
        value, changed, rest = found
        if changed:
            header.updated = header.updated or value
        elif header.published is None:
            header.published = value
        header.authors = header.authors or byline.names_in(_BY.sub("By ", rest)) or _name_before(line, rest)
        header.label = _section_behind(line, rest) or header.label or lines_of.section_in(rest)
        return True
    if (names := byline.names_in(line)) is not None:
        header.authors = header.authors or names
        return True
    if (section := lines_of.section_in(line)) is not None:
        header.label = header.label or section
        return True
    return False


def _section_behind(line: str, rest: str) -> str | None:
    """Return the section of "By Jane Doe — May 3, 2024 in World"."""
    found = _IN.search(rest)
    return found.group(1) if found is not None and line.endswith(found.group()) else None


def _name_before(line: str, rest: str) -> tuple[str, ...]:
    """Return the name that stands before a date without a word: "Jane Doe | May 3, 2024"."""
    is_name = byline.is_person(rest) and not rest.isupper() and not line.startswith(f"{rest}:")
    return (rest,) if is_name and line.startswith(rest) else ()


def _below(lines: list[str], start: int, header: _Header) -> int:
    """Read what stands between headline and body; return where the body begins: behind the last date or byline.

    Two lines at most may stand between: a standfirst, which stays, a caption or a name.
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
        elif not headline.is_passed_over(line) and not _is_trimming(line):
            pending.append(line)
            if len(pending) > 2 or len(line.split()) > 60:
                break
    for line in header.above:  # what stands above the headline may be the day's date
        _states(line, header)
    return _trimmed(lines, end, header)


def _trimmed(lines: list[str], start: int, header: _Header) -> int:
    """Pass over names, offices, captions and single words between the header and the first sentence; return where that is."""
    end = headline.prose_begins(lines, start)
    if end == len(lines) or not headline.is_prose(lines[end]):
        return start
    for number in range(start, end):
        line = lines[number]
        before = lines[max(start, number - 1)]
        if not line or headline.is_passed_over(line) or _is_trimming(line, before=before):
            continue
        name = byline.person_in(line)
        if name is None or header.authors not in ((), (name,)):
            return number
        header.authors = (name,)
    return end


def _is_trimming(line: str, *, before: str = "") -> bool:
    """Tell whether a line is one of the small ones that stand about a header."""
    if lines_of.is_sentence(line):
        return False
    few = len(line.split()) <= _LABEL_STEPS
    return (
        (few and (len(line.split()) == 1 or line.isupper()))
        or _TRIMMING.match(line) is not None
        or byline.is_office(line)
        or (line != before and before.endswith(line))  # a picture's caption under its description
    )


def _name_from(pending: list[str], header: _Header) -> None:
    """Take a lone name between headline and date as the author."""
    for line in pending:
        if not header.authors and (name := byline.person_in(line)) is not None:
            header.authors = (name,)
