"""Render our pages: the templates, what all of them know, and the headers that go with a page."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from syndicate.core.wording import Words, direction
from syndicate.web.phrasebook import words_of

_STATIC = files("syndicate.web") / "static"
_BASE = "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; style-src 'self'"
_PICTURES = "img-src 'self' https: http:"
_MAIL = "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'unsafe-inline'; img-src https: http:"


class Policy(StrEnum):
    """What a page may load: our style sheet and icon; pictures; the script of the sign-up form, or of a list that renews itself; a mail, in its frame."""

    PLAIN = f"{_BASE}; img-src 'self'"
    FORM = f"{_BASE}; {_PICTURES}; script-src 'self'"
    ARTICLE = f"{_BASE}; {_PICTURES}; media-src https: http:"
    LIST = f"{_BASE}; img-src 'self'; script-src 'self'; connect-src 'self'"
    FRAME = f"{_BASE}; img-src 'self'; frame-src 'self'"
    EDITION = f"{_MAIL}; frame-ancestors 'none'"
    LETTER = f"{_MAIL}; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"


SECRET = {"cache-control": "no-store", "x-robots-tag": "noindex, nofollow"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Masthead:
    """What every page says of the publication. `public_url` is where syndicate is reached, `root` that address's path; both end with a slash."""

    title: str
    url: str
    public_url: str
    root: str
    description: str
    postal_address: str
    language: str


class Renderer:
    """Our templates, for one publication."""

    def __init__(self, masthead: Masthead) -> None:
        self.masthead = masthead
        self.static = {entry.name: entry.read_bytes() for entry in _STATIC.iterdir() if entry.is_file()}
        self.versions = {name: hashlib.sha256(content).hexdigest()[:12] for name, content in self.static.items()}
        self._environment = Environment(
            loader=PackageLoader("syndicate.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals |= {"site": masthead, "root": masthead.root, "asset": self.asset}
        self._environment.filters["direction"] = direction

    def asset(self, name: str) -> str:
        """Return the address of a file that may be kept for ever, because it changes with the content."""
        return f"{self.masthead.root}static/{name}?v={self.versions[name]}"

    def words(self, language: str | None = None) -> Words:
        """Return the phrases of a reader's language, or the publication's."""
        return words_of(language or self.masthead.language)

    def page(
        self,
        name: str,
        *,
        words: Words | None = None,
        status: int = 200,
        policy: Policy = Policy.PLAIN,
        headers: Mapping[str, str] | None = None,
        **context: object,
    ) -> Response:
        """Return a page as an answer."""
        html = self._environment.get_template(f"{name}.html").render(words=words or self.words(), **context)
        return HTMLResponse(html, status_code=status, headers={"content-security-policy": policy, **(headers or {})})

    def note(
        self, key: str, *, status: int, words: Words | None = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        """Return a page that says one thing, and shows the way out."""
        return self.page("note", words=words, status=status, headers={**SECRET, **(headers or {})}, key=key)
