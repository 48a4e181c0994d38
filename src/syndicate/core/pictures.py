"""Mend pictures and embedded frames in cleaned HTML: true addresses, no pixels, frames as links, the lead image once."""

import html
import re
from urllib.parse import urlsplit

from syndicate.core.urls import absolute, same_picture
from syndicate.model import Image

EDITED_TAGS = re.compile(r"<(?:img|iframe|source|video|audio)\b")

_ATTRIBUTE = re.compile(r'([^\s="]+)="([^"]*)"')
_ATTRIBUTES = r'((?:\s[^\s="<>]+="[^"]*")*)\s*'
_TAG = re.compile(rf"<(img|source|video|audio){_ATTRIBUTES}>")
_FRAME = re.compile(rf"<iframe{_ATTRIBUTES}>.*?</iframe>", re.DOTALL)
_SHOWN = re.compile(r'\s(?:src|poster)="([^"]*)"')
_LAZY = ("data-src", "data-lazy-src", "data-original")
_LAZY_SETS = ("data-srcset", "data-lazy-srcset")
_CANDIDATE = re.compile(r"[\s,]*([^\s,]\S*[^\s,]|[^\s,])(?:\s+([0-9.]+[wxh](?:\s+[0-9.]+[wxh])?))?\s*(?:,|$)")
_LONGEST_SET = 8000
_INVISIBLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|(?<![-\w])(?:width|height)\s*:\s*[01](?:px)?\s*(?:;|!|$)", re.I
)
_PLACEHOLDER = re.compile(
    r"/(?:blank|spacer|clear|transparent|trans|pixel|placeholder|1x1|1px|dot|shim|lazy)[\w.-]{0,12}\.(?:gif|png|svg)$",
    re.I,
)
_TRACKERS = re.compile(
    r"^(?:pixel|stats|track|tracking|beacon|analytics|telemetry)\.|(?:^|\.)(?:doubleclick\.net|google-analytics\.com|googletagmanager\.com"
    r"|scorecardresearch\.com|quantserve\.com|chartbeat\.(?:com|net)|feedsportal\.com|feedburner\.com|fsdn\.com"
    r"|mixpanel\.com|hotjar\.com|bluekai\.com|adnxs\.com|googlesyndication\.com|imrworldwide\.com|parsely\.com)$"
)
_TRACKING_PATHS = re.compile(
    r"^(?:www\.)?facebook\.com/tr/?$|/(?:g|utm|__utm|count|counter|pixel|track|open)\.(?:gif|png)$", re.I
)


def edited(body: str, *, base: str) -> str:
    """Return cleaned HTML with pictures mended and frames as links; it must be cleaned once more."""
    return _TAG.sub(lambda tag: _mended(tag, base), _FRAME.sub(lambda frame: _linked(frame, base), body))


def srcset(value: str, *, base: str) -> str | None:
    """Return a `srcset` with absolute addresses, or None when none is left."""
    if len(value) > _LONGEST_SET:
        return None
    found = []
    for candidate in _CANDIDATE.finditer(value):
        url = absolute(candidate.group(1), base=base)
        if url is not None:
            found.append(f"{url} {' '.join(candidate.group(2).split())}" if candidate.group(2) else url)
    return ", ".join(found) or None


def with_lead(body: str, image: Image | None) -> str:
    """Return a body that begins with the article's picture, unless it shows it already."""
    if image is None or any(same_picture(html.unescape(url), image.url) for url in _SHOWN.findall(body)):
        return body
    size = "".join(
        f' {name}="{pixels}"'
        for name, pixels in (("width", image.width), ("height", image.height))
        if pixels is not None
    )
    words = [html.escape(image.caption, quote=False)] if image.caption else []
    if image.credit:
        words.append(f"<small>{html.escape(image.credit, quote=False)}</small>")
    caption = f"<figcaption>{' '.join(words)}</figcaption>" if words else ""
    return f'<figure><img src="{_escaped(image.url)}" alt="{_escaped(image.alt)}"{size}>{caption}</figure>{body}'


def _mended(tag: re.Match[str], base: str) -> str:
    name = tag.group(1)
    given = {key: html.unescape(value) for key, value in _ATTRIBUTE.findall(tag.group(2))}
    if name in ("video", "audio"):
        return _tag(name, given | {"controls": ""})
    sets = next((found for key in _LAZY_SETS if (found := srcset(given.get(key, ""), base=base))), given.get("srcset"))
    if name == "source":
        if sets is None and "src" not in given:
            return ""
        return _tag(name, given if sets is None else given | {"srcset": sets})
    src = next((url for key in _LAZY if (url := absolute(given.get(key, ""), base=base))), given.get("src"))
    if src is None and sets:
        src = sets.rpartition(", ")[2].split(" ")[0]
    if src is None or _shows_nothing(src, given):
        return ""
    order = ("srcset", "sizes", "alt", "title", "width", "height", "lang", "dir")
    kept = {"alt": ""} | given | ({"srcset": sets} if sets else {})
    return _tag("img", {"src": src} | {key: kept[key] for key in order if key in kept})


def _linked(frame: re.Match[str], base: str) -> str:
    given = {key: html.unescape(value) for key, value in _ATTRIBUTE.findall(frame.group(1))}
    src = next((url for key in ("src", *_LAZY) if (url := absolute(given.get(key, ""), base=base))), None)
    if src is None or _shows_nothing(src, given):
        return ""
    title = " ".join(given.get("title", "").split()) or urlsplit(src).netloc.removeprefix("www.")
    return f'<figure><a href="{_escaped(src)}">{html.escape(title, quote=False)}</a></figure>'


def _shows_nothing(src: str, given: dict[str, str]) -> bool:
    """Tell whether a picture or frame is a pixel, a placeholder or a spy."""
    if any(given.get(key) in ("0", "1") for key in ("width", "height")) or "hidden" in given:
        return True
    parts = urlsplit(src)
    return (
        _INVISIBLE.search(given.get("style", "")) is not None
        or _TRACKERS.search(parts.netloc) is not None
        or _TRACKING_PATHS.search(parts.netloc + parts.path) is not None
        or _PLACEHOLDER.search(parts.path) is not None
    )


def _tag(name: str, attributes: dict[str, str]) -> str:
    written = "".join(f' {key}="{_escaped(value)}"' for key, value in attributes.items())
    return f"<{name}{written}>"


def _escaped(value: str) -> str:
    return html.escape(value, quote=True)
