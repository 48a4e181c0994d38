"""Digests composed into messages."""

import re
from datetime import date
from pathlib import Path

import html5lib
import pytest

from syndicate.core.characters import columns
from syndicate.core.message import MessageComposer
from syndicate.core.templates import TemplateSet
from syndicate.errors import TemplateError
from syndicate.model import Cadence, DigestGroup, Image
from tests.mail_samples import (
    CITY,
    SETTINGS,
    VALUES,
    WORLD,
    bodies,
    composer,
    digest,
    entry,
    filled_bytes,
    our_templates,
    parsed,
    rich_digest,
)

GOLDEN = Path(__file__).parents[2] / "golden" / "mail"
SMUGGLED = "=?utf-8?q?a=0D=0ABcc:_x=40y?="


def test_digest_is_the_golden_one() -> None:
    """The bytes of a whole message, read and approved by us; change them knowingly."""
    assert filled_bytes(composer().compose(rich_digest())) == (GOLDEN / "digest.eml").read_bytes()


def test_same_facts_give_the_same_bytes() -> None:
    """Another worker composes the same message, whatever it composed before."""
    busy = composer()
    busy.compose(digest(entry(9), language="de"))

    assert filled_bytes(busy.compose(rich_digest())) == filled_bytes(composer().compose(rich_digest()))


def test_both_bodies_tell_the_same_articles_in_the_same_order() -> None:
    """Titles and links of the text part are those of the page, where the lead's picture is a link as well."""
    html, text = bodies(parsed(filled_bytes(composer().compose(rich_digest()))))
    story = re.compile(r"https://news\.example/(?:stories|related)/\d+|https://post\.example/\w+")

    first, *rest = story.findall(html)
    assert [first, *rest] == [first, *story.findall(text)]
    assert [int(n) for n in re.findall(r"/stories/(\d+)", text)] == [1, 2, 3, 4, 5]


def test_page_begins_with_the_standfirst() -> None:
    """What a mail client shows beside the subject is the lead story's standfirst, and it is visible."""
    html, text = bodies(parsed(filled_bytes(composer().compose(rich_digest()))))
    html = re.sub(r"<!--.*?-->", "", html)
    visible = " ".join(html5lib.parse(html, namespaceHTMLElements=False).find("body").itertext()).split()

    assert " ".join(visible).startswith("The harbour bridge will close for six weeks")
    assert " ".join(text.split()).startswith("The harbour bridge will close for six weeks")
    assert "display:none" not in html.replace(" ", "")


def test_without_a_standfirst_a_page_begins_with_the_next_headline() -> None:
    """The lead's is the subject already; where it is alone, with the digest's name."""
    lead = entry(1, summary="", standfirst="")
    openings = [
        bodies(parsed(filled_bytes(composer().compose(digest(*others, lead=lead)))))[1].splitlines()[0]
        for others in ((entry(2),), ())
    ]

    assert openings == [entry(2).article.title, digest(lead=lead).title]


def test_text_lines_are_wrapped_and_links_whole() -> None:
    """No line of the text part is wider than 72 columns, but for links."""
    _, text = bodies(parsed(filled_bytes(composer().compose(rich_digest()))))

    assert not [line for line in text.splitlines() if columns(line) > 72 and not line.startswith("http")]
    assert "\n\n\n" not in text


def test_every_mail_says_why_it_came_and_how_to_leave() -> None:
    """Reason, postal address, preferences and unsubscribe links in both bodies."""
    for body in bodies(parsed(filled_bytes(composer().compose(rich_digest())))):
        for needed in (
            "You get Morning digest because",
            "1 Example Street, London",
            VALUES["preferences_url"],
            VALUES["unsubscribe_url"],
        ):
            assert needed in body


def test_plain_format_is_one_text_part() -> None:
    """A reader who chose text gets text alone."""
    message = parsed(filled_bytes(composer().compose(digest(entry(2), format="text"))))

    assert message.get_content_type() == "text/plain"
    assert "Talks on river rights enter day 2" in bodies(message)[1]


def test_instant_alert_has_its_own_page() -> None:
    """A breaking alert says so."""
    html, text = bodies(parsed(filled_bytes(composer().compose(digest(cadence=Cadence.INSTANT)))))

    assert ">Breaking</span>" in html
    assert "Breaking · The Daily Example" in text


def test_right_to_left_edition_turns_the_page_but_not_foreign_articles() -> None:
    """The page runs as its language does, each article as its own."""
    prepared = composer().compose(digest(entry(2), entry(3, title="الجسر يُغلق", language="ar"), language="ar"))
    html, _ = bodies(parsed(filled_bytes(prepared)))

    assert re.search(r'<html lang="ar" dir="rtl">', html)
    assert html.count('dir="ltr"') >= 2
    assert 'role="article" dir="rtl" lang="ar"' in html


def test_entry_in_another_section_is_not_taken_for_the_same() -> None:
    """What is cached of an article depends on all that is shown of it."""
    shared = composer()
    plain = shared.compose(digest(entry(2))).html
    labelled = shared.compose(digest(entry(2, label="corrected"))).html
    revised = shared.compose(digest(entry(2, revision=2, title="Another title"))).html
    led = shared.compose(digest(lead=entry(2))).html

    assert len({plain, labelled, revised, led}) == 4
    assert "Corrected" in labelled
    assert "Another title" in revised


def test_more_is_counted_and_linked() -> None:
    """What max-items left out is told with the way to it; without a web address, nothing is said."""
    with_link = bodies(parsed(filled_bytes(composer().compose(digest(entry(2), more=7)))))
    without = bodies(parsed(filled_bytes(composer().compose(digest(entry(2), more=7)), web_url="")))

    assert all("7 more stories on the web" in body for body in with_link)
    assert not any("more stories" in body or "View in browser" in body for body in without)


def test_web_page_shows_all_and_offers_no_second_browser() -> None:
    """The page for the browser has every article, and not the link that leads to it."""
    page = composer().web_page(digest(*[entry(n, summary="word " * 300) for n in range(2, 60)]), VALUES)

    assert page.count('role="article"') == 59
    assert "View in browser" not in page
    assert "You get" not in page
    assert "Unsubscribe" not in page
    assert "1 Example Street, London" in page
    assert "\ufdd0" not in page


def test_postal_address_stands_where_the_rest_does() -> None:
    """An address in Latin letters runs its own way in an Arabic mail, and its paragraph the mail's."""
    html = composer().compose(digest(entry(2), language="ar")).html

    assert re.search(
        r'<p style="[^"]*"><a [^>]*dir="auto"[^>]*>The Daily Example</a><br><span dir="auto">1 Example', html
    )


def test_word_gets_spaces_and_fonts_of_its_own() -> None:
    """In a comment that only Outlook on Windows reads; a headline below its label stays close to it."""
    html = composer().compose(digest(entry(2, label="corrected"), entry(3))).html
    (word,) = re.findall(r"<!--\[if mso\]><style>(.*?)</style><!\[endif\]-->", html, re.DOTALL)

    assert ".section h2 { margin: 30px" in word
    assert "-apple-system" not in word
    assert html.count('class="headline under"') == 1


def test_subject_may_name_every_section() -> None:
    """The lead's section first, also when the lead is all there is of it; each once."""
    template = "{{ sections | join(', ') }}"

    assert composer().subject(digest(entry(2)), template) == "City, World"
    assert composer().subject(digest(entry(2), lead=entry(1)), template) == "World"
    assert composer().subject(digest(), template) == "City"


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (None, "Bridge shut"),
        ("", "Bridge shut"),
        ("{{ title }}: {{ lead.title }}", "Morning digest: Bridge shut"),
        ("{{ site }} · {{ date }}\n{{ sections | join(', ') }}", "The Daily Example · Sunday, 22 November 2026 World"),
        ("{{ '' }}", "Morning digest"),
    ],
)
def test_subject_is_the_lead_or_what_the_operator_wants(template: str | None, expected: str) -> None:
    """By default the lead story's title; never empty."""
    assert composer().subject(digest(entry(2), lead=entry(1, title=" Bridge\r\nshut ")), template) == expected


@pytest.mark.parametrize(
    "template",
    [
        "{{ nope }}",
        "{% if %}",
        "{{ lead.__class__.__mro__ }}",
        "{{ title / 2 }}",
        "{% for i in range(10**9) %}x{% endfor %}",
    ],
)
def test_subject_template_that_fails_is_named(template: str) -> None:
    """A subject that cannot be rendered, or that reaches for more than it is given, is the operator's error."""
    with pytest.raises(TemplateError, match="template subject"):
        composer().subject(digest(), template)


def test_long_subject_is_cut_at_a_word() -> None:
    """About 120 characters."""
    subject = composer().subject(digest(lead=entry(1, title="word " * 2000)))

    assert len(subject) <= 120
    assert subject.endswith("word…")


HOSTILE = (
    "Title\r\nBcc: x@y.example\r\n\r\nbody", SMUGGLED, "x" * 10_000, "w " * 5_000, "abc\u202edcba\u2066", "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>', "a\x00b\x0bc\x85d\u2028e", "👩‍👩‍👧‍👦" * 100, "\ufdd0to\ufdd1\ufdd0content_html\ufdd1", "\ud800 lone",
    "{{ slots.name }}{% raw %}", "-->]]><!--", "", ".", "From the sea", "=_boundary\r\n--=_x--", "&amp;<b>&lt;", "Ω" * 400,
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_anywhere_leaves_a_sound_message(text: str) -> None:
    """Whatever stands in titles, names, labels, summaries, sections and captions: one message, no element and no header of theirs."""
    story = entry(2, title=text, summary=text, standfirst=text, authors=(text, ""), correction=text, label=text,
                  image=Image(url="https://news.example/a.jpg?x=" + text[:50], alt=text, caption=text, credit=text))  # fmt: skip
    link = story.__class__(article=story.article, section=text, related=story.related, label=text)
    prepared = composer().compose(digest(story, lead=link, title=text or "Digest"), subject=None)
    message = parsed(filled_bytes(prepared, name=text))
    html, body = bodies(message)

    assert "bcc" not in [name.lower() for name in message]
    page = html5lib.parse(html, namespaceHTMLElements=False)
    assert {element.tag for element in page.iter() if isinstance(element.tag, str)} <= ALLOWED
    assert not [key for element in page.iter() for key in element.attrib if key.startswith("on")]
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef]", html + body)
    assert len(html.encode()) < 60_000


ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "table", "tbody", "tr", "td", "div", "h1", "h2", "h3", "p", "a", "img", "br",
    "strong", "span",
}  # fmt: skip


def test_rules_of_the_page_hold() -> None:
    """No script, form, frame, SVG, style sheet from elsewhere or data URI; layout tables say so; one h1; images are described."""
    html, _ = bodies(parsed(filled_bytes(composer().compose(rich_digest()))))
    page = html5lib.parse(html, namespaceHTMLElements=False)

    assert {element.tag for element in page.iter() if isinstance(element.tag, str)} <= ALLOWED
    assert all(table.get("role") == "presentation" for table in page.iter("table"))
    assert len(list(page.iter("h1"))) == 1
    assert page.find("head/title").text == "Harbour bridge to close for six weeks after cracks are found in its…"
    assert [div.get("role") for div in page.iter("div") if div.get("role")].count("main") == 1
    assert all(image.get("alt") and image.get("width") and image.get("height") for image in page.iter("img"))
    assert all("underline" in (link.get("style") or "") for link in page.iter("a"))
    assert "data:" not in html
    assert "url(" not in html
    assert 'content="light dark"' in html
    assert "prefers-color-scheme: dark" in html


def test_section_of_the_lead_is_named_once_where_it_goes_on() -> None:
    """Over the lead, which the rest of it follows; where another section comes between, it has its heading."""
    lead = entry(1, title="Bridge shut")
    follows = composer().compose(digest(entry(2), entry(3), lead=lead))
    later = composer().compose(
        digest(
            lead=lead,
            groups=(
                DigestGroup(section=CITY, entries=(entry(2),)),
                DigestGroup(section=WORLD, entries=(entry(3),)),
            ),
        )
    )

    assert follows.html.count(">World<") == follows.text.count("WORLD\n-----") == 1
    assert later.html.count(">World<") == later.text.count("WORLD\n-----") == 2
    assert later.text.index("CITY") < later.text.rindex("WORLD")


def test_long_digest_title_is_wrapped_beside_its_date() -> None:
    """No line of the text part but an address is longer than 72 columns."""
    found = composer().compose(
        digest(entry(2), title="The morning's news of the harbour, the old town and all the islands beyond")
    )
    lines = [line for line in bodies(parsed(filled_bytes(found)))[1].splitlines() if "://" not in line]

    assert "Sunday, 22 November 2026 · The morning's news of the harbour, the old\ntown" in found.text
    assert max(map(columns, lines)) <= 72


def test_frame_does_not_outlive_its_day() -> None:
    """The same digest on another day has that day's date and address of the day in its headers."""
    shared = composer()
    first = shared.compose(digest(entry(2)))
    second = shared.compose(digest(entry(2), date=date(2026, 11, 23)))

    assert "Sunday, 22 November 2026" in first.html
    assert "Monday, 23 November 2026" in second.html


def test_fragments_are_bounded() -> None:
    """Composing for years keeps no more than a bounded number of pieces."""
    shared = MessageComposer(our_templates(), SETTINGS)
    shared._fragments._kept._bound = 10  # the bound itself is what is tested
    for number in range(2, 60):
        shared.compose(digest(entry(number)))

    kept = shared._fragments._kept
    assert len(kept._young) + len(kept._old) <= 20


def test_templates_of_the_operator_win() -> None:
    """A template of theirs replaces ours and may still build on it."""
    ours = our_templates()._ours
    theirs = {
        "digest.html": '{% extends "ours/digest.html" %}{% block footer %}{{ super() }}<p>Printed on screens.</p>{% endblock %}',
        "theme.toml": 'accent = "#123456"',
        "words/en.toml": 'unsubscribe = "Enough"',
    }
    prepared = MessageComposer(TemplateSet(ours, theirs), SETTINGS).compose(digest(entry(2)))

    assert "Printed on screens." in prepared.html
    assert "color: #123456" in prepared.html
    assert "Enough" in prepared.text
