"""What becomes of a page's articles when a summariser is asked about them."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from threading import Barrier, Event

import pytest

from syndicate.flows.asking import AT_ONCE, Asking
from syndicate.flows.judging import Judged, summary_of
from syndicate.model import ArticleKey, ArticleState, Cleaned
from syndicate.storage.collected import Prepared

TEXT = (
    "The council of Leith said on Monday that the harbour bridge would close for six weeks. Engineers had found cracks in 14 of its bearings. "
    "Ferries will carry commuters free of charge until the work is done, the council said."
)
NOW = datetime(2026, 5, 4, tzinfo=UTC)
ARTICLE = Cleaned(
    source="newsroom", source_id="1", guid="tag:1", url="https://news.example/1", title="Bridge to close", labels=("World",),
    body=f"<p>{TEXT}</p>", text=TEXT, given_summary=None, authors=(), language="en", tags=(), image=None, published=NOW,
    updated=NOW, state=ArticleState.PUBLISHED, minutes=1,
)  # fmt: skip
OURS = summary_of(ARTICLE)
FAITHFUL = "For six weeks the harbour bridge of Leith will be shut, as 14 of its bearings have cracks in them."
LONG = timedelta(seconds=10)  # nothing waits so long


@dataclass
class Writer:
    """A summariser that writes what it is told to."""

    answer: str | Exception | None = FAITHFUL
    before: Callable[[], object] = lambda: None
    name: str = "writer"
    asked: list[str] = field(default_factory=list)

    def summarise(self, *, title: str, text: str, language: str, words: int) -> str | None:
        """Answer."""
        self.asked.append(title)
        self.before()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def close(self) -> None:
        """There is nothing to close."""


def prepared(cleaned: Cleaned = ARTICLE, *, key: int = 1) -> Prepared:
    """Return an article as it was judged."""
    return Prepared(
        key=ArticleKey(key), cleaned=cleaned, revision=1, significant=True, summary=summary_of(cleaned), terms=b"", matches=(),
        fingerprint="", content_hash="", url="https://news.example/1",
    )  # fmt: skip


def page(number: int) -> Judged:
    """Return a page of so many new articles."""
    return Judged(added=[prepared(key=key) for key in range(number)])


async def asked(writer: Writer, judged: Judged, *, patience: timedelta = LONG) -> list[str]:
    """Ask about a page; return the summaries of its articles."""
    await Asking(summariser=writer, patience=patience).ask(judged, now=NOW + timedelta(hours=1))
    return [one.summary.summary for one in (*judged.added, *judged.revised)]


async def test_a_faithful_summary_is_used() -> None:
    """For new and for revised articles, beside the article's own sentence for the standfirst."""
    judged = Judged(added=[prepared()], revised=[prepared(key=2)])

    assert await asked(Writer(), judged) == [FAITHFUL, FAITHFUL]
    assert judged.added[0].summary.standfirst == OURS.standfirst


@pytest.mark.parametrize(
    "answer", [None, "", FAITHFUL.replace("14", "15"), FAITHFUL.replace("Leith", "Glasgow"), ValueError("no")]
)
async def test_ours_stands_where_the_other_fails(answer: str | Exception | None) -> None:
    """Whether it says nothing, invents, or breaks."""
    assert await asked(Writer(answer), page(1)) == [OURS.summary]


@pytest.mark.parametrize(
    "changes",
    [
        {"given_summary": "The bridge shuts. Ferries sail."},
        {"text": ""},
        {"published": NOW - timedelta(days=4)},
    ],
)
async def test_who_needs_no_summary_is_not_asked_about(changes: dict[str, object]) -> None:
    """What has an editor's own, what says nothing beside its title, and an archive."""
    writer = Writer()
    cleaned = replace(ARTICLE, **changes)  # type: ignore[arg-type]  # the cases name fields of Cleaned

    assert await asked(writer, Judged(added=[prepared(cleaned)])) == [summary_of(cleaned).summary]
    assert writer.asked == []


async def test_several_are_asked_about_at_a_time() -> None:
    """None of these answers comes before all of them were asked."""
    writer = Writer(before=Barrier(AT_ONCE, timeout=LONG.total_seconds()).wait)

    assert await asked(writer, page(2 * AT_ONCE)) == [FAITHFUL] * 2 * AT_ONCE


async def test_a_page_waits_only_so_long() -> None:
    """Then ours is taken, and what was not begun is not asked; the newest article was."""
    go_on = Event()
    writer = Writer(before=go_on.wait)
    titled = [replace(ARTICLE, title=f"Bridge {day}", published=NOW - timedelta(hours=day)) for day in range(10)]
    judged = Judged(added=[prepared(one, key=key) for key, one in enumerate(reversed(titled))])

    found = await asked(writer, judged, patience=timedelta(seconds=0.05))
    go_on.set()

    assert found == [summary_of(one).summary for one in reversed(titled)]
    assert sorted(writer.asked) == [one.title for one in titled[:AT_ONCE]]


async def test_when_collecting_ends_nothing_more_is_asked() -> None:
    """Only what is under way goes on."""
    go_on, begun = Event(), Barrier(AT_ONCE + 1, timeout=LONG.total_seconds())
    writer = Writer(before=lambda: (begun.wait(), go_on.wait()))
    task = asyncio.create_task(asked(writer, page(2 * AT_ONCE)))
    await asyncio.to_thread(begun.wait)

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    go_on.set()

    assert len(writer.asked) == AT_ONCE
