"""Give a picture's caption or credit that only a class tells from the story the element that is meant for it."""

import re

CAPTION = "caption"  # the class that stays of those below
ELEMENTS = ("p", "div")

_CLASS_NAMES = """caption captions credit credits figcaption image-caption image-credit img-caption imgcaption media-caption media-credit photo-caption
    photo-credit photocaption photocredit picture-caption picture-credit wp-caption wp-caption-text wp-media-credit"""
_CLASSES = frozenset(_CLASS_NAMES.split())
_TAG = re.compile(rf'<(/?)(p|div|figure)((?:\s[^<>]*)?\sclass="{CAPTION}")?(?=[\s>])[^<>]*>')
_PICTURE = re.compile(r"<(?:img|picture|video|audio|iframe)\b")
_ANY_TAG = re.compile(r"<[^<>]*>")
_LONGEST = 400  # characters of text: what has more is no caption, whatever its class


def caption_class(value: str) -> str | None:
    """Return the one class that is let through, when an element's classes tell a caption or a credit."""
    return None if _CLASSES.isdisjoint(value.lower().split()) else CAPTION


def with_figures(body: str) -> str:
    """Return cleaned HTML with its marked captions as figures; it must be cleaned once more."""
    pieces: list[str] = []
    position = depth = figures = 0
    begun: tuple[int, re.Match[str]] | None = None
    for tag in _TAG.finditer(body):
        closing, name, marked = tag.group(1) == "/", tag.group(2), tag.group(3) is not None
        if name == "figure":
            figures = max(0, figures + (-1 if closing else 1))
        elif begun is not None and closing and depth == begun[0]:
            pieces += (body[position : begun[1].start()], _figure(begun[1], body[begun[1].end() : tag.start()], tag))
            position, begun = tag.end(), None
        elif begun is None and marked and not closing and not figures:
            begun = (depth + 1, tag)
        if name != "figure":
            depth += -1 if closing else 1
    return "".join(pieces) + body[position:]


def _figure(opening: re.Match[str], content: str, closing: re.Match[str]) -> str:
    if "<figure" in content or len(_ANY_TAG.sub("", content)) > _LONGEST:
        return opening.group() + content + closing.group()
    if _PICTURE.search(content) is not None:
        return f"<figure>{content}</figure>"
    return f"<figure><figcaption>{content}</figcaption></figure>"
