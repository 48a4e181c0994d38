"""Tell what a line of a saved page's text is: navigation, byline, date, credit, the end of the article."""

import re
from datetime import date, datetime

from syndicate.core.written_dates import find_date
from syndicate.sources.page_byline import BYLINE, COUNTS, MINUTES, names_in

_LONGEST = 400  # of a line that can be the page's
_BULLET = re.compile(r"^\s*[•·▪◦●‣∙*\-–—>›»]\s+")
_CRUMBS = re.compile(r"\s+[›»>/→|\\]\s+|\s*[›»→▸▶❯⟩]\s*")
_HOME = re.compile(
    r"home(?:\s*page)?|start|startseite|accueil|inicio|you are here:?|front page|main page|news home", re.IGNORECASE
)
_DATE_WORDS = re.compile(
    r"\b(?:first\s+)?(?:published|posted|created|date|on|at|last|updated?|modified|edited|issued|release[d]?|mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)"
    r"(?:day)?\b[:.,]?|\b(?:uhr|local time|ist)\b",
    re.IGNORECASE,
)
_UPDATED = re.compile(r"\b(?:last\s+)?(?:updated?|modified|edited|revised)\b", re.IGNORECASE)
_SEPARATORS = re.compile(r"[\s|•·,;:()\[\]/–—-]+")

# Lines that are the page's, wherever they stand.
_FURNITURE = re.compile(
    r"(?:advertisement|advertise(?: with us)?|sponsored(?: content)?|promoted|ad|menu|search|navigation|sign in|log ?in|register|subscribe(?: now)?|my account"
    r"|skip to (?:main )?content|skip to navigation|close|share\.?|print|email|save|copy link|link copied|facebook|twitter|x|whatsapp|linkedin|telegram|pinterest|reddit|instagram"
    r"|youtube|tiktok|rss|follow us.{0,60}|follow .{1,40} on .{1,30}|share (?:this|on|via|with|the).{0,60}|tweet|e-?mail (?:this|article).{0,30}|print (?:this|article).{0,30}"
    r"|listen(?: to (?:this )?(?:article|story))?.{0,20}|play audio|watch:? .{0,90}|read more:?.{0,150}|also read:?.{0,150}|read also:?.{0,150}|see also:?.{0,150}"
    r"|related:.{0,150}|more:.{0,120}|story continues below.{0,40}|article continues (?:below|after).{0,40}|continue reading.{0,60}|click here.{0,100}|read the full .{0,60}"
    r"|sign up (?:for|to) .{0,150}|subscribe (?:to|for) .{0,150}|get (?:our|the) .{0,80}newsletters?.{0,60}|join our .{0,80}(?:channel|newsletter|group).{0,40}"
    r"|(?:this (?:web)?site|we) uses? cookies.{0,300}|accept(?: all)?(?: cookies)?|reject all|cookie (?:policy|settings|preferences)|manage (?:cookies|preferences)"
    r"|privacy policy.{0,60}|terms (?:of (?:use|service)|and conditions).{0,60}|contact us|about us|back to top|load more.{0,30}|show (?:more|comments|less)|view (?:all|more|comments).{0,30}"
    r"|published|posted|updated|by|published on|posted on|last updated|author|date|image|photo|video|gallery|photos|live|breaking(?: news)?|exclusive|opinion|analysis"
    r"|(?:share[.:]?\s*)?(?:(?:facebook|twitter|x|whatsapp|linkedin|telegram|pinterest|reddit|instagram|tumblr|flipboard|threads|bluesky|messenger|e-?mail|print|comments|save|copy link|link)\b\W*){2,}"
    r"|(?:compartir|partager|teilen|condividi|compartilhar|delen|del|udostępnij|paylaş|поделиться)(?: [\w-]+){0,3}"
    r"|(?:new\s*)?you can now listen to .{0,60}|share full article|a{1,2}|a a"
    r"|\d+|[\W_]+)",
    re.IGNORECASE,
)
# Lines after which nothing of the article comes.
_LAST = re.compile(
    r"(?:comments? (?:are|is) (?:now )?(?:closed|disabled|off)\b.{0,60}|\d+ comments?|comments?\s*(?:\(\d+\)|:)?|no comments(?: yet)?|leave a (?:reply|comment)\b.{0,40}"
    r"|(?:post|add|write) (?:a )?comment|join the (?:conversation|discussion).{0,30}|be the first to comment.{0,30}|your email address will not be published.{0,80}|reply|cancel reply"
    r"|©.{0,200}|\(c\)\s*(?:\d{4}|copyright).{0,200}|copyright\s*(?:©|\(c\)|\d{4}).{0,200}|all rights reserved.{0,60}|about the authors?\b.{0,40}|author(?:'s|’s)? bio.{0,20})",
    re.IGNORECASE,
)
# Headings of lists that may also stand in the middle of the article.
_LIST = re.compile(
    r"(?:related(?: (?:news|articles?|posts?|stories|story|content|topics|reads?|coverage|links|items))?|more (?:news|stories|articles|from|on|in|about|like this)\b.{0,50}"
    r"|you (?:may|might) (?:also )?(?:like|be interested in|have missed).{0,20}|don['’]t miss|recommended(?: (?:for you|articles|stories|reading))?|most (?:read|popular|viewed|shared)\b.{0,20}"
    r"|trending(?: now| news)?|popular(?: (?:now|posts|news|stories))?|latest(?: (?:news|stories|posts|articles|headlines|updates))?|top (?:stories|news)|editor['’]?s['’]? (?:picks?|choice)"
    r"|(?:previous|next)(?:\s*:.{0,120})?|(?:previous|next) (?:article|post|story)\b.{0,120}|read next|up next|what to read next|further reading|in this (?:story|article|section)|around the web|from the web"
    r"|newsletters?\b.{0,60}|tags?|topics?|filed under|categories|share this(?: (?:article|story|post))?|sponsored links|other (?:news|stories|articles)|recent (?:news|posts|articles|stories)|see also)[:.]?",
    re.IGNORECASE,
)
_TAGS = re.compile(r"(?:tags?|topics?|keywords|more on|related topics)\s*:\s*(\S.{0,300})", re.IGNORECASE)
_FILED = re.compile(
    r"(?:(?:posted|published|filed)\s+(?:in|under)|category|section|categories)\s*:?\s+([A-Z][^.!?]{1,40})",
    re.IGNORECASE,
)
_AGENCIES = r"(?:Getty(?: Images)?|Reuters|AFP|AP(?: Photo)?|EPA(?:-EFE)?|Shutterstock|Alamy|PA(?: Media| Wire)?|DPA|ANSA|Xinhua|Anadolu|iStock|Unsplash|WireImage|TASS|Handout|Bloomberg)"
_CREDIT = re.compile(
    rf"[(\[]?(?i:photo(?:graph|s)?|images?|pictures?|file photo|video|illustration|graphic|map|credits?|photo credit|image (?:source|caption|credit)|copyright|caption)"
    rf"(?i:\s+(?:by|courtesy(?: of)?|credit|source|caption)\b)?\s*[:,/©—–-]\s*.{{0,240}}|FILE(?: PHOTO)?\s*[:—–-].{{0,300}}"
    rf"|.{{0,240}}[\[(](?:[\w .'’-]{{0,50}}[/ ])?(?:via )?{_AGENCIES}(?:[/ ][\w .'’-]{{0,40}})?[\])]\.?|.{{0,240}}(?:[.!?”\"]\s*|[/|©–—-]\s*){_AGENCIES}\.?"
    rf"|{_AGENCIES}(?:\s*/\s*[\w .'’-]{{0,40}})?|[\w .'’-]{{2,50}}\s*/\s*{_AGENCIES}(?:\s*/.{{0,40}})?",
)
_DESCRIBED = re.compile(rf"{_AGENCIES}\s+(?:An?|The|[A-Z][\w'’-]+)\s+\w+\s")  # "Getty Images A view of the harbour"
_SENTENCE_END = re.compile(r"[.!?…。！？؟۔।]['\"”’»)\]]*$")


def crumbs(line: str) -> tuple[str, ...]:
    """Return the steps of a breadcrumb on one line ("Home › World › Asia"), or none."""
    if len(line) > _LONGEST:
        return ()
    parts = tuple(part.strip() for part in _CRUMBS.split(_BULLET.sub("", line)) if part and part.strip())
    if len(parts) < 2:
        return ()
    short = all(len(part.split()) <= 4 for part in parts[:-1])
    if is_home(parts[0]):
        return parts if short else ()
    ends = is_sentence(line) and not line.endswith(("?", "!", "…", "..."))
    is_other = ends or find_date(line) is not None or names_in(line) is not None
    return parts if short and len(parts) > 2 and not is_other else ()


def unbulleted(line: str) -> str | None:
    """Return a line without its bullet, or None when it has none."""
    return _BULLET.sub("", line).strip() if _BULLET.match(line) is not None else None


def is_home(text: str) -> bool:
    """Tell whether this names the site's first page."""
    return _HOME.fullmatch(text.strip()) is not None


def is_furniture(line: str) -> bool:
    """Tell whether a line belongs to the page and not to the article."""
    return len(line) <= _LONGEST and (
        _FURNITURE.fullmatch(line) is not None
        or MINUTES.fullmatch(line) is not None
        or COUNTS.fullmatch(line) is not None
    )


def is_credit(line: str) -> bool:
    """Tell whether a line is a picture's caption or credit."""
    return len(line) <= _LONGEST and (
        _CREDIT.fullmatch(line) is not None or (_DESCRIBED.match(line) is not None and not is_sentence(line))
    )


def is_last(line: str) -> bool:
    """Tell whether nothing of the article comes after this line."""
    return _LAST.fullmatch(line) is not None


def opens_list(line: str) -> bool:
    """Tell whether a line is the heading of a list of other articles or the like."""
    return (_LIST.fullmatch(line) is not None and not is_sentence(line)) or _TAGS.fullmatch(line) is not None


def is_sentence(line: str) -> bool:
    """Tell whether a line ends as sentences do."""
    return _SENTENCE_END.search(line) is not None


def tags_in(line: str) -> tuple[str, ...]:
    """Return the tags of a line such as "Tags: Korea, Russia"."""
    match = _TAGS.fullmatch(line)
    return (
        ()
        if match is None
        else tuple(tag.strip(" #.") for tag in re.split(r"[,;|•·]", match.group(1)) if tag.strip(" #."))
    )


def section_in(line: str) -> str | None:
    """Return the section of a line such as "Posted in World"."""
    match = _FILED.fullmatch(line)
    return None if match is None or find_date(line) is not None else re.split(r"[,|•·]", match.group(1))[0].strip()


def dated(line: str) -> tuple[date | datetime, bool, str] | None:
    """Return the date a short line gives, whether it is that of a change, and what else stands there (a name); else None."""
    found = find_date(line) if len(line) <= 200 else None
    if found is None:
        return None
    before, after = line[: found.start], line[found.end :]
    rest = f"{before} • {after}"
    changed = (
        _UPDATED.search(before[-25:]) is not None and re.search(r"publish|posted", before[-25:], re.IGNORECASE) is None
    )
    second = find_date(after)
    if second is not None:  # "Published 1 May 2024, updated 2 May 2024"
        rest = f"{before} • {after[: second.start]} {after[second.end :]}"
    rest = COUNTS.sub(" ", MINUTES.sub(" ", rest))
    rest = _SEPARATORS.sub(" ", _DATE_WORDS.sub(" ", rest.replace("•", " • "))).strip()
    name = BYLINE.sub("", rest).strip()
    is_prose = is_sentence(line) and bool(rest)
    if is_prose or len(name.split()) > (8 if name != rest else 4):
        return None
    return found.value, changed, rest
