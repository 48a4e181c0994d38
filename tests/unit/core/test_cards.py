"""What is printed of one article: byline, links, picture, and who else has the story."""

import re
from dataclasses import replace

import html5lib
import pytest

from syndicate.model import AlsoAt, Image
from tests.mail_samples import SETTINGS, bodies, composer, digest, entry, filled_bytes, parsed


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//host/x", "", "http://", "ftp://x.example/", "https://[bad"]
)
def test_link_that_is_none_leads_to_the_site(url: str) -> None:
    """Only http and https addresses get into a mail."""
    html, text = bodies(parsed(filled_bytes(composer().compose(digest(entry(2, url=url))))))

    assert html.count('href="https://news.example/"') == 2  # the footer has one
    assert url not in re.findall(r'href="([^"]*)"', html)
    assert text.count("\nhttps://news.example/\n") == 2


def test_link_with_quotes_and_spaces_cannot_end_early() -> None:
    """What could close an attribute or a line is percent-encoded, in both bodies alike."""
    html, text = bodies(parsed(filled_bytes(composer().compose(digest(entry(2, url='https://x.example/a b"><i>\n|'))))))

    assert "https://x.example/a%20b%22%3E%3Ci%3E%0A%7C" in text or "https://x.example/a%20b%22%3E%3Ci%3E%7C" in text
    assert "<i>" not in html


def test_byline_keeps_its_order_beside_names_of_the_other_direction() -> None:
    """A name that runs the other way is closed by a mark, so that the minutes after it do not jump before it."""
    arabic = entry(2, authors=("ليلى مارون",))
    english = digest(entry(3, authors=("Ada Penn",)), lead=arabic)

    assert "By ليلى مارون\u200e · 4 min read" in composer().compose(english).text
    assert "By Ada Penn · 4 min read" in composer().compose(english).text
    assert "Ada Penn\u200f · " in composer().compose(replace(english, language="ar")).text


def test_credit_that_says_what_it_is_is_left_as_it_is() -> None:
    """Not "Photo: Illustration: …"."""
    image = Image(url="https://news.example/a.jpg", alt="A", caption="The strait.", credit="Illustration: M. Roth")

    assert "The strait. Illustration: M. Roth" in composer().compose(digest(lead=entry(1, image=image))).html


@pytest.mark.parametrize(
    ("alt", "caption", "said"), [("A bridge.", "Shut.", "A bridge."), ("", "Shut.", "Shut."), ("", "", "")]
)
def test_picture_says_what_is_on_it_and_not_the_headline_again(alt: str, caption: str, said: str) -> None:
    """It leads to its story; one without any words does not, so that no link is without a name."""
    image = Image(url="https://news.example/a.jpg", alt=alt, caption=caption, width=300, height=200)
    html, _ = bodies(parsed(filled_bytes(composer().compose(digest(lead=entry(1, image=image, title="Bridge shut"))))))
    page = html5lib.parse(html, namespaceHTMLElements=False)

    links = [one.get("href") for one in page.iter("a") if one.find("img") is not None]
    assert links == (["https://news.example/stories/1"] if said else [])
    assert [one.get("alt") for one in page.iter("img")] == [said]


def test_image_of_unknown_size_has_no_height() -> None:
    """A guess would distort it in Outlook, and leave a hole where it is not loaded."""
    image = Image(url="https://news.example/a.jpg", alt="A")
    html, _ = bodies(parsed(filled_bytes(composer().compose(digest(lead=entry(1, image=image))))))

    (shown,) = re.findall(r"<img[^>]*>", html)
    assert "height=" not in shown
    assert "height: auto" in shown


def test_also_at_names_who_has_the_story() -> None:
    """Beside another headline, alone where the headline is ours, in both bodies and by the names that the configuration gives."""
    other = AlsoAt(url="https://post.example/1", title="Bridge shut until spring", source="post")
    same = [AlsoAt(url=f"https://{name}.example/1", title="Bridge shut", source=name) for name in ("harbour", "wire")]
    names = {"post": "The Evening Post", "harbour": "Harbour Gazette", "wire": "Northern Wire"}
    write = composer(replace(SETTINGS, sources=names)).compose
    alone = write(digest(lead=replace(entry(1, title="Bridge shut"), also_at=tuple(same))))
    mixed = write(digest(lead=replace(entry(1, title="Bridge shut"), also_at=(other, *same))))

    assert re.sub("<[^>]*>", "", alone.html).count("Also at: Harbour Gazette, Northern Wire") == 1
    assert "- Harbour Gazette\nhttps://harbour.example/1\n- Northern Wire\nhttps://wire.example/1" in alone.text
    assert "Also at: Bridge shut until spring (The Evening Post) · Harbour Gazette · N" in re.sub(
        "<[^>]*>", "", mixed.html
    )
    assert "- Bridge shut until spring (The Evening Post)\nhttps://post.example/1" in mixed.text


def picture_of(width: int | None, height: int | None) -> list[str]:
    """Return the image elements of a digest whose lead has an image of this size."""
    image = Image(url="https://news.example/a.jpg", alt="A", caption="A caption.", width=width, height=height)
    html, _ = bodies(parsed(filled_bytes(composer().compose(digest(lead=entry(1, image=image))))))
    found = re.findall(r"<img[^>]*>", html)
    assert ("A caption." in html) is bool(found)
    return found


@pytest.mark.parametrize(
    ("size", "shown"), [((1600, 900), (552, 310)), ((600, 900), (552, 828)), ((2000, 400), (552, 110)), ((200, 150), (200, 150))]
)  # fmt: skip
def test_picture_is_never_wider_than_it_is(size: tuple[int, int], shown: tuple[int, int]) -> None:
    """Across the page, or in its own size where it is smaller."""
    (found,) = picture_of(*size)

    assert f'width="{shown[0]}" height="{shown[1]}"' in found
    assert f"max-width: {shown[0]}px" in found


@pytest.mark.parametrize("size", [(32, 32), (199, 199), (300, 3000), (600, 901), (5000, 20), (2000, 399), (1, 1)])
def test_picture_that_cannot_lead_is_left_out_with_its_caption(size: tuple[int, int]) -> None:
    """An icon, a slip of paper and a banner would spoil the page."""
    assert picture_of(*size) == []


def test_empty_fields_leave_no_empty_lines() -> None:
    """An article with nothing but a title is shown with nothing but a title."""
    bare = entry(2, authors=(), minutes=0, summary="", standfirst="")
    html, text = bodies(parsed(filled_bytes(composer().compose(digest(bare, lead=bare)))))

    assert 'class="meta"' not in html
    assert 'class="text"' not in html
    assert "\n\n\n" not in text
