"""Incoming articles become clean ones or are refused with a reason."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate.core.intake import IntakeSettings, clean
from syndicate.core.revision import Known, VerdictKind, content_hash, judge
from syndicate.errors import MalformedArticleError
from syndicate.model import ArticleState, Cleaned, Image, Incoming

NOW = datetime(2026, 5, 4, 6, tzinfo=UTC)
SITE = IntakeSettings(site_url="https://news.example/", domain="news.example", language="en")
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
PLAIN = Incoming(
    source_id="41",
    title="Harbour closes for three weeks",
    body="<p>The harbour will close while divers repair the wall, the council said on Sunday.</p>",
    published="2026-05-03T18:00:00Z",
    url="/2026/harbour",
    labels=("World",),
)
TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=40)


def known(cleaned: Cleaned, *, state: ArticleState | None = None) -> Known:
    """Return what would be stored of a cleaned article."""
    return Known(
        guid=cleaned.guid,
        published=cleaned.published,
        updated=cleaned.updated,
        state=state or cleaned.state,
        revision=1,
        content_hash=content_hash(cleaned),
        title=cleaned.title,
        body=cleaned.body,
    )


def taken(incoming: Incoming, *, first_seen: Known | None = None, now: datetime = NOW) -> Cleaned:
    """Return an article cleaned for the tests' site."""
    return clean(incoming, source="newsroom", site=SITE, now=now, first_seen=first_seen)


def reason(incoming: Incoming) -> str:
    """Return why an article is refused."""
    with pytest.raises(MalformedArticleError) as refused:
        taken(incoming)
    return refused.value.reason


def test_plain_article_comes_through() -> None:
    """An ordinary article keeps its words, gets its id, its address and its moments."""
    cleaned = taken(PLAIN)

    assert cleaned.guid == "tag:news.example,2026-05-03:newsroom/41"
    assert cleaned.url == "https://news.example/2026/harbour"
    assert cleaned.published == cleaned.updated == datetime(2026, 5, 3, 18, tzinfo=UTC)
    assert (cleaned.state, cleaned.language, cleaned.minutes, cleaned.repairs) == (ArticleState.PUBLISHED, "en", 1, ())
    assert cleaned.body == PLAIN.body


def test_dirtiest_article_is_repaired() -> None:
    """Illegal characters, active markup and header tricks cost an article nothing but themselves."""
    dirty = replace(
        PLAIN,
        title="Har\x00bour \ud800 =?utf-8?q?a=0D=0ABcc:_x=40y?=\r\nBcc: z <script>alert(1)</script>\uffff",
        body="<p>Wa\x0bll ]]> \udcff it\x92s</p><script>alert(1)</script>" + "<p>word</p>" * 150_000,
        published="1969-07-20",
        authors=(),
    )
    cleaned = taken(dirty)

    assert cleaned.title == "Harbour \ufffd =?utf-8?q?a=0D=0ABcc:_x=40y?= Bcc: z"
    assert cleaned.body.startswith("<p>Wall ]]&gt; ÿ it’s</p>")
    assert "script" not in cleaned.body
    assert cleaned.published == datetime(1969, 7, 20, tzinfo=UTC)
    assert "title: control characters removed" in cleaned.repairs


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"title": ""}, "no title"),
        ({"title": " \u200b\u202e<b></b>&nbsp;"}, "no title"),
        ({"published": None}, "no publication date"),
        ({"published": "2026-02-31"}, "impossible date"),
        ({"published": "soon"}, "impossible date"),
        ({"published": "0000-00-00 00:00:00"}, "impossible date"),
        ({"url": "javascript:alert(1)"}, "not http"),
        ({"url": "ftp://news.example/x"}, "not http"),
        ({"url": "https://[broken/x"}, "not http"),
        ({"source_id": " "}, "no id"),
        ({"source_id": "a\ud800"}, "its id"),
        ({"status": "maybe"}, "status"),
        ({"body": "x" * 5_000_001}, "its body"),
    ],
)
def test_refused(change: dict[str, str | None], why: str) -> None:
    """What cannot be repaired is refused, and the reason says what is wrong."""
    assert why in reason(replace(PLAIN, **change))  # type: ignore[arg-type]  # the parameters name its fields


def test_future_article_waits_and_its_hour_may_move() -> None:
    """An embargoed article follows the store's date until it has been shown; then its date stays."""
    waiting = taken(replace(PLAIN, published="2100-01-01"))
    sooner = replace(PLAIN, published="2026-05-04T05:00:00Z")
    released = taken(sooner, first_seen=known(waiting))
    again = taken(replace(sooner, published="2026-05-01"), first_seen=known(released))

    assert waiting.state is ArticleState.EMBARGOED
    assert (released.state, released.published) == (ArticleState.PUBLISHED, datetime(2026, 5, 4, 5, tzinfo=UTC))
    assert released.guid == waiting.guid
    assert again.published == released.published


def test_day_without_hour_is_midnight_where_the_site_is() -> None:
    """A date stands for its midnight in the article's zone."""
    cleaned = taken(replace(PLAIN, published=date(2024, 10, 31), zone="Asia/Tokyo"))

    assert cleaned.published == datetime(2024, 10, 30, 15, tzinfo=UTC)


def test_own_guid_is_kept() -> None:
    """The id that readers of an older feed know stays."""
    assert taken(replace(PLAIN, guid=" https://old.example/?p=7 ")).guid == "https://old.example/?p=7"
    assert taken(replace(PLAIN, guid="7 at https://old.example")).guid == "7 at https://old.example"


def test_names_are_cleaned_and_kept_apart() -> None:
    """Bylines lose their "By", doubles and blanks; a summary becomes one line of text."""
    cleaned = taken(
        replace(
            PLAIN,
            authors=("By Ada Mbeki", "ADA MBEKI", " ", "Byron Katz"),
            tags=("Sea", "sea", "<b>Ports</b>"),
            summary="<p>A &amp; B</p>\n",
        )
    )

    assert (cleaned.authors, cleaned.tags, cleaned.given_summary) == (
        ("Ada Mbeki", "Byron Katz"),
        ("Sea", "Ports"),
        "A & B",
    )


@pytest.mark.parametrize(
    ("stated", "language"),
    [
        ("EN_gb", "en-GB"),
        ("de", "de"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("pt_BR.UTF-8", "pt-BR"),
        ("klingonese!", "en"),
        ("xx", "en"),
        ("eng", "en"),
        ("GER", "de"),
        ("iw", "he"),
        ("ast", "ast"),
    ],
)
def test_language(stated: str, language: str) -> None:
    """A stated language is spelled as BCP 47 wants it; nonsense is not believed."""
    assert taken(replace(PLAIN, language=stated)).language == language


def test_lead_image_is_shown_once() -> None:
    """The lead image heads the body, unless the body shows it in some size."""
    image = Image(url="wall.jpg", alt='The "wall"', caption="The wall", credit="J. R.", width=640, height=480)
    added = taken(replace(PLAIN, image=image))
    there = taken(
        replace(PLAIN, image=image, body='<p>x</p><img src="https://news.example/2026/wall-300x200.jpg?w=3">')
    )

    assert added.body.startswith(
        '<figure><img src="https://news.example/2026/wall.jpg" alt="The &quot;wall&quot;" width="640" height="480">'
        "<figcaption>The wall <small>J. R.</small></figcaption></figure><p>The harbour"
    )
    assert added.text == taken(PLAIN).text
    assert there.body.count("<img") == 1


@pytest.mark.parametrize(
    ("change", "kind", "significant"),
    [
        ({}, VerdictKind.UNCHANGED, False),
        ({"updated": "2026-05-04T01:00:00Z"}, VerdictKind.UNCHANGED, False),
        ({"title": "Harbour closes for four weeks"}, VerdictKind.REVISED, True),
        ({"title": "Harbour Closes for Three Weeks!"}, VerdictKind.REVISED, False),
        ({"body": PLAIN.body.replace("divers", "diver")}, VerdictKind.REVISED, False),
        (
            {"body": PLAIN.body + "<p>It will open again in June, when the ferries of all three lines return.</p>"},
            VerdictKind.REVISED,
            True,
        ),
        ({"body": PLAIN.body.replace("Sunday", "Sunday 3")}, VerdictKind.REVISED, True),
        ({"tags": ("ports",)}, VerdictKind.REVISED, False),
        ({"status": "draft"}, VerdictKind.WITHDRAWN, True),
        ({"status": "withdrawn", "title": "", "published": None}, VerdictKind.WITHDRAWN, True),
    ],
)
def test_verdict_on_an_edit(change: dict[str, object], kind: VerdictKind, significant: bool) -> None:
    """A typo mended is a revision that nobody need notice; another headline, number or paragraph is one to notice."""
    stored = known(taken(PLAIN))
    cleaned = taken(replace(PLAIN, **change), first_seen=stored)  # type: ignore[arg-type]  # the parameters name its fields
    verdict = judge(stored, cleaned)

    assert (verdict.kind, verdict.significant) == (kind, significant)
    if cleaned.state is not ArticleState.WITHDRAWN:
        assert (cleaned.updated > stored.updated) == significant


def test_verdicts_on_drafts_and_returns() -> None:
    """A draft never seen is nothing; what was withdrawn may come back, unless an operator withdrew it here."""
    cleaned = taken(PLAIN)
    gone = known(cleaned, state=ArticleState.WITHDRAWN)

    assert judge(None, taken(replace(PLAIN, status="draft", published=None))).kind is VerdictKind.UNCHANGED
    assert judge(None, cleaned).kind is VerdictKind.ADDED
    assert judge(gone, cleaned).kind is VerdictKind.REVISED
    assert judge(replace(gone, held=True), cleaned).kind is VerdictKind.UNCHANGED
    assert judge(gone, taken(replace(PLAIN, status="draft"), first_seen=gone)).kind is VerdictKind.UNCHANGED


def test_updated_is_never_in_the_future_nor_before_publication() -> None:
    """A store's wild date of change is brought within reason."""
    assert taken(replace(PLAIN, updated="2100-01-01")).updated == NOW
    assert taken(replace(PLAIN, updated="1999-01-01")).updated == datetime(2026, 5, 3, 18, tzinfo=UTC)
    assert taken(replace(PLAIN, updated="never")).updated == datetime(2026, 5, 3, 18, tzinfo=UTC)


@settings(deadline=None)  # the machine may be busy
@given(
    st.builds(
        Incoming,
        source_id=TEXT,
        title=TEXT,
        body=TEXT,
        published=TEXT | st.datetimes() | st.dates() | st.floats() | st.none(),
        updated=TEXT | st.floats() | st.none(),
        url=TEXT | st.none(),
        labels=st.tuples(TEXT),
        summary=TEXT | st.none(),
        authors=st.tuples(TEXT),
        image=st.none() | st.builds(Image, url=TEXT, alt=TEXT, caption=TEXT),
        language=TEXT | st.none(),
        tags=st.tuples(TEXT),
        status=st.sampled_from(["published", "draft", ""]),
        guid=TEXT | st.none(),
        body_is_html=st.booleans(),
    )
)
def test_anything_is_cleaned_or_refused(incoming: Incoming) -> None:
    """Whatever a store says, it becomes a legal article that stays as it is, or is refused; nothing else happens."""
    try:
        cleaned = taken(incoming)
    except MalformedArticleError:
        return
    texts = (
        cleaned.title,
        cleaned.body,
        cleaned.text,
        cleaned.guid,
        cleaned.given_summary or "",
        *cleaned.labels,
        *cleaned.authors,
        *cleaned.tags,
    )
    again = taken(replace(incoming, body=cleaned.body, body_is_html=True), first_seen=known(cleaned))

    assert not any(ILLEGAL.search(text) for text in texts)
    assert cleaned.updated >= cleaned.published
    assert cleaned.published.tzinfo is UTC
    assert (again.body, again.text, again.title, again.published) == (
        cleaned.body,
        cleaned.text,
        cleaned.title,
        cleaned.published,
    )
    assert (cleaned.state is ArticleState.EMBARGOED) == (cleaned.published > NOW and incoming.status != "draft")


@settings(deadline=None)  # the machine may be busy
@given(st.datetimes(), st.integers(1, 60))
def test_published_never_moves_after_it_was_shown(when: datetime, days: int) -> None:
    """Whatever date the store gives later, the first one stands."""
    first = taken(replace(PLAIN, published="2026-05-01"))
    later = taken(replace(PLAIN, published=when), first_seen=known(first), now=NOW + timedelta(days=days))

    assert (later.published, later.guid) == (first.published, first.guid)
