"""Fit a digest into the size that mail clients show whole."""

from dataclasses import dataclass

from syndicate.core.fragments import Detail, Fragment, Fragments
from syndicate.core.wording import Words
from syndicate.model import ArticleKey, ComposedDigest, DigestEntry, Section


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """The articles of a digest as they are shown; `dropped` are those that were left out."""

    html: str
    text: str
    html_bytes: bytes
    text_bytes: bytes
    dropped: frozenset[ArticleKey]


@dataclass(slots=True)
class _Row:
    entry: DigestEntry
    fragment: Fragment
    lead: Section | None
    heading: Fragment | None

    @property
    def size(self) -> int:
        """Return the bytes it takes in the encoded page."""
        return len(self.fragment.html_bytes) + (len(self.heading.html_bytes) if self.heading else 0)


def fit(digest: ComposedDigest, fragments: Fragments, *, words: Words, room: int | None) -> Fitted:
    """Return a digest's articles within `room` encoded bytes of HTML; None = without a limit.

    From the end towards the lead go first the related links, then the summaries; then whole articles, each the last of the section that has most.
    """
    rows = _rows(digest, fragments, words)
    dropped: frozenset[ArticleKey] = frozenset()
    if room is not None:
        excess = sum(row.size for row in rows) - room
        for detail in (Detail.WITHOUT_RELATED, Detail.HEADLINE):
            for row in reversed(rows):
                if excess <= 0:
                    break
                before = row.size
                row.fragment = fragments.article(row.entry, words=words, section=row.lead, detail=detail)
                excess -= before - row.size
        if excess > 0:
            dropped = _too_many(rows, excess)
            rows = [row for row in rows if row.entry.article.key not in dropped]
    shown = [piece for row in rows for piece in (row.heading, row.fragment) if piece is not None]
    return Fitted(
        html="".join([piece.html for piece in shown]),
        text="".join([piece.text for piece in shown]),
        html_bytes=b"".join([piece.html_bytes for piece in shown]),
        text_bytes=b"".join([piece.text_bytes for piece in shown]),
        dropped=dropped,
    )


def _too_many(rows: list[_Row], excess: int) -> frozenset[ArticleKey]:
    """Return the articles to leave out, so that no section goes before another is as short, and the head of each, with what is pinned, goes last."""
    sections: list[list[_Row]] = []
    for row in rows[1:]:
        if row.heading is not None or not sections:
            sections.append([])
        sections[-1].append(row)
    dropped = set()
    while excess > 0 and any(sections):
        longest = max(reversed(sections), key=len)
        row = longest.pop()
        dropped.add(row.entry.article.key)
        excess -= row.size
    return frozenset(dropped)


def _rows(digest: ComposedDigest, fragments: Fragments, words: Words) -> list[_Row]:
    section = digest.lead_section
    lead = fragments.article(digest.lead, words=words, section=section, detail=Detail.FULL)
    rows = [_Row(digest.lead, lead, section, None)]
    for position, group in enumerate(digest.groups):
        goes_on = position == 0 and group.section.slug == section.slug  # the lead has named it
        heading = None if goes_on else fragments.section(group.section, words=words)
        for entry in group.entries:
            fragment = fragments.article(entry, words=words, section=None, detail=Detail.FULL)
            rows.append(_Row(entry, fragment, None, heading))
            heading = None
    return rows
