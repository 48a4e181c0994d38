"""Check what the demo's newsroom promises, and that a malformed one is refused with its reason."""

import re
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest
from PIL import Image

from syndicate.demo.newsroom import NEWSROOM, Change, DemoArticle, load, read_image
from syndicate.errors import MalformedArticleError

SECTIONS = {"World", "Politics", "Business", "Science", "Sport"}
ALLOWED_TAGS = {"p", "h2", "blockquote", "ul", "li", "a", "em"}
EVENTS = {
    "Meridian Star": 4,
    "Karesh": 4,
    "Cyclone Ines": 3,
    "coalition": 3,
    "Bank of Norveth": 3,
    "Hallam & Voss": 3,
    "Comet Holt–Arrend": 2,
    "algal bloom": 3,
    "cup final": 4,
    "Tour of Norveth": 3,
}

ARTICLES = load()
INITIAL = [article for article in ARTICLES if article.arrives is None]
ARRIVING = [article for article in ARTICLES if article.arrives is not None and article.change is Change.NEW]
BY_ID = {article.id: article for article in ARTICLES if article.change is Change.NEW}


def plain(article: DemoArticle) -> str:
    """Return the body's words without markup."""
    return re.sub(r"<[^>]+>", " ", article.body)


def shingles(article: DemoArticle) -> set[tuple[str, ...]]:
    """Return every run of three words in the body."""
    words = re.findall(r"\w+", plain(article).lower())
    return {tuple(words[at : at + 3]) for at in range(len(words) - 2)}


def containment(one: DemoArticle, other: DemoArticle) -> float:
    """Return how much of the shorter article stands in the longer one."""
    left, right = shingles(one), shingles(other)
    return len(left & right) / max(1, min(len(left), len(right)))


def test_at_least_48_articles_stand_in_five_sections_at_the_start() -> None:
    """A store spells five section names, and each has enough articles for a feed."""
    sections = Counter(section for article in INITIAL for section in article.sections)

    assert len(INITIAL) >= 48
    assert set(sections) == SECTIONS
    assert {section for article in ARTICLES for section in article.sections} == SECTIONS
    assert min(sections.values()) >= 8


def test_the_start_reaches_back_forty_hours_and_most_of_it_is_not_a_day_old() -> None:
    """A first daily edition has at least twenty articles to choose from."""
    ages = [article.minutes_ago for article in INITIAL if article.minutes_ago is not None]

    assert len(ages) == len(INITIAL)
    assert max(ages) <= 40 * 60
    assert sum(age <= 20 * 60 for age in ages) >= 20
    assert ages == sorted(ages, reverse=True)


def test_24_more_arrive_and_two_of_them_are_breaking() -> None:
    """Arrivals are numbered together with the one revision and the one withdrawal."""
    changes = [article for article in ARTICLES if article.arrives is not None]

    assert len(ARRIVING) == 24
    assert [article.arrives for article in changes] == list(range(1, 27))
    assert [article.id for article in ARTICLES if article.breaking] == [
        "marsk-survives-vote",
        "meridian-star-refloated",
    ]
    assert (*INITIAL, *changes) == ARTICLES


@pytest.mark.parametrize(("tag", "least"), EVENTS.items())
def test_several_events_are_told_in_several_articles_and_go_on(tag: str, least: int) -> None:
    """Articles about one event share its tag, and the running events have arrivals too."""
    assert sum(tag in article.tags for article in INITIAL) >= least
    if tag != "Bank of Norveth":
        assert any(tag in article.tags for article in ARRIVING)


def test_only_the_two_wire_articles_tell_the_same_story_twice() -> None:
    """Two sources tell the water treaty almost word for word; nobody else copies."""
    english = [article for article in BY_ID.values() if article.language == "en"]
    twins = [{one.id, other.id} for one, other in combinations(english, 2) if containment(one, other) >= 0.2]

    assert twins == [{"isk-water-treaty", "isk-treaty-signed"}]
    assert containment(BY_ID["isk-water-treaty"], BY_ID["isk-treaty-signed"]) >= 0.8
    assert BY_ID["isk-water-treaty"].authors != BY_ID["isk-treaty-signed"].authors


def test_one_article_is_corrected_and_one_withdrawn() -> None:
    """The revision says what was wrong; the withdrawal keeps the text that is taken back."""
    (revision,) = [article for article in ARTICLES if article.change is Change.REVISION]
    (withdrawal,) = [article for article in ARTICLES if article.change is Change.WITHDRAWAL]
    first = BY_ID[revision.id]

    assert first in INITIAL
    assert (revision.title, revision.minutes_ago) == (first.title, first.minutes_ago)
    assert revision.body != first.body
    assert "Correction:" in revision.body
    assert "Correction:" not in first.body
    assert BY_ID[withdrawal.id] in INITIAL
    assert withdrawal.body == BY_ID[withdrawal.id].body


def test_one_article_stands_in_two_sections() -> None:
    """An article in two sections must appear once in a digest that has both."""
    both = [article for article in ARTICLES if len(article.sections) > 1]

    assert [set(article.sections) for article in both] == [{"Business", "World"}]


def test_one_article_is_arabic_and_one_japanese() -> None:
    """Other scripts are really there, in title and body."""
    others = {article.language: article for article in ARTICLES if article.language != "en"}

    assert Counter(article.language for article in INITIAL) == {"en": len(INITIAL) - 2, "ar": 1, "ja": 1}
    assert re.search(r"[\u0600-\u06ff]{3}", others["ar"].title)
    assert re.search(r"[\u3040-\u30ff]", others["ja"].title)
    assert len(plain(others["ar"]).split()) >= 200
    assert len(re.findall(r"[\u3040-\u9fff]", others["ja"].body)) >= 500


@pytest.mark.parametrize("article", [article for article in ARTICLES if article.language == "en"], ids=lambda a: a.id)
def test_bodies_have_the_length_of_news(article: DemoArticle) -> None:
    """What stands at the start has 200 to 600 words, what arrives is shorter."""
    words = len(plain(article).split())

    least, most = (200, 600) if article.minutes_ago is not None else (120, 250)
    assert least <= words <= most


@pytest.mark.parametrize("article", ARTICLES, ids=lambda a: f"{a.id}-{a.change}")
def test_bodies_are_simple_html_with_links_that_lead_somewhere(article: DemoArticle) -> None:
    """Only a few elements occur, each closed, and a link names another article of the newsroom."""
    opened = re.findall(r"<([a-z0-9]+)[ >]", article.body)
    closed = re.findall(r"</([a-z0-9]+)>", article.body)
    links = re.findall(r'href="([^"]*)"', article.body)

    assert set(opened) <= ALLOWED_TAGS
    assert Counter(opened) == Counter(closed)
    assert all(link.removeprefix("/news/") in BY_ID and link != article.path for link in links)
    assert "<" not in article.title
    assert len(article.title) <= 110


def test_most_articles_link_to_others_and_none_to_what_is_not_yet_there() -> None:
    """A link never leads to an article that arrives later than the one it stands in."""
    targets = {
        article.id: [BY_ID[target] for target in re.findall(r'href="/news/([^"]*)"', article.body)]
        for article in BY_ID.values()
    }

    assert sum(bool(found) for found in targets.values()) >= 40
    for article_id, found in targets.items():
        arrives = BY_ID[article_id].arrives or 0
        assert all((target.arrives or 0) <= arrives for target in found)


def test_about_a_third_have_an_editors_own_summary() -> None:
    """The rest is left to the summariser."""
    share = sum(article.summary is not None for article in BY_ID.values()) / len(BY_ID)

    assert 0.25 <= share <= 0.45
    assert all(len(article.summary) <= 240 for article in ARTICLES if article.summary is not None)


def test_pictures_exist_are_light_and_are_described() -> None:
    """Each picture is 1200 by 675, below 60 kB, used once and described for those who cannot see it."""
    pictures = [article.image for article in INITIAL if article.image is not None]

    assert len(pictures) >= 8
    assert {picture.file for picture in pictures} == {entry.name for entry in (NEWSROOM / "images").iterdir()}
    assert len({picture.file for picture in pictures}) == len(pictures)
    for picture in pictures:
        assert len(read_image(picture.file)) < 60_000
        with Image.open(Path(str(NEWSROOM)) / "images" / picture.file) as opened:
            assert opened.size == (1200, 675)
        assert len(picture.alt) >= 40
        assert picture.caption.endswith(".")
        assert picture.credit


def test_content_puts_the_picture_with_its_words_above_the_body() -> None:
    """Alternative text, caption and credit travel inside the HTML; without a picture the body stands alone."""
    article = BY_ID["meridian-star-aground"]
    assert article.image is not None

    assert article.content.startswith('<figure><img src="/images/strait-ship.jpg"')
    assert f'alt="{article.image.alt}"' in article.content
    assert f"{article.image.caption} ({article.image.credit})</figcaption></figure>\n<p>" in article.content
    assert BY_ID["meridian-star-tugs-fail"].content == BY_ID["meridian-star-tugs-fail"].body


GOOD = "id: a\ntitle: A\nsection: World\nauthor: B\nlanguage: en\ntags: c\nminutes_ago: 5"


def write_newsroom(folder: Path, *sheets: str) -> Path:
    """Write a newsroom of a few files and return its folder."""
    (folder / "articles").mkdir()
    (folder / "images").mkdir()
    for number, sheet in enumerate(sheets):
        (folder / "articles" / f"{number}.md").write_text(sheet, "utf-8")
    return folder


def sheet(front: str, body: str = "<p>Text.</p>") -> str:
    """Return a file of a newsroom."""
    return f"---\n{front}\n---\n{body}\n"


def test_a_small_newsroom_is_read_whole(tmp_path: Path) -> None:
    """A revision replaces the text and keeps the date, a withdrawal keeps the text."""
    other = GOOD.replace("id: a", "id: b").replace("World", "World | Sport").replace("minutes_ago: 5", "minutes_ago: 9")
    later = GOOD.replace("id: a", "revises: a").replace("title: A", "title: Z").replace("minutes_ago: 5", "arrives: 1")
    newsroom = write_newsroom(tmp_path, sheet(GOOD), sheet(other), sheet(later), sheet("withdraws: b\narrives: 2", ""))

    read = [(article.id, article.change, article.title, article.minutes_ago) for article in load(newsroom)]

    assert read == [
        ("b", Change.NEW, "A", 9),
        ("a", Change.NEW, "A", 5),
        ("a", Change.REVISION, "Z", 5),
        ("b", Change.WITHDRAWAL, "A", 9),
    ]
    assert load(newsroom)[0].sections == ("World", "Sport")


@pytest.mark.parametrize(
    ("sheets", "reason"),
    [
        (["<p>Text.</p>"], "no front matter"),
        ([sheet("title: [")], "not YAML"),
        ([sheet("- a")], "no list of keys"),
        ([sheet(GOOD + "\nslug: a")], "`slug` is no key"),
        ([sheet(GOOD.replace("minutes_ago: 5", "minutes_ago: soon"))], "`minutes_ago` cannot be 'soon'"),
        ([sheet(GOOD.replace("minutes_ago: 5", "minutes_ago: -5"))], "`minutes_ago` cannot be -5"),
        ([sheet(GOOD.replace("title: A", "title: 7"))], "`title` cannot be 7"),
        ([sheet(GOOD.replace("title: A", "title: ' '"))], "`title` is missing or empty"),
        ([sheet(GOOD.replace("author: B\n", ""))], "`author` is missing or empty"),
        ([sheet(GOOD.replace("World", "World|"))], "`section` has an empty value"),
        ([sheet(GOOD.replace("id: a", "id: A b"))], "id 'A b'"),
        ([sheet(GOOD.replace("id: a\n", ""))], "exactly one of"),
        ([sheet(GOOD.replace("en", "xx"))], "`language` must be one of"),
        ([sheet(GOOD + "\narrives: 1")], "either `minutes_ago` or `arrives`"),
        ([sheet(GOOD, "")], "the body is empty"),
        ([sheet(GOOD), sheet(GOOD)], "id a is taken"),
        ([sheet(GOOD + "\nimage: x.jpg")], "`image_alt` is missing"),
        ([sheet(GOOD + "\nimage: x.jpg\nimage_alt: x\nimage_caption: x\nimage_credit: x")], "not in images/"),
        ([sheet(GOOD.replace("minutes_ago: 5", "arrives: 2"))], "must run from 1"),
        ([sheet(GOOD), sheet("withdraws: z\narrives: 1", "")], "`withdraws` names z"),
        ([sheet(GOOD), sheet("withdraws: a", "")], "needs `arrives`"),
        ([sheet(GOOD), sheet("withdraws: a\narrives: 1")], "and no body"),
        (
            [sheet(GOOD.replace("minutes_ago: 5", "arrives: 1")), sheet("withdraws: a\narrives: 2", "")],
            "itself arrives",
        ),
    ],
)
def test_a_malformed_newsroom_is_refused_with_its_reason(tmp_path: Path, sheets: list[str], reason: str) -> None:
    """The message names the key and the trouble."""
    with pytest.raises(MalformedArticleError, match=re.escape(reason)):
        load(write_newsroom(tmp_path, *sheets))
