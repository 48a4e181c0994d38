"""What a group of readers gets from an edition, and why."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from syndicate.core.digest import Selection, select
from syndicate.core.ranking import DigestRules
from syndicate.core.window import Cohort, Window
from syndicate.model import (
    AlsoAt,
    Cadence,
    Choice,
    Copy,
    DigestEntry,
    Mark,
    Neighbour,
    Placed,
    Placing,
    RelatedLink,
)
from tests.mail_samples import article

AT = datetime(2026, 5, 4, 7, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ORDER = {"breaking": 0, "daily": 1}
RULES = DigestRules(
    name="daily", title="Daily", cadence=Cadence.DAILY, max_items=20, min_items=1, best_of=False, order=ORDER,
    titles={"world": "The World", "sport": "Sport"},
)  # fmt: skip
WORLD_AND_SPORT = Choice(sections=(("world", ("daily",)), ("sport", ("daily",))), language="en")
BEFORE = Mark(seq=0, at=AT - DAY)


def placed(number: int, *sections: str, hours: float = 1, backlog: bool = False, **changes: object) -> Placed:
    """Return an article of these sections (world), published so many hours before the edition, in the order of its number."""
    found = article(number, published=AT - hours * HOUR, authors=(f"Author {number}",), **changes)
    return Placed(
        article=found, placings={slug: Placing(seq=number * 10, backlog=backlog) for slug in sections or ("world",)}
    )


def near(one: Placed, *others: Placed) -> Placed:
    """Return an article with related ones."""
    links = tuple(
        Neighbour(
            link=RelatedLink(id=o.article.id, url=o.article.url, title=o.article.title, score=0.9),
            key=o.article.key,
            seqs={slug: placing.seq for slug, placing in o.placings.items()},
        )
        for o in others
    )
    return replace(one, neighbours=links)


def copied(one: Placed, *others: Placed) -> Placed:
    """Return an article that others tell too."""
    copies = tuple(
        Copy(
            link=AlsoAt(url=o.article.url, title=o.article.title, source=o.article.source, key=o.article.key),
            key=o.article.key,
            seqs={slug: placing.seq for slug, placing in o.placings.items()},
        )
        for o in others
    )
    return replace(one, copies=copies)


def judge(
    *candidates: Placed, rules: DigestRules = RULES, choice: Choice = WORLD_AND_SPORT, mark: Mark | None = BEFORE, **facts: object
) -> Selection:  # fmt: skip
    """Judge these for a reader whose last edition was a day ago."""
    cohort = Cohort(choice=choice, mark=mark, **facts)  # type: ignore[arg-type]  # the tests name fields of Cohort
    window = Window(to_seq=1000, first_from=AT - DAY, at=AT)
    return select(candidates, rules=rules, cohort=cohort, window=window, day=date(2026, 5, 4))


def shown(selection: Selection) -> list[int]:
    """Return the articles of the digest in order, the lead first."""
    return [entry.article.key for entry in entries(selection)]


def entries(selection: Selection) -> list[DigestEntry]:
    """Return what the digest shows, the lead first."""
    if selection.digest is None:
        return []
    return [selection.digest.lead, *(entry for group in selection.digest.groups for entry in group.entries)]


def reasons(selection: Selection) -> dict[int, str]:
    """Return article → why it is in or out."""
    return {one.placed.article.key: one.reason for one in selection.rulings}


def test_sections_stand_in_the_readers_order() -> None:
    """Under their titles, the best story in front of all, and its section is named."""
    choice = Choice(sections=(("sport", ("daily",)), ("world", ("daily",))), language="en")

    found = judge(placed(1, "world", hours=9), placed(2, "sport", hours=8), placed(3, "world", hours=1), choice=choice)

    assert shown(found) == [3, 2, 1]
    assert found.digest is not None
    assert found.digest.lead_section.title == "The World"
    assert [group.section.title for group in found.digest.groups] == ["Sport", "The World"]


def test_the_readers_first_section_has_a_start_for_the_lead() -> None:
    """Of two hours; what is fresher than that by more leads all the same."""
    assert shown(judge(placed(1, "world", hours=2.5), placed(2, "sport", hours=1)))[0] == 1
    assert shown(judge(placed(1, "world", hours=4), placed(2, "sport", hours=1)))[0] == 2


def test_an_article_in_two_sections_stands_in_one() -> None:
    """In the one the reader put first."""
    found = judge(placed(1, "sport", "world"), placed(2))

    assert sorted(shown(found)) == [1, 2]
    assert {one.section for one in found.rulings} == {"world"}


def test_pins_stand_first() -> None:
    """By address, by id or by number, however old they are, and beyond the limit of an author."""
    for pin in ("https://news.example/stories/1", "tag:news.example,2026:1", "1"):
        rules = replace(RULES, pins=(pin,))

        found = judge(placed(1, hours=23), placed(2), placed(3), rules=rules)

        assert shown(found)[0] == 1
        assert reasons(found)[1] == "pinned"


def test_pins_keep_their_order() -> None:
    """The first leads, whatever its section and however much fresher the next is; the others are ahead in theirs."""
    rules = replace(RULES, pins=("1", "2", "4"))
    found = judge(
        placed(1, "sport", hours=9), placed(2, hours=1), placed(3, hours=0.5), placed(4, hours=8), rules=rules
    )

    assert shown(found) == [1, 2, 4, 3]


def test_more_sources_make_a_story_larger() -> None:
    """A story that several tell goes before one a little fresher that only one tells."""
    others = [placed(number, hours=6) for number in (3, 4)]

    found = judge(near(placed(1, hours=6), *others), placed(2, hours=4), *others)

    assert shown(found)[0] == 1


def test_a_best_of_ranks_by_the_size_of_the_story() -> None:
    """However old it is within the period, and also what faster digests carried."""
    choice = Choice(sections=(("world", ("daily", "weekly")),), language="en")
    rules = replace(RULES, name="weekly", cadence=Cadence.WEEKLY, best_of=True, max_items=1)
    big, small = placed(1, hours=120), placed(2, hours=1)
    others = [placed(number, hours=119) for number in (3, 4, 5, 6, 7, 8)]
    mark = Mark(seq=0, at=AT - 7 * DAY)

    found = judge(near(big, *others), small, *others, rules=rules, choice=choice, mark=mark)

    assert shown(found) == [1]


def test_one_story_is_told_once() -> None:
    """The others stand beside it, and each has its ruling."""
    first, second = placed(1, hours=3), placed(2, hours=2)
    found = judge(copied(first, second), copied(second, first), placed(3))

    assert found.digest is not None
    assert sorted(shown(found)) == [1, 3]
    entry = next(one for one in (found.digest.lead, *found.digest.groups[0].entries) if one.article.key == 1)
    assert [one.url for one in entry.also_at] == [second.article.url]
    assert reasons(found)[2] == f"same story as {first.article.id}"


def test_a_copy_that_came_before_stands_nowhere() -> None:
    """What tells the same comes as an article of its own; yesterday's neither stands beside it nor makes it bigger. Another section's may."""
    had, elsewhere = placed(1, hours=30), placed(2, "economy", hours=30)
    again, fresh = placed(7, hours=5), placed(8, hours=3)
    mark = Mark(seq=15, at=AT - DAY)

    found = judge(copied(again, had), fresh, mark=mark)
    other = judge(copied(again, elsewhere), fresh, mark=mark)

    assert (shown(found), [one.also_at for one in entries(found)]) == ([8, 7], [(), ()])
    assert (shown(other), [one.url for one in entries(other)[0].also_at]) == ([7, 8], [elsewhere.article.url])


def test_of_a_pinned_story_the_pinned_copy_is_shown() -> None:
    """However much earlier the wire had it."""
    wire, ours = placed(1, hours=5), placed(2, hours=1)
    rules = replace(RULES, pins=("2",))
    found = judge(copied(wire, ours), copied(ours, wire), placed(3), rules=rules)

    assert shown(found)[0] == 2
    assert reasons(found)[2] == "pinned"
    assert reasons(found)[1] == f"same story as {ours.article.id}"


@given(st.permutations(range(1, 8)))
def test_copies_are_one_story_also_when_each_knows_but_some(order: list[int]) -> None:
    """Each names the one before it in any order, and the first of all names none."""
    known: dict[int, set[int]] = {number: set() for number in order}
    for one, other in pairwise(order):  # pairs are stored both ways
        known[one].add(other)
        known[other].add(one)
    found = judge(*(copied(placed(number), *map(placed, sorted(others))) for number, others in known.items()))

    assert len(shown(found)) == 1


def test_of_those_who_tell_the_same_four_are_named() -> None:
    """And nothing is said of the rest."""
    copies = [placed(number, hours=20 - number) for number in range(1, 13)]
    found = judge(*(copied(one, *(other for other in copies if other is not one)) for one in copies))

    assert found.digest is not None
    assert [one.key for one in found.digest.lead.also_at] == [2, 3, 4, 5]


def test_a_section_has_so_many_places() -> None:
    """The best of it, each section by itself; a pin stays."""
    rules = replace(RULES, max_per_section=1, pins=(article(4).url,))
    world, sport = [placed(number, hours=number) for number in (1, 2, 4)], placed(5, "sport", hours=9)

    found = judge(*world, sport, rules=rules)

    assert sorted(shown(found)) == [4, 5]
    assert reasons(found)[1] == reasons(found)[2] == "more than 1 in one section"


def test_an_author_has_so_many_places() -> None:
    """The best of his; a pin does not count against him."""
    rules = replace(RULES, max_per_author=1)
    same = [
        replace(one, article=replace(one.article, authors=("Ada Penn",)))
        for one in (placed(1, hours=3), placed(2, hours=1))
    ]

    found = judge(*same, placed(3, hours=5), rules=rules)

    assert sorted(shown(found)) == [2, 3]
    assert reasons(found)[1] == "more than 1 by one author"


def test_a_piece_of_news_has_so_many_places() -> None:
    """Articles that are related count together; the best of them stay."""
    rules = replace(RULES, max_per_story=2)
    first, second, third = placed(1, hours=1), placed(2, hours=2), placed(3, hours=3)

    found = judge(first, near(second, first), near(third, first, second), placed(4, hours=9), rules=rules)

    assert sorted(shown(found)) == [2, 3, 4]
    assert reasons(found)[1] == "more than 2 on the same news"


def test_no_section_crowds_the_others_out() -> None:
    """The places go round the sections, in the reader's order; what is left out is counted."""
    world = [placed(number, "world", hours=1) for number in range(1, 9)]

    found = judge(
        *world, placed(20, "sport", hours=20), placed(21, "sport", hours=21), rules=replace(RULES, max_items=4)
    )

    assert {20, 21} <= set(shown(found))
    assert len(shown(found)) == 4
    assert found.digest is not None
    assert found.digest.more == 6
    assert sorted([*found.digest.rest, *shown(found)]) == [*range(1, 9), 20, 21]
    assert list(reasons(found).values()).count("more than 4 articles") == 6


def test_a_quiet_day_waits_for_the_next() -> None:
    """Below min-items nothing goes, and every article says so, those of one story too."""
    rules = replace(RULES, min_items=2)
    twins = (copied(placed(1), placed(2)), copied(placed(2), placed(1)))

    found = judge(*twins, rules=rules)

    assert found.digest is None
    assert reasons(found) == {
        1: "1 new, and min-items is 2: waits for the next edition",
        2: f"same story as {twins[0].article.id}",
    }
    assert found.silence == reasons(found)[1]
    assert judge(rules=rules).silence == "nothing is new"


def test_what_a_limit_leaves_out_counts_towards_the_fewest() -> None:
    """Else a reader of one section would never get anything."""
    rules = replace(RULES, min_items=3, max_per_section=1)

    found = judge(*(placed(number, hours=number) for number in (1, 2, 3)), rules=rules)

    assert shown(found) == [1]
    assert set(reasons(found).values()) == {"new to this reader", "more than 1 in one section"}


def test_what_comes_at_once_is_not_in_the_daily() -> None:
    """Unless the faster digest was silent: then the daily carries what it owes."""
    choice = Choice(sections=(("world", ("breaking", "daily")),), language="en")

    apart = judge(placed(1), choice=choice)
    carried = judge(placed(1), placed(2), choice=choice, held=(("breaking", Mark(seq=10, at=AT - HOUR)),))

    assert reasons(apart) == {1: "comes with breaking"}
    assert shown(carried) == [2]
    assert reasons(carried)[1] == "the reader's last edition covers it"


def test_a_breaking_digest_takes_only_its_tags() -> None:
    """The other articles of the section come with the daily."""
    choice = Choice(sections=(("world", ("breaking", "daily")),), language="en")
    tags = {"breaking": frozenset({"breaking"})}
    candidates = [replace(placed(1), tags=("breaking", "storm")), placed(2)]

    daily = judge(*candidates, choice=choice, rules=replace(RULES, tags=tags))
    alert = judge(*candidates, choice=choice, rules=replace(RULES, name="breaking", tags=tags))

    assert (shown(daily), shown(alert)) == ([2], [1])
    assert reasons(alert)[2] == "comes with daily"


def test_tags_hold_for_a_best_of_too() -> None:
    """And an article that no chosen digest takes says so."""
    rules = replace(RULES, best_of=True, tags={"daily": frozenset({"long read"})})

    assert reasons(judge(placed(1), rules=rules)) == {1: "has none of the tags of daily"}
    assert reasons(judge(placed(1), rules=replace(rules, best_of=False))) == {
        1: "has none of the tags of the digests chosen for it"
    }


def test_related_links_repeat_nothing() -> None:
    """Neither what stands in the mail, nor what the reader got in his own sections; from other sections all may."""
    told, beside, other = placed(1), placed(5), placed(2, "economy")

    found = judge(near(placed(6), told, beside, other), beside, mark=Mark(seq=15, at=AT - DAY))

    assert [link.id for entry in entries(found) for link in entry.related] == [other.article.id]


def test_no_two_articles_link_to_the_same() -> None:
    """The one that stands first has the link; what stands under "also at" is no link either."""
    old, older = placed(50, hours=300, backlog=True), placed(51, hours=301, backlog=True)
    told = copied(placed(3, "sport", hours=3), older)

    found = judge(near(placed(1, hours=1), old), near(placed(2, hours=2), old, older), told)

    assert found.digest is not None
    links = {entry.article.key: [link.id for link in entry.related] for entry in entries(found)}
    assert links == {1: [old.article.id], 2: [], 3: []}


def test_a_corrected_article_says_so() -> None:
    """By a label, wherever it stands."""
    found = judge(placed(1, correction="The bridge is in Leith."))

    assert found.digest is not None
    assert found.digest.lead.label == "corrected"


def test_every_candidate_has_one_ruling() -> None:
    """Each with a reason, whatever became of it."""
    mine = Mark(seq=15, at=AT - DAY)
    candidates = (
        placed(1),
        placed(2),
        placed(3, "economy"),
        placed(4, backlog=True, hours=400),
        placed(200),
        placed(5, "sport"),
    )

    found = judge(*candidates, mark=mine)

    assert reasons(found) == {
        1: "the reader's last edition covers it",
        2: "new to this reader",
        3: "in none of the reader's sections",
        4: "backlog: old when it arrived",
        200: "arrived after the edition was planned",
        5: "new to this reader",
    }
    assert len(found.rulings) == len(candidates)


def test_a_first_edition_covers_one_period_by_date() -> None:
    """Neither older articles, nor such as bear a later date than the edition."""
    found = judge(placed(1, hours=30), placed(2, hours=23), placed(3, hours=-1), mark=None)

    assert shown(found) == [2]
    assert reasons(found)[1] == "published before the first edition's period"
    assert reasons(found)[3] == "published after the edition's hour"


def test_after_a_pause_nothing_older_than_one_period_comes() -> None:
    """Though the mark lies further back."""
    found = judge(placed(1, hours=30), placed(2), mark=Mark(seq=0, at=AT - 9 * DAY), not_before=AT - DAY)

    assert reasons(found)[1] == "older than one period, after a pause"
    assert shown(found) == [2]


def test_a_link_repeats_nothing_that_an_alert_has_brought() -> None:
    """What a faster digest carries has come by the end of this edition's window, wherever this digest's own mark is."""
    alerted, linked = placed(1, "world"), placed(2, "sport")
    alerts = Choice(sections=(("world", ("breaking",)), ("sport", ("daily",))), language="en")

    both = [
        [link.id for link in entries(judge(near(linked, alerted), choice=choice))[0].related]
        for choice in (alerts, of_sport_alone(alerts))
    ]

    assert both == [[], [alerted.article.id]]


def of_sport_alone(choice: Choice) -> Choice:
    """Return the choice of a reader of Sport alone, to whom the linked article is new."""
    return Choice(sections=choice.sections[1:], language=choice.language)


def test_of_an_articles_numbers_the_least_counts() -> None:
    """Whoever reads two sections of it had it when it came into the first; also when it has left that one since."""
    for left in (False, True):
        first, then = Placing(seq=10, backlog=False, left=left), Placing(seq=200, backlog=False)
        for placings in ({"world": first, "sport": then}, {"sport": first, "world": then}):
            moved = replace(placed(1), placings=placings)

            assert reasons(judge(moved, mark=Mark(seq=15, at=AT - DAY))) == {1: "the reader's last edition covers it"}


def test_a_pause_ends_what_was_published_at_that_very_moment() -> None:
    """The period that comes begins after it."""
    found = judge(placed(1, hours=24), placed(2, hours=23.9), not_before=AT - DAY)

    assert shown(found) == [2]
