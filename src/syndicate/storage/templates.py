"""Read the mail templates from the disk: the operator's folder and ours."""

from pathlib import Path

import syndicate
from syndicate.core.templates import TemplateSet
from syndicate.errors import TemplateError

_SUFFIXES = frozenset({".html", ".txt", ".css", ".toml"})


def load_templates(folder: Path | None = None) -> TemplateSet:
    """Return our templates with those of an operator's folder laid over them. Raises TemplateError."""
    return TemplateSet(_read(_ours()), {} if folder is None else _read(folder))


def _ours() -> Path:
    """Return the folder inside the package, or in a checkout, which has none there, the one at its top."""
    package = Path(syndicate.__file__).resolve().parent
    inside = package / "templates" / "email"
    return inside if inside.is_dir() else package.parents[1] / "templates" / "email"


def _read(folder: Path) -> dict[str, str]:
    if not folder.is_dir():
        raise TemplateError(f"templates: {folder} is not a folder; name one that exists or leave the setting out")
    files = sorted(path for path in folder.rglob("*") if path.suffix in _SUFFIXES and path.is_file())
    try:
        return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in files}
    except (OSError, UnicodeDecodeError) as error:
        raise TemplateError(f"templates: a file in {folder} cannot be read: {error}; it must be UTF-8 text") from error
