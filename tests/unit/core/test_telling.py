"""Corrections in the room that a message has for them."""

import re
from dataclasses import replace

import pytest

from syndicate.core.letters import Correction, Letters
from syndicate.model import DigestEntry
from tests.mail_samples import (
    RELATED,
    SETTINGS,
    article,
    bodies,
    composer,
    digest,
    entry,
    filled_bytes,
    our_templates,
    parsed,
)

LETTERS = Letters(our_templates(), SETTINGS)
RUSSIAN = "Мы ошиблись в числе и в имени человека, о котором шла речь в статье. " * 8
LONG = digest(*[
    DigestEntry(article=article(n, title=f"Новость {n}", summary="Длинное описание новости. " * 20), section="world", related=RELATED)
    for n in range(2, 100)
])  # fmt: skip
SHORT = digest(entry(2))


def corrections(number: int, **changes: str) -> list[Correction]:
    """Return so many corrections."""
    plain = Correction(title="Мост закрыт на шесть недель", url="", note=RUSSIAN)
    return [replace(plain, **changes, url=f"https://news.example/wrong/{n}") for n in range(number)]  # type: ignore[arg-type]  # texts only


def told(found: list[Correction], *, whole: bool = False, text: bool = False) -> tuple[int, str, str]:
    """Return the encoded bytes of a long digest's page with these corrections in it, and its bodies without line ends."""
    shown = LONG if not text else digest(*LONG.groups[0].entries, format="text")
    message = composer().compose(SHORT if whole else shown)
    raw = filled_bytes(message, **LETTERS.correction(found, language="ru", room=message.room), name="Ы" * 80)
    html, body = bodies(parsed(raw))
    return len(raw.partition(b"text/html")[2]), " ".join(html.split()), " ".join(body.split())


@pytest.mark.parametrize("number", [0, 1, 2, 4, 12, 60])
def test_no_number_of_them_takes_a_page_over_its_limit(number: int) -> None:
    """A full digest stays within 90 kB as it is sent, in an alphabet that quoted-printable makes six bytes a letter of."""
    assert 80_000 < told(corrections(number))[0] <= 90_000


def test_one_is_told_whole() -> None:
    """A note of usual length is not cut, however long the digest is."""
    _, html, text = told(corrections(1))

    assert RUSSIAN.strip() in html
    assert RUSSIAN.strip() in text


def test_a_digest_that_is_not_full_has_room_for_more() -> None:
    """What the articles leave free is theirs: a dozen long notes in a short digest."""
    encoded, html, text = told(corrections(12), whole=True)

    assert encoded <= 90_000
    assert html.count(RUSSIAN.strip()) == text.count(RUSSIAN.strip()) == 12


def test_notes_are_shortened_first() -> None:
    """All alike, in both bodies, with every title and link."""
    _, html, text = told(corrections(3))

    assert html.count("…</p>") == text.count("…") == 3
    for body in (html, text):
        assert RUSSIAN.strip() not in body
        assert [f"/wrong/{n}" in body for n in range(3)] == [True] * 3


def test_then_titles_stand_alone() -> None:
    """With their links."""
    _, html, text = told(corrections(8))

    for body in (html, text):
        assert "Мы ошиблись" not in body
        assert body.count("Мост закрыт") == 8
        assert "и ещё" not in body


def test_then_the_last_are_counted() -> None:
    """Who is owed sixty is shown the first, and told how many there are."""
    _, html, text = told(corrections(60))
    shown = html.count("/wrong/")

    assert 5 < shown < 60
    assert f"и ещё {60 - shown}" in html
    assert f"и ещё {60 - shown}" in text
    assert text.count("/wrong/") == shown


def test_a_title_always_stands() -> None:
    """Even with an address that no message has room for: its link leads to the site."""
    found = Correction(title="Bridge shut", url=f"https://news.example/?{'=' * 3_900}", note="Not so.")
    encoded, html, text = told([found])

    assert encoded <= 90_000
    assert '<a href="https://news.example/"' in re.sub(r".*Поправка", "", html)
    assert "* Bridge shut https://news.example/ " in text


def test_notes_run_as_their_own_language_does() -> None:
    """An English note in an Arabic mail has its full stop at its end."""
    assert '<p class="told" dir="auto"' in LETTERS.correction(corrections(1), language="ar")["correction_html"]


def test_a_text_has_room_as_well() -> None:
    """A digest in plain text, which nothing cuts, has as much for them as a page at least."""
    _, _, text = told(corrections(1), text=True)

    assert RUSSIAN.strip() in text


def test_one_correction_and_several_are_spoken_of_as_what_they_are() -> None:
    """In the text and on the page, also where only one of several has room."""
    one, two = corrections(1, note="Not so."), corrections(2, note="Not so.")
    for form in ("correction_html", "correction_text"):
        assert "We have corrected an article that we sent you:" in LETTERS.correction(one, language="en")[form]
        assert "We have corrected articles that we sent you:" in LETTERS.correction(two, language="en")[form]
        assert "We have corrected articles that we sent you:" in LETTERS.correction(two, language="en", room=1)[form]


@pytest.mark.parametrize("language", our_templates().languages)
def test_several_corrections_are_spoken_of_in_every_language(language: str) -> None:
    """In other words than one."""
    one, two = (LETTERS.correction(corrections(n), language=language)["correction_text"] for n in (1, 2))

    assert one.splitlines()[2] != two.splitlines()[2]


@pytest.mark.parametrize("language", our_templates().languages)
def test_what_was_withdrawn_is_told_apart(language: str) -> None:
    """First, in words of its own, by its headline, without a link; one as one, several as several."""
    words = our_templates().words(language)
    gone = [replace(one, withdrawn=True) for one in corrections(2, title="False alarm", note="")]
    mended = corrections(1, note="Six weeks, not sixteen.")

    one, both = (LETTERS.correction(found, language=language) for found in (gone[:1], [*mended, *gone]))

    for form in ("correction_html", "correction_text"):
        assert words.say("withdrawal_text") in one[form]
        assert words.say("correction_text") not in one[form]
        assert "http" not in one[form]
        assert both[form].index(words.say("withdrawals_text")) < both[form].index(words.say("correction_text"))
        assert (both[form].count("/wrong/"), both[form].count("False alarm")) == (1, 2)
