"""Clean an article's HTML to what every reader's program may show: an allow-list, safe absolute addresses, nothing active."""

import re
from collections.abc import Callable, Iterator

import nh3

from syndicate.core.figures import CAPTION, ELEMENTS, caption_class, with_figures
from syndicate.core.legal import composed, legal, repair
from syndicate.core.pictures import EDITED_TAGS, edited, srcset
from syndicate.core.plain import flattened, paragraphs, without_cdata
from syndicate.core.urls import absolute

_TAG_NAMES = (
    "a abbr article aside b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption"
    " figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li mark ol p picture pre q rp rt ruby s samp section small"
    " source span strong sub summary sup table tbody td tfoot th thead time tr u ul var video audio wbr"
)
_TAGS = frozenset(_TAG_NAMES.split())
_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"lang", "dir"},
    "a": {"href", "title"},
    "abbr": {"title"},
    "audio": {"src", "controls"},
    "blockquote": {"cite"},
    "col": {"span"},
    "colgroup": {"span"},
    "del": {"cite", "datetime"},
    "details": {"open"},
    "dfn": {"title"},
    "img": {"src", "srcset", "sizes", "alt", "title", "width", "height"},
    "ins": {"cite", "datetime"},
    "ol": {"start", "reversed", "type"},
    "q": {"cite"},
    "source": {"src", "srcset", "sizes", "media", "type"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
    "video": {"src", "poster", "controls", "width", "height"},
}
# What is let through the first time only, because a picture's true address or its being a pixel stands there.
_LAZY = {"data-src", "data-lazy-src", "data-original", "data-srcset", "data-lazy-srcset", "style", "hidden"}
_FIRST_TAGS = _TAGS | {"iframe"}
_FIRST_ATTRIBUTES = _ATTRIBUTES | {
    "img": _ATTRIBUTES["img"] | _LAZY,
    "source": _ATTRIBUTES["source"] | _LAZY,
    "iframe": {"src", "title", "width", "height"} | _LAZY,
    **{element: {"class"} for element in ELEMENTS},
}
# Gone with all they hold; of any other tag that is not allowed, the content stays.
_EMPTIED = {
    "script", "style", "title", "template", "svg", "math", "noscript", "noembed", "noframes", "select", "textarea", "button",
    "datalist", "canvas", "xmp", "plaintext", "dialog", "nav",
}  # fmt: skip
_SCHEMES = {"http", "https", "mailto"}
_DEEPEST = 200
_MOST_ROUNDS = 5
_MOST_ESCAPES = 50_000
_SIZE = re.compile(r"\s*(\d{1,5})(?:\.\d+)?\s*(?:px)?\s*")
_OPENING = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
# Closed by their next of kin, or never open: they do not nest.
_SHALLOW_NAMES = (
    "p li dd dt tr td th tbody thead tfoot option colgroup col rp rt br hr img input source wbr link meta area base embed"
    " param track"
)
_SHALLOW = frozenset(_SHALLOW_NAMES.split())
_BLOCK = re.compile(
    r"<(?:p|div|h[1-6]|ul|ol|dl|table|blockquote|pre|figure|section|article|aside|header|footer|details|hr)\b"
)
_BARE_AMPERSAND = re.compile(r"&(?![A-Za-z#])")
_BARE_LESS = re.compile(r"<(?![A-Za-z/!?])")
_MEMBERS_ONLY = re.compile(r"<!-- ?members-only ?-->", re.IGNORECASE)  # what comes behind it only subscribers may read
_PIECE = re.compile(r"(<[^>]*>)")


def clean_html(body: str, *, base: str) -> tuple[str, tuple[str, ...]]:
    """Return HTML that is safe to show anywhere, with notes on repairs. Relative addresses start at `base`.

    Takes time linear in the length: what would keep a parser busy (hundreds of nested tags) is reduced to its paragraphs.
    """
    body = _MEMBERS_ONLY.split(without_cdata(body), maxsplit=1)[0]
    if _is_hostile(body):
        return paragraphs(flattened(body)), ("markup nested too deeply reduced to its text",)
    keep = _attribute_filter(base)
    cleaned, notes = repair(_first(_BARE_AMPERSAND.sub("&amp;", body), keep))
    if f'class="{CAPTION}"' in cleaned:
        cleaned = _first(with_figures(cleaned), keep)
    if EDITED_TAGS.search(cleaned) is not None:
        cleaned = _last(edited(cleaned, base=base), keep)
    if _BLOCK.search(cleaned) is None:
        cleaned = _last(_in_paragraphs(cleaned), keep)
    cleaned = _settled(cleaned, keep)
    return _composed(cleaned.replace("&nbsp;", "\u00a0")).strip(), notes


def _first(body: str, keep: Callable[[str, str, str], str | None]) -> str:
    return nh3.clean(
        body,
        tags=set(_FIRST_TAGS),
        attributes=_FIRST_ATTRIBUTES,
        clean_content_tags=_EMPTIED,
        attribute_filter=keep,
        url_schemes=_SCHEMES,
        link_rel=None,
    )


def _last(body: str, keep: Callable[[str, str, str], str | None]) -> str:
    return nh3.clean(
        body,
        tags=set(_TAGS),
        attributes=_ATTRIBUTES,
        clean_content_tags=_EMPTIED | {"iframe"},
        attribute_filter=keep,
        url_schemes=_SCHEMES,
        link_rel=None,
    )


def _settled(body: str, keep: Callable[[str, str, str], str | None]) -> str:
    """Clean until nothing changes: markup that reads differently the second time is how attacks come through a sanitiser."""
    for _ in range(_MOST_ROUNDS):
        again = _last(body, keep)
        if again == body:
            return body
        body = again
    return _last(paragraphs(flattened(body)), keep)


def _attribute_filter(base: str) -> Callable[[str, str, str], str | None]:
    def keep(tag: str, attribute: str, value: str) -> str | None:
        if attribute in _LAZY:
            return value
        if attribute == "class":
            return caption_class(value)
        if attribute == "href":
            return absolute(value, base=base, mail=True)
        if attribute in ("src", "poster", "cite"):
            return absolute(value, base=base)
        if attribute == "srcset":
            return srcset(value, base=base)
        if attribute in ("width", "height"):
            size = _SIZE.fullmatch(value)
            return None if size is None else size.group(1)
        return legal(value)

    return keep


def _is_hostile(body: str) -> bool:
    if body.count("&") > _MOST_ESCAPES or body.count("<") > _MOST_ESCAPES < len(_BARE_LESS.findall(body)):
        return True  # each of these costs the parser more than a tag does
    return body.count("<") > _DEEPEST and any(depth > _DEEPEST for depth in _depths(body))


def _depths(body: str) -> Iterator[int]:
    depth = 0
    for tag in _OPENING.finditer(body):
        if tag.group(2).lower() not in _SHALLOW:
            depth = max(0, depth - 1) if tag.group(1) else depth + 1
            yield depth


def _in_paragraphs(inline: str) -> str:
    """Wrap a body without any block in paragraphs: it was typed as text, with empty lines or line ends between them."""
    text = re.sub(r"<br>\s*<br>", "\n\n", inline.strip())
    pieces = re.split(r"\n[ \t]*(?:\n[ \t]*)+", text) if re.search(r"\n[ \t]*\n", text) else text.split("\n")
    return "".join(f"<p>{piece.strip()}</p>" for piece in pieces if piece.strip())


def _composed(body: str) -> str:
    """Bring text between tags to NFC; a tag's `>` must not melt into a combining stroke after it."""
    if body.isascii():
        return body
    return "".join(piece if piece.startswith("<") else composed(piece) for piece in _PIECE.split(body))
