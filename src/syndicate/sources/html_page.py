"""Read an article from a saved HTML page: what it says to machines, and its main text without the furniture."""

import re
from dataclasses import replace

from lxml import etree, html
from lxml.html import HtmlElement

from syndicate.core.written_dates import find_date
from syndicate.errors import MalformedArticleError
from syndicate.model import Image, Incoming
from syndicate.sources.draft import Draft
from syndicate.sources.json_ld import article_in, closed_parts, text_in, texts_in
from syndicate.sources.page_body import drop_parts, main_text

_SITE_NAME = re.compile(r"\s+[|–—»·-]\s+[^|–—»·]{2,40}$")
_HOME = re.compile(r"home(page)?|start(seite)?|accueil|inicio|news", re.IGNORECASE)
_PUBLISHED = (
    "article:published_time", "datepublished", "date", "pubdate", "publish-date", "publishdate", "dc.date", "dc.date.issued",
    "dcterms.date", "dcterms.created", "sailthru.date", "parsely-pub-date", "og:published_time", "article.published",
)  # fmt: skip
_UPDATED = ("article:modified_time", "og:updated_time", "datemodified", "last-modified", "dcterms.modified", "lastmod")
_LONGEST_LINE = 200


def read_html(text: str) -> Draft:
    """Return the article of a page or of a mere fragment, or raise MalformedArticleError."""
    root = _parsed(text)
    machine = article_in([script.text or "" for script in root.xpath("//script[@type='application/ld+json']")])
    meta = _meta(root)
    title = text_in(machine.get("headline")) or meta.get("og:title") or _heading(root) or _page_title(root) or ""
    canonical = next(iter(root.xpath("//link[@rel='canonical']/@href")), None)
    published, shown_updated = _visible_dates(root)
    incoming = Incoming(
        source_id="",
        title=title,
        body="",
        published=text_in(machine.get("datePublished")) or _first(meta, _PUBLISHED) or published,
        updated=text_in(machine.get("dateModified")) or _first(meta, _UPDATED) or shown_updated,
        labels=_labels(
            root,
            texts_in(machine.get("articleSection"))
            or ((meta["article:section"],) if meta.get("article:section") else ()),
        ),
        summary=text_in(machine.get("description")) or meta.get("og:description") or meta.get("description"),
        authors=texts_in(machine.get("author")) or _authors(root, meta),
        tags=_tags(root, meta),
        image=_image(text_in(machine.get("image")) or meta.get("og:image") or meta.get("twitter:image"), meta),
        language=text_in(machine.get("inLanguage")) or root.get("lang") or meta.get("og:locale"),
        status=meta.get("status") or "published",
    )
    closed = closed_parts(machine)
    drop_parts(root, closed or ())
    body = "" if closed is None else main_text(root, title=title)  # last: it takes the tree apart
    told = text_in(machine.get("articleBody")) if closed == () else None
    if told is not None and not html.fragment_fromstring(body, create_parent=True).text_content().strip():
        incoming = replace(incoming, body=told, body_is_html=False)
    else:
        incoming = replace(incoming, body=body)
    return Draft(incoming=incoming, url=canonical or meta.get("og:url"))


def _parsed(text: str) -> HtmlElement:
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = html.document_fromstring(text.encode("utf-8", "surrogatepass"), parser=parser)
    except (etree.ParserError, ValueError) as error:
        raise MalformedArticleError("the file holds no page") from error
    return root


def _meta(root: HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in root.xpath("//meta[@content]"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        if name and element.get("content").strip():
            found.setdefault(name.strip().lower(), element.get("content").strip())
    return found


def _first(meta: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((meta[name] for name in names if name in meta), None)


def _heading(root: HtmlElement) -> str | None:
    for place in ("//article//h1", "//main//h1", "//h1"):
        for heading in root.xpath(place):
            if words := _text(heading):
                return words
    return None


def _page_title(root: HtmlElement) -> str | None:
    words = _text(next(iter(root.xpath("//title")), None))
    return _SITE_NAME.sub("", words) if words else None


def _visible_dates(root: HtmlElement) -> tuple[str | None, str | None]:
    """Return the dates of publication and change that the page shows, as its <time> elements or in a short line say."""
    published = updated = None
    for element in root.xpath("//*[@itemprop='datePublished']|//*[@itemprop='dateModified']|//time"):
        value = element.get("datetime") or element.get("content") or _text(element)
        around = (
            f"{element.get('itemprop') or ''} {element.get('class') or ''} {_text(element.getparent())[:60]}".lower()
        )
        if re.search(r"modified|updated", around) and element.get("itemprop") != "datePublished":
            updated = updated or value
        else:
            published = published or value
    if published is None:
        published = _written_date(root)
    return published or updated, updated


def _written_date(root: HtmlElement) -> str | None:
    lines = (
        _text(element)
        for element in root.xpath("//body//*[self::p or self::div or self::span or self::li or self::small]")
    )
    found = (find_date(line) for line in lines if 0 < len(line) < _LONGEST_LINE)
    return next((hit.value.isoformat() for hit in found if hit is not None), None)


def _labels(root: HtmlElement, stated: tuple[str, ...]) -> tuple[str, ...]:
    if stated:
        return stated
    crumbs = root.xpath(
        "//*[contains(@class,'breadcrumb') or contains(@id,'breadcrumb') or @aria-label='Breadcrumb' or @aria-label='breadcrumb']//a"
    )
    names = [name for crumb in crumbs if (name := _text(crumb)) and _HOME.fullmatch(name) is None]
    if names:
        return (names[-1],)
    linked = root.xpath("//a[contains(@rel,'category')]|//*[@itemprop='articleSection']")
    return tuple(name for element in linked if (name := _text(element)))


def _authors(root: HtmlElement, meta: dict[str, str]) -> tuple[str, ...]:
    named = meta.get("author") or meta.get("article:author") or meta.get("byl") or ""
    if named and not named.startswith("http"):
        return tuple(part.strip() for part in named.split("|"))
    marked = root.xpath(
        "//*[@rel='author' or @itemprop='author' or contains(concat(' ',@class,' '),' byline ') or contains(concat(' ',@class,' '),' author ')]"
    )
    lines = (_text(element) for element in marked)
    return tuple(dict.fromkeys(re.split(r"\s+[|•·]|,\s*\d", line)[0] for line in lines if 0 < len(line) < 100))[:3]


def _tags(root: HtmlElement, meta: dict[str, str]) -> tuple[str, ...]:
    marked = [str(content) for content in root.xpath("//meta[@property='article:tag']/@content")]
    words = marked or meta.get("news_keywords", meta.get("keywords", "")).split(",")
    return tuple(word.strip() for word in words if word.strip())


def _image(url: str | None, meta: dict[str, str]) -> Image | None:
    if not url:
        return None
    size = {name: int(value) for name in ("width", "height") if (value := meta.get(f"og:image:{name}", "")).isdigit()}
    return Image(url=url, alt=meta.get("og:image:alt", ""), width=size.get("width"), height=size.get("height"))


def _text(element: HtmlElement | None) -> str:
    return "" if element is None else " ".join(element.text_content().split())
