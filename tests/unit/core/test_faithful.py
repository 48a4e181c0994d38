"""What may be used of a summary that somebody else wrote."""

import pytest

from syndicate.core.faithful import trouble_with

TITLE = "Harbour bridge to close for six weeks"
TEXT = (
    "The council of Leith said on Monday that the harbour bridge would close for six weeks. Engineers found cracks in 14 of its bearings. "
    "Repairs will cost £1,200,000, Mayor Ada Penn's office said. Ferries will carry 3.5 million people. However the traders of South Quay object."
)


def trouble(summary: str, *, language: str = "en", text: str = TEXT) -> str | None:
    """Return what is wrong with a summary of the article."""
    return trouble_with(summary, title=TITLE, text=text, language=language, words=40)


@pytest.mark.parametrize(
    "summary",
    [
        "The harbour bridge in Leith will shut for six weeks while engineers replace 14 cracked bearings.",
        "Mayor Ada Penn says that repairs will cost £1200000 and that ferries will carry 3.5 million people.",
        "However, the traders of South Quay object. They fear for their spring season, says Penn’s office.",
    ],
)
def test_other_words_pass(summary: str) -> None:
    """As long as its names and its numbers are the article's, however they are grouped."""
    assert trouble(summary) is None


@pytest.mark.parametrize(
    ("summary", "told"),
    [
        ("The bridge in Leith will shut for six weeks while engineers replace 15 bearings that are cracked.", "15"),
        (
            "The bridge will shut for six weeks, and the repairs will cost £1,300,000, the mayor's office says.",
            "1300000",
        ),
        ("The bridge in Glasgow will shut for six weeks while engineers replace cracked bearings in it.", "Glasgow"),
        ("Sturgeon says that the bridge will shut for six weeks while engineers replace cracked bearings.", "Sturgeon"),
        ("The bridge will shut for six weeks. Sturgeon says that the engineers replace cracked bearings.", "Sturgeon"),
        ("The <b>bridge</b> in Leith will shut for six weeks while engineers replace cracked bearings.", "markup"),
        ("The bridge in Leith will shut for six weeks: see [the plan](/plan) of the engineers for it.", "markup"),
        ("# The bridge in Leith will shut for six weeks while engineers replace cracked bearings.", "markup"),
        ("More at https://leith.example about the bridge and the six weeks for which it will be shut.", "markup"),
        ("The bridge shuts.", "3 words"),
        ("", "0 words"),
        ("The bridge will be shut and " * 12, "where 40 were asked for"),
    ],
)
def test_what_is_invented_or_misshapen_is_refused(summary: str, told: str) -> None:
    """And the reason names it."""
    found = trouble(summary)

    assert found is not None
    assert told in found


def test_other_languages_are_checked_alike() -> None:
    """Where nouns are capitalised too, a noun of another's making is refused, to be safe; scripts without capitals have their numbers."""
    german = "Die Brücke am Hafen wird sechs Wochen lang gesperrt, weil Lager gerissen sind. Fähren fahren."
    japanese = (
        "港の橋は6週間閉鎖される。技術者が14個の軸受に亀裂を見つけた。渡し船が無料で人々を運ぶと市議会は発表した。"
    )

    assert (
        trouble(
            "Weil Lager gerissen sind, wird die Brücke am Hafen sechs Wochen lang gesperrt.", language="de", text=german
        )
        is None
    )
    assert "Zug" in str(
        trouble("Ein Zug fährt, weil die Brücke am Hafen sechs Wochen gesperrt wird.", language="de", text=german)
    )
    assert trouble("橋は6週間閉鎖され、14個の軸受に亀裂が見つかった。", language="ja", text=japanese) is None
    assert trouble("橋は7週間閉鎖され、14個の軸受に亀裂が見つかった。", language="ja", text=japanese) is not None
