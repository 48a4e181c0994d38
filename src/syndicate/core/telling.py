"""Shorten what a reader is told of corrections to the room that his message has."""

from bisect import bisect_right
from collections.abc import Callable

from syndicate.core.characters import shorten
from syndicate.core.fragments import Fragment

Notice = tuple[str, str, str, bool]  # title, url, note, withdrawn
Render = Callable[[tuple[Notice, ...], int], Fragment]

_NOTES = (1000, 600, 400, 280, 200, 140, 100)  # characters; a note that is shorter still says nothing
_TITLE = 120


def tell(notices: tuple[Notice, ...], *, room: int | None, site_url: str, render: Render) -> Fragment:
    """Return what fits into `room` encoded bytes in either form, rendered from notices and how many more there are.

    First the notes are shortened, all alike; then titles stand alone; then the last of them are counted. One title always stands.
    """
    whole = render(notices, 0)
    if room is None or _size(whole) <= room:
        return whole
    for limit in _NOTES:
        noted = render(tuple([(title, url, shorten(note, limit=limit), gone) for title, url, note, gone in notices]), 0)
        if _size(noted) <= room:
            return noted
    titles = tuple([(shorten(title, limit=_TITLE), url, "", gone) for title, url, _, gone in notices])
    numbers = range(1, len(titles) + 1)
    shown = bisect_right(numbers, room, key=lambda number: _size(render(titles[:number], len(titles) - number)))
    if not shown:  # only an address can be as long as that
        return render(((titles[0][0], site_url, "", titles[0][3]),), len(titles) - 1)
    return render(titles[:shown], len(titles) - shown)


def _size(fragment: Fragment) -> int:
    return max(len(fragment.html_bytes), len(fragment.text_bytes))
