"""Find the article that a page describes for machines (JSON-LD)."""

import json
from collections.abc import Iterator, Mapping

_KINDS = ("article", "blogposting", "report", "posting")
_DEEPEST = 6


def article_in(scripts: list[str]) -> Mapping[str, object]:
    """Return the first description of an article in a page's JSON-LD scripts, or an empty one."""
    for script in scripts:
        try:
            document = json.loads(script.strip().removeprefix("<![CDATA[").removesuffix("]]>"), strict=False)
        except (ValueError, RecursionError):
            continue  # pages often carry broken ones; the page itself still tells
        for thing in _things(document, 0):
            kinds = thing.get("@type")
            names = [str(kind).lower() for kind in (kinds if isinstance(kinds, list) else [kinds])]
            if any(name.endswith(_KINDS) for name in names):
                return thing
    return {}


def closed_parts(article: Mapping[str, object]) -> tuple[str, ...] | None:
    """Return the selectors of the parts that only subscribers may read; none of a free article, and None when that is all of it."""
    if not _is_closed(article):
        return ()
    parts = article.get("hasPart")
    things = [part for part in (parts if isinstance(parts, list) else [parts]) if isinstance(part, Mapping)]
    selectors = tuple(name for part in things if _is_closed(part) for name in texts_in(part.get("cssSelector")))
    return selectors or None


def _is_closed(thing: Mapping[str, object]) -> bool:
    return str(thing.get("isAccessibleForFree")).rpartition("/")[2].lower() == "false"


def text_in(value: object) -> str | None:
    """Return a text that stands plainly, in a list, or as the `name` or `url` of a thing."""
    if isinstance(value, list):
        return next((found for item in value if (found := text_in(item)) is not None), None)
    if isinstance(value, Mapping):
        return text_in(value.get("name") or value.get("url") or value.get("@value"))
    return value.strip() or None if isinstance(value, str) else None


def texts_in(value: object) -> tuple[str, ...]:
    """Return all texts of a list, or the only one."""
    items = value if isinstance(value, list) else [value]
    return tuple(found for item in items if (found := text_in(item)) is not None)


def _things(value: object, depth: int) -> Iterator[Mapping[str, object]]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for item in value:
            yield from _things(item, depth + 1)
    elif isinstance(value, Mapping):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _things(value.get(key), depth + 1)
