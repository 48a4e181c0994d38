"""Templates as they lie on the disk."""

from pathlib import Path

import pytest

from syndicate.errors import TemplateError
from syndicate.storage.templates import load_templates


def test_ours_are_found() -> None:
    """A checkout has them at its top, a wheel in the package."""
    assert "{{ words.language }}" in load_templates()._ours["layout.html"]


def test_operators_folder_is_laid_over_ours(tmp_path: Path) -> None:
    """Files of theirs are found by their names below the folder; other kinds of file are left alone."""
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "en.toml").write_text('unsubscribe = "Enough"', encoding="utf-8")
    (tmp_path / "notes.md").write_bytes(b"\xff")

    templates = load_templates(tmp_path)
    assert templates.words("en").say("unsubscribe") == "Enough"
    assert templates.words("en").say("view") == "View in browser"


def test_missing_folder_is_an_error(tmp_path: Path) -> None:
    """A setting that leads nowhere is not passed over."""
    with pytest.raises(TemplateError, match="not a folder"):
        load_templates(tmp_path / "nowhere")


def test_file_that_is_not_utf8_is_an_error(tmp_path: Path) -> None:
    """A template must be text."""
    (tmp_path / "digest.html").write_bytes(b"\xff\xfe")

    with pytest.raises(TemplateError, match="UTF-8"):
        load_templates(tmp_path)
