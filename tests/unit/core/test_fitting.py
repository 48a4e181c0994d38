"""Digests that are too long for mail clients."""

import re

from syndicate.model import DigestEntry
from tests.mail_samples import RELATED, article, bodies, composer, digest, filled_bytes, parsed

LONG = "The council met for nine hours and adjourned without a vote on the matter. " * 12


def size(number: int, **changes: str) -> tuple[int, str, str]:
    """Return the encoded bytes of the page of a digest of so many articles, and its bodies."""
    entries = [
        DigestEntry(article=article(n, **changes), section="world", related=RELATED) for n in range(2, 2 + number)
    ]
    raw = filled_bytes(composer().compose(digest(*entries)))
    html, text = bodies(parsed(raw))
    return len(raw.partition(b"text/html")[2]), html, text


def test_a_short_digest_is_shown_whole() -> None:
    """Nothing is dropped without need."""
    encoded, html, _ = size(19)

    assert encoded < 90_000
    assert html.count('role="article"') == 20
    assert html.count("How the bridge was built, part 1") == 20
    assert html.count('class="text"') == 20


def test_related_links_go_first_from_the_end() -> None:
    """A little too long: the last articles lose their related links, all keep their summaries."""
    encoded, html, text = size(43, summary=LONG[:600])

    assert encoded <= 90_000
    assert html.count('role="article"') == 44
    assert html.count('class="text"') == 44
    assert 1 < html.count("How the bridge was built, part 1") < 44
    assert html.count("How the bridge was built, part 1") == text.count("How the bridge was built, part 1")
    assert html.rindex("How the bridge was built, part 1") < html.rindex('role="article"')


def test_then_summaries_go() -> None:
    """Longer: no related links but the lead's at most, some summaries."""
    encoded, html, text = size(60, summary=LONG)

    assert encoded <= 90_000
    assert html.count('role="article"') == 61
    assert html.count("How the bridge was built, part 1") == 0
    assert 0 < html.count('class="text"') < 61
    assert " ".join(text.split()).count("The council met") == html.count("The council met")


def test_then_articles_go_and_are_counted() -> None:
    """Far too long: headlines only, and the rest is on the web."""
    encoded, html, text = size(140, summary=LONG, title="A headline of the usual length, no longer than others are")
    shown = html.count('role="article"')

    assert encoded <= 90_000
    assert 50 < shown < 141
    assert f"{141 - shown} more stories on the web" in html
    assert f"{141 - shown} more stories on the web" in text
    assert len(re.findall(r"/stories/\d+", text)) == shown


def test_japanese_counts_as_it_is_sent() -> None:
    """Three bytes a character and three characters a byte: what is sent is within the limit, not what is written."""
    encoded, html, _ = size(40, summary="市議会は九時間にわたって協議し、採決せずに散会した。" * 12, language="ja")

    assert encoded <= 90_000
    assert html.count('role="article"') == 41
