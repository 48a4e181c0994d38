"""Say why an article can be in no edition now, whoever reads it: for operators who look for it."""

from dataclasses import dataclass, replace

from syndicate.core.digest import Ruling
from syndicate.model import Article, ArticleState, Placed


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptBack:
    """An article that competes for no place. `has_section`: it stands in one; then it came too late for this edition."""

    article: Article
    by_operator: bool
    has_section: bool


NOWHERE = "it is in no section"


def ruled_out(kept: KeptBack) -> Ruling:
    """Return the ruling on it, in no section."""
    return Ruling(placed=Placed(article=kept.article, placings={}), section="", included=False, reason=_reason(kept))


def told_plainly(ruling: Ruling) -> Ruling:
    """Return the ruling on an article that has left its last section as one on an article without any."""
    places = ruling.placed.placings.values()
    return replace(ruling, reason=NOWHERE) if not ruling.included and all(one.left for one in places) else ruling


def _reason(kept: KeptBack) -> str:
    if kept.article.state is ArticleState.WITHDRAWN:
        return "withdrawn by the operator" if kept.by_operator else "withdrawn by its source"
    if kept.article.state is ArticleState.EMBARGOED:
        published = kept.article.published
        return f"not before {published.day} {published:%B %Y %H:%M} UTC"
    return "arrived after the edition was planned" if kept.has_section else NOWHERE
