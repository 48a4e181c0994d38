"""The doctor looks everything over, and tells what is wrong and how to mend it."""

from pathlib import Path

import pytest

from syndicate.app import App
from syndicate.config import load
from syndicate.doctor import Finding, examine
from syndicate.starter.create import CONFIG

SECRET = "a secret that is long enough"


async def findings(folder: Path, *changes: tuple[str, str]) -> dict[str, Finding]:
    """Return what is found on a starter folder, with changes to its configuration."""
    text = CONFIG
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / "pages").mkdir()
    (folder / "syndicate.toml").write_text(text, encoding="utf-8")
    config = load(str(folder / "syndicate.toml"), env={"SYNDICATE_SITE__SECRET": SECRET})
    return {one.what: one async for one in examine(config)}


async def test_a_starter_folder_is_sound(tmp_path: Path) -> None:
    """What `syndicate init` writes has nothing wrong, and every thing has a row."""
    found = await findings(tmp_path)

    assert [one for one in found.values() if not one.fine] == []
    assert found.keys() >= {
        "configuration",
        "database",
        "source pages",
        "transport local",
        "mail",
        "templates",
        "feeds",
    }


@pytest.mark.parametrize(
    ("what", "old", "new", "said"),
    [
        ("source pages", 'path = "pages/"', 'path = "nowhere/"', "nowhere"),
        ("source pages", 'kind = "files"', 'kind = "carrier-pigeon"', "not installed"),
        ("summariser", "[feeds]", '[summariser]\nkind = "oracle"\n[feeds]', "not installed"),
        ("transport local", 'kind = "maildir"', 'kind = "smtp"\nport = 1', "127.0.0.1:1"),
        ("mail", 'postal-address = "Our Street 1, Our Town"', "", "postal-address"),
        ("database", "sqlite:///syndicate.db", "sqlite:///no/such/folder/syndicate.db", "syndicate.db"),
        ("templates", 'at = "07:00"', 'at = "07:00"\nsubject = "{{ lead.nothing.at_all }}"', "nothing"),
    ],
)
async def test_what_is_wrong_is_found_and_the_rest_is_looked_at(
    tmp_path: Path, what: str, old: str, new: str, said: str
) -> None:
    """One thing that is wrong fails its own row, whose words name it, and none that does not depend on it."""
    found = await findings(tmp_path, (old, new))

    assert [one.what for one in found.values() if not one.fine] == [what]
    assert said in f"{found[what].words} {found[what].remedy}"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("layout.html", "<html><body>{% block main %}{% endblock %}</body></html>", "unsubscribe link in its HTML"),
        ("digest.txt", "{{ title }}", "unsubscribe link in its text"),
        ("theme.toml", 'accnet = "#123456"', "did you mean `accent`"),
    ],
)
async def test_templates_that_may_not_be_sent_are_found(tmp_path: Path, name: str, text: str, said: str) -> None:
    """A digest that nobody can leave, and a slip in the theme."""
    folder = tmp_path / "templates" / "email"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    found = await findings(tmp_path)

    assert not found["templates"].fine
    assert said in f"{found['templates'].words} {found['templates'].remedy}"


async def test_a_theme_that_is_hard_to_read_is_told(tmp_path: Path) -> None:
    """As a hint: it does not keep anybody from sending."""
    folder = tmp_path / "templates" / "email"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "theme.toml").write_text('muted = "#bbbbbb"', encoding="utf-8")
    found = await findings(tmp_path)

    assert found["templates"].fine
    assert "`muted` on `tint` has 1." in found["hint: theme"].words


async def test_a_feeds_folder_that_cannot_be_written_is_found(tmp_path: Path) -> None:
    """A file where the folder should be is told with its remedy."""
    (tmp_path / "public").write_text("in the way", encoding="utf-8")
    found = await findings(tmp_path)

    assert not found["feeds"].fine
    assert "[feeds] directory" in found["feeds"].remedy


async def test_addresses_kept_for_examples_are_not_looked_up(tmp_path: Path) -> None:
    """The hints on DNS ask nothing about a domain that nobody can own."""
    found = await findings(tmp_path, ('kind = "maildir"', 'kind = "smtp"\nport = 1'))

    assert "kept for examples" in found["hint: DNS"].words


async def test_sources_have_names_that_readers_would_know(tmp_path: Path) -> None:
    """Their titles, else made of their names: mails say them where several tell one story."""
    text = CONFIG + '\n[[source]]\nname = "northern-wire"\nkind = "files"\npath = "wire/"\n'
    text = text.replace('name = "pages"', 'name = "pages"\ntitle = "The Daily Example"')
    (tmp_path / "syndicate.toml").write_text(text, encoding="utf-8")
    app = App(load(str(tmp_path / "syndicate.toml"), env={"SYNDICATE_SITE__SECRET": SECRET}))

    assert app.mail_settings.sources == {"pages": "The Daily Example", "northern-wire": "Northern Wire"}
