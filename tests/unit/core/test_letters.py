"""Confirmations and goodbyes."""

from pathlib import Path

import pytest

from syndicate.core.letters import Letters
from tests.mail_samples import SETTINGS, VALUES, bodies, filled_bytes, our_templates, parsed

LETTERS = Letters(our_templates(), SETTINGS)
GOLDEN = Path(__file__).parents[2] / "golden" / "mail"
LINK = "https://feeds.news.example/confirm/Zm9v-0123456789_abcdef.signed"


def test_confirmation_is_the_golden_one() -> None:
    """The bytes of the confirmation mail, read and approved by us."""
    assert (
        filled_bytes(LETTERS.confirmation(language="en"), confirm_url=LINK)
        == (GOLDEN / "confirmation.eml").read_bytes()
    )


def test_goodbye_is_the_golden_one() -> None:
    """The bytes of the goodbye mail, read and approved by us."""
    assert (
        filled_bytes(LETTERS.goodbye(language="en", titles=["Morning digest"])) == (GOLDEN / "goodbye.eml").read_bytes()
    )


@pytest.mark.parametrize("language", [*our_templates().languages, "xx"])
def test_confirmation_says_what_to_do_in_every_language(language: str) -> None:
    """Link, hours and postal address in both bodies; it is marked as the answer to a form, in a stream of its own with nothing to leave."""
    message = parsed(filled_bytes(LETTERS.confirmation(language=language, hours=48), confirm_url=LINK))

    assert message["Form-Sub"] == "v=1"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Id"] == "The Daily Example <letters.news.example>"
    assert message["Precedence"] == "bulk"
    assert not [name for name in message if name.lower().startswith("list-unsubscribe")]
    for body in bodies(message):
        assert LINK in body
        assert "48" in body
        assert "1 Example Street, London" in body


def test_confirmation_holds_nothing_that_was_typed() -> None:
    """A form that anybody may fill in cannot be used to send words to others."""
    raw = filled_bytes(
        LETTERS.confirmation(language="en"), confirm_url=LINK, to="r@readers.example", name="Buy now at x.example"
    )

    assert b"Buy now" not in raw


def test_goodbye_without_a_link_back_has_none() -> None:
    """Who left everything has no preferences."""
    html, text = bodies(
        parsed(filled_bytes(LETTERS.goodbye(language="en", titles=["Morning digest"]), preferences_url=""))
    )

    assert "come back" not in html + text
    assert "Morning digest" in html


@pytest.mark.parametrize(
    ("titles", "expected"),
    [
        (["Daily", "Weekly"], "You have left Daily and Weekly"),
        ([], "You have left The Daily Example"),
        (["A name of forty letters, or nearly so"] * 4, "You have left The Daily Example"),
    ],
)
def test_goodbye_names_what_was_left(titles: list[str], expected: str) -> None:
    """Every digest; the site where that would be too long for a line, or is not known."""
    message = parsed(filled_bytes(LETTERS.goodbye(language="en", titles=titles)))

    assert message["Subject"] == expected
    for body in bodies(message):
        assert f"no more of {expected[14:]}." in body


def test_no_corrections_no_notice() -> None:
    """The slots stay empty."""
    assert LETTERS.correction([], language="en") == {"correction_html": "", "correction_text": ""}
    assert "correction_html" not in VALUES


@pytest.mark.parametrize("language", [*our_templates().languages, "xx"])
def test_already_says_that_nothing_changed_in_every_language(language: str) -> None:
    """The answer to a sign-up of a known address has the link to its choices, and is marked as the answer to a form."""
    message = parsed(filled_bytes(LETTERS.already(language=language)))

    assert message["Form-Sub"] == "v=1"
    for body in bodies(message):
        assert VALUES["preferences_url"] in body
        assert "1 Example Street, London" in body
