"""Wrap plain text for the text part, by columns, never inside an address on the web."""

import re
from collections.abc import Iterator

from syndicate.core.characters import clusters, columns, is_wide

# Kinsoku: what may not begin a line in Chinese and Japanese, and what may not end one.
_NOT_FIRST = frozenset("、。，．・：；？！ー」』）】〉》〕］｝々ぁぃぅぇぉっゃゅょァィゥェォッャュョ…‥％")
_NOT_LAST = frozenset("「『（【〈《〔［｛")
# The blocks of Hangul: Korean is as wide as Chinese, and ends its lines at spaces.
_HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff]")
_URL = re.compile(r"https?://\S+")


def wrap(text: str, *, width: int = 72, first: str = "", rest: str = "") -> str:
    """Return text in lines of at most `width` columns; lines start with `first`, then with `rest`.

    A word that is longer stands on a line of its own, whole when it is an address on the web, else in pieces.
    """
    lines: list[str] = []
    line, used = first, columns(first)
    bare = True
    for gap, piece in _pieces(text, room=width - columns(rest)):
        size = columns(piece)
        if not bare and used + gap + size > width:
            lines.append(line.rstrip(" "))
            line, used, bare, gap = rest, columns(rest), True, 0
        line += " " * (0 if bare else gap) + piece
        used += (0 if bare else gap) + size
        bare = False
    lines.append(line.rstrip(" "))
    return "\n".join(lines)


def underline(text: str, *, character: str = "-", width: int = 72) -> str:
    """Return a heading with a line under it as long as its longest line."""
    wrapped = wrap(text, width=width)
    length = max((columns(line) for line in wrapped.splitlines()), default=0)
    return f"{wrapped}\n{character * length}"


def _pieces(text: str, *, room: int) -> Iterator[tuple[int, str]]:
    """Yield (columns of space before it, piece) for every piece between two places where a line may end."""
    for word in text.split():
        if word.isascii() and (len(word) <= room or _URL.match(word)):
            yield 1, word
            continue
        gap = 1
        for piece in [word] if _URL.match(word) else _breakable(word, room=room):
            yield gap, piece
            gap = 0


def _breakable(word: str, *, room: int) -> Iterator[str]:
    """Yield a word in pieces: between wide characters where the rules of Chinese and Japanese allow it, else only when it is too long."""
    held, size = "", 0
    for cluster in clusters(word):
        if held and (_may_part(held[-1], cluster[0]) or size + columns(cluster) > room):
            yield held
            held, size = "", 0
        held += cluster
        size += columns(cluster)
    if held:
        yield held


def _may_part(before: str, after: str) -> bool:
    """Tell whether a line may end between two characters of a word."""
    if _HANGUL.match(before) or _HANGUL.match(after):
        return False
    return (is_wide(before) or is_wide(after)) and after not in _NOT_FIRST and before not in _NOT_LAST
