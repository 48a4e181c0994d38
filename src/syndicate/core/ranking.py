"""Rank the stories that compete for a digest: group what tells the same, order, limit, and share the places out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from syndicate.model import ArticleKey, Cadence, Choice, Placed

STORY_WEIGHT = timedelta(hours=3)  # each further article on the same story counts like so much freshness
STORY_MOST = 4
LEAD_SECTION_WEIGHT = timedelta(hours=2)  # the reader's first section is preferred for the lead


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestRules:
    """A standing digest as its operator configured it.

    `order` ranks all digests, fastest first, and `tags` says for each that takes only some articles which; both are the same for all
    digests, so that each knows what the others carry. `best_of` picks from everything by the size of the story. `pins` are addresses or
    ids, in the order in which they are to stand; 0 is no limit.
    """

    name: str
    title: str
    cadence: Cadence
    max_items: int
    min_items: int
    best_of: bool
    order: Mapping[str, int]
    titles: Mapping[str, str]
    pins: tuple[str, ...] = ()
    max_per_section: int = 0
    max_per_author: int = 0
    max_per_story: int = 0
    max_per_day: int = 0
    tags: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One or more articles that tell the same; the first is shown, the others stand under "also at". `pin` is 0 where nobody pinned it."""

    first: Placed
    others: tuple[Placed, ...]
    section: str
    pin: int
    size: int

    @property
    def articles(self) -> tuple[Placed, ...]:
        """Return all of its articles, the one that is shown first."""
        return (self.first, *self.others)

    @property
    def pinned(self) -> bool:
        """Tell whether an editor pinned it."""
        return self.pin > 0

    def score(self, rules: DigestRules) -> tuple[int, int, datetime, str]:
        """Rank by pin, then freshness with a bonus for the size of the story, then id; a best-of by size before freshness."""
        article, size = self.first.article, min(self.size, STORY_MOST)
        weight = self.size if rules.best_of else 0
        return self.pin, weight, article.published + STORY_WEIGHT * size, article.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A story that is left out, and why."""

    story: Story
    reason: str


def group_stories(new: Sequence[tuple[Placed, str]], rules: DigestRules) -> list[Story]:
    """Group the (article, section) that tell the same story, and rank the groups, best first.

    Of a story the copy that an editor pinned is shown, else the one that was published first.
    """
    by_key = {placed.article.key: placed for placed, _ in new}
    same = _same(by_key)
    sections = {placed.article.key: section for placed, section in new}
    taken: set[ArticleKey] = set()
    stories = []
    for placed, _ in new:
        if placed.article.key in taken:
            continue
        members = [by_key[key] for key in _copies(placed.article.key, same)]
        taken.update(one.article.key for one in members)
        first, *others = sorted(members, key=lambda one: (-_pin_of(one, rules), one.article.published, one.article.id))
        told = {copy.key for one in members for copy in one.copies} - {first.article.key}
        size = len(told) + sum(1 for near in first.neighbours if near.key in by_key)
        stories.append(
            Story(
                first=first,
                others=tuple(others),
                section=sections[first.article.key],
                pin=_pin_of(first, rules),
                size=size,
            )
        )
    return sorted(stories, key=lambda story: story.score(rules), reverse=True)


def _same(by_key: Mapping[ArticleKey, Placed]) -> Mapping[ArticleKey, set[ArticleKey]]:
    """Return article → those that tell the same story, whichever of the two knows it."""
    found: dict[ArticleKey, set[ArticleKey]] = {key: set() for key in by_key}
    for key, placed in by_key.items():
        for copy in placed.copies:
            if copy.key in by_key:
                found[key].add(copy.key)
                found[copy.key].add(key)
    return found


def _copies(key: ArticleKey, same: Mapping[ArticleKey, set[ArticleKey]]) -> list[ArticleKey]:
    """Return an article with all that tell the same story as it, or as one of them: an article knows but some of its copies."""
    found = [key]
    for one in found:  # grows meanwhile
        found += sorted(same[one].difference(found))
    return found


def _pin_of(placed: Placed, rules: DigestRules) -> int:
    """Return how early an editor wants an article, the greater the earlier; 0 where he does not ask for it."""
    names = (placed.article.url, placed.article.id, str(placed.article.key))
    return max((len(rules.pins) - place for place, pin in enumerate(rules.pins) if pin in names), default=0)


def limit(stories: Iterable[Story], rules: DigestRules) -> tuple[list[Story], list[Refused]]:
    """Keep at most so many in a section, by one author and on one piece of news, the best of them; what an editor pinned always stays."""
    counts: dict[str, int] = {}
    kept: list[Story] = []
    refused: list[Refused] = []
    for story in stories:
        trouble = None if story.pinned else _over(story, kept, counts, rules)
        if trouble is not None:
            refused.append(Refused(story=story, reason=trouble))
            continue
        for author in story.first.article.authors:
            counts[author] = counts.get(author, 0) + 1
        kept.append(story)
    return kept, refused


def _over(story: Story, kept: Sequence[Story], counts: Mapping[str, int], rules: DigestRules) -> str | None:
    most = rules.max_per_section
    if most and sum(1 for other in kept if other.section == story.section) >= most:
        return f"more than {most} in one section"
    most = rules.max_per_author
    if most and any(counts.get(author, 0) >= most for author in story.first.article.authors):
        return f"more than {most} by one author"
    most = rules.max_per_story
    if most and sum(1 for other in kept if _is_near(story, other)) >= most:
        return f"more than {most} on the same news"
    return None


def _is_near(story: Story, other: Story) -> bool:
    own, its = story.first.article.key, other.first.article.key
    return any(near.key == its for near in story.first.neighbours) or any(
        near.key == own for near in other.first.neighbours
    )


def within_quota(stories: list[Story], choice: Choice, most: int) -> list[Story]:
    """Fill the digest in turn from each section, so that none crowds the others out; the result is in rank order."""
    if len(stories) <= most:
        return stories
    chosen = {id(story) for story in stories if story.pinned}
    queues = [[s for s in stories if s.section == slug and not s.pinned] for slug, _ in choice.sections]
    while len(chosen) < most and any(queues):
        for queue in queues:
            if queue and len(chosen) < most:
                chosen.add(id(queue.pop(0)))
    return [story for story in stories if id(story) in chosen][:most]


def lead_of(stories: Sequence[Story], choice: Choice, rules: DigestRules) -> Story:
    """Return the story that stands first: what an editor pinned first, else the best, where the reader's first section has a start."""

    def merit(story: Story) -> tuple[int, int, datetime, str]:
        pin, weight, moment, name = story.score(rules)
        favourite = bool(choice.sections) and story.section == choice.sections[0][0]
        return pin, weight, moment + (LEAD_SECTION_WEIGHT if favourite else timedelta(0)), name

    return max(stories, key=merit)
