"""Render the pages around the articles, with marks where something is filled in later."""

from collections.abc import Sequence

from syndicate.core.cards import Link, label
from syndicate.core.characters import clean, one_line
from syndicate.core.frames import Hole
from syndicate.core.heads import MailSettings
from syndicate.core.slots import mark
from syndicate.core.styles import Inliner
from syndicate.core.templates import TemplateSet
from syndicate.core.wording import Words
from syndicate.model import Cadence, ComposedDigest

_SLOTS = (
    "name", "unsubscribe_url", "preferences_url", "web_url", "correction_html", "correction_text", "confirm_url",
)  # fmt: skip

_HOLES = {"intro": mark(Hole.INTRO_HTML), "content": mark(Hole.CONTENT_HTML)}


class Pages:
    """The whole-message templates of one template set, for one sender."""

    def __init__(self, templates: TemplateSet, mail: MailSettings) -> None:
        self.inliner = Inliner(templates.render("styles.css", {}))
        self._templates = templates
        self._always: dict[str, object] = {
            "slots": {name: mark(name) for name in _SLOTS},
            "subject": mark(Hole.SUBJECT),
            "on_web": False,
            "site": {
                "title": one_line(mail.site_title),
                "url": mail.site_url,
                "postal_address": one_line(clean(mail.postal_address).replace("\n", ", ")),
            },
        }

    def digest_html(self, digest: ComposedDigest, words: Words, *, more: int) -> str:
        """Return the page of a digest without its articles, as a mail."""
        return self.html(_template(digest), words, **_facts(digest, more), **_HOLES, rest=())

    def edition_html(self, digest: ComposedDigest, words: Words, *, rest: Sequence[Link]) -> str:
        """Return the same for the web, where nobody is known, with links to the `rest` of the articles."""
        return self.html(_template(digest), words, **_facts(digest, digest.more), **_HOLES, rest=rest, on_web=True)

    def digest_text(self, digest: ComposedDigest, words: Words, *, more: int) -> str:
        """Return the text of a digest without its articles."""
        holes = {"intro": mark(Hole.INTRO_TEXT), "content": mark(Hole.CONTENT_TEXT)}
        return self.text(_template(digest), words, **_facts(digest, more), **holes)

    def html(self, name: str, words: Words, **context: object) -> str:
        """Return a page, its styles inlined."""
        return self.inliner.document(
            self._templates.render(f"{name}.html", {**self._always, "words": words, **context})
        )

    def text(self, name: str, words: Words, **context: object) -> str:
        """Return a plain text."""
        return self._templates.render(f"{name}.txt", {**self._always, "words": words, **context})


def _template(digest: ComposedDigest) -> str:
    return "breaking" if digest.cadence is Cadence.INSTANT else "digest"


def _facts(digest: ComposedDigest, more: int) -> dict[str, object]:
    return {"title": label(digest.title), "date": digest.date, "cadence": digest.cadence.value, "more": more}
