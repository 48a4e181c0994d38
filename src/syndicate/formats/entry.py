"""Say what an article's entry holds in every format, so that the formats cannot differ."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from syndicate.core.feed import LONGEST_BODY
from syndicate.formats import legal
from syndicate.model import Article, Feed, Image

_TYPES = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "svg": "image/svg+xml",
}
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrySettings:
    """What an entry takes from its feed; equal for all sections of a site, so that they share an entry's bytes."""

    content: str
    language: str
    public_url: str
    section_titles: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """What an article is about: a section or a tag, told apart by the scheme."""

    term: str
    scheme: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A related article."""

    id: str
    url: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An article with every text and address legal.

    `summary` is empty where there is nothing to say beside the title. `body` is None where only the summary is shown. `is_foreign` when its language is not the feed's.
    """

    id: str
    url: str | None
    title: str
    summary: str
    body: str | None
    authors: tuple[str, ...]
    categories: tuple[Category, ...]
    published: datetime
    updated: datetime
    image: Image | None
    related: tuple[Link, ...]
    minutes: int
    correction: str | None
    language: str
    is_foreign: bool

    @property
    def enclosure(self) -> Image | None:
        """Return the image when its length and type are known, which an enclosure needs."""
        image = self.image
        return image if image is not None and image.length is not None and image.type is not None else None


def entry_settings(feed: Feed) -> EntrySettings:
    """Return what the entries of a feed take from it."""
    return EntrySettings(
        content=feed.content,
        language=feed.language,
        public_url=feed.public_url,
        section_titles=tuple(sorted(feed.section_titles.items())),
    )


def describe(article: Article, settings: EntrySettings) -> Entry:
    """Return what the article's entry holds."""
    url = legal.address(article.url)
    title = legal.line(article.title) or url or article.id
    image = _image(article.image)
    whole = (
        settings.content == "full"
        and len(article.body) > 0
        and len(article.body.encode("utf-8", "replace")) <= LONGEST_BODY
    )
    published = moment(article.published)
    return Entry(
        id=legal.line(article.id),
        url=url,
        title=title,
        summary=legal.text(article.summary).strip() or legal.text(article.standfirst).strip(),
        body=legal.text(article.body) if whole else None,
        authors=tuple(name for author in article.authors if (name := legal.line(author))),
        categories=_categories(article, settings),
        published=published,
        updated=max(moment(article.updated), published),
        image=image,
        related=_related(article),
        minutes=article.minutes,
        correction=legal.text(article.correction).strip() or None if article.correction else None,
        language=article.language or settings.language,
        is_foreign=bool(article.language) and article.language != settings.language,
    )


def moment(value: datetime) -> datetime:
    """Return a moment in UTC, to the second: RSS knows nothing finer, and the formats must agree."""
    return value.astimezone(UTC).replace(microsecond=0)


def _related(article: Article) -> tuple[Link, ...]:
    links = ((link, legal.address(link.url), legal.line(link.title)) for link in article.related)
    return tuple(Link(id=legal.line(link.id), url=url, title=title or url) for link, url, title in links if url)


def _categories(article: Article, settings: EntrySettings) -> tuple[Category, ...]:
    """Return the article's tags, as the newsroom gave them; its sections are what the feeds themselves are about."""
    scheme = f"{settings.public_url}#tags"
    lines = dict.fromkeys(tag for name in article.tags if (tag := legal.line(name)))
    return tuple(Category(term=tag, scheme=scheme, label=tag) for tag in lines)


def _image(image: Image | None) -> Image | None:
    url = legal.address(image.url) if image is not None else None
    if image is None or url is None:
        return None
    ending = url.partition("?")[0].partition("#")[0].rpartition(".")[2].lower()
    type_ = image.type.strip().lower() if image.type else _TYPES.get(ending)
    return Image(
        url=url,
        alt=legal.line(image.alt),
        caption=legal.line(image.caption),
        credit=legal.line(image.credit),
        type=type_ if type_ and _MEDIA_TYPE.fullmatch(type_) else None,
        width=image.width if image.width and image.width > 0 else None,
        height=image.height if image.height and image.height > 0 else None,
        length=image.length if image.length and image.length > 0 else None,
    )
