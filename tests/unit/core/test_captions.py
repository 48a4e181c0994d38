"""A caption is known by the credit that ends its line."""

import time

import pytest

from syndicate.core.captions import without_captions

STORY = "Floods killed twelve people in the Tirin valley on Sunday."


@pytest.mark.parametrize(
    "caption",
    [
        "Residents wade through water in Tirin on Sunday. (AP Photo/Ada Reed)",
        "A man carries his dog through the streets of Tirin. Picture: PA",
        "A street in Tirin on Sunday, May 3. Ada Reed/AFP via Getty Images",
        "A street in Tirin on Sunday. (Ada Reed/Getty Images)",
        "The mayor leaves the town hall. Photograph: Ada Reed/Reuters",
        "Eine Straße in Tirin. Foto: dpa",
    ],
)
def test_a_line_that_ends_in_a_credit_goes(caption: str) -> None:
    """Whatever stands before the credit tells of the picture."""
    assert without_captions(f"{caption}\n{STORY}") == STORY


@pytest.mark.parametrize(
    "line",
    [
        "The mayor told the paper of the photos. (AP)",
        "Bilder zeigen Risse. Foto: dpa. Der Rat stimmte am Dienstag für die Sperrung.",
        "She spoke of three things (the pictures were not among them).",
        "It is a picture of health: nobody in Tirin was ill.",
        f"{STORY} " * 10 + "Picture: PA",
    ],
)
def test_other_lines_stay(line: str) -> None:
    """A picture that is only mentioned, a credit between sentences, and a long paragraph are no caption."""
    assert without_captions(f"{line}\n{STORY}") == f"{line}\n{STORY}"


def test_a_caption_is_better_than_nothing() -> None:
    """Where an article has no other line, it is kept."""
    assert without_captions("A street in Tirin. Picture: PA") == "A street in Tirin. Picture: PA"


@pytest.mark.parametrize("piece", ["A ", "a,", "((((", "A/", "(A/", "photo: ", ". A/AP "])
def test_long_lines_cost_little(piece: str) -> None:
    """Only the end of a line is looked at."""
    started = time.process_time()

    for length in (390, 10_000):
        for _ in range(20):
            without_captions((piece * 10_000)[:length])

    assert time.process_time() - started < 0.5
