"""Clean an incoming article: legal text, safe HTML, absolute addresses, moments in UTC, the id it keeps."""

import re
from dataclasses import dataclass
from datetime import datetime

from syndicate.core.dates import moment
from syndicate.core.html import clean_html
from syndicate.core.identity import tag_uri
from syndicate.core.language import detect
from syndicate.core.language_tags import language_tag
from syndicate.core.legal import legal, repair
from syndicate.core.pictures import with_lead
from syndicate.core.plain import is_blank, paragraphs, plain_line, plain_passage, text_of
from syndicate.core.revision import Known, is_significant
from syndicate.core.text import reading_minutes
from syndicate.core.urls import absolute
from syndicate.errors import MalformedArticleError
from syndicate.model import ArticleState, Cleaned, Image, Incoming

_LONGEST_BODY = 5_000_000
_LONGEST_TITLE = 500
_LONGEST_NAME = 200
_LONGEST_ID = 1000
_SHOWN = frozenset(
    ("", "published", "publish", "live", "public", "active", "online", "scheduled", "future", "1", "true")
)
_HIDDEN_WORDS = (
    "draft withdrawn unpublished retracted deleted removed trash killed spiked pending private review hidden inactive"
    " offline 0 false"
)
_HIDDEN = frozenset(_HIDDEN_WORDS.split())
_BY = re.compile(
    r"(?:(?:written|words|story|text|report)\s+)?by[\s:]+(?=\S)|(?:von|par|por|di|author|reporter)\s*:\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeSettings:
    """What intake must know of the site: where its articles are read, the domain that owns its ids, its language."""

    site_url: str
    domain: str
    language: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """An article's texts, cleaned."""

    title: str
    body: str
    text: str
    repairs: tuple[str, ...]


def clean(incoming: Incoming, *, source: str, site: IntakeSettings, now: datetime, first_seen: Known | None) -> Cleaned:
    """Return the article as readers may get it, or raise MalformedArticleError when it cannot be repaired.

    `first_seen` is what is stored of it: its id and first date stay. `published` follows the store only until the article
    has been shown; `updated` moves only with a significant edit. One that is not to be shown (draft, withdrawn) comes back as
    WITHDRAWN, however little of it there is.
    """
    _check_id(incoming.source_id)
    hidden = _is_hidden(incoming.status)
    url = _url(incoming.url, site)
    image = _image(incoming.image, base=url or site.site_url)
    words = _words(incoming, base=url or site.site_url, image=image, hidden=hidden, known=first_seen)
    published = _published(incoming, now=now, hidden=hidden, known=first_seen)
    language = _language(incoming.language, text=f"{words.title}\n{words.text}", default=site.language)
    summary = None if incoming.summary is None else plain_passage(incoming.summary)
    state = ArticleState.EMBARGOED if published > now else ArticleState.PUBLISHED
    return Cleaned(
        source=source,
        source_id=incoming.source_id,
        guid=_guid(incoming, source=source, site=site, published=published, known=first_seen),
        url=url,
        title=words.title,
        labels=_distinct(incoming.labels),
        body=words.body,
        text=words.text,
        given_summary=summary or None,
        authors=_distinct(tuple(_BY.sub("", plain_line(name), count=1) for name in incoming.authors)),
        language=language,
        tags=_distinct(incoming.tags),
        image=image,
        published=published,
        updated=_updated(incoming, words, published=published, now=now, known=first_seen),
        state=ArticleState.WITHDRAWN if hidden else state,
        minutes=reading_minutes(words.text, language),
        repairs=words.repairs,
    )


def _check_id(source_id: str) -> None:
    if not source_id.strip():
        raise MalformedArticleError("no id")
    if legal(source_id) != source_id or len(source_id) > _LONGEST_ID:
        raise MalformedArticleError("its id holds characters that cannot be stored, or too many")


def _is_hidden(status: str) -> bool:
    word = status.strip().casefold()
    if word not in _SHOWN and word not in _HIDDEN:
        raise MalformedArticleError(f"its status {legal(word)[:40]!r} is none of published, draft, withdrawn")
    return word in _HIDDEN


def _url(raw: str | None, site: IntakeSettings) -> str | None:
    if raw is None or is_blank(raw):
        return None
    url = absolute(raw, base=site.site_url)
    if url is None:
        raise MalformedArticleError(f"its url {legal(raw)[:80]!r} is not http")
    return url


def _words(incoming: Incoming, *, base: str, image: Image | None, hidden: bool, known: Known | None) -> _Words:
    repairs: list[str] = []
    for name in ("title", "body"):
        repairs += [f"{name}: {note}" for note in repair(getattr(incoming, name))[1]]
    title = plain_line(incoming.title)
    if len(title) > _LONGEST_TITLE:
        title = title[: _LONGEST_TITLE - 1].rsplit(" ", 1)[0] + "…"
        repairs.append("title: shortened")
    if is_blank(title):
        if not hidden:
            raise MalformedArticleError("no title")
        title = known.title if known is not None else "Untitled"
    if len(incoming.body) > _LONGEST_BODY:
        raise MalformedArticleError(f"its body has more than {_LONGEST_BODY:,} characters")
    marked_up = legal(incoming.body) if incoming.body_is_html else paragraphs(legal(incoming.body))
    body, notes = clean_html(marked_up, base=base)
    repairs += [f"body: {note}" for note in notes]
    return _Words(title=title, body=with_lead(body, image), text=text_of(body), repairs=tuple(dict.fromkeys(repairs)))


def _image(image: Image | None, *, base: str) -> Image | None:
    url = None if image is None else absolute(image.url, base=base)
    if image is None or url is None:
        return None
    return Image(
        url=url,
        alt=plain_line(image.alt),
        caption=plain_passage(image.caption),
        credit=plain_passage(image.credit),
        type=image.type,
        width=image.width,
        height=image.height,
        length=image.length,
    )


def _published(incoming: Incoming, *, now: datetime, hidden: bool, known: Known | None) -> datetime:
    if known is not None and known.state is not ArticleState.EMBARGOED:
        return known.published
    if incoming.published is None or incoming.published == "":
        if not hidden:
            raise MalformedArticleError("no publication date")
        return now if known is None else known.published
    try:
        return moment(incoming.published, zone=incoming.zone)
    except ValueError as error:
        if not hidden:
            raise MalformedArticleError(str(error)) from error
        return now if known is None else known.published


def _updated(incoming: Incoming, words: _Words, *, published: datetime, now: datetime, known: Known | None) -> datetime:
    """Return when the article was last changed in a way that readers should notice; never in the future, never before it."""
    latest = max(now, published)
    try:
        stated = None if incoming.updated is None else min(moment(incoming.updated, zone=incoming.zone), latest)
    except ValueError:  # a date of change that cannot be read costs nobody the article
        stated = None
    if known is None:
        return max(published, stated or published)
    if not is_significant(known, title=words.title, text=words.text):
        return max(published, known.updated)
    return max(published, known.updated, stated if stated is not None and stated > known.updated else now)


def _guid(incoming: Incoming, *, source: str, site: IntakeSettings, published: datetime, known: Known | None) -> str:
    if known is not None:
        return known.guid
    own = " ".join(legal(incoming.guid or "").split())  # as it was published, even where it is no URI
    return own or tag_uri(domain=site.domain, day=published.date(), source=source, source_id=incoming.source_id)


def _language(stated: str | None, *, text: str, default: str) -> str:
    tag = None if stated is None else language_tag(stated)
    return detect(text, default=default) if tag is None else tag


def _distinct(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return names as plain lines, each once whatever its case, in their order."""
    found: dict[str, str] = {}
    for name in names:
        line = plain_line(name)[:_LONGEST_NAME]
        if not is_blank(line):
            found.setdefault(line.casefold(), line)
    return tuple(found.values())
