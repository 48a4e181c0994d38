"""List the time zones that people choose from."""

from functools import lru_cache
from zoneinfo import available_timezones

_REGIONS = (
    "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific",
)  # fmt: skip


@lru_cache(maxsize=1)
def zone_groups() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Return each region with its zones as (name, what is shown of it)."""
    found = sorted(available_timezones())
    groups = [
        (region, tuple((name, _shown(name)) for name in found if name.startswith(f"{region}/"))) for region in _REGIONS
    ]
    return (*groups, ("UTC", (("UTC", "UTC"),)))


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Return the zones that are on the list."""
    return frozenset(name for _, zones in zone_groups() for name, _ in zones)


def _shown(name: str) -> str:
    return name.partition("/")[2].replace("_", " ").replace("/", " – ")
