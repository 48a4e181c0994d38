"""Take markup off a line of text, and nothing that only looks like it: "if a<b then c>d" stays."""

import re
from collections.abc import Callable

RAW = re.compile(r"<(script|style)\b[^>]*>.*?(?:</\1\s*>|$)", re.DOTALL | re.IGNORECASE)
_MOST_ROUNDS = 10  # of tags within tags ("<<b>b>"); who goes on after that is no newsroom
_PHRASE_NAMES = (
    "a abbr acronym b bdi bdo big center cite code data del dfn em font i ins kbd mark nobr q rb rp rt rtc ruby s samp small"
    " span strike strong sub sup time tt u var wbr"
)
_BREAK_NAMES = "br div h1 h2 h3 h4 h5 h6 p"  # part words
_BLOCK_NAMES = (
    "address article aside blockquote caption col colgroup dd details dl dt figcaption figure footer header hgroup hr img li"
    " main nav ol picture pre section source summary table tbody td tfoot th thead tr ul video audio"
)
_ATTRIBUTED = r"<[a-z][a-z0-9:-]*[\s/]+[a-z_:@][\w:.@-]*\s*=(?!=)"


def _tags(breaks: str) -> re.Pattern[str]:
    """Return what finds a comment, a known element's tag, and one of any name with an attribute, which nobody writes in prose."""
    names = "|".join(f"{_PHRASE_NAMES} {breaks}".split())
    known = rf"</(?:{names})\s*>|<(?:{names})\s*/?>"
    attributed = rf"{_ATTRIBUTED}(?:\s*(?:\"[^\"]*\"|'[^']*'))?[^<>]*>"
    office = r"</?(?:o|v|w|st1):[a-z0-9]+\s*/?>|<!\[[^<>]*\]>"  # what Word leaves
    return re.compile(rf"<!--.*?(?:-->|$)|{known}|{attributed}|{office}", re.DOTALL | re.IGNORECASE)


_IN_TITLES, _IN_PASSAGES = _tags(_BREAK_NAMES), _tags(f"{_BREAK_NAMES} {_BLOCK_NAMES}")
_PARTING = re.compile(rf"</?(?:{'|'.join(f'{_BREAK_NAMES} {_BLOCK_NAMES}'.split())})\b", re.IGNORECASE)
# A tag that was never closed swallows the rest for a browser, so it must not stay; "a <b" may.
_UNCLOSED = re.compile(rf"{_ATTRIBUTED}[^<>]*$", re.IGNORECASE)
# Markup that is meant to be read ("the &lt;b&gt; tag") stays, but not where a careless reader's program would run or load it.
_ACTIVE = re.compile(
    r"<[\s/]*(?:script|style|iframe|frame|frameset|object|embed|applet|svg|math|image|link|meta|base|form|input|button|select|textarea"
    r"|isindex|keygen|body|html|head|title|marquee|template|noscript|noembed|noframes|xmp|plaintext|dialog|animate|portal|layer|bgsound)\b[^<>]*>?"
    r"|<[\s/]*(?:img|video|audio|source|track|details|set|use)\b[^<>]*=[^<>]*>?"
    r"|<[^<>]*(?:\bon\w+\s*=|javascript:|vbscript:|data:)[^<>]*>?",
    re.IGNORECASE,
)


def without_inline_tags(text: str) -> str:
    """Return a title or a name without what marks words and paragraphs; "the <details> element" keeps its word."""
    return _without(_IN_TITLES, text)


def without_tags(text: str) -> str:
    """Return a longer text without the tags of any element that holds text, lists and tables among them."""
    return _without(_IN_PASSAGES, text)


def without_active(text: str) -> str:
    """Return text without what would act where it is shown as HTML by mistake."""
    return _settled(text, lambda one: _ACTIVE.sub("", one))


def _without(tags: re.Pattern[str], text: str) -> str:
    return _settled(text, lambda one: _UNCLOSED.sub("", tags.sub(_gap, RAW.sub("", one))))


def _settled(text: str, less: Callable[[str], str]) -> str:
    """Take off tags until there are none: one that is gone may make another whole."""
    for _ in range(_MOST_ROUNDS):
        if "<" not in text or (left := less(text)) == text:
            return text
        text = left
    return text.replace("<", "")


def _gap(tag: re.Match[str]) -> str:
    return " " if _PARTING.match(tag.group()) is not None else ""
