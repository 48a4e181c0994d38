"""Render the pieces of a digest that many messages share, once, as text and as encoded bytes."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from enum import IntEnum
from typing import Generic, TypeVar

from syndicate.core.cards import card, label, safe_url
from syndicate.core.heads import MailSettings
from syndicate.core.quoted import encode
from syndicate.core.styles import Inliner
from syndicate.core.templates import TemplateSet
from syndicate.core.wording import Words
from syndicate.model import DigestEntry, Section

_Kept = TypeVar("_Kept")


class Detail(IntEnum):
    """How much of an article is shown; what does not fit goes in this order."""

    FULL = 0
    WITHOUT_RELATED = 1
    HEADLINE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragment:
    """A rendered piece in both forms, and each of them encoded for a body."""

    html: str
    text: str
    html_bytes: bytes
    text_bytes: bytes


class Recent(Generic[_Kept]):
    """A bounded memory of what was made: it keeps at least the last `bound` things asked for, at most twice as many."""

    def __init__(self, bound: int) -> None:
        self._bound = bound
        self._young: dict[Hashable, _Kept] = {}
        self._old: dict[Hashable, _Kept] = {}

    def get(self, key: Hashable, make: Callable[[], _Kept]) -> _Kept:
        """Return what is kept under a key, or make it. Harmless from several threads at once."""
        found = self._young.get(key)
        if found is None:
            found = self._old.get(key)
            if found is None:
                found = make()
            if len(self._young) >= self._bound:
                self._old, self._young = self._young, {}
            self._young[key] = found
        return found


class Fragments:
    """The shared pieces of all digests of one template set, each rendered, styled and encoded when first asked for."""

    def __init__(self, templates: TemplateSet, inliner: Inliner, mail: MailSettings, *, bound: int = 2000) -> None:
        self._templates, self._inliner = templates, inliner
        self._site_url, self._sources = mail.site_url, mail.sources
        self._kept: Recent[Fragment] = Recent(bound)

    def article(self, entry: DigestEntry, *, words: Words, section: Section | None, detail: Detail) -> Fragment:
        """Return an article; with a `section` as the lead story, which names it."""
        article = entry.article
        key = (
            article.key, article.revision, words.language, detail, entry.label, article.correction,
            section and section.title,
            tuple([(link.url, link.title) for link in entry.related]) if entry.related and not detail else (),
            tuple([(link.url, link.title, link.source) for link in entry.also_at]) if entry.also_at and detail < Detail.HEADLINE else (),
        )  # fmt: skip
        return self._kept.get(key, lambda: self._article(entry, words, section, detail))

    def section(self, section: Section, *, words: Words) -> Fragment:
        """Return the heading of a section."""
        return self._simple("section", words, title=label(section.title))

    def intro(self, text: str, *, language: str, direction: str, words: Words) -> Fragment:
        """Return the standfirst that a mail begins with."""
        return self._simple("intro", words, text=text, lang=language, dir=direction)

    def correction(self, notices: tuple[tuple[str, str, str, bool], ...], *, more: int, words: Words) -> Fragment:
        """Return the notice that (title, url, note), each on one line, were corrected or withdrawn, and how many more; made anew each time."""
        told = [
            {"title": title, "url": safe_url(url) or self._site_url, "note": note, "withdrawn": withdrawn}
            for title, url, note, withdrawn in notices
        ]
        return self._rendered("correction", {"words": words, "notices": told, "more": more})

    def test(self, *, words: Words) -> Fragment:
        """Return the notice that a mail is a test."""
        return self._simple("test", words)

    def _simple(self, name: str, words: Words, **values: str | int) -> Fragment:
        key = (name, words.language, *values.values())
        return self._kept.get(key, lambda: self._rendered(name, {"words": words, **values}))

    def _article(self, entry: DigestEntry, words: Words, section: Section | None, detail: Detail) -> Fragment:
        story = card(
            entry,
            words=words,
            section=label(section.title) if section else "",
            site_url=self._site_url,
            sources=self._sources,
            with_related=detail < Detail.WITHOUT_RELATED,
            with_summary=detail < Detail.HEADLINE,
        )
        return self._rendered("article" if section is None else "lead", {"story": story, "words": words})

    def _rendered(self, name: str, context: dict[str, object]) -> Fragment:
        html = self._inliner.fragment(self._templates.render(f"{name}.html", context))
        text = self._templates.render(f"{name}.txt", context)
        return Fragment(html=html, text=text, html_bytes=encode(html), text_bytes=encode(text))
