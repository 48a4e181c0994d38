"""Hold what was measured against the floors and goals that were set for it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A figure of a row of the report, the least it must be, and what it should be; `less` when less is better."""

    what: str
    row: str  # how the row's name begins
    key: str
    floor: float
    goal: float
    less: bool = False


def _goals(what: str, row: str, **bounds: tuple[float, float]) -> tuple[Goal, ...]:
    return tuple(
        Goal(what=f"{what}: {key}", row=row, key=key, floor=floor, goal=goal)
        for name, (floor, goal) in bounds.items()
        for key in (name.replace("_at_", "@"),)
    )


GOALS = (
    *_goals("CNN, ~65 words", "cnndm, ~65 words (", R1=(30.5, 31.8), R2=(11.6, 12.6)),
    *_goals("CNN/DM mix, ~65 words", "mix, ~65 words, one reference (", R1=(38.7, 40.2), R2=(16.3, 17.6)),
    *_goals("CNN, one sentence", "cnndm, one sentence (", R1=(28.3, 30.0)),
    *_goals("DM, one sentence", "dm_train200, one sentence (", R1=(30.3, 32.0)),
    *_goals("XSum, one sentence", "xsum, one sentence (", R1=(18.0, 20.0)),
    Goal(what="summaries: verbatim %", row="all summaries", key="verbatim %", floor=100, goal=100),
    Goal(what="summaries: with repeats", row="all summaries", key="with repeats", floor=0, goal=0, less=True),
    Goal(what="summaries: over 80 words, %", row="all summaries", key="over 80 %", floor=4, goal=0, less=True),
    Goal(what="summaries: processor ms", row="all summaries", key="processor ms", floor=10, goal=3, less=True),
    *_goals(
        "related, full text",
        "events, full text: ranking",
        cP_at_3=(0.895, 0.92),
        R_at_5=(0.865, 0.89),
        nDCG_at_10=(0.918, 0.935),
    ),
    *_goals(
        "related, title + 40 words",
        "events, title + 40 words: ranking",
        cP_at_3=(0.855, 0.895),
        nDCG_at_10=(0.875, 0.915),
    ),
    *_goals(
        "links shown", "events and fnc_claims, full text: links shown", precision=(0.92, 0.95), recall=(0.86, 0.88)
    ),
    Goal(
        what="links shown: any when none",
        row="events and fnc_claims, full text: links shown",
        key="any when none",
        floor=0.17,
        goal=0.08,
        less=True,
    ),
    *_goals("same story twice", "neardup: the same story twice", precision=(0.97, 0.99), recall=(0.97, 0.99)),
)


def verdicts(rows: Mapping[str, Mapping[str, float]]) -> list[tuple[Goal, float, str]]:
    """Return each goal that was measured with its figure and what was reached: `goal`, `floor` or `below`."""
    found = []
    for goal in GOALS:
        for name, figures in rows.items():
            if name.startswith(goal.row) and goal.key in figures:
                found.append((goal, figures[goal.key], _reached(goal, figures[goal.key])))
    return found


def _reached(goal: Goal, value: float) -> str:
    sign = -1 if goal.less else 1
    if sign * value >= sign * goal.goal:
        return "goal"
    return "floor" if sign * value >= sign * goal.floor else "below"
