"""Compose a digest: which articles a group of readers gets, why, and in what order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from syndicate.core.window import Cohort, Window, falls_in, lane_of
from syndicate.model import (
    AlsoAt,
    ArticleKey,
    Cadence,
    ComposedDigest,
    DigestEntry,
    DigestGroup,
    Mark,
    Placed,
    Placing,
    RelatedLink,
    Section,
)

STORY_WEIGHT = timedelta(hours=3)  # each further article on the same story counts like so much freshness
STORY_MOST = 4
LEAD_SECTION_WEIGHT = timedelta(hours=2)  # the reader's first section is preferred for the lead
RELATED_LINKS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestRules:
    """A standing digest as its operator configured it. `order` ranks all digests, fastest first."""

    name: str
    title: str
    cadence: Cadence
    max_items: int
    min_items: int
    best_of: bool
    order: Mapping[str, int]
    titles: Mapping[str, str]
    pins: frozenset[str] = frozenset()
    max_per_author: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """Why an article is in a digest or out of it."""

    placed: Placed
    section: str
    included: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The rulings on every candidate, and the digest when there is enough for one."""

    rulings: tuple[Ruling, ...]
    digest: ComposedDigest | None


def compose(
    candidates: Iterable[Placed], *, rules: DigestRules, cohort: Cohort, window: Window, day: date
) -> ComposedDigest | None:
    """Return what this cohort gets, or None when there is nothing new or too little."""
    return select(candidates, rules=rules, cohort=cohort, window=window, day=day).digest


def select(candidates: Iterable[Placed], *, rules: DigestRules, cohort: Cohort, window: Window, day: date) -> Selection:
    """Judge every candidate and arrange what is in."""
    rulings: list[Ruling] = []
    new: list[tuple[Placed, str]] = []
    for placed in candidates:
        section, trouble = _judge(placed, rules, cohort, window)
        if trouble is None:
            new.append((placed, section))
        else:
            rulings.append(Ruling(placed=placed, section=section, included=False, reason=trouble))
    return _arrange(new, rulings, rules, cohort, window, day)


def _judge(placed: Placed, rules: DigestRules, cohort: Cohort, window: Window) -> tuple[str, str | None]:
    """Return the section an article is shown in and why it is out, or None when it is in."""
    article, choice = placed.article, cohort.choice
    wanted = [slug for slug, _ in choice.sections if slug in placed.placings]
    if not wanted:
        return "", "in none of the reader's sections"
    carrying = [slug for slug in choice.sections_of(rules.name) if slug in placed.placings]
    mark = cohort.mark
    if not rules.best_of:
        lane = lane_of(choice, wanted, rules.order)
        held = dict(cohort.held)
        if lane in held:
            carrying, mark = [slug for slug in choice.sections_of(lane) if slug in placed.placings], held[lane]
        elif lane != rules.name:
            return wanted[0], f"comes with {lane}"
    if not carrying:
        return wanted[0], "its sections come with other digests"
    first = min(carrying, key=lambda slug: placed.placings[slug].seq)
    placing = placed.placings[first]
    if not falls_in(window, mark, placing, article.published, since_seq=cohort.since_seq):
        return carrying[0], _why_not(placing, article.published, mark, window)
    if cohort.after_pause and article.published <= window.first_from:
        return carrying[0], "older than one period, after a pause"
    return carrying[0], None


def _why_not(placing: Placing, published: datetime, mark: Mark | None, window: Window) -> str:
    if placing.seq > window.to_seq:
        return "arrived after the edition was planned"
    if mark is None:
        return (
            "published after the edition's hour"
            if published > window.at
            else "published before the first edition's period"
        )
    if placing.backlog:
        return "backlog: old when it arrived"
    return "the reader's last edition covers it"


def _arrange(
    new: list[tuple[Placed, str]], rulings: list[Ruling], rules: DigestRules, cohort: Cohort, window: Window, day: date
) -> Selection:
    stories = _collapse(new, rules)
    kept = _limit_authors(stories, rules, rulings)
    if len(kept) < rules.min_items or not kept:
        rulings += [
            Ruling(
                placed=story.first,
                section=story.section,
                included=False,
                reason=f"fewer than {rules.min_items} articles: waits for the next edition",
            )
            for story in kept
        ]
        return Selection(rulings=tuple(rulings), digest=None)
    chosen = _within_quota(kept, cohort, rules)
    inside = {story.first.article.key for story in chosen}
    for story in kept:
        fits = story.first.article.key in inside
        reason = (
            ("pinned" if story.pinned else "new to this reader") if fits else f"more than {rules.max_items} articles"
        )
        rulings.append(Ruling(placed=story.first, section=story.section, included=fits, reason=reason))
        rulings += [
            Ruling(
                placed=other, section=story.section, included=False, reason=f"same story as {story.first.article.id}"
            )
            for other in story.others
        ]
    shown = {story.first.article.id for story in chosen} | {
        other.article.id for story in chosen for other in story.others
    }
    entries = {story.first.article.key: _entry(story, shown, cohort) for story in chosen}
    lead = max(chosen, key=lambda story: _lead_score(story, cohort))
    groups = []
    for slug, _ in cohort.choice.sections:
        members = [entries[s.first.article.key] for s in chosen if s.section == slug and s is not lead]
        if members:
            groups.append(
                DigestGroup(section=Section(slug=slug, title=rules.titles.get(slug, slug)), entries=tuple(members))
            )
    digest = ComposedDigest(
        digest=rules.name,
        title=rules.title,
        cadence=rules.cadence,
        date=day,
        language=cohort.choice.language,
        format=cohort.choice.format,
        lead=entries[lead.first.article.key],
        groups=tuple(groups),
        more=len(kept) - len(chosen),
    )
    return Selection(rulings=tuple(rulings), digest=digest)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Story:
    """One or more articles that tell the same; the first is shown, the others stand under "also at"."""

    first: Placed
    others: tuple[Placed, ...]
    section: str
    pinned: bool
    size: int

    def score(self) -> tuple[bool, datetime, str]:
        """Rank by pin, then freshness with a bonus for the size of the story, then id."""
        return (
            self.pinned,
            self.first.article.published + STORY_WEIGHT * min(self.size, STORY_MOST),
            self.first.article.id,
        )


def _collapse(new: Sequence[tuple[Placed, str]], rules: DigestRules) -> list[_Story]:
    """Group the articles that tell the same story and rank the groups, best first."""
    by_key = {placed.article.key: (placed, section) for placed, section in new}
    taken: set[ArticleKey] = set()
    stories = []
    for placed, section in sorted(new, key=lambda pair: (pair[0].article.published, pair[0].article.id)):
        if placed.article.key in taken:
            continue
        taken.add(placed.article.key)
        others = [by_key[key][0] for key in placed.same_story if key in by_key and key not in taken]
        taken.update(other.article.key for other in others)
        size = len(placed.same_story) + sum(1 for near in placed.neighbours if near.key in by_key)
        pinned = placed.article.url in rules.pins or placed.article.id in rules.pins
        stories.append(_Story(first=placed, others=tuple(others), section=section, pinned=pinned, size=size))
    return sorted(stories, key=_Story.score, reverse=True)


def _limit_authors(stories: list[_Story], rules: DigestRules, rulings: list[Ruling]) -> list[_Story]:
    if rules.max_per_author <= 0:
        return stories
    counts: dict[str, int] = {}
    kept = []
    for story in stories:
        authors = story.first.article.authors
        if not story.pinned and any(counts.get(author, 0) >= rules.max_per_author for author in authors):
            reason = f"more than {rules.max_per_author} by one author"
            rulings.append(Ruling(placed=story.first, section=story.section, included=False, reason=reason))
            continue
        for author in authors:
            counts[author] = counts.get(author, 0) + 1
        kept.append(story)
    return kept


def _within_quota(stories: list[_Story], cohort: Cohort, rules: DigestRules) -> list[_Story]:
    """Fill the digest in turn from each section, so that none crowds the others out; the result is in rank order."""
    if len(stories) <= rules.max_items:
        return stories
    chosen = {id(story) for story in stories if story.pinned}
    queues = [[s for s in stories if s.section == slug and not s.pinned] for slug, _ in cohort.choice.sections]
    while len(chosen) < rules.max_items and any(queues):
        for queue in queues:
            if queue and len(chosen) < rules.max_items:
                chosen.add(id(queue.pop(0)))
    return [story for story in stories if id(story) in chosen][: rules.max_items]


def _lead_score(story: _Story, cohort: Cohort) -> tuple[bool, datetime, str]:
    pinned, moment, name = story.score()
    favourite = bool(cohort.choice.sections) and story.section == cohort.choice.sections[0][0]
    return pinned, moment + (LEAD_SECTION_WEIGHT if favourite else timedelta(0)), name


def _entry(story: _Story, shown: set[str], cohort: Cohort) -> DigestEntry:
    article = story.first.article
    also = tuple(AlsoAt(url=o.article.url, title=o.article.title, source=o.article.source) for o in story.others)
    known = {one.url for one in also} | {article.url}
    also += tuple(one for one in article.also_at if one.url not in known)
    return DigestEntry(
        article=article,
        section=story.section,
        related=_fresh_links(story.first, shown, cohort),
        also_at=also,
        label="corrected" if article.correction is not None else None,
    )


def _fresh_links(placed: Placed, shown: set[str], cohort: Cohort) -> tuple[RelatedLink, ...]:
    """Return related links that neither stand in this mail nor came to this reader with an earlier edition."""
    own = {slug for slug, _ in cohort.choice.sections}
    links = []
    for near in placed.neighbours:
        mine = [seq for slug, seq in near.seqs.items() if slug in own]
        sent_before = cohort.mark is not None and mine and min(mine) <= cohort.mark.seq
        if near.link.id not in shown and not sent_before:
            links.append(near.link)
    return tuple(links[:RELATED_LINKS])
