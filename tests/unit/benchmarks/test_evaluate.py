"""The evaluation takes whatever sets a folder has, and says what was reached."""

import gzip
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from benchmarks.evaluate import main
from benchmarks.goals import GOALS, verdicts

BODY = (
    "HARWICK (Northern Wire) -- The harbour council voted on Tuesday to rebuild the old lighthouse at Harwick Point. "
    "The work will cost 2.4 million crowns and begin in spring, the mayor said. "
    "Residents had collected 9,000 signatures for rebuilding the lighthouse."
)


def write(file: Path, *records: Mapping[str, object]) -> None:
    """Write a set as it is published: gzipped lines."""
    file.write_bytes(gzip.compress("".join(json.dumps(record) + "\n" for record in records).encode()))


def test_a_folder_with_one_set_of_any_name_is_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Sets that are absent are left out, one with another name is measured, null fields do no harm."""
    record = {"id": "a", "title": None, "body": BODY, "published": None, "cluster": None}
    write(tmp_path / "cnndm.jsonl.gz", record | {"summary": "Council votes to rebuild the lighthouse."})
    write(
        tmp_path / "another.jsonl.gz",
        record | {"summary": "The lighthouse is rebuilt.", "refs": ["A lighthouse.", "One."]},
    )
    write(tmp_path / "cnndm_test200.jsonl.gz", record | {"summary": "The council votes.", "refs": ["A vote.", "One."]})
    write(tmp_path / "unlabelled.jsonl.gz", record)

    main([str(tmp_path), "--out", str(tmp_path / "build" / "eval.json")])

    rows = json.loads((tmp_path / "build" / "eval.json").read_text())
    assert rows["cnndm, ~65 words (1)"]["R1"] > 20
    assert rows["another, one sentence, one reference (1)"]["R1"] > 20
    assert rows["all summaries (3)"]["verbatim %"] == 100
    assert not any("unlabelled" in name or "related" in name for name in rows)
    printed = capsys.readouterr().out
    assert "CNN, ~65 words: R1" in printed
    assert "CNN/DM mix, ~65 words: R1" in printed
    assert "XSum" not in printed
    prediction = json.loads((tmp_path / "build" / "eval" / "cnndm.standfirst.jsonl").read_text())
    assert prediction["summary"] in BODY


def test_an_empty_folder_is_said_to_be_one(tmp_path: Path) -> None:
    """Nothing to measure is no success."""
    with pytest.raises(SystemExit, match="no labelled set"):
        main([str(tmp_path), "--out", str(tmp_path / "eval.json")])


def test_a_figure_reaches_its_goal_its_floor_or_neither() -> None:
    """Where less is better a small figure reaches the goal."""
    rows = {
        "cnndm, ~65 words (520)": {"R1": 31.8, "R2": 11.5},
        "all summaries (9)": {"processor ms": 3.5, "over 80 %": 0.0, "with repeats": 1.0, "verbatim %": 100.0},
    }

    reached = {goal.what: verdict for goal, _, verdict in verdicts(rows)}

    assert reached == {
        "CNN, ~65 words: R1": "goal",
        "CNN, ~65 words: R2": "below",
        "summaries: verbatim %": "goal",
        "summaries: with repeats": "below",
        "summaries: over 80 words, %": "goal",
        "summaries: processor ms": "floor",
    }
    assert len({goal.what for goal in GOALS}) == len(GOALS)
