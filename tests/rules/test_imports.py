"""The rules on imports hold, and bite."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
LINT = "from importlinter.cli import lint_imports; import sys; sys.exit(lint_imports(config_filename='pyproject.toml'))"
TRESPASSES = {
    "core/stray.py": "from syndicate.clock import SystemClock\n",
    "core/random_choice.py": "import random\n",
    "formats/stray.py": "import sqlalchemy\n",
    "flows/stray.py": "from syndicate.app import App\n",
    "storage/stray.py": "from syndicate.flows.plan import Planning\n",
    "sources/sql.py": "from syndicate.sources.files import FilesSource\n",
    "utils.py": "\n",
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Check the imports of the package below a folder."""
    return subprocess.run(
        [sys.executable, "-P", "-c", LINT],
        cwd=folder,
        env={"PYTHONPATH": str(folder / "src")},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the source to trespass in."""
    folder = tmp_path_factory.mktemp("rules")
    shutil.copytree(TOP / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__", "*.jpg"))
    shutil.copy(TOP / "pyproject.toml", folder)
    return folder


def test_imports_point_down(copy: Path) -> None:
    """No room knows one above it, and what decides knows no clock, no settings, no I/O, no log and no chance."""
    result = lint(copy)

    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("name", TRESPASSES)
def test_a_trespass_is_noticed(copy: Path, name: str) -> None:
    """Each rule fails the check when it is broken, and a stray module does."""
    file = copy / "src" / "syndicate" / name
    before = file.read_text("utf-8") if file.exists() else None
    file.write_text((before or '"""A trespass."""\n') + TRESPASSES[name], "utf-8")
    try:
        assert lint(copy).returncode != 0
    finally:
        if before is None:
            file.unlink()
        else:
            file.write_text(before, "utf-8")


def test_every_module_says_its_one_job() -> None:
    """The first line of every module is a sentence."""
    modules = [path for path in (TOP / "src" / "syndicate").rglob("*.py") if "versions" not in path.parts]

    assert [path.name for path in modules if not path.read_text("utf-8").startswith('"""')] == []
