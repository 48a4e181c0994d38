"""A folder's files become articles: pages, Markdown, JSON; odd files are refused one by one."""

import json
import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from syndicate.errors import MalformedArticleError
from syndicate.model import Incoming
from syndicate.sources.draft import decode
from syndicate.sources.files import FilesSource
from syndicate.sources.html_page import read_html
from syndicate.sources.json_article import read_json
from syndicate.sources.markdown import read_markdown

WORDS = "The harbour will close for three weeks in spring while divers repair the northern wall, the council said on Sunday night."
MORE = "Ferries will leave from the fish market instead, and buses will run every ten minutes between the two."


def read(folder: Path, **settings: object) -> tuple[dict[str, Incoming], dict[str, str]]:
    """Return a folder's articles and the reasons of what was refused, by their ids."""
    source = FilesSource(name="pages", settings={"path": "pages/", "folder": folder, "zone": "Asia/Tokyo"} | settings)
    good, bad = {}, {}
    for page in source.fetch(None, full=True):
        for candidate in page.candidates:
            try:
                good[candidate.source_id] = candidate.read()
            except MalformedArticleError as error:
                bad[candidate.source_id] = error.reason
    return good, bad


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """Return a folder for pages."""
    (tmp_path / "pages").mkdir()
    return tmp_path / "pages"


def test_id_is_the_path_with_its_ending(tmp_path: Path, pages: Path) -> None:
    """Two files that differ only in their ending are two articles; a folder names the section."""
    (pages / "world" / "asia").mkdir(parents=True)
    for name in ("a.md", "a.txt", "world/asia/b.md"):
        (pages / name).write_text(f"# A headline of some words\n\n{WORDS}\n")
    good, bad = read(tmp_path, base_url="https://news.example/pages")

    assert set(good) == {"a.md", "a.txt", "world/asia/b.md"}
    assert good["world/asia/b.md"].labels == ("world/asia",)
    assert good["world/asia/b.md"].url == "https://news.example/pages/world/asia/b.md"
    assert good["a.md"].zone == "Asia/Tokyo"
    assert bad == {}


def test_what_is_no_article_is_not_looked_at(tmp_path: Path, pages: Path) -> None:
    """Hidden and temporary files, other endings and loops of links are passed over."""
    (pages / ".git").mkdir()
    for name in (".git/x.md", ".hidden.md", "a.md~", "#a.md#", "~$a.txt", "a.png", "a.md.tmp", ".a.md.swp"):
        (pages / name).write_text("# x\n\ny")
    (pages / "loop").symlink_to(pages)

    assert read(tmp_path) == ({}, {})


def test_odd_files_are_refused_one_by_one(tmp_path: Path, pages: Path) -> None:
    """Pictures, pipes, broken links, giants and broken documents each say what is wrong; the rest is read."""
    (pages / "picture.txt").write_bytes(bytes(range(256)) * 20)
    (pages / "gone.md").symlink_to("/nowhere/at/all")
    os.mkfifo(pages / "pipe.txt")
    (pages / "giant.txt").write_bytes(b"x" * 5_000_001)
    (pages / "broken.json").write_text("{")
    (pages / "list.json").write_text("[]")
    (pages / "feed.json").write_text(json.dumps({"version": "1", "title": "x", "items": []}))
    (pages / "front.md").write_text("---\n[: x\n---\nbody")
    (pages / "bomb.md").write_text("---\na: &a [x, x]\nb: &b [*a, *a]\ntitle: [*b, *b]\n---\nbody")
    (pages / "empty.html").write_text("")
    (pages / os.fsdecode(b"caf\xe9.md")).write_text("# Good\n\nbody")
    good, bad = read(tmp_path)

    assert set(good) == {"caf%E9.md"}
    assert {name: reason[:22] for name, reason in bad.items()} == {
        "picture.txt": "the file is not text",
        "gone.md": "the file cannot be rea",
        "pipe.txt": "it is not a file",
        "giant.txt": "the file has more than",
        "broken.json": "the file is not JSON: ",
        "list.json": "the file does not hold",
        "feed.json": "the file holds a feed;",
        "front.md": "its front matter canno",
        "bomb.md": "its front matter uses ",
        "empty.html": "the file holds no page",
    }


def test_fingerprint_follows_the_bytes(tmp_path: Path, pages: Path) -> None:
    """A file that was only touched is the same; one that was edited is not."""
    source = FilesSource(name="pages", settings={"path": "pages", "folder": tmp_path})
    (pages / "a.md").write_text("# A\n\nb")
    [first] = next(iter(source.fetch(None, full=True))).candidates
    os.utime(pages / "a.md", (1, 1))
    [touched] = next(iter(source.fetch(None, full=True))).candidates
    (pages / "a.md").write_text("# A\n\nc")
    [edited] = next(iter(source.fetch(None, full=True))).candidates

    assert first.fingerprint == touched.fingerprint != edited.fingerprint


def test_date_in_the_name_is_the_last_resort(tmp_path: Path, pages: Path) -> None:
    """A file without a date may carry it in its name."""
    (pages / "2024-10-31-harbour.md").write_text("# Harbour\n\nbody")

    assert read(tmp_path)[0]["2024-10-31-harbour.md"].published == date(2024, 10, 31)


def test_markdown() -> None:
    """Front matter gives the fields, the rest the body; the headline is not repeated."""
    draft = read_markdown(
        decode(
            b"\xef\xbb\xbf---\r\ntitle: Harbour: what next?\r\ndate: 2024-10-31\r\nupdated: 2024-11-01T08:00:00+01:00\r\nsections: [World, Sea]\r\nauthor: Ada Mbeki | J. Roe\r\n"
            b"tags: ports, ferries\r\nsummary: Three weeks.\r\nimage: {url: /wall.jpg, alt: The wall, width: 640}\r\nurl: /harbour\r\nlanguage: en-GB\r\nguid: https://old.example/7\r\ndraft: true\r\n---\r\n"
            b"# Harbour: what next?\r\n\r\nWords **bold** <em>x</em>.\r\n\r\n| a | b |\r\n|---|---|\r\n| 1 | 2 |\r\n"
        )
    )
    incoming = draft.incoming

    assert (incoming.title, incoming.published, incoming.status) == ("Harbour: what next?", date(2024, 10, 31), "draft")
    assert (incoming.labels, incoming.authors, incoming.tags) == (
        ("World", "Sea"),
        ("Ada Mbeki", "J. Roe"),
        ("ports", "ferries"),
    )
    assert (incoming.summary, incoming.language, incoming.guid) == ("Three weeks.", "en-GB", "https://old.example/7")
    assert incoming.image is not None
    assert (incoming.image.url, incoming.image.alt, incoming.image.width) == ("/wall.jpg", "The wall", 640)
    assert (draft.url, draft.states_url) == ("/harbour", True)
    assert incoming.body.startswith("<p>Words <strong>bold</strong> <em>x</em>.</p>\n<table>")


def test_json_feed_item_and_store_row() -> None:
    """A document may be a JSON Feed item, whose id stays, or a row of the SQL store."""
    item = read_json(
        json.dumps(
            {
                "id": "https://x.example/1",
                "title": "T",
                "content_text": "One\nTwo",
                "date_published": "2024-10-31T07:00:00Z",
                "authors": [{"name": "Ada"}],
            }
        )
    ).incoming
    row = read_json(
        json.dumps(
            {
                "id": 7,
                "title": "T",
                "body": "<p>x</p>",
                "section": "World|Sea",
                "author": "Ada|Roe",
                "published_at": 20241031,
                "status": "withdrawn",
            }
        )
    ).incoming

    assert (item.guid, item.body, item.body_is_html, item.authors) == (
        "https://x.example/1",
        "One\nTwo",
        False,
        ("Ada",),
    )
    assert (row.guid, row.labels, row.authors, row.published, row.status) == (
        None,
        ("World", "Sea"),
        ("Ada", "Roe"),
        "20241031",
        "withdrawn",
    )


LD = json.dumps(
    {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "WebSite", "name": "Herald"},
            {
                "@type": ["NewsArticle"],
                "headline": "Harbour closes",
                "datePublished": "2024-10-31T07:00:00Z",
                "dateModified": "2024-11-01T07:00:00Z",
            }
            | {
                "author": [{"@type": "Person", "name": "Ada Mbeki"}, {"name": "J. Roe"}],
                "articleSection": ["World"],
                "image": {"url": "/wall.jpg"},
                "inLanguage": "en-GB",
            },
        ],
    }
)
BODY = f"<p>{WORDS}</p><p>{MORE}</p>"


@pytest.mark.parametrize(
    "page",
    [
        f'<html lang="en"><head><title>Harbour closes | Herald</title><script type="application/ld+json">{LD}</script></head><body><nav><a href="/">Home</a></nav><main><h1>Harbour closes</h1>{BODY}</main><footer>© Herald</footer></body></html>',
        f'<html lang="en-GB"><head><meta property="og:title" content="Harbour closes"><meta property="article:published_time" content="2024-10-31T07:00:00Z"><meta property="article:section" content="World"><meta name="author" content="Ada Mbeki|J. Roe"><meta property="og:image" content="/wall.jpg"></head><body><article><header><h1>Harbour closes</h1><p class="byline">By Ada Mbeki</p></header>{BODY}<div class="share">Share on X</div><section class="related-articles"><h3>Related</h3><ul><li><a href=x>Lobsters</a></ul></section></article></body></html>',
        f'<!doctype html><html lang="en-GB"><title>Harbour closes - Herald</title><body><div class="breadcrumbs"><a href="/">Home</a> <a href="/w">World</a></div><div id="content"><h1>Harbour closes</h1><span rel="author">Ada Mbeki</span>, <span itemprop="author">J. Roe</span><time datetime="2024-10-31T07:00:00Z">31 October</time><img src="/wall.jpg"><div class="entry-content">{BODY}<h3>Related stories</h3><ul><li><a href="/l">Lobsters come back to the bay</a></li></ul></div></div><div class="sidebar"><p>Most read</p></div></body></html>',
    ],
    ids=["JSON-LD", "Open Graph", "visible"],
)
def test_html_pages(page: str) -> None:
    """Pages that describe themselves in three ways give the same article without furniture."""
    incoming = read_html(page).incoming

    assert incoming.title == "Harbour closes"
    assert incoming.published == "2024-10-31T07:00:00Z"
    assert incoming.labels == ("World",)
    assert incoming.authors == ("Ada Mbeki", "J. Roe")
    assert incoming.language in ("en", "en-GB")
    assert incoming.body.replace("\n", "") == BODY


def test_html_fragment_with_written_date() -> None:
    """A fragment with a headline and a line that dates it is an article too."""
    incoming = read_html(f"<h1>Harbour closes</h1><p>Published 31 October 2024</p>{BODY}").incoming

    assert (incoming.title, incoming.published, incoming.body) == ("Harbour closes", "2024-10-31", BODY)


@pytest.mark.parametrize("fence", ["---", "+++"])
def test_front_matter_is_repaired_like_any_text(fence: str) -> None:
    """A control character in a title costs the character and not the article."""
    title = "title: A bridge\x00 opens\x0b" if fence == "---" else 'title = "A bridge\x00 opens\x0b"'
    incoming = read_markdown(f"{fence}\n{title}\n{fence}\nThe mayor cut the ribbon.\n").incoming

    assert incoming.title == "A bridge opens"


@pytest.mark.parametrize(
    ("front", "reason"),
    [
        (
            "---\ntitle: bad yaml: [\n---\ntext",
            "its front matter cannot be read: mapping values are not allowed here, in line 2",
        ),
        ("---\ntitle: A\ndate: [2026\n---\ntext", "in line 4"),
        ("---\ntitle: A\ndate: 2026-11-19\n\ntext", "its front matter has no end: a line --- is missing"),
        ("+++\ntitle = 'A'\n\ntext", "its front matter has no end: a line +++ is missing"),
    ],
)
def test_broken_front_matter_is_told(front: str, reason: str) -> None:
    """And not that a date is missing, which stands there."""
    with pytest.raises(MalformedArticleError) as caught:
        read_markdown(front)

    assert reason in caught.value.reason


def test_a_rule_on_top_is_no_front_matter() -> None:
    """Nor is a headline with a colon broken."""
    assert read_markdown("---\n\nA harbour\n").incoming.body == "<hr />\n<p>A harbour</p>\n"
    assert "an opening" in read_markdown("---\n\nNote: an opening.\n\nText.").incoming.body
    assert "open again" in read_markdown("---\nUpdate: The bridge is open again.\n\nText.").incoming.body
    assert read_markdown("---\ntitle: Harbour: what next?\n---\ntext").incoming.title == "Harbour: what next?"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.md", "---\ntitle: A\x00 bridge\n---\nIt op\x00ens.\n"),
        ("a.json", '{"title": "A\x00 bridge", "body": "<p>It op\x00ens.\x0b</p>"}'),
        ("a.html", "<h1>A\x00 bridge</h1><p>1 June 2024</p><p>It op\x00ens.</p>"),
    ],
)
def test_a_nul_costs_itself_and_not_the_article(tmp_path: Path, pages: Path, name: str, text: str) -> None:
    """Also in a short file, as in a row of SQL."""
    (pages / name).write_text(text)
    good, bad = read(tmp_path)

    assert bad == {}
    assert good[name].title == "A bridge"
    assert "It opens." in good[name].body


@pytest.mark.parametrize(
    "raw",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n\x00\x01\x02", b"PK\x03\x04\x14\x00\x00\x00",
        "# A bridge\n\nIt opens.".encode("utf-16-le"), b"A\x00B", b"\x00" * 40,
    ],
)  # fmt: skip
def test_a_binary_file_is_no_text(raw: bytes) -> None:
    """However short, and whatever its name says."""
    with pytest.raises(MalformedArticleError, match="not text"):
        decode(raw)


def test_toml_front_matter() -> None:
    """What Hugo and Zola write above an article is read too."""
    front = (
        '+++\ntitle = "A harbour"\ndate = 2024-10-31T07:00:00Z\n[taxonomies]\ncategories = ["World"]\n+++\n\nBody.\n'
    )
    incoming = read_markdown(front).incoming

    assert (incoming.title, incoming.labels, incoming.body) == ("A harbour", ("World",), "<p>Body.</p>\n")
    assert incoming.published == datetime(2024, 10, 31, 7, tzinfo=UTC)
    with pytest.raises(MalformedArticleError, match="front matter"):
        read_markdown("+++\ntitle = \n+++\nBody.\n")


@pytest.mark.parametrize(
    ("parts", "shown", "hidden"),
    [
        ('"isAccessibleForFree":true', (WORDS, MORE), ()),
        (
            '"isAccessibleForFree":"False","hasPart":{"isAccessibleForFree":false,"cssSelector":".paywall"}',
            (WORDS,),
            (MORE,),
        ),
        (
            '"isAccessibleForFree":false,"hasPart":[{"isAccessibleForFree":false,"cssSelector":"div#rest"}]',
            (WORDS,),
            (MORE,),
        ),
        ('"isAccessibleForFree":false', (), (WORDS, MORE)),
    ],
)
def test_only_the_public_part_of_a_page_is_taken(parts: str, shown: tuple[str, ...], hidden: tuple[str, ...]) -> None:
    """A page that tells machines what only subscribers may read gives only the rest."""
    machine = f'<script type="application/ld+json">{{"@type":"NewsArticle","headline":"H","articleBody":"{MORE}",{parts}}}</script>'
    page = f'<html><head>{machine}</head><body><article><p>{WORDS}</p><div class="x paywall" id="rest"><p>{MORE}</p></div></article></body></html>'
    body = read_html(page).incoming.body

    assert all(words in body for words in shown)
    assert not any(words in body for words in hidden)


@pytest.mark.parametrize("settings", [{"base-url": "https://news.example/pages/"}, {"zone": "Europe/London"}])
def test_other_settings_make_another_article_of_a_file(pages: Path, settings: dict[str, str]) -> None:
    """So what is known is read again: its address and its hour come of them."""
    (pages / "a.md").write_text(f"# A title\n\n{WORDS}", encoding="utf-8")

    def fingerprints(**more: str) -> list[str]:
        source = FilesSource(name="pages", settings={"path": "pages/", "folder": pages.parent, "zone": "UTC"} | more)
        return [one.fingerprint for page in source.fetch(None, full=True) for one in page.candidates]

    assert fingerprints() == fingerprints()
    assert fingerprints() != fingerprints(**settings)
