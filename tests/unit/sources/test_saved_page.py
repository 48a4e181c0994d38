"""Saved pages of many layouts become exactly their articles."""

from dataclasses import dataclass
from datetime import date

import pytest

from syndicate.errors import MalformedArticleError
from syndicate.sources.draft import decode
from syndicate.sources.saved_page import read_saved_page

PARAGRAPHS = (
    "The harbour of Port Lindqvist will close for three weeks in spring while divers repair the northern wall, the council said.",
    "Engineers found cracks below the waterline after the December storms.",
    "“We cannot wait for another winter,” said Mira Oduya, who leads the works.",
    "Ferries will leave from the fish market instead, and buses will run every ten minutes between the two.",
    "The repair costs 4.2 million, two thirds of which the ministry pays.",
)
TITLE = "Harbour Closes for Three Weeks: What Will the Island Do?"
BODY = "\n".join(PARAGRAPHS)
SPACED = "\n\n".join(PARAGRAPHS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A saved page and what must be read from it."""

    name: str
    page: str
    published: str | date | None = date(2024, 10, 31)
    label: str | None = "World"
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    paragraphs: tuple[str, ...] = PARAGRAPHS
    title: str = TITLE


LAYOUTS = (
    Layout(
        name="bullets, label, date glued to minutes",
        page=f"• Home\n  • World\n  • {TITLE}\nWorld\n\n{TITLE}\n\nOctober 31, 20244 Mins Read\n\n{BODY}\n\nComments are closed\n\nRelated News",
    ),
    Layout(
        name="date glued to two digits of minutes",
        page=f"• Home\n• World\n• {TITLE}\nWorld\n\n{TITLE}\n\nOctober 31, 202412 Mins Read\n\n{BODY}\n\nComments are closed.\n\nRelated News\nA Different Story About Boats\nOctober 30, 2024",
    ),
    Layout(
        name="breadcrumb on a line with ›, byline and date",
        page=f"Skip to content\nMenu\nHome › World › Harbour Closes for Three Weeks…\n\n{TITLE}\n\nBy Jonas Reinholt and Ada Mbeki\n31 October 2024\nShare\nFacebook\nTwitter\n\n{SPACED}\n\nTags: harbour, ferries, storms\n\nShare this article",
        authors=("Jonas Reinholt", "Ada Mbeki"),
        tags=("harbour", "ferries", "storms"),
    ),
    Layout(
        name="breadcrumb with », date with an hour, updated line",
        page=f"Home » News » World\n{TITLE}\nPublished: 31 October 2024, 14:05\nUpdated: 1 November 2024, 09:10\n\n{SPACED}\n\nYou may also like\nTen beaches for the winter\nHow to cook a lobster",
        published="2024-10-31T14:05:00",
    ),
    Layout(
        name="breadcrumb with slashes, ISO date, minutes on their own line",
        page=f"Home / World / Europe\n\n{TITLE}\n\n2024-10-31\n5 min read\n\n{SPACED}\n\nLeave a Reply\nYour email address will not be published.\nComment\nName",
        label="Europe",
    ),
    Layout(
        name="no breadcrumb, label above, German date, credit below the picture",
        page=f"World\n\n{TITLE}\n\nVon: Redaktion\n31.10.2024\n\nPhoto: Jonas Reinholt / Lindqvist Press\n\n{SPACED}\n\nSubscribe to our newsletter for more stories\n© 2024 The Lindqvist Herald. All rights reserved.",
        authors=(),
    ),
    Layout(
        name="byline, date and minutes in one line with separators",
        page=f"WORLD\n{TITLE}\nBy Jonas Reinholt | Oct 31, 2024 | 6 min read\n\n{SPACED}\n\nRead more: Ten beaches for the winter\nMost Read\n1\nTen beaches\n2\nLobsters",
        label="WORLD",
        authors=("Jonas Reinholt",),
    ),
    Layout(
        name="byline glued to the date",
        page=f"World\n\n{TITLE}\n\nBy Jonas ReinholtOctober 31, 2024No Comments3 Mins Read\n\n{BODY}\n\nPrevious Article: Lobsters\nNext Article: Beaches",
        authors=("Jonas Reinholt",),
    ),
    Layout(
        name="Windows line ends, words beside the date, inset list in the middle",
        page=(
            f"Home > World > {TITLE}\n\n{TITLE}\n\nWritten by Ada Mbeki, Harbour correspondent\nPosted on Thursday 31st October 2024\n\n"
            f"{PARAGRAPHS[0]}\n\nRelated stories\nTen beaches for the winter\nHow to cook a lobster\n\n{PARAGRAPHS[1]}\n\nAdvertisement\n\n"
            + "\n\n".join(PARAGRAPHS[2:])
            + "\n\nTrending now"
        ).replace("\n", "\r\n"),
        authors=("Ada Mbeki",),
    ),
    Layout(
        name="fields at the top, as a program saves them",
        page=f"Title: {TITLE}\nAuthor: Ada Mbeki\nDate: 2024-10-31\nSection: World\nURL: https://herald.example/harbour\n\n{SPACED}\n",
        published="2024-10-31",
        authors=("Ada Mbeki",),
    ),
    Layout(
        name="date behind the article, filed line, no label",
        page=f"{TITLE}\n\n{SPACED}\n\nPublished on 31 October 2024\nFiled under: World\n",
    ),
    Layout(
        name="standfirst between headline and byline stays",
        page=f"World\n\n{TITLE}\n\nIslanders fear for their season as the old wall must be mended before the summer.\n\nBy Ada Mbeki\nOctober 31, 2024\n\n{SPACED}\n\n12 Comments\nWhat a shame, it was such a lovely harbour when I was young and we all went there.",
        authors=("Ada Mbeki",),
        paragraphs=("Islanders fear for their season as the old wall must be mended before the summer.", *PARAGRAPHS),
    ),
    Layout(
        name="lone name below the headline, no label at all",
        page=f"{TITLE}\n\nAda Mbeki\nOctober 31, 2024\n\n{SPACED}\n\nTopics\nHarbours\nIslands",
        label=None,
        authors=("Ada Mbeki",),
    ),
    Layout(
        name="lines broken at a width",
        page=(
            f"World\n\n{TITLE}\n\nOctober 31, 2024\n\n"
            "The harbour of Port Lindqvist will close for three weeks in spring while\n"
            "divers repair the northern wall, the council said.\n\n"
            "Engineers found cracks below the waterline after the December storms and\n"
            "asked for more time, which the council refused to give to them in a vote\n"
            "on Tuesday night.\n\n"
            "Related News\nLobsters\n"
        ),
        paragraphs=(
            PARAGRAPHS[0],
            "Engineers found cracks below the waterline after the December storms and asked for more time, which the council refused to give to them in a vote on Tuesday night.",
        ),
    ),
    Layout(
        name="site's name and motto, a theme that shares above and below",
        page=f"The Lindqvist Herald\nNews from the islands since 1911\n• Home\n• News\n• World\n• {TITLE}\nWorld\n{TITLE}\nBy Ada MbekiOctober 31, 2024No Comments4 Mins Read\nShare\nFacebook Twitter LinkedIn Email\n{BODY}\nShare. Facebook Twitter Pinterest LinkedIn Tumblr Email\n\nRelated Posts\nLobsters Come Back to the Bay\nOctober 30, 2024\nLeave A Reply Cancel Reply",
        authors=("Ada Mbeki",),
    ),
    Layout(
        name="motto without breadcrumb, short paragraphs and an advertisement near the top",
        page=f"The Lindqvist Herald\nNews from the islands\n\n{TITLE}\nOctober 31, 2024\n\n{PARAGRAPHS[0]}\n\nHe agreed.\n\nAdvertisement\n\nIt began on May 3, 2023.\n\n{PARAGRAPHS[4]}\n",
        label=None,
        paragraphs=(PARAGRAPHS[0], "He agreed.", "It began on May 3, 2023.", PARAGRAPHS[4]),
    ),
    Layout(
        name="subheadings and a quiz of numbers inside the body",
        page=f"• Home\n• World\n• {TITLE}\nWorld\n\n{TITLE}\n\nOctober 31, 20244 Mins Read\n\n{PARAGRAPHS[0]}\nBy the numbers\n{PARAGRAPHS[1]}\nMore on the way\n{PARAGRAPHS[3]}\n{PARAGRAPHS[4]}\n\nComments are closed",
        paragraphs=(PARAGRAPHS[0], "By the numbers", PARAGRAPHS[1], "More on the way", PARAGRAPHS[3], PARAGRAPHS[4]),
    ),
    Layout(
        name="menu with bullets",
        page=f"• Home\n• World\n• Politics\n• Business\n• Sport\n\nWorld\n\n{TITLE}\n\nOctober 31, 2024\n\n{SPACED}\n\nRelated News",
    ),
    Layout(
        name="short headline",
        page=f"World\n\nHarbour to close\n\nOctober 31, 2024\n\n{SPACED}\n\nNewsletter\nSign up for our weekly letter",
        title="Harbour to close",
    ),
    Layout(
        name="cookie banner and menu before the headline",
        page=f"We use cookies to make this site better for you.\nAccept all\nMenu\nSearch\nSubscribe\nHome\nWorld\n{TITLE}\n\n{TITLE}\nLast updated: October 31, 2024\n\n{SPACED}\n\nContact us\nPrivacy Policy\nTerms of Use",
    ),
    Layout(
        name="long menu, the day's date on top, a headline that the title line repeats",
        page="Thursday, November 7, 2024\nSign in / Join\n"
        + "Menu\nSport\nCulture\n" * 20
        + f"Home World {TITLE}\nWorld\n{TITLE}\nBy Ada Mbeki\nOctober 31, 2024\n0\n12\nShare\nFacebook\n\n{SPACED}\n\nPrevious article\nLobsters come back\n",
        authors=("Ada Mbeki",),
    ),
    Layout(
        name="name and house between date and body, a described picture and its caption",
        page=f"{TITLE}\n31 October 2024\nShare\nSave\nAda Mbeki\nBBC News\nReporting from Port Lindqvist\nGetty Images A view of the harbour\nA view of the harbour\n{SPACED}\nRelated topics\nPorts",
        label=None,
        authors=("Ada Mbeki",),
    ),
    Layout(
        name="date above the headline, name below the standfirst, house's lines at the end",
        page=(
            f"World\nPublished October 31, 2024 10:30am EDT\n{TITLE}\nIslanders fear for their season as the old wall must be mended now.\n"
            f"By Ada Mbeki Fox News\nFacebook Twitter Flipboard Comments Print Email\n{BODY}\nAda Mbeki is a reporter for the islands.\nSign up here.\n"
        ),
        published="2024-10-31T10:30:00-04:00",
        authors=("Ada Mbeki",),
        paragraphs=("Islanders fear for their season as the old wall must be mended now.", *PARAGRAPHS),
    ),
    Layout(
        name="plain menu above, a list with slashes below the body",
        page=f"Home\nNews\nWorld\n\n{TITLE}\n\nIslanders fear for their season at the bay\n\nPublished - October 31, 2024 10:30 am IST - PORT LINDQVIST\n\nAda Mbeki\n\n{SPACED}\n\nRelated Topics\nWorld / ports / islands",
        published="2024-10-31T10:30:00+05:30",
        authors=("Ada Mbeki",),
        paragraphs=("Islanders fear for their season at the bay", *PARAGRAPHS),
    ),
    Layout(
        name="breadcrumb with a bar and no spaces, lines about listening",
        page=f"World|{TITLE}\n\nSUBSCRIBER-ONLY\n{TITLE}\n\nListen to this article · 5:23 min Learn more\nShare full article\n\nBy Jonas Reinholt and Ada Mbeki\nReporting from Port Lindqvist\nOct. 31, 2024\n\n{SPACED}\n\nAda Mbeki covers the islands. More about Ada Mbeki\nShare full article",
        authors=("Jonas Reinholt", "Ada Mbeki"),
    ),
    Layout(
        name="author twice before the date, section behind it",
        page=f"Home World\n{TITLE}\nby Ada Mbeki — October 31, 2024 in World\nReading Time: 3 mins read\nA A\n0\nSHARES\n10\nVIEWS\n{SPACED}\nTags: harbour\nNext Post\nLobsters",
        authors=("Ada Mbeki",),
        tags=("harbour",),
    ),
    Layout(
        name="a name glued to its byline",
        page=f"You are at:Home»World»{TITLE}\nWorld\n{TITLE}\nAda MbekiBy Ada MbekiOctober 31, 2024No Comments4 Mins Read\nShare.\nFacebook\n{BODY}\nAdd A Comment\nLeave A Reply",
        authors=("Ada Mbeki",),
    ),
    Layout(
        name="bar before the date, the headline again below it, a place in capitals",
        page=f"World\n{TITLE}\nAda Mbeki   |31.10.2024 - Update : 31.10.2024\n{TITLE}\nPORT LINDQVIST\n{BODY}",
        authors=("Ada Mbeki",),
    ),
    Layout(
        name="German byline and hour",
        page=f"World\n{TITLE}\nVon Ada Mbeki und Jonas Reinholt\n31.10.2024, 10.30 Uhr\n{BODY}",
        published="2024-10-31T10:30:00",
        authors=("Ada Mbeki", "Jonas Reinholt"),
    ),
    Layout(
        name="Russian date and section",
        page=f"Мир\n{TITLE}\n31 октября 2024 г., 10:30\n{BODY}",
        published="2024-10-31T10:30:00",
        label="Мир",
    ),
    Layout(
        name="a script that does not part words",
        page="国際\n島の港が三週間閉鎖へ、夏に備え\n2024年10月31日 10:30\n港は春に三週間閉鎖されると市議会が発表した。\n技術者は嵐の後に亀裂を発見した。\n関連記事",
        title="島の港が三週間閉鎖へ、夏に備え",
        label="国際",
        published="2024-10-31T10:30:00",
        paragraphs=("港は春に三週間閉鎖されると市議会が発表した。", "技術者は嵐の後に亀裂を発見した。"),
    ),
)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_layout(layout: Layout) -> None:
    """A page gives its headline, section, date, names and exactly its paragraphs."""
    incoming = read_saved_page(decode(layout.page.encode())).incoming

    assert incoming.title == layout.title
    assert incoming.published == layout.published
    assert incoming.labels == (() if layout.label is None else (layout.label,))
    assert tuple(incoming.body.split("\n")) == layout.paragraphs
    assert incoming.tags == layout.tags
    if layout.authors:
        assert incoming.authors == layout.authors


def test_page_without_date_has_none() -> None:
    """A date that is not on the page is not invented."""
    assert read_saved_page(f"World\n\n{TITLE}\n\n{SPACED}").incoming.published is None


def test_dates_inside_the_body_are_not_its_own() -> None:
    """A paragraph that tells of a day does not date the article."""
    body = SPACED + "\n\nThe wall was built on 3 May 1911 by prisoners, and it was never mended since then."

    assert read_saved_page(f"World\n\n{TITLE}\n\n{body}").incoming.published is None


@pytest.mark.parametrize(
    "page", ["", "\n\n", "Menu\nSearch\n", f"World\n\n{TITLE}\n\nOctober 31, 2024\n\nComments are closed"]
)
def test_page_without_article_is_malformed(page: str) -> None:
    """What holds no headline or no body is refused with a reason."""
    with pytest.raises(MalformedArticleError):
        read_saved_page(page)


def test_a_page_without_end_is_refused_at_once() -> None:
    """Millions of short lines are no article, and cost no time."""
    with pytest.raises(MalformedArticleError, match="lines"):
        read_saved_page("Home\n" * 900_000)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(encoding: str) -> None:
    """A page in the encodings of the world reads the same."""
    page = f"World\n\n{TITLE}\n\nOctober 31, 2024\n\n{PARAGRAPHS[2]} Café."

    assert read_saved_page(decode(page.encode(encoding))).incoming.body == f"{PARAGRAPHS[2]} Café."
