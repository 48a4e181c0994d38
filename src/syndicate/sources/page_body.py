"""Cut the main text out of a page's tree."""

import re

from lxml import html
from lxml.html import HtmlElement

from syndicate.core.written_dates import find_date

_FURNITURE_TAGS = "//script|//style|//nav|//header[not(ancestor::article)]|//footer|//aside|//form|//button|//noscript[not(.//img)]|//template|//svg"
_FURNITURE_NAMES = re.compile(
    r"(?:^|[\s_-])(?:share|sharing|social|related|recommend\w*|newsletter|subscribe|subscription|comments?|disqus|breadcrumbs?|promo|advert\w*|ads?"
    r"|sponsor\w*|cookie\w*|consent|sidebar|footer|navigation|nav|menu|tags|tag-list|popular|trending|most-read|read-more|more-from|author-bio|byline"
    r"|dateline|timestamp|posted-on|entry-meta|post-meta|article-meta|print-only|screen-reader-text|visually-hidden|sr-only|skip-link)(?:$|[\s_-])",
    re.IGNORECASE,
)
_CLOSING_WORDS = re.compile(
    r"(?:related\s+(?:news|articles?|posts?|stories|topics|content)|comments?(?:\s+are\s+closed|\s*\(\d+\))?|leave\s+a\s+(?:reply|comment)"
    r"|you\s+(?:may|might)\s+also\s+like|read\s+(?:more|next)|more\s+(?:from|on|stories)\b.{0,40}|most\s+(?:read|popular)|share\s+this.{0,30}"
    r"|\d+\s*mins?\s+read|\d+\s+minutes?\s+read|advertisement)[.:]?",
    re.IGNORECASE,
)
_SELECTOR = re.compile(r"([a-z][a-z0-9]*)?([.#])([\w-]+)")
_PLACES = (
    "//*[@itemprop='articleBody']",
    "//*[contains(@class,'article-body') or contains(@class,'article__body') or contains(@class,'entry-content') or contains(@class,'post-content')"
    " or contains(@class,'story-body') or contains(@class,'article-content') or contains(@class,'articleBody')]",
    "//article",
    "//main|//*[@role='main']",
)
_LEAST = 140


def main_text(root: HtmlElement, *, title: str) -> str:
    """Return the HTML of a page's article: the marked body, else its article, else its main part, else its densest block."""
    _strip(root)
    place = next((found for path in _PLACES if (found := _longest(root.xpath(path))) is not None), None)
    if place is None:
        place = _densest(root)
    _drop_repeats(place, title)
    inside = "".join(html.tostring(child, encoding="unicode") for child in place)
    return (place.text or "") + inside


def drop_parts(root: HtmlElement, selectors: tuple[str, ...]) -> None:
    """Drop the elements that simple selectors name: `.paywall`, `#rest`, `div.closed`."""
    for selector in selectors:
        found = _SELECTOR.fullmatch(selector.strip())
        if found is None:
            continue
        kind, mark, name = found.groups()
        test = f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')" if mark == "." else f"@id='{name}'"
        for element in root.xpath(f"//body//{kind or '*'}[{test}]"):
            _drop(element)


def _strip(root: HtmlElement) -> None:
    for element in root.xpath(_FURNITURE_TAGS):
        _drop(element)
    for element in root.xpath("//body//*[@class or @id or @hidden or @aria-hidden='true']"):
        named = f"{element.get('class') or ''} {element.get('id') or ''}"
        if element.tag in ("article", "main", "body", "html", "img", "figure"):
            continue
        marked = "hidden" in element.attrib or _FURNITURE_NAMES.search(named) is not None
        if marked and not _is_most(element, root):
            _drop(element)


def _is_most(element: HtmlElement, root: HtmlElement) -> bool:
    """Tell whether an element holds most of the page's paragraphs, so that its name must be misleading."""
    return bool(element.xpath("count(.//p)") * 2 > root.xpath("count(//p)") > 1)


def _longest(places: list[HtmlElement]) -> HtmlElement | None:
    best = max(places, key=_weight, default=None)
    return best if best is not None and _weight(best) >= _LEAST else None


def _densest(root: HtmlElement) -> HtmlElement:
    """Return the element whose own paragraphs hold most text; a page without paragraphs is taken whole."""
    weights: dict[HtmlElement, int] = {}
    for paragraph in root.xpath("//body//p"):
        parent = paragraph.getparent()
        weights[parent] = weights.get(parent, 0) + len(paragraph.text_content())
    best = max(weights, key=weights.__getitem__, default=None)
    body = next(iter(root.xpath("//body")), root)
    return body if best is None or weights[best] < _weight(body) / 3 else best


def _weight(element: HtmlElement) -> int:
    return sum(len(paragraph.text_content()) for paragraph in element.iter("p")) or len(element.text_content())


def _drop_repeats(place: HtmlElement, title: str) -> None:
    """Drop the headline, lines that only date or time the article, and the headings of what follows it."""
    wanted = " ".join(title.split()).casefold()
    for heading in place.xpath(".//h1|.//h2[1]"):
        if heading.tag == "h1" or " ".join(heading.text_content().split()).casefold() == wanted:
            _drop(heading)
    for element in place.xpath(".//p|.//div[not(.//p)]|.//span|.//time|.//h2|.//h3|.//h4|.//li"):
        line = " ".join(element.text_content().split())
        if element.getparent() is None or len(line) > 120 or element.xpath(".//img"):
            continue
        if element.tag in ("time", "p", "div") and _only_dates(line):
            _drop(element)
        elif _CLOSING_WORDS.fullmatch(line) is not None:
            for list_of_links in _links_after(element):
                _drop(list_of_links)
            _drop(element)
    for element in place.xpath(".//header|.//div|.//section|.//ul|.//p"):
        if not element.text_content().strip() and not element.xpath(".//img|.//iframe|.//video|.//audio|.//picture"):
            _drop(element)


def _links_after(heading: HtmlElement) -> list[HtmlElement]:
    """Return what follows a heading such as "Related stories" as long as it is mostly links."""
    found = []
    for sibling in heading.itersiblings():
        linked = sum(len(link.text_content()) for link in sibling.iter("a"))
        if linked * 3 < len(" ".join(sibling.text_content().split())) * 2:
            break
        found.append(sibling)
    return found


def _only_dates(line: str) -> bool:
    found = find_date(line)
    return found is not None and len(line) - (found.end - found.start) < 30 and not line.endswith((".", "!", "?"))


def _drop(element: HtmlElement) -> None:
    if element.getparent() is not None:
        element.drop_tree()
