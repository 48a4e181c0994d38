"""What may be used of a summary that somebody else wrote."""

import pytest

from syndicate.core.chatter import without_lead_in
from syndicate.core.faithful import trouble_with
from tests import later_summaries, summary_samples
from tests.summary_samples import Sample

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
    """Where nouns are capitalised too, one that may be a name is refused; scripts without capitals have their numbers."""
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
    assert "Kiel" in str(
        trouble(
            "In Kiel ist für sechs Wochen eine Brücke am Hafen gesperrt, da Lager gerissen sind.",
            language="de",
            text=german,
        )
    )
    assert trouble("橋は6週間閉鎖され、14個の軸受に亀裂が見つかった。", language="ja", text=japanese) is None
    assert trouble("橋は7週間閉鎖され、14個の軸受に亀裂が見つかった。", language="ja", text=japanese) is not None


def test_digits_of_other_scripts_are_the_same_numbers() -> None:
    """Those that the article has pass, others do not."""
    summary = "The harbour bridge in Leith will shut for six weeks while engineers replace {} cracked bearings."

    assert trouble(summary.format("١٤")) is None
    assert trouble(summary.format("１４")) is None
    assert "15" in str(trouble(summary.format("١٥")))


GOOD = "The harbour bridge in Leith will shut for six weeks while engineers replace 14 cracked bearings."


@pytest.mark.parametrize(
    ("summary", "told"),
    [
        ("This article does not contain enough information to write a summary of it.", "task"),
        ("I'm sorry, but the harbour bridge and its closure are not something I may write about.", "task"),
        ("i’m sorry, but the harbour bridge and its closure are nothing to write about here.", "task"),
        ("This summary says that the harbour bridge in Leith would close for six weeks.", "task"),
        (GOOD.removesuffix("."), "cut off"),
        (GOOD + " Ferries will carry 3.5 million…", "cut off"),
        (GOOD + " Ferries sail. " + GOOD, "twice"),
        (
            "Le pont du port de Leith sera fermé pendant six semaines, parce que des fissures sont dans les appuis.",
            "fr",
        ),
    ],
)
def test_what_is_no_summary_is_refused(summary: str, told: str) -> None:
    """Refusals, in whatever case, half sentences, repetitions and other languages."""
    assert told in str(trouble(summary))


def test_words_about_a_task_may_be_the_articles() -> None:
    """A quotation is no refusal."""
    said = "“I'm sorry, but I cannot open it,” Mayor Ada Penn of Leith said of the harbour bridge."

    assert trouble(said) is not None
    assert trouble(said, text=TEXT + " “I’m sorry, but I cannot open it,” she said.") is None


@pytest.mark.parametrize(
    ("lead_in", "language"),
    [
        ("Here is a summary of the article: ", "en"),
        ("Here's a concise summary: ", "en"),
        ("Sure, happy to help: ", "en"),
        ("Zusammenfassung: ", "de"),
        ("以下是摘要：", "zh"),
    ],
)
def test_what_leads_to_a_summary_is_taken_off(lead_in: str, language: str) -> None:
    """Up to its colon."""
    assert without_lead_in(lead_in + GOOD, TEXT, language) == GOOD


@pytest.mark.parametrize(
    "summary",
    [
        "Mayor Ada Penn said on Monday: The harbour bridge will close for six weeks.",
        "One thing is clear: the harbour bridge will close for six weeks.",
        "Nothing follows here:",
        "Officials announced at 10:30 that the harbour bridge will close for six weeks.",
        "Experts warn: “The harbour bridge will close for six weeks.”",
    ],
)
def test_a_colon_of_the_articles_own_stays(summary: str) -> None:
    """So does one in the middle of a sentence, of an hour, or before a quotation."""
    assert without_lead_in(summary, TEXT, "en") == summary


@pytest.mark.parametrize(
    ("samples", "refused", "passed"),
    [
        (summary_samples.CAPITALS, 1, 0),
        (summary_samples.WITHOUT, 0, 1),
        (later_summaries.CAPITALS, 4, 0),
        (later_summaries.WITHOUT, 0, 2),
    ],
)
def test_names_of_many_languages(samples: tuple[Sample, ...], refused: int, passed: int) -> None:
    """How many true summaries are refused and how many false ones pass, as docs/quality.md states."""

    def holds(one: Sample, summary: str) -> bool:
        return trouble_with(summary, title=one.title, text=one.text, language=one.language, words=65) is None

    assert sum(not holds(one, summary) for one in samples for summary in one.true) == refused
    assert sum(holds(one, summary) for one in samples for summary in one.false) == passed
