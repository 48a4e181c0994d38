"""Every article comes to a reader once, whichever digest brings it: alerts that take some tags and fall silent, and a daily."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from syndicate.core.candidates import Candidates
from syndicate.core.digest import compose
from syndicate.core.ranking import DigestRules
from syndicate.core.window import Cohort, Window, lane_of
from syndicate.model import Cadence, Choice, Mark, Placed, Placing
from tests.mail_samples import article
from tests.marks import moved

START = datetime(2026, 5, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)
SECTIONS = ("world", "sport", "city")
ORDER = {"breaking": 0, "daily": 1}
TAGS = {"breaking": frozenset({"breaking"})}


def rules(name: str, cadence: Cadence, *, tags: bool) -> DigestRules:
    """Return the rules of a digest without limits."""
    return DigestRules(
        name=name, title=name, cadence=cadence, max_items=1000, min_items=1, best_of=False, order=ORDER, titles={},
        tags=TAGS if tags else {},
    )  # fmt: skip


@dataclass
class Reader:
    """One reader's marks and what came to him, as the ledger would keep them."""

    choice: Choice
    tags: bool
    marks: dict[str, Mark] = field(default_factory=lambda: dict.fromkeys(ORDER, Mark(seq=0, at=START)))
    came: list[str] = field(default_factory=list)

    def get(self, name: str, stock: list[Placed], now: datetime, *, silent: bool) -> None:
        """Let an edition go to him; a daily brings what silent alerts owe, and moves his mark there."""
        window = Window(to_seq=len(stock) * 10, first_from=now - 24 * HOUR, at=now)
        held = (("breaking", self.marks["breaking"]),) if silent and name == "daily" else ()
        cohort = Cohort(choice=self.choice, mark=self.marks[name], held=held)
        cadence = Cadence.INSTANT if name == "breaking" else Cadence.DAILY
        digest = compose(
            Candidates(stock),
            rules=rules(name, cadence, tags=self.tags),
            cohort=cohort,
            window=window,
            day=date(2026, 5, 4),
        )
        if digest is None:
            return
        entries = (digest.lead, *(entry for group in digest.groups for entry in group.entries))
        self.came += [entry.article.id for entry in entries]
        for moving in (name, *(digest_name for digest_name, _ in held)):
            self.marks[moving] = moved(self.marks[moving], window)


choices = st.dictionaries(
    st.sampled_from(SECTIONS),
    st.sampled_from([("breaking",), ("daily",), ("breaking", "daily")]),
    min_size=1,
).map(lambda found: Choice(sections=tuple(found.items()), language="en"))
articles = st.tuples(st.just("article"), st.sets(st.sampled_from(SECTIONS), min_size=1), st.booleans())
editions = st.tuples(st.just("edition"), st.sampled_from(["breaking", "daily"]), st.booleans())


@given(choice=choices, tags=st.booleans(), events=st.lists(st.one_of(articles, editions), max_size=25))
def test_every_article_comes_once(
    choice: Choice, tags: bool, events: list[tuple[str, set[str], bool] | tuple[str, str, bool]]
) -> None:
    """If any of his digests takes it; never twice, and nothing is left over once both have gone."""
    reader, stock, now = Reader(choice=choice, tags=tags), list[Placed](), START
    for kind, what, flag in [*events, ("edition", "breaking", False), ("edition", "daily", False)]:
        now += HOUR
        if kind == "article":
            number = len(stock) + 1
            found = article(number, published=now, title=f"Story {number}")
            placings = {slug: Placing(seq=number * 10, backlog=False) for slug in what}
            stock.append(Placed(article=found, placings=placings, tags=("breaking",) if flag else ()))
        elif what == "daily" or not flag:  # a silent alert does not go
            reader.get(str(what), stock, now, silent=flag)

    wanted = [
        one.article.id
        for one in stock
        if lane_of(choice, one.placings, ORDER, tags=one.tags, only=TAGS if tags else {}) is not None
    ]
    assert sorted(reader.came) == sorted(wanted)
