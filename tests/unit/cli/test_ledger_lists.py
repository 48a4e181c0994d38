"""Lists of the ledger tell all that there is, or that there is more."""

import json
import sqlite3
from pathlib import Path

import pytest

from tests.unit.cli.test_pauses import CONFIG, run

STATES = (4, 4, 3, 8, 8, 8)


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """Return the folder of a newsroom with one edition that is open and went to six readers."""
    (tmp_path / "syndicate.toml").write_text(CONFIG, encoding="utf-8")
    run(tmp_path, "status")
    with sqlite3.connect(tmp_path / "syndicate.db") as database:
        database.execute(
            "INSERT INTO rhythm (id, zone, minute, weekdays, quiet_from, quiet_to) VALUES (9, 'UTC', 420, 127, -1, -1)"
        )
        database.execute(
            "INSERT INTO edition (id, digest, rhythm, slot, at, to_seq, state, planned_at, stale_at) "
            "VALUES (1, 'daily', 9, '2026-05-04', '2026-05-04', 1, 'open', '2026-05-04', '2026-05-04')"
        )
        for number, state in enumerate(STATES, start=1):
            database.execute(
                "INSERT INTO subscriber (id, public_id, email, email_key, state, timezone, language, created_at) "
                f"VALUES ({number}, 'p{number}', 'r{number}@x.example', 'k{number}', 'confirmed', 'UTC', 'en', '2026-05-04')"
            )
            database.execute(
                f"INSERT INTO delivery (edition, subscriber, variant, state) VALUES (1, {number}, 0, {state})"
            )
    return tmp_path


def test_editions_show_every_state_that_there_is(ledger: Path) -> None:
    """In the table those with deliveries, in JSON all."""
    table = run(ledger, "editions", "list").stdout
    (facts,) = json.loads(run(ledger, "editions", "list", "--json").stdout)

    assert "2 accepted, 1 uncertain, 3 unreached" in table
    assert (facts["accepted"], facts["unreached"], facts["suppressed"]) == (2, 3, 0)


@pytest.mark.parametrize(("limit", "shown", "more"), [(3, 3, True), (4, 4, False), (9, 4, False)])
def test_a_list_of_deliveries_says_when_there_are_more(ledger: Path, limit: int, shown: int, more: bool) -> None:
    """On standard error, so that what is printed stays a list."""
    result = run(ledger, "deliveries", "list", "--missed", "--limit", str(limit), "--json")

    assert len(json.loads(result.stdout)) == shown
    assert ("and there are more" in result.stderr) is more
    assert json.loads(result.stdout)[-1]["note"] == "stale before his turn"
