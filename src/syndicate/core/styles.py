"""Write a stylesheet into the elements it styles: mail clients take away style sheets, not style attributes."""

import re

from css_inline import CSSInliner, InlineError

from syndicate.errors import TemplateError

_INDENT = re.compile(r"\s*\n\s*")


class Inliner:
    """Our stylesheet, ready to be written into documents and fragments."""

    def __init__(self, css: str) -> None:
        self._css = css
        self._inliner = CSSInliner(
            inline_style_tags=False, keep_style_tags=True, load_remote_stylesheets=False, extra_css=css
        )

    def document(self, html: str) -> str:
        """Return a whole document with styles in its elements; the style element in its head stays."""
        try:
            return _INDENT.sub("\n", self._inliner.inline(html))
        except InlineError as error:
            raise TemplateError(f"styles.css cannot be applied: {error}") from error

    def fragment(self, html: str) -> str:
        """Return a piece of a document with styles in its elements."""
        try:
            return _INDENT.sub("\n", self._inliner.inline_fragment(html, ""))
        except InlineError as error:
            raise TemplateError(f"styles.css cannot be applied: {error}") from error
