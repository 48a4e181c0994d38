"""Find the sections an article belongs to, by the configured rules and by names the sources use."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from syndicate.core.slugs import slugify
from syndicate.model import Section

# Paths of ours, and what we may want: an automatic section never takes one.
_RESERVED = (
    "all admin api archive article articles assets atom bounces collect confirm delivery demo digest digests edition editions feed"
    " feeds health healthz hooks hub inbox index json login logout metrics news-sitemap opml preferences privacy readyz robots"
    " rss search section sections settings sitemap static status subscribe subscribers unsubscribe well-known www"
)
RESERVED = frozenset(_RESERVED.split())
_LONGEST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionRule:
    """A configured section and the globs of the names that belong to it."""

    section: Section
    match: tuple[str, ...]


def assign(
    labels: Iterable[str], *, rules: tuple[SectionRule, ...], auto: bool, known_auto: Mapping[str, str]
) -> tuple[Section, ...]:
    """Return the sections of an article with these labels: configured ones in their order, then automatic ones.

    A label may be in several configured sections. One that is in none gets a section of its own when `auto`; `known_auto` maps
    the labels met before (as `label_key` spells them) to the slugs they got, and those they keep. An article without labels is
    in no section, unless a rule matches everything.
    """
    labels = tuple(labels)
    found: dict[str, Section] = {}
    strays: list[str] = []
    for rule in rules:
        if any(_matches(rule, label) for label in labels or ("",)):
            found[rule.section.slug] = rule.section
    if auto:
        strays = [label for label in labels if label_key(label) and not any(_matches(rule, label) for rule in rules)]
    taken = {rule.section.slug for rule in rules} | set(known_auto.values())
    fresh: dict[str, str] = {}
    for label in strays:
        key = label_key(label)
        slug = known_auto.get(key) or fresh.get(key)
        if slug is None:
            slug = fresh[key] = free_slug(slugify(label), taken=taken)
            taken.add(slug)
        found.setdefault(slug, Section(slug=slug, title=label))
    return tuple(found.values())


def label_key(label: str) -> str:
    """Return a label as it is compared: composed, without case, spaces collapsed."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", label).casefold())
    return " ".join(folded.split())


def free_slug(slug: str, *, taken: Iterable[str]) -> str:
    """Return a slug that is neither reserved nor taken, by adding -2, -3 and so on."""
    occupied = RESERVED | frozenset(taken)
    number, candidate = 1, slug
    while candidate in occupied:
        number += 1
        ending = f"-{number}"
        candidate = slug[: _LONGEST - len(ending)].rstrip("-") + ending
    return candidate


def _matches(rule: SectionRule, label: str) -> bool:
    key = label_key(label)
    return any(fnmatchcase(key, label_key(glob)) for glob in rule.match)
