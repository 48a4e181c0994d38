"""Turn an article of a digest into what a mail template prints of it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote, urlsplit

from syndicate.core.characters import clean, one_line, settled, shorten
from syndicate.core.elsewhere import Elsewhere, elsewhere
from syndicate.core.wording import Words, direction
from syndicate.model import DigestEntry, Image

_WIDTH = 552  # what a sheet of 600 pixels leaves between its margins
_NARROWEST = 200  # pixels; what is narrower is an icon or a face, and no picture to lead with
_HIGHEST, _FLATTEST = 1.5, 5  # of a picture's width: how high it may be, and the part that it must be high at least
_RESERVED = re.compile(r"[\s<>\"`{}|\\^]|[^\x21-\U0010ffff]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
# Characters; what is longer was not written for a digest.
_LABEL, _TITLE, _NAMES, _NOTE, _TEXT = 100, 300, 200, 600, 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link as a template prints it."""

    url: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """An image as a template prints it, no wider than it is; `exact` unless its true size is unknown and the height is a guess."""

    url: str
    alt: str
    caption: str
    width: int
    height: int
    exact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """An article as a template prints it: plain text throughout, empty where there is nothing to say.

    `foreign`: its language is not the one that our own words around it are in.
    """

    title: str
    url: str
    section: str
    lang: str
    dir: str
    foreign: bool
    label: str
    byline: str
    correction: str
    summary: str
    image: Picture | None
    related: tuple[Link, ...]
    also_at: tuple[Elsewhere, ...]


def card(
    entry: DigestEntry,
    *,
    words: Words,
    section: str,
    site_url: str,
    sources: Mapping[str, str],
    with_related: bool,
    with_summary: bool,
) -> Card:
    """Return what is printed of an article, cleaned for one line of print each; `sources` says what readers call them."""
    article = entry.article
    language = spoken(article.language, words)
    return Card(
        title=headline(article.title),
        url=safe_url(article.url) or site_url,
        section=section,
        lang=language,
        dir=direction(language),
        foreign=language.lower().partition("-")[0] != words.language.lower().partition("-")[0],
        label=label(words.label(one_line(entry.label))) if entry.label else "",
        byline=_byline(article.authors, article.minutes, words),
        correction=shorten(one_line(article.correction or ""), limit=_NOTE),
        summary=shorten(one_line(article.summary), limit=_TEXT) if with_summary else "",
        image=_picture(article.image, words) if with_summary and article.image else None,
        related=links([(link.url, link.title) for link in entry.related]) if with_related else (),
        also_at=_also_at(entry, sources) if with_summary else (),
    )


def headline(title: str) -> str:
    """Return a title on one line, cut where it is beyond any headline."""
    return shorten(one_line(title), limit=_TITLE)


def spoken(language: str, words: Words) -> str:
    """Return an article's language tag, or where it is none the reader's."""
    return language if _LANGUAGE.fullmatch(language) else words.language


def label(text: str) -> str:
    """Return a section's, a digest's or a reader's name on one line, cut where it is beyond any name."""
    return shorten(one_line(text), limit=_LABEL)


def safe_url(url: str) -> str | None:
    """Return an http(s) address with nothing in it that ends a link early, or None when it is not one."""
    url = _RESERVED.sub(lambda found: quote(found.group()), clean(url.strip()))
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme.lower() in ("http", "https") and parts.netloc else None


def _byline(authors: tuple[str, ...], minutes: int, words: Words) -> str:
    names = [name for name in map(one_line, authors) if name]
    listed = settled(shorten(words.names(names), limit=_NAMES), direction=words.direction)
    by = words.say("by", names=listed) if names else ""
    reading = words.count("minutes", minutes) if minutes > 0 else ""
    return " · ".join(part for part in (by, reading) if part)


def links(found: Iterable[tuple[str, str]]) -> tuple[Link, ...]:
    """Return (address, title) as links, without those that are none."""
    tidy = [(safe_url(url), headline(title)) for url, title in found]
    return tuple(Link(url=url, title=title) for url, title in tidy if url and title)


def _also_at(entry: DigestEntry, sources: Mapping[str, str]) -> tuple[Elsewhere, ...]:
    links = [replace(link, url=safe_url(link.url) or "") for link in entry.also_at]
    return elsewhere(links, article=entry.article, names=sources)


def _picture(image: Image, words: Words) -> Picture | None:
    url = safe_url(image.url)
    size = (image.width, image.height) if image.width and image.height else None
    if url is None or (size is not None and not _leads(*size)):
        return None
    credit = one_line(image.credit)
    if credit and ":" not in credit:  # else it says itself what it is: "Illustration: …"
        credit = words.say("image_credit", credit=credit)
    width = _WIDTH if size is None else min(_WIDTH, size[0])
    height = width * 2 // 3 if size is None else round(width * size[1] / size[0])
    return Picture(
        url=url,
        alt=shorten(one_line(image.alt), limit=_TITLE),
        caption=shorten(" ".join(part for part in (one_line(image.caption), credit) if part), limit=_NOTE),
        width=width,
        height=height,
        exact=size is not None,
    )


def _leads(width: int, height: int) -> bool:
    """Tell whether an image of this size can stand across a page."""
    return width >= _NARROWEST and width / _FLATTEST <= height <= width * _HIGHEST
