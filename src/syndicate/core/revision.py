"""Judge what an article is to us: added, revised, unchanged or withdrawn; and whether readers should notice an edit."""

import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from syndicate.core.plain import text_of
from syndicate.model import ArticleState, Cleaned

# More words than these, taken out and put in together, are an edit; fewer are a typo mended. A changed number never is.
_TYPO_WORDS = 8
_WORD = re.compile(r"\w+(?:['’]\w+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is stored of an article: its newest revision, and what never changes.

    `body` is the stored HTML. `held`: an operator took it back here, so the store cannot bring it back.
    """

    guid: str
    published: datetime
    updated: datetime
    state: ArticleState
    revision: int
    content_hash: str
    title: str
    body: str
    held: bool = False


class VerdictKind(StrEnum):
    """What became of an article that was read; the names that `collect` counts under."""

    ADDED = "added"
    REVISED = "revised"
    UNCHANGED = "unchanged"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What to do with a cleaned article. `significant`: readers should notice; a typo mended is not."""

    kind: VerdictKind
    significant: bool = False


def judge(known: Known | None, cleaned: Cleaned) -> Verdict:
    """Compare an article with what is stored of it.

    A draft never seen is unchanged: there is nothing to show and nothing to take back, so nothing is stored. One that was
    withdrawn and comes back is a significant revision. An embargo that ends is no verdict: whoever publishes looks at the hour.
    """
    if cleaned.state is ArticleState.WITHDRAWN:
        taken_back = known is not None and known.state is not ArticleState.WITHDRAWN
        return Verdict(kind=VerdictKind.WITHDRAWN if taken_back else VerdictKind.UNCHANGED, significant=taken_back)
    if known is None:
        return Verdict(kind=VerdictKind.ADDED, significant=True)
    if known.held:
        return Verdict(kind=VerdictKind.UNCHANGED)
    if known.state is ArticleState.WITHDRAWN:
        return Verdict(kind=VerdictKind.REVISED, significant=True)
    if known.content_hash == content_hash(cleaned):
        return Verdict(kind=VerdictKind.UNCHANGED)
    significant = is_significant(known, title=cleaned.title, text=cleaned.text)
    return Verdict(kind=VerdictKind.REVISED, significant=significant)


def content_hash(cleaned: Cleaned) -> str:
    """Return a digest of all that readers see of an article; its date of change and our notes are not part of it."""
    image = cleaned.image
    parts = (
        cleaned.url,
        cleaned.title,
        cleaned.labels,
        cleaned.body,
        cleaned.given_summary,
        cleaned.authors,
        cleaned.language,
        cleaned.tags,
        None
        if image is None
        else (image.url, image.alt, image.caption, image.credit, image.type, image.width, image.height),
        cleaned.published.isoformat(),
    )
    return hashlib.blake2b(repr(parts).encode(), digest_size=16).hexdigest()


def is_significant(known: Known, *, title: str, text: str) -> bool:
    """Tell whether an edit is more than a typo: another headline, another number, or more than a few words of the body."""
    if _words(known.title) != _words(title):
        return True
    before = text_of(known.body)
    if before == text:
        return False
    old, new = Counter(_words(before)), Counter(_words(text))
    changed = (old - new) + (new - old)
    return changed.total() > _TYPO_WORDS or any(any(c.isdigit() for c in word) for word in changed)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
