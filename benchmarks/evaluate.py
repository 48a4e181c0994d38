"""Measure summaries, related links and same-story flags on a labelled corpus: python -m benchmarks.evaluate DIR --out FILE."""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.corpus import Article, articles, names, pairs
from benchmarks.goals import verdicts
from benchmarks.plain import correlations
from benchmarks.ranking import Answer, copies, groups, ranking, shown
from benchmarks.summaries import Made, honesty, rouge, split
from syndicate.core.language import detect
from syndicate.core.related import RelatedIndex
from syndicate.core.summary import summarise
from syndicate.core.terms import Terms

_MIX = ("cnndm_test200", "dm_train200")
_FILLER = ("reuters_distractors_0", "reuters_distractors_1")
_OPENING_WORDS = 40

Figures = dict[str, float]


@dataclass(slots=True)
class Report:
    """What was measured, printed as it comes."""

    out: Path
    rows: dict[str, Figures] = field(default_factory=dict)

    def row(self, name: str, figures: Figures) -> None:
        """Keep a row, and print it."""
        if figures:
            self.rows[name] = figures
            shown_figures = "  ".join(f"{key} {_number(value)}" for key, value in figures.items())
            print(f"{name:<54} {shown_figures}", flush=True)

    def predictions(self, name: str, lines: Sequence[dict[str, object]]) -> None:
        """Write predictions beside the report, one JSON object a line."""
        folder = self.out.parent / self.out.stem
        folder.mkdir(parents=True, exist_ok=True)
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")

    def save(self) -> None:
        """Write all rows as one JSON document."""
        self.out.parent.mkdir(parents=True, exist_ok=True)
        self.out.write_text(json.dumps(self.rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure everything the folder has labels for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=Path("build/eval.json"))
    chosen = parser.parse_args(arguments)
    report = Report(chosen.out)
    measure_summaries(chosen.folder, report)
    measure_related(chosen.folder, report)
    measure_copies(chosen.folder, report)
    for name in ("pairs_en", "pairs_other_lang"):
        for language, figures in correlations(pairs(chosen.folder, name)).items():
            report.row(f"{name}, {language}: correlation with people", figures)
    if not report.rows:
        sys.exit(f"{chosen.folder}: no labelled set here; see benchmarks/corpus.py for what one is")
    report.save()
    print(f"\n{'against what was set':<54} {'ours':>7} {'floor':>7} {'goal':>7}  reached")
    for goal, value, reached in verdicts(report.rows):
        print(f"{goal.what:<54} {value:7.3f} {goal.floor:7g} {goal.goal:7g}  {reached}")
    print(f"written: {chosen.out} and {chosen.out.parent / chosen.out.stem}/")


def measure_summaries(folder: Path, report: Report) -> None:
    """Score summaries of about 65 words and of one sentence, LEAD-3 and the first sentence beside them, of every set that has some."""
    made: dict[str, tuple[list[Made], list[Made]]] = {}
    spent = 0.0
    for name in names(folder):
        found = [article for article in articles(folder, name) if article.summary]
        if not found:
            continue
        long, short, milliseconds = _summaries(found)
        made[name] = (long, short)
        spent += milliseconds * len(long)
        report.predictions(f"{name}.summary", [{"id": one.article.id, "summary": one.text} for one in long])
        report.predictions(f"{name}.standfirst", [{"id": one.article.id, "summary": one.text} for one in short])
        _summary_rows(report, name, long, short)
        report.row(f"{name}: honesty of summaries", {**honesty(long), "processor ms": milliseconds})
        report.row(f"{name}: honesty of standfirsts", honesty(short))
    together = [one for long, _ in made.values() for one in long]
    if together:
        report.row(f"all summaries ({len(together)})", {**honesty(together), "processor ms": spent / len(together)})
    if mixed := [made[name] for name in _MIX if name in made]:
        _summary_rows(report, "mix", *([one for pair in mixed for one in pair[i]] for i in (0, 1)))


def _summary_rows(report: Report, name: str, long: Sequence[Made], short: Sequence[Made]) -> None:
    several = any(len(one.article.references) > 1 for one in long)
    for label, references in (("", lambda a: a.references), (", one reference", lambda a: (a.summary,))):
        if label and not several:
            continue
        for what, ours, first in (("~65 words", long, 3), ("one sentence", short, 1)):
            lead = [Made(article=one.article, text=" ".join(split(one.article.body)[:first])) for one in ours]
            theirs = rouge(lead, references=references)
            figures = rouge(ours, references=references)
            figures |= {f"LEAD-{first} R1": theirs["R1"], f"LEAD-{first} R2": theirs["R2"]}
            report.row(f"{name}, {what}{label} ({len(ours)})", figures)


def _summaries(found: Sequence[Article]) -> tuple[list[Made], list[Made], float]:
    long, short, times = [], [], []
    for article in found:
        started = time.process_time()
        language = detect(article.body, default="en")
        result = summarise(title=article.title, text=article.body, language=language)
        times.append((time.process_time() - started) * 1000)
        long.append(Made(article=article, text=result.summary))
        short.append(Made(article=article, text=result.standfirst))
    return long, short, statistics.fmean(times)


def measure_related(folder: Path, report: Report) -> None:
    """Rank and link events and claims, alone and among filler, in full and by title and opening alone."""
    filler = [article for name in _FILLER for article in articles(folder, name)]
    for opening, form in ((None, "full text"), (_OPENING_WORDS, f"title + {_OPENING_WORDS} words")):
        filling = [article.terms(opening=opening) for article in filler]
        pooled = []
        for name in ("events", "fnc_claims"):
            found = articles(folder, name)
            relevant = groups({article.id: article.cluster for article in found})
            ids = [article.id for article in (*found, *filler)]
            own = [article.terms(opening=opening) for article in found]
            for terms, among in ((own, ""), (own + filling, " among filler")):
                if not found or (among and not filler):
                    continue
                answers, milliseconds = answer(ids, terms, len(own))
                label = f"{name}{among}, {form}"
                report.row(f"{label}: ranking", {**ranking(answers, relevant), "ms": milliseconds})
                report.row(f"{label}: links shown", shown([(answers, relevant)]))
                _save_answers(
                    report, f"{name}{among.replace(' ', '-')}.{'full' if opening is None else 'opening'}", answers
                )
            if found:
                pooled.append((answers, relevant))
        if len(pooled) > 1:
            report.row(f"events and fnc_claims, {form}: links shown", shown(pooled))


def measure_copies(folder: Path, report: Report) -> None:
    """Score the flags for the same story told twice."""
    found = articles(folder, "neardup")
    if found:
        answers, milliseconds = answer([a.id for a in found], [a.terms() for a in found], len(found))
        _save_answers(report, "neardup", answers)
        figures = copies(answers, groups({article.id: article.story for article in found}))
        report.row("neardup: the same story twice", {**figures, "ms": milliseconds})


def answer(ids: Sequence[str], terms: Sequence[Terms], asked: int) -> tuple[dict[str, Answer], float]:
    """Index everything and ask for the first so many; return what was found, and the mean time of a question."""
    index = RelatedIndex()
    for key, one in enumerate(terms):
        index.add(key, one)
    answers: dict[str, Answer] = {}
    started = time.perf_counter()
    for key in range(asked):
        matches = index.find(terms[key], exclude=key)
        answers[ids[key]] = Answer(
            ranked=(),
            shown=tuple(ids[match.key] for match in matches if not match.same_story)[:5],
            copies=tuple(ids[match.key] for match in matches if match.same_story),
        )
    milliseconds = (time.perf_counter() - started) * 1000 / max(1, asked)
    for key in range(asked):
        ranked = tuple(ids[match.key] for match in index.find(terms[key], exclude=key, least=0.0))
        found = answers[ids[key]]
        answers[ids[key]] = Answer(ranked=ranked, shown=found.shown, copies=found.copies)
    return answers, milliseconds


def _save_answers(report: Report, name: str, answers: dict[str, Answer]) -> None:
    for kind in ("ranked", "shown"):
        lines: list[dict[str, object]] = [
            {
                "id": key,
                "related": list(found.ranked if kind == "ranked" else found.shown),
                "duplicates": list(found.copies),
            }
            for key, found in answers.items()
        ]
        report.predictions(f"{name}.{kind}", lines)


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() and abs(value) >= 1 else f"{value:.3f}"


if __name__ == "__main__":
    main()
