"""Compose digests into messages: articles, rendered once, in a frame that is rendered once for each edition and language."""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from html import escape

from syndicate.core.cards import headline, label, links, spoken
from syndicate.core.characters import one_line, shorten
from syndicate.core.filling import PreparedMessage
from syndicate.core.fitting import Fitted, fit
from syndicate.core.fragments import Fragment, Fragments, Recent
from syndicate.core.frames import Frame, Hole, between_holes, build_frame, plugged
from syndicate.core.headers import unstructured
from syndicate.core.heads import MailSettings, digest_head
from syndicate.core.pages import Pages
from syndicate.core.quoted import encode
from syndicate.core.slots import Form, filled, mark
from syndicate.core.templates import TemplateSet
from syndicate.core.wording import Words, direction
from syndicate.model import ComposedDigest

HTML_LIMIT = 90_000  # bytes; Gmail clips at 102 kB
_VALUES = 2_000  # what a reader's links and name may add to it
_CORRECTIONS = (
    5_000  # kept free for what he is told of corrections; what articles leave of the rest is free for them, too
)
_SUBJECT = 120
_PAGE_TITLE = 70


class MessageComposer:
    """Turn digests into prepared messages, by one set of templates. Pure: it keeps what it rendered and nothing else."""

    def __init__(self, templates: TemplateSet, mail: MailSettings) -> None:
        self._templates, self._mail = templates, mail
        self._pages = Pages(templates, mail)
        self._fragments = Fragments(templates, self._pages.inliner, mail)
        self._frames: Recent[Frame] = Recent(200)

    def compose(self, digest: ComposedDigest, *, subject: str | None = None) -> PreparedMessage:
        """Return the message that all readers of this digest share; `subject` is an operator's template for its subject.

        `fill` makes one reader's message of it. Raises TemplateError.
        """
        words = self._templates.words(digest.language)
        line = self.subject(digest, subject)
        frame = self._frame(digest, words, more=digest.more)
        intro, page_title = self._intro(digest, words), encode(_page_title(line))
        around = _VALUES + len(intro.html_bytes) + len(page_title)
        room = HTML_LIMIT - around - _CORRECTIONS - frame.size if frame.html else None
        fitted = fit(digest, self._fragments, words=words, room=room)
        if fitted.dropped:
            frame = self._frame(digest, words, more=digest.more + len(fitted.dropped))
        fillings = {
            Hole.SUBJECT_HEADER: unstructured("Subject", line),
            Hole.SUBJECT: page_title,
            Hole.INTRO_HTML: intro.html_bytes,
            Hole.INTRO_TEXT: intro.text_bytes,
            Hole.CONTENT_HTML: fitted.html_bytes,
            Hole.CONTENT_TEXT: fitted.text_bytes,
        }
        return PreparedMessage(
            parts=frame.with_holes(fillings),
            head=frame.head,
            routes=frame.routes,
            subject=line,
            html_pieces=plugged(frame.html, _fillings(line, intro, fitted)),
            text_pieces=plugged(frame.text, _fillings(line, intro, fitted)),
            room=_left(frame, around, fitted),
            dropped=fitted.dropped,
        )

    def subject(self, digest: ComposedDigest, template: str | None = None) -> str:
        """Return a digest's subject: the lead story's title, or what an operator's template makes of it."""
        lead = digest.lead.article
        if template:
            sections = (digest.lead_section, *(group.section for group in digest.groups))
            context = {
                "title": label(digest.title),
                "site": one_line(self._mail.site_title),
                "date": self._templates.words(digest.language).date(digest.date),
                "lead": {"title": headline(lead.title), "summary": one_line(lead.summary), "standfirst": one_line(lead.standfirst)},
                "sections": list(dict.fromkeys(label(one.title) for one in sections)),
            }  # fmt: skip
            written = self._templates.render_subject(template, context)
        else:
            written = headline(lead.title)
        return shorten(written or one_line(digest.title), limit=_SUBJECT)

    def web_page(
        self,
        digest: ComposedDigest,
        values: Mapping[str, str],
        *,
        subject: str | None = None,
        rest: Sequence[tuple[str, str]] = (),
    ) -> str:
        """Return a digest as a page for /editions/{token}: whole, however long; `values` as for `fill`, without `web_url`.

        Its styles are in the page, so that a content security policy must allow them (style-src 'unsafe-inline') and images.
        """
        words = self._templates.words(digest.language)
        html = self._pages.edition_html(digest, words, rest=links(rest))
        fitted = fit(digest, self._fragments, words=words, room=None)
        fillings = _fillings(self.subject(digest, subject), self._intro(digest, words), fitted)
        page = "".join(plugged(between_holes(html), fillings))
        return filled(page, {**values, "web_url": ""}, Form.HTML)

    def test_notice(self, language: str) -> Mapping[str, str]:
        """Return what fills the place of corrections in a mail that is a test: that it is one."""
        notice = self._fragments.test(words=self._templates.words(language))
        return {"correction_html": notice.html, "correction_text": notice.text.strip("\n")}

    def _frame(self, digest: ComposedDigest, words: Words, *, more: int) -> Frame:
        key = (digest.digest, digest.title, digest.cadence, digest.date, words.language, digest.format, more)
        return self._frames.get(key, lambda: self._built(digest, words, more))

    def _built(self, digest: ComposedDigest, words: Words, more: int) -> Frame:
        html = self._pages.digest_html(digest, words, more=more) if digest.format != "text" else ""
        text = self._pages.digest_text(digest, words, more=more)
        facts = f"{digest.digest}\x1f{digest.date.isoformat()}\x1f{words.language}".encode()
        # "=_" cannot occur in quoted-printable, so that no body can hold the boundary.
        boundary = f"=_{blake2b(facts, digest_size=12).hexdigest()}"
        return build_frame(digest_head(digest, self._mail), text=text, html=html, boundary=boundary)

    def _intro(self, digest: ComposedDigest, words: Words) -> Fragment:
        lead = digest.lead.article
        language = spoken(lead.language, words)
        text = shorten(one_line(lead.standfirst) or _next_headline(digest) or label(digest.title), limit=300)
        return self._fragments.intro(text, language=language, direction=direction(language), words=words)


def _next_headline(digest: ComposedDigest) -> str:
    """Return the headline after the lead's, which is the subject already; empty where there is no other."""
    return next((headline(entry.article.title) for group in digest.groups for entry in group.entries), "")


def _left(frame: Frame, around: int, fitted: Fitted) -> int:
    """Return the encoded bytes that corrections may take; a text has no limit that would cut it, so they have their room in any."""
    if frame.html:
        return HTML_LIMIT - around - frame.size - len(fitted.html_bytes)
    return max(_CORRECTIONS, HTML_LIMIT - around - frame.size - len(fitted.text_bytes))


def _fillings(subject: str, intro: Fragment, fitted: Fitted) -> dict[str, str]:
    """Return what fills each hole, before it is encoded."""
    return {
        _MARKS[Hole.SUBJECT]: _page_title(subject),
        _MARKS[Hole.INTRO_HTML]: intro.html,
        _MARKS[Hole.INTRO_TEXT]: intro.text,
        _MARKS[Hole.CONTENT_HTML]: fitted.html,
        _MARKS[Hole.CONTENT_TEXT]: fitted.text,
    }


def _page_title(subject: str) -> str:
    return escape(shorten(subject, limit=_PAGE_TITLE))


_MARKS = {hole: mark(hole.value) for hole in Hole}
