"""Turn marked-up text into plain text, and plain text into paragraphs."""

import html
import re
import unicodedata
from collections.abc import Callable

from syndicate.core.legal import composed, legal
from syndicate.core.tags import RAW, without_active, without_inline_tags, without_tags

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
_CODE = frozenset(("pre",))
_BESIDE_TABLES = 0.1  # of a text, that stands outside its tables where they hold figures and not the story
_BESIDE_QUOTES = 0.5
_BESIDE_CODE = 0.1  # poems and statements may be set so, too
# A paragraph, or its first line, that is bold as a whole and asks, as interviewers do; what marks one is what own_sentences knows.
_BOLD_QUESTION = re.compile(r"(<p\b[^>]*>)\s*<(strong|b)>\s*([^<]{1,500}[?？؟])\s*</\2>\s*(?=</p>|<br)")
_MARKED_QUESTION = r"\1Q: \3"
_LONGEST_LINE = 10_000


def plain_line(text: str) -> str:
    """Return a title, name or label as one line of plain text: no markup, entities decoded once, spaces collapsed, NFC."""
    return _line(text, without_inline_tags)


def plain_passage(text: str) -> str:
    """Return a summary or a caption as one line of plain text: as `plain_line`, but lists, sections and tables are markup, too."""
    return _line(text, without_tags)


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
    """Return of an article's text what it says itself: not its tables, code blocks and block quotations, where they are not most of it.

    A question in bold has "Q:" before it.
    """
    skipped = _SKIPPED
    body, questions = _BOLD_QUESTION.subn(_MARKED_QUESTION, body)
    if questions:
        text = _text(body, skipped)
    for mark, names, share in (
        ("<table", _TABLES, _BESIDE_TABLES),
        ("<pre", _CODE, _BESIDE_CODE),
        ("<blockquote", _QUOTES, _BESIDE_QUOTES),
    ):
        if mark in body and len(rest := _text(body, skipped | names)) >= share * len(text):
            text, skipped = rest, skipped | names
    return text


def paragraphs(text: str) -> str:
    """Return plain text as HTML: a paragraph for each line that holds something."""
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "".join(f"<p>{html.escape(line, quote=False)}</p>" for line in lines if line)


def flattened(body: str) -> str:
    """Return the text of any HTML, however broken, in time linear in its length: the way out for hostile markup."""
    body = RAW.sub(" ", body)
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


def _line(text: str, without: Callable[[str], str]) -> str:
    text = without(without_cdata(legal(text[:_LONGEST_LINE])))
    if "&" in text:
        text = legal(html.unescape(text))
    text = _INVISIBLE.sub("", composed(text))
    while (
        less := without_active(_one_direction(text))
    ) != text:  # what is dropped may have parted the letters of a tag
        text = less
    return " ".join(text.split())


def _one_direction(text: str) -> str:
    """Drop the bidi controls that could turn the rest of a page around: overrides always, isolates when they do not pair."""
    text = _EMBEDDINGS.sub("", text)
    depth = 0
    for character in _ISOLATES.findall(text):
        depth += -1 if character == "\u2069" else 1
        if depth < 0:
            break
    return _ISOLATES.sub("", text) if depth else text
