"""Whose summary an article gets."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from syndicate.flows.judging import summary_of
from syndicate.model import ArticleState, Cleaned

TEXT = (
    "The council of Leith said on Monday that the harbour bridge would close for six weeks. Engineers had found cracks in 14 of its bearings. "
    "Ferries will carry commuters free of charge until the work is done, the council said."
)
MOMENT = datetime(2026, 5, 4, tzinfo=UTC)
ARTICLE = Cleaned(
    source="newsroom", source_id="1", guid="tag:1", url="https://news.example/1", title="Bridge to close", labels=("World",),
    body=f"<p>{TEXT}</p>", text=TEXT, given_summary=None, authors=(), language="en", tags=(), image=None, published=MOMENT,
    updated=MOMENT, state=ArticleState.PUBLISHED, minutes=1,
)  # fmt: skip
FAITHFUL = "For six weeks the harbour bridge of Leith will be shut, as 14 of its bearings have cracks in them."


@dataclass
class Writer:
    """A summariser that writes what it is told to."""

    answer: str | Exception | None
    name: str = "writer"
    asked: list[str] = field(default_factory=list)

    def summarise(self, *, title: str, text: str, language: str, words: int) -> str | None:
        """Answer."""
        self.asked.append(text)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def close(self) -> None:
        """There is nothing to close."""


def test_a_faithful_summary_is_used() -> None:
    """Beside the article's own sentence for the standfirst."""
    found = summary_of(ARTICLE, summariser=Writer(FAITHFUL))

    assert found.summary == FAITHFUL
    assert found.standfirst in TEXT


@pytest.mark.parametrize(
    "answer", [None, "", FAITHFUL.replace("14", "15"), FAITHFUL.replace("Leith", "Glasgow"), ValueError("no")]
)
def test_ours_stands_where_the_other_fails(answer: str | Exception | None) -> None:
    """Whether it says nothing, invents, or breaks."""
    assert summary_of(ARTICLE, summariser=Writer(answer)) == summary_of(ARTICLE)


@pytest.mark.parametrize("text", ["", "Bridge to close."])
def test_a_title_said_again_is_no_summary(text: str) -> None:
    """An article without more has none, and nobody is asked to make one up."""
    writer = Writer(FAITHFUL)

    found = summary_of(replace(ARTICLE, text=text, given_summary="Bridge to close"), summariser=writer)

    assert (found.summary, found.standfirst) == ("", "")
    assert writer.asked == []


def test_an_editors_summary_that_says_the_title_gives_way_to_ours() -> None:
    """And of one that begins with it only the standfirst is left out."""
    assert summary_of(replace(ARTICLE, given_summary="Bridge to close!")) == summary_of(ARTICLE)
    found = summary_of(replace(ARTICLE, given_summary="Bridge to close. Ferries will sail."))
    assert (found.summary, found.standfirst) == ("Bridge to close. Ferries will sail.", "")


def test_the_editors_own_always_wins() -> None:
    """Nobody else is even asked."""
    writer = Writer(FAITHFUL)

    found = summary_of(replace(ARTICLE, given_summary="The bridge shuts. Ferries sail."), summariser=writer)

    assert (found.summary, found.standfirst) == ("The bridge shuts. Ferries sail.", "The bridge shuts.")
    assert writer.asked == []
