"""The language that a page speaks, and the proof that keeps the words a reader was shown."""

import shutil
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Protocol

import pytest

from syndicate.clock import StoppedClock
from syndicate.web.phrasebook import languages, words_of
from tests.unit.web.conftest import MORNING, Town, hidden, moved_in

GERMAN = "2026-1: Ja, senden Sie mir die gewählten Ausgaben per E\N{NON-BREAKING HYPHEN}Mail. Ich kann sie jederzeit ändern oder abbestellen."
FRENCH = "2026-1: Oui, envoyez-moi par e\N{NON-BREAKING HYPHEN}mail les lettres que j’ai choisies. Je peux les changer ou les arrêter à tout moment."


class Abroad(Protocol):
    """Opens the town's site in another language."""

    def __call__(self, language: str) -> AbstractAsyncContextManager[Town]:
        """Return the town."""


@pytest.fixture
def abroad(founded: Path, tmp_path: Path) -> Abroad:
    """Return what opens the town in another language."""

    @asynccontextmanager
    async def opened(language: str) -> AsyncIterator[Town]:
        folder = tmp_path / language
        shutil.copytree(founded, folder)
        file = folder / "syndicate.toml"
        file.write_text(file.read_text().replace("[site]", f'[site]\nlanguage = "{language}"'))
        async with moved_in(folder, StoppedClock(MORNING + timedelta(minutes=1))) as town:
            yield town

    return opened


@pytest.mark.parametrize("language", languages())
async def test_public_pages_speak_the_sites_language(abroad: Abroad, language: str) -> None:
    """The front page, a section, the form to mend, what is missing: in its words and its direction."""
    words = words_of(language)
    async with abroad(language) as town:
        front, section = await town.get("/"), await town.get("/world/")
        mend, asked, missing = await town.sign_up(consent=""), await town.sign_up(), await town.get("/nowhere")

    for page, phrase in (
        (front, "signup_heading"),
        (section, "feeds_intro"),
        (mend, "problem_consent"),
        (asked, "asked_title"),
        (missing, "missing_text"),
    ):
        assert f'<html lang="{language}" dir="{words.direction}">' in page.text
        assert words.say(phrase) in unescape(page.text)


async def test_a_readers_pages_speak_his_language(abroad: Abroad) -> None:
    """Who chose French on a German site confirms, chooses and leaves in French."""
    async with abroad("de") as town:
        await town.sign_up(language="fr")
        pages = [await town.post(await town.confirmation())]
        pages += [await town.get(await town.preferences()), await town.get(await town.unsubscribe())]

    assert ['<html lang="fr" dir="ltr">' in page.text for page in pages] == [True, True, True]


async def test_the_proof_keeps_the_words_that_were_shown(abroad: Abroad) -> None:
    """The form's in the site's language, then those of his own pages; each stood on the page."""
    async with abroad("de") as town:
        form = await town.get("/")
        await town.sign_up(language="fr")
        link = await town.confirmation()
        confirm = await town.get(link)
        await town.post(link)
        await town.post(await town.unsubscribe(), scope="all")
        left = await town.get(await town.preferences())
        back = {"in__world": "daily", "form": hidden(left.text)}
        await town.post(await town.preferences(), **back)
        record = (await town.get(await town.preferences() + "/data.json")).json()

    kept = [(one["kind"], one["text"]) for one in record["consent"] if one["kind"] != "left"]
    assert kept == [("asked", GERMAN), ("confirmed", FRENCH), ("confirmed", FRENCH)]
    assert GERMAN.partition(": ")[2] in form.text
    assert all(FRENCH.partition(": ")[2] in unescape(page.text) for page in (confirm, left))


async def test_nobody_is_said_to_have_seen_a_form_that_was_not_shown(town: Town) -> None:
    """Whom the operator enters, to be asked by a letter, saw no words of ours before it."""
    desk = await town.app.desk()
    await desk.add(email="ann@readers.example", sections=["world"], digests=["daily"])

    assert [one["text"] for one in (await desk.show("ann@readers.example"))["consent"]] == [
        "no form was shown: the operator entered the address"
    ]
