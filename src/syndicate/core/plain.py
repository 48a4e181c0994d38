"""Turn marked-up text into plain text, and plain text into paragraphs."""

import html
import re
import unicodedata

from syndicate.core.legal import composed, legal

# A tag in a line that should hold none: `<` and a letter, up to `>`; a comment or a declaration.
_TAG = re.compile(r"<!--.*?(?:-->|$)|</?[A-Za-z][^<>]*>|<[!?][^<>]*>", re.DOTALL)
# A tag that was never closed swallows the rest for a browser, so it must not stay; "a <b" may.
_UNCLOSED = re.compile(r"</?[A-Za-z][A-Za-z0-9:-]*[\s/][^<>=]*=[^<>]*$")
_RAW = re.compile(r"<(script|style)\b[^>]*>.*?(?:</\1\s*>|$)", re.DOTALL | re.IGNORECASE)
# Escaped markup in a line is meant to be read ("the &lt;b&gt; tag"), but not when a careless reader's program would run it.
_ACTIVE = re.compile(
    r"<[\s/]*(?:script|style|iframe|frame|frameset|object|embed|applet|svg|math|img|image|video|audio|source|track|link|meta|base"
    r"|form|input|button|select|textarea|isindex|keygen|body|html|head|details|marquee|template|noscript|noembed|noframes|xmp|plaintext"
    r"|dialog|animate|set|use|portal|layer|bgsound)\b[^<>]*>?"
    r"|<[^<>]*(?:\bon\w+\s*=|javascript:|vbscript:|data:)[^<>]*>?",
    re.IGNORECASE,
)
_CDATA = "<![CDATA["
_EMBEDDINGS = re.compile("[\u202a-\u202e]")
_ISOLATES = re.compile("[\u2066-\u2069]")
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00ad]")
_TOKEN = re.compile(r"<(/?)([a-z][a-z0-9]*)[^>]*>")
_BLOCK_NAMES = (
    "address article aside blockquote caption center dd details div dl dt figure footer h1 h2 h3 h4 h5 h6 header hgroup hr li main"
    " nav ol p pre section summary table tbody tfoot thead tr ul video audio"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_SKIPPED = frozenset(("figure", "video", "audio"))
_TABLES, _QUOTES = frozenset(("table",)), frozenset(("blockquote",))
_BESIDE_TABLES = 0.1  # of a text, that stands outside its tables where they hold figures and not the story
_BESIDE_QUOTES = 0.5
_LONGEST_LINE = 10_000


def plain_line(text: str) -> str:
    """Return a title, name or label as one line of plain text: no tags, entities decoded once, spaces collapsed, NFC."""
    text = _without_tags(without_cdata(legal(text[:_LONGEST_LINE])))
    if "&" in text:
        text = legal(html.unescape(text))
    while "<" in text and (less := _ACTIVE.sub("", text)) != text:
        text = less
    return " ".join(_one_direction(_INVISIBLE.sub("", composed(text))).split())


def without_cdata(text: str) -> str:
    """Return text without the marks that an export to XML left around it; what they held stays."""
    first, *pieces = text.split(_CDATA)  # a pattern would take time by the square for many that never end
    return first + "".join(piece.replace("]]>", "", 1) if "]]>" in piece else _CDATA + piece for piece in pieces)


def is_blank(text: str) -> bool:
    """Tell whether a text shows nothing: only spaces, controls and marks."""
    return all(unicodedata.category(character)[0] in "CZM" for character in text)


def text_of(body: str) -> str:
    """Return the text of cleaned HTML, paragraphs separated by newlines, without pictures' captions and credits."""
    return _text(body, _SKIPPED)


def own_text(body: str, text: str) -> str:
    """Return of an article's text what it says itself: not its tables and block quotations, where they are not most of it."""
    skipped = _SKIPPED
    for mark, names, share in (("<table", _TABLES, _BESIDE_TABLES), ("<blockquote", _QUOTES, _BESIDE_QUOTES)):
        if mark in body and len(rest := _text(body, skipped | names)) >= share * len(text):
            text, skipped = rest, skipped | names
    return text


def paragraphs(text: str) -> str:
    """Return plain text as HTML: a paragraph for each line that holds something."""
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "".join(f"<p>{html.escape(line, quote=False)}</p>" for line in lines if line)


def flattened(body: str) -> str:
    """Return the text of any HTML, however broken, in time linear in its length: the way out for hostile markup."""
    body = _RAW.sub(" ", body)
    body = re.sub(r"<!--.*?(?:-->|$)", " ", body, flags=re.DOTALL)
    body = re.sub(
        r"</?(?:p|div|li|h[1-6]|tr|br|blockquote|section|article|pre)\b[^<>]*>", "\n", body, flags=re.IGNORECASE
    )
    body = re.sub(r"</?[A-Za-z][^<>]*>", "", body)
    return legal(html.unescape(body))


def _text(body: str, skipped: frozenset[str]) -> str:
    pieces: list[str] = []
    position = skipping = breaks = 0
    for tag in _TOKEN.finditer(body):
        if not skipping:
            pieces.append(body[position : tag.start()].replace("\n", " "))
        position = tag.end()
        closing, name = tag.group(1) == "/", tag.group(2)
        if name in skipped:
            skipping = max(0, skipping + (-1 if closing else 1))
        breaks = breaks + 1 if name == "br" else 0
        if name in _BLOCKS or breaks == 2:
            pieces.append("\n")
        elif name in ("br", "td", "th"):
            pieces.append(" ")
    pieces.append(body[position:].replace("\n", " "))
    text = html.unescape("".join(pieces))
    return "\n".join(line for raw in text.split("\n") if (line := " ".join(raw.split())))


def _without_tags(text: str) -> str:
    while "<" in text:
        less = _UNCLOSED.sub("", _TAG.sub("", _RAW.sub("", text)))
        if less == text:
            break
        text = less
    return text


def _one_direction(text: str) -> str:
    """Drop the bidi controls that could turn the rest of a page around: overrides always, isolates when they do not pair."""
    text = _EMBEDDINGS.sub("", text)
    depth = 0
    for character in _ISOLATES.findall(text):
        depth += -1 if character == "\u2069" else 1
        if depth < 0:
            break
    return _ISOLATES.sub("", text) if depth else text
