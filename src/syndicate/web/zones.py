"""List the time zones that people choose from."""

from functools import lru_cache
from zoneinfo import available_timezones

from markupsafe import Markup

_REGIONS = (
    "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific",
)  # fmt: skip
_OPTION, _CHOSEN = Markup('<option value="{}">{}</option>'), Markup('<option value="{}" selected>{}</option>')


@lru_cache(maxsize=256)
def zone_options(chosen: str) -> Markup:
    """Return the options of a select with every zone, by region; one that is on no list stands first if it is chosen."""
    groups = _groups()
    listed = any(chosen == name for _, zones in groups for name, _ in zones)
    parts = [] if listed else [_CHOSEN.format(chosen, chosen)]
    for region, zones in groups:
        options = Markup("").join((_CHOSEN if name == chosen else _OPTION).format(name, shown) for name, shown in zones)
        parts.append(Markup('<optgroup label="{}">{}</optgroup>').format(region, options))
    return Markup("\n").join(parts)


@lru_cache(maxsize=1)
def _groups() -> list[tuple[str, list[tuple[str, str]]]]:
    found = sorted(available_timezones())
    groups = [
        (region, [(name, _shown(name)) for name in found if name.startswith(f"{region}/")]) for region in _REGIONS
    ]
    return [*groups, ("UTC", [("UTC", "UTC")])]


def _shown(name: str) -> str:
    return name.partition("/")[2].replace("_", " ").replace("/", " – ")
