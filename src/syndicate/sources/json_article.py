"""Read an article from a JSON document: the columns of the SQL store, or an item of a JSON Feed."""

import json
import re

from syndicate.errors import MalformedArticleError
from syndicate.sources.draft import Draft
from syndicate.sources.fields import draft_of

_BODIES = ("body", "content_html", "html", "content")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:\S+")


def read_json(text: str) -> Draft:
    """Return the article, or raise MalformedArticleError."""
    try:
        document = json.loads(text, strict=False)  # control characters in it are intake's to mend
    except (ValueError, RecursionError) as error:
        raise MalformedArticleError(f"the file is not JSON: {str(error)[:80]}") from error
    if not isinstance(document, dict):
        raise MalformedArticleError("the file does not hold one article but " + type(document).__name__)
    if isinstance(document.get("items"), list) and "title" in document and "version" in document:
        raise MalformedArticleError("the file holds a feed; one article a file")
    marked_up = next((document[key] for key in _BODIES if isinstance(document.get(key), str)), None)
    plain = next(
        (document[key] for key in ("content_text", "text", "articleBody") if isinstance(document.get(key), str)), ""
    )
    # A JSON Feed's id is the one that its readers know; in any other document `id` is the store's own number.
    identity = document.get("id")
    if (
        "guid" not in document
        and ("content_html" in document or "content_text" in document)
        and isinstance(identity, str)
    ):
        document = document | ({"guid": identity} if _URI.fullmatch(identity) else {})
    return draft_of(document, body=plain if marked_up is None else marked_up, body_is_html=marked_up is not None)
