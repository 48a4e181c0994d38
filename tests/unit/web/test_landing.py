"""What the front page and the sections' pages show."""

import re

import html5lib
import pytest

from tests.unit.web.conftest import Town


async def test_the_front_page_shows_what_there_is(town: Town) -> None:
    """Each section, its headlines with their links, and all feeds are there, for people and for feed readers."""
    page = (await town.get("/")).text

    for expected in ("The Daily Example", "A bridge opens", "https://news.example/2", 'href="/world/"', "feeds.opml"):
        assert expected in page
    found = set(re.findall(r'<link rel="alternate" type="application/(\S+)" [^>]*href="([^"]+)">', page))
    assert found == {
        (kind, f"https://feeds.news.example/{section}.{ending}")
        for section in ("all", "world", "sport")
        for kind, ending in (("rss+xml", "xml"), ("atom+xml", "atom"), ("feed+json", "json"))
    }


async def test_a_section_shows_its_own(town: Town) -> None:
    """A section's page has its stories and feeds, and its own box ticked in the form."""
    page = (await town.get("/sport/")).text

    assert "The cup is won" in page
    assert "A bridge opens" not in page
    assert len(re.findall('rel="alternate"', page)) == 3
    assert re.search('value="sport" checked', page)
    assert not re.search('value="world" checked', page)


async def test_consent_is_never_ticked_beforehand(town: Town) -> None:
    """Consent stands with its text, un-ticked, on every form."""
    for path in ("/", "/world/"):
        page = (await town.get(path)).text
        box = re.search(r'<input[^>]*name="consent"[^>]*>', page)
        assert box is not None
        assert "checked" not in box[0]
        assert "I can change or end them at any time" in page


async def test_news_appears_when_it_is_published(town: Town) -> None:
    """The pages follow the newsroom: what is new comes, what is withdrawn goes."""
    before = (await town.get("/world/")).text
    await town.publish("9", "A second bridge opens")
    after = (await town.get("/world/")).text
    await town.publish("9", "A second bridge opens", status="withdrawn")

    assert "A second bridge" not in before
    assert "A second bridge" in after
    assert "A second bridge" not in (await town.get("/world/")).text


async def test_titles_are_text(town: Town) -> None:
    """What comes from outside is shown as it was written and starts nothing."""
    await town.publish("9", '"><script>alert(1)</script> & <b>bold</b>')

    page = (await town.get("/world/")).text

    assert "<script>alert" not in page
    assert "<b>bold" not in page


async def test_headlines_keep_their_direction(town: Town) -> None:
    """A headline written from right to left stands so among the others."""
    await town.publish("9", "متطوعون في الميناء", language="ar")

    page = (await town.get("/world/")).text

    assert re.search(r'<h\d lang="ar" dir="auto">', page)


@pytest.mark.parametrize("path", ["/", "/world/", "/nowhere/"])
async def test_pages_are_well_formed(town: Town, path: str) -> None:
    """A strict parser reads each page, with one first heading, a language, a main part and a title."""
    page = (await town.get(path)).text

    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)

    assert len(tree.findall(".//h1")) == 1
    assert len(tree.findall(".//main")) == 1
    assert tree.get("lang") == "en"
    assert tree.findtext(".//title")


async def test_every_field_has_a_label(town: Town) -> None:
    """Whoever cannot see the form hears what each field is for."""
    tree = html5lib.parse((await town.get("/")).text, namespaceHTMLElements=False)
    labelled = {label.get("for") for label in tree.iter("label")}
    wrapped = {field for label in tree.iter("label") for field in label.iter("input")}

    fields = [*tree.iter("input"), *tree.iter("select")]
    assert fields
    for field in fields:
        assert field.get("type") == "hidden" or field in wrapped or field.get("id") in labelled
