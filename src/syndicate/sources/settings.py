"""Read the settings that a source is made with."""

from collections.abc import Mapping


def text_of(settings: Mapping[str, object], key: str) -> str:
    """Return a setting as text, spelled with - or _; empty when it is not set."""
    value = settings.get(key.replace("-", "_")) or settings.get(key.replace("_", "-"))
    return "" if value is None else str(value)
