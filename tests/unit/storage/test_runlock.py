"""One `run` on one SQLite file."""

from pathlib import Path

import pytest

from syndicate.errors import AlreadyRunningError
from syndicate.storage.database import async_url
from syndicate.storage.runlock import only_run


def test_a_second_run_on_one_file_is_turned_away(tmp_path: Path) -> None:
    """With what to do about it; when the first is gone, however it went, the next may run."""
    url = async_url("sqlite:///syndicate.db", folder=tmp_path)
    with (
        only_run(url, wanted=True),
        pytest.raises(AlreadyRunningError, match="stop that one, or use PostgreSQL"),
        only_run(url, wanted=True),
    ):
        raise AssertionError("two at once")

    with only_run(url, wanted=True):
        assert (tmp_path / "syndicate.db.run-lock").exists()
