"""The rule by which marks move, in two lines: chains of editions are judged by it, and the statement that moves stored marks is held to it."""

from syndicate.core.window import Window
from syndicate.model import Mark


def moved(mark: Mark | None, window: Window) -> Mark:
    """Return the mark of a reader whose edition was claimed, of editions that go out in their order."""
    return Mark(seq=window.to_seq, at=window.at, by_date=mark is None)
