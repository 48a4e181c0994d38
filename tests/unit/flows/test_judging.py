"""Whose summary an article gets."""

from dataclasses import replace
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


@pytest.mark.parametrize("text", ["", "Bridge to close."])
def test_a_title_said_again_is_no_summary(text: str) -> None:
    """An article without more has none."""
    found = summary_of(replace(ARTICLE, text=text, given_summary="Bridge to close"))

    assert (found.summary, found.standfirst) == ("", "")


def test_an_editors_summary_that_says_the_title_gives_way_to_ours() -> None:
    """And of one that begins with it only the standfirst is left out."""
    assert summary_of(replace(ARTICLE, given_summary="Bridge to close!")) == summary_of(ARTICLE)
    found = summary_of(replace(ARTICLE, given_summary="Bridge to close. Ferries will sail."))
    assert (found.summary, found.standfirst) == ("Bridge to close. Ferries will sail.", "")


def test_what_others_say_in_a_block_quotation_is_not_said_by_the_article() -> None:
    """An embedded post, say; the text of the article has it all the same."""
    post = "The harbour bridge of Leith was never safe and the council of Leith knew it."
    article = replace(ARTICLE, body=f"<p>{TEXT}</p><blockquote><p>{post}</p></blockquote>", text=f"{TEXT}\n{post}")

    assert summary_of(article) == summary_of(ARTICLE)


def test_the_editors_own_goes_before_ours() -> None:
    """Its first sentence stands alone where one does."""
    found = summary_of(replace(ARTICLE, given_summary="The bridge shuts. Ferries sail."))

    assert (found.summary, found.standfirst) == ("The bridge shuts. Ferries sail.", "The bridge shuts.")
