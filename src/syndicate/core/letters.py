"""Compose the letters that answer what a reader did: confirmation, goodbye, and the notice of a correction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from syndicate.core.cards import label
from syndicate.core.characters import one_line, shorten
from syndicate.core.filling import PreparedMessage
from syndicate.core.fragments import Fragment, Fragments, Recent
from syndicate.core.frames import Hole, Part, build_frame
from syndicate.core.headers import unstructured
from syndicate.core.heads import MailSettings, letter_head
from syndicate.core.pages import Pages
from syndicate.core.slots import replace
from syndicate.core.telling import Notice, tell
from syndicate.core.templates import TemplateSet
from syndicate.core.wording import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a reader must be told of an article that went out wrong; of a `withdrawn` one there is nothing to read any more."""

    title: str
    url: str
    note: str
    withdrawn: bool = False


class Letters:
    """Turn what happened to a reader into prepared messages, by one set of templates. Slots are filled by filling.fill."""

    def __init__(self, templates: TemplateSet, mail: MailSettings) -> None:
        self._templates, self._mail = templates, mail
        self._pages = Pages(templates, mail)
        self._fragments = Fragments(templates, self._pages.inliner, mail, bound=100)
        self._corrections: Recent[Fragment] = Recent(100)

    def confirmation(self, *, language: str, hours: int = 48) -> PreparedMessage:
        """Return the mail that asks for the confirming click. Slots: to, date, message_id, confirm_url.

        It holds nothing that was typed into a form: else a stranger could send his words to anybody, by us.
        """
        head = letter_head(self._mail, form_sub=True)
        return self._letter("confirmation", language, head, hours=hours)

    def goodbye(self, *, language: str, titles: Sequence[str]) -> PreparedMessage:
        """Return the mail that says a reader has left these digests; it names the site where there are none, or too many for a line.

        Slots: to, date, message_id, and if any preferences_url.
        """
        named = self._templates.words(language).names(titles)
        title = named if named and label(named) == named else self._mail.site_title
        return self._letter("goodbye", language, letter_head(self._mail), title=label(title))

    def already(self, *, language: str) -> PreparedMessage:
        """Return the answer to a sign-up of an address that is subscribed. Slots: to, date, message_id, preferences_url."""
        return self._letter("already", language, letter_head(self._mail, form_sub=True))

    def correction(
        self, corrections: Sequence[Correction], *, language: str, room: int | None = None
    ) -> Mapping[str, str]:
        """Return the values of the slots correction_html and correction_text of a digest; empty for no corrections.

        They take at most `room` encoded bytes, a PreparedMessage's; None = without a limit.
        """
        if not corrections:
            return {"correction_html": "", "correction_text": ""}
        first = sorted(corrections, key=lambda found: not found.withdrawn)
        notices = tuple(
            (found.title, "" if found.withdrawn else found.url, found.note, found.withdrawn) for found in first
        )
        fragment = self._corrections.get(
            (notices, language, room), lambda: self._told(notices, self._templates.words(language), room)
        )
        return {"correction_html": fragment.html, "correction_text": fragment.text.strip("\n")}

    def _told(self, notices: tuple[Notice, ...], words: Words, room: int | None) -> Fragment:
        def render(shown: tuple[Notice, ...], more: int) -> Fragment:
            return self._fragments.correction(shown, more=more, words=words)

        tidy = tuple([(one_line(title), url, one_line(note), gone) for title, url, note, gone in notices])
        return tell(tidy, room=room, site_url=self._mail.site_url, render=render)

    def _letter(self, name: str, language: str, head: tuple[Part, ...], **context: object) -> PreparedMessage:
        words = self._templates.words(language)
        subject = words.say(f"{name}_subject", site=one_line(self._mail.site_title), digest=context.get("title", ""))
        subject = shorten(one_line(subject), limit=120)
        html = replace(
            self._pages.html(name, words, **context),
            lambda slot: escape(shorten(subject, limit=70)) if slot == Hole.SUBJECT else None,
        )
        text = self._pages.text(name, words, **context)
        frame = build_frame(head, text=text, html=html, boundary=f"=_{name}")
        return PreparedMessage(
            parts=frame.with_holes({Hole.SUBJECT_HEADER: unstructured("Subject", subject)}),
            head=frame.head,
            routes=frame.routes,
            subject=subject,
            html_pieces=frame.html,
            text_pieces=frame.text,
        )
