"""Write the news sitemap: the articles of the last two days, for search engines."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from lxml import etree

from syndicate.core.feed import newest_first
from syndicate.formats import legal
from syndicate.formats.document import DECLARATION, serialise
from syndicate.formats.entry import moment
from syndicate.model import Article, ArticleState

CONTENT_TYPE = "application/xml; charset=utf-8"
SPAN = timedelta(days=2)
MAX_ARTICLES = 1_000
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
_CHINESE = {"zh-cn": "zh-cn", "zh-hans": "zh-cn", "zh-tw": "zh-tw", "zh-hant": "zh-tw"}


def write(articles: Iterable[Article], *, now: datetime, site_title: str, language: str) -> bytes:
    """Return the sitemap of what was published in the two days before `now`, at most 1,000 articles."""
    root = etree.Element(f"{{{_SITEMAP}}}urlset", nsmap={None: _SITEMAP, "news": _NEWS})  # type: ignore[dict-item]  # lxml's stubs forget the default namespace
    recent = [a for a in articles if now - SPAN <= a.published <= now and a.state is ArticleState.PUBLISHED]
    written: set[str] = set()
    for article in newest_first(recent):
        url = legal.address(article.url)
        if url is None or url in written:
            continue
        written.add(url)
        element = etree.SubElement(root, f"{{{_SITEMAP}}}url")
        etree.SubElement(element, f"{{{_SITEMAP}}}loc").text = url
        news = etree.SubElement(element, f"{{{_NEWS}}}news")
        publication = etree.SubElement(news, f"{{{_NEWS}}}publication")
        etree.SubElement(publication, f"{{{_NEWS}}}name").text = legal.line(site_title)
        etree.SubElement(publication, f"{{{_NEWS}}}language").text = _language(article.language or language)
        etree.SubElement(news, f"{{{_NEWS}}}publication_date").text = moment(article.published).isoformat()
        etree.SubElement(news, f"{{{_NEWS}}}title").text = legal.line(article.title) or url
        if len(written) == MAX_ARTICLES:
            break
    return DECLARATION + serialise(root) + b"\n"


def _language(tag: str) -> str:
    """Return the language as the sitemap protocol spells it: ISO 639, but zh-cn and zh-tw."""
    lower = tag.lower()
    return next((known for start, known in _CHINESE.items() if lower.startswith(start)), lower.partition("-")[0])
