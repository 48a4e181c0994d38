"""Compose a digest: which articles a group of readers gets, why, and in what order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from syndicate.core.candidates import Candidates
from syndicate.core.ranking import DigestRules, Story, group_stories, lead_of, limit, within_quota
from syndicate.core.window import Cohort, Window, falls_in, lane_of, takes
from syndicate.model import (
    AlsoAt,
    Article,
    ArticleKey,
    ComposedDigest,
    DigestEntry,
    DigestGroup,
    Mark,
    Placed,
    Placing,
    RelatedLink,
    Section,
)

RELATED_LINKS = 3
REST = 200  # articles over max-items whose headlines are shown on the web
ALSO_AT = 4  # whoever is not named needs no correction either


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """Why an article is in a digest or out of it."""

    placed: Placed
    section: str
    included: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The rulings on every candidate, and the digest when there is enough for one, or else why there is none."""

    rulings: tuple[Ruling, ...]
    digest: ComposedDigest | None
    silence: str = ""


def compose(
    candidates: Candidates, *, rules: DigestRules, cohort: Cohort, window: Window, day: date
) -> ComposedDigest | None:
    """Return what this cohort gets, or None when there is nothing new or too little."""
    return select(candidates.maybe_new(cohort, window), rules=rules, cohort=cohort, window=window, day=day).digest


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
    covered = _covered(rules, cohort, window)
    stories = group_stories(_with_fresh_copies(new, covered), rules)
    # counted before the limits: else a reader of one section never had min-items above its max-per-section
    if not stories:
        return Selection(rulings=tuple(rulings), digest=None, silence="nothing is new")
    if len(stories) < rules.min_items:
        reason = f"{len(stories)} new, and min-items is {rules.min_items}: waits for the next edition"
        for story in stories:
            rulings += _rulings(story, included=False, reason=reason)
        return Selection(rulings=tuple(rulings), digest=None, silence=reason)
    kept, refused = limit(stories, rules)
    for one in refused:
        rulings += _rulings(one.story, included=False, reason=one.reason)
    chosen = within_quota(kept, cohort.choice, rules.max_items)
    inside = {story.first.article.key for story in chosen}
    for story in kept:
        fits = story.first.article.key in inside
        why = "pinned" if story.pinned else "new to this reader"
        rulings += _rulings(story, included=fits, reason=why if fits else f"more than {rules.max_items} articles")
    rest = [story.first.article.key for story in kept if story.first.article.key not in inside]
    digest = _arrange(chosen, rules, cohort, day, rest=rest, covered=covered)
    return Selection(rulings=tuple(rulings), digest=digest)


def silent(selection: Selection, reason: str) -> Selection:
    """Return the selection of a digest that says nothing now: what would be in is out, for this reason."""
    rulings = [replace(one, included=False, reason=reason) if one.included else one for one in selection.rulings]
    return Selection(rulings=tuple(rulings), digest=None, silence=reason)


def without_room(selection: Selection, dropped: frozenset[ArticleKey]) -> Selection:
    """Return the selection with those ruled out for which the message has no room."""
    reason = "no room in the message: more of the digest is on the web"
    rulings = [
        replace(one, included=False, reason=reason) if one.included and one.placed.article.key in dropped else one
        for one in selection.rulings
    ]
    return replace(selection, rulings=tuple(rulings))


def _rulings(story: Story, *, included: bool, reason: str) -> list[Ruling]:
    """Return the rulings on a story's articles: what tells the same as the first is never shown by itself."""
    first = Ruling(placed=story.first, section=story.section, included=included, reason=reason)
    why = f"same story as {story.first.article.id}"
    return [first] + [Ruling(placed=o, section=story.section, included=False, reason=why) for o in story.others]


def _judge(placed: Placed, rules: DigestRules, cohort: Cohort, window: Window) -> tuple[str, str | None]:
    """Return the section an article is shown in and why it is out, or None when it is in."""
    article, choice = placed.article, cohort.choice
    wanted = [slug for slug, _ in choice.sections if _is_in(placed, slug)]
    if not wanted:
        return "", "in none of the reader's sections"
    carrier, mark, since = rules.name, cohort.mark, cohort.since_seq
    if not rules.best_of:
        lane = lane_of(choice, wanted, rules.order, tags=placed.tags, only=rules.tags)
        held = dict(cohort.held)
        if lane is not None and lane in held:
            carrier, mark, since = lane, held[lane], None
        elif lane != rules.name:
            return wanted[0], f"comes with {lane}" if lane else "has none of the tags of the digests chosen for it"
    elif not takes(rules.name, placed.tags, only=rules.tags):
        return wanted[0], f"has none of the tags of {rules.name}"
    sections = choice.sections_of(carrier)
    carrying = [slug for slug in sections if _is_in(placed, slug)]
    if not carrying:
        return wanted[0], "its sections come with other digests"
    # where it stood first, even if it left that section: who reads both is not to get it again
    placing = min((placed.placings[slug] for slug in sections if slug in placed.placings), key=lambda one: one.seq)
    if not falls_in(window, mark, placing, article.published, since_seq=since):
        return carrying[0], _why_not(placing, article.published, mark, window)
    if article.key in cohort.had:
        return carrying[0], "came to this reader before"
    if cohort.not_before is not None and article.published <= cohort.not_before:
        return carrying[0], "older than one period, after a pause"
    return carrying[0], None


def _is_in(placed: Placed, slug: str) -> bool:
    return slug in placed.placings and not placed.placings[slug].left


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
    chosen: list[Story],
    rules: DigestRules,
    cohort: Cohort,
    day: date,
    *,
    rest: list[ArticleKey],
    covered: Mapping[str, int],
) -> ComposedDigest:
    """Lay the chosen stories out: the lead, then the sections in the reader's order."""
    told = {url for story in chosen for url in _addresses(story)}
    lead = lead_of(chosen, cohort.choice, rules)
    first = _entry(lead, told, covered)
    groups = []
    for slug, _ in cohort.choice.sections:
        members = [_entry(story, told, covered) for story in chosen if story.section == slug and story is not lead]
        if members:
            groups.append(DigestGroup(section=_section(slug, rules), entries=tuple(members)))
    return ComposedDigest(
        digest=rules.name,
        title=rules.title,
        cadence=rules.cadence,
        date=day,
        language=cohort.choice.language,
        format=cohort.choice.format,
        lead=first,
        lead_section=_section(lead.section, rules),
        groups=tuple(groups),
        more=len(rest),
        rest=tuple(rest[:REST]),
    )


def _addresses(story: Story) -> list[str]:
    """Return what stands in a mail by itself or under "also at"."""
    return [placed.article.url for placed in story.articles] + [copy.link.url for copy in story.first.copies]


def _section(slug: str, rules: DigestRules) -> Section:
    return Section(slug=slug, title=rules.titles.get(slug, slug))


def _covered(rules: DigestRules, cohort: Cohort, window: Window) -> Mapping[str, int]:
    """Return section → the number up to which this reader has had its articles, by this digest or by a faster one that takes all."""
    covered: dict[str, int] = {}
    own = rules.order.get(rules.name, 0)
    for slug, digests in cohort.choice.sections:
        faster = [name for name in digests if rules.order.get(name, own) < own and not rules.tags.get(name)]
        if faster and not rules.best_of:
            covered[slug] = window.to_seq
        elif cohort.mark is not None:
            covered[slug] = cohort.mark.seq
    return covered


def _came_before(seqs: Mapping[str, int], covered: Mapping[str, int]) -> bool:
    """Tell whether an article of these numbers has come to this reader before."""
    return any(seq <= covered.get(slug, -1) for slug, seq in seqs.items())


def _with_fresh_copies(new: Sequence[tuple[Placed, str]], covered: Mapping[str, int]) -> list[tuple[Placed, str]]:
    """Return what is new without the copies of it that came to this reader before: they neither stand beside it nor make it bigger."""
    inside = {placed.article.key for placed, _ in new}
    found = []
    for placed, section in new:
        copies = tuple([one for one in placed.copies if one.key in inside or not _came_before(one.seqs, covered)])
        found.append((placed if len(copies) == len(placed.copies) else replace(placed, copies=copies), section))
    return found


def _entry(story: Story, told: set[str], covered: Mapping[str, int]) -> DigestEntry:
    article = story.first.article
    also = tuple(_also(one.article) for one in story.others)
    known = {one.url for one in also} | {article.url}
    also += tuple(copy.link for copy in story.first.copies if copy.link.url not in known)
    return DigestEntry(
        article=article,
        section=story.section,
        related=_fresh_links(story.first, told, covered),
        also_at=also[:ALSO_AT],
        label="corrected" if article.correction is not None else None,
    )


def _also(article: Article) -> AlsoAt:
    return AlsoAt(
        url=article.url,
        title=article.title,
        source=article.source,
        key=article.key,
        revision=article.revision,
        new=True,
    )


def _fresh_links(placed: Placed, told: set[str], covered: Mapping[str, int]) -> tuple[RelatedLink, ...]:
    """Return related links that neither stand in this mail, nor came to this reader before; they are `told` now."""
    links: list[RelatedLink] = []
    for near in placed.neighbours:
        if near.link.url not in told and not _came_before(near.seqs, covered) and len(links) < RELATED_LINKS:
            links.append(near.link)
            told.add(near.link.url)
    return tuple(links)
