"""Name those who tell the same story as an article, as its readers would."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from syndicate.core.characters import one_line, shorten
from syndicate.model import AlsoAt, Article

_NAME, _TITLE = 100, 300  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """A link to the same story: its headline and who has it, or only who has it, as `title`, where the headline says nothing new."""

    url: str
    title: str
    source: str


def elsewhere(links: Iterable[AlsoAt], *, article: Article, names: Mapping[str, str]) -> tuple[Elsewhere, ...]:
    """Return these links, each headline and each name alone once; `names` says what readers call our sources.

    What stands at the article's own source and host under a headline known already is left out: nothing tells it from the article.
    """
    told = {_compared(article.title)}
    shown: dict[tuple[str, str], Elsewhere] = {}
    for link in links:
        title, source = shorten(one_line(link.title), limit=_TITLE), _source(link, article, names)
        if _compared(title) in told or not title:
            title, source = source, ""
        if title and link.url and (title, source) not in shown:
            shown[title, source] = Elsewhere(url=link.url, title=title, source=source)
            told.add(_compared(title))
    return tuple(shown.values())


def _source(link: AlsoAt, article: Article, names: Mapping[str, str]) -> str:
    """Return who has it: another source by its name, else another host; empty for the article's own."""
    name = one_line(names.get(link.source, link.source))
    if not name or link.source == article.source:
        host = _host(link.url)
        name = "" if host == _host(article.url) else host
    return shorten(name, limit=_NAME)


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _compared(title: str) -> str:
    return one_line(title).casefold()
