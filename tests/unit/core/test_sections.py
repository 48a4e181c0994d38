"""Articles find their sections; automatic ones get slugs that never clash and never change."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate.core.sections import RESERVED, SectionRule, assign, label_key
from syndicate.core.slugs import slugify, title_of
from syndicate.model import Section

WORLD = SectionRule(section=Section(slug="world", title="World"), match=("World", "world/*"))
SPORT = SectionRule(section=Section(slug="sport", title="Sport"), match=("sports?", "*ball"))
RULES = (WORLD, SPORT)


def slugs(
    *labels: str, rules: tuple[SectionRule, ...] = RULES, auto: bool = True, known_auto: dict[str, str] | None = None
) -> list[str]:
    """Return the slugs of an article with these labels."""
    return [section.slug for section in assign(labels, rules=rules, auto=auto, known_auto=known_auto or {})]


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (("World",), ["world"]),
        (("WORLD",), ["world"]),
        (("  world ",), ["world"]),
        (("world/asia",), ["world"]),
        (("Handball", "World"), ["world", "sport"]),
        (("World", "world/asia"), ["world"]),
        (("Arts & Culture",), ["arts-and-culture"]),
        (("Worldly",), ["worldly"]),
        ((), []),
        (("Culture", "culture"), ["culture"]),
    ],
)
def test_labels_find_sections(labels: tuple[str, ...], expected: list[str]) -> None:
    """Configured sections match by glob, without regard to case; other labels get their own."""
    assert slugs(*labels) == expected


def test_composed_and_decomposed_labels_are_one() -> None:
    """The same name typed in two ways is the same section."""
    rule = SectionRule(section=Section(slug="economie", title="Économie"), match=("Économie",))

    assert slugs("E\u0301CONOMIE", rules=(rule,)) == ["economie"]


def test_without_auto_strays_are_in_none() -> None:
    """Where automatic sections are off, a label that matches nothing is passed over."""
    assert slugs("Culture", auto=False) == []


def test_rule_for_all_takes_articles_without_label() -> None:
    """A glob of everything matches an article that has no label."""
    rule = SectionRule(section=Section(slug="news", title="News"), match=("*",))

    assert slugs(rules=(rule,)) == ["news"]


def test_reserved_and_taken_slugs_get_numbers() -> None:
    """Neither our own paths nor configured or earlier sections lose their slug to a new label."""
    assert slugs("Feeds", "World!", "Sport?") == ["feeds-2", "world-2", "sport-2"]
    assert slugs("Ünder", known_auto={"under": "under"}) == ["under-2"]
    assert slugs("Culture!", "Culture?") == ["culture", "culture-2"]


def test_automatic_section_keeps_its_slug() -> None:
    """What a label once got, it keeps, even where a fresh one would be another."""
    assert slugs("Culture", known_auto={label_key("culture"): "culture-7"}) == ["culture-7"]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Politik & Gesellschaft", "politik-and-gesellschaft"),
        ("Österreich", "osterreich"),
        ("Straße", "strasse"),
        ("Łódź", "lodz"),
        ("Политика", "politika"),
        ("Ελλάδα", "ellada"),
        ("רכב", "rkb"),
        ("رياضة", "ryada"),
        ("국제", "gugje"),
        ("スポーツ", "supotu"),
        ("हिन्दी", "hindi"),
        ("खेल समाचार", "khel-samachar"),
        ("मुंबई और दुनिया", "mumbai-aur-duniya"),
        ("बाज़ार २०२६", "bazar-2026"),
        ("विश्व", "vishva"),
        ("তামিল ৎ", "tamil-t"),
        ("ক্রীড়া", "krida"),
        ("தமிழ்", "tamizh"),
        ("తెలుగు", "telugu"),
        ("ಕನ್ನಡ", "kannada"),
        ("മലയാളം", "malayalam"),
        ("ગુજરાતી", "gujarati"),
        ("ਪੰਜਾਬੀ", "panjabi"),
        ("Don’t miss", "dont-miss"),
        ("a" * 80, "a" * 60),
        ("word " * 20, "word-word-word-word-word-word-word-word-word-word-word-word"),
    ],
)
def test_slugs_are_spelled(name: str, slug: str) -> None:
    """Names of many scripts become readable slugs."""
    assert slugify(name) == slug


def test_name_that_cannot_be_spelled_gets_a_stable_slug() -> None:
    """Chinese names get a digest of themselves, each another."""
    assert slugify("世界") == slugify("世界") == "section-a6422b1f"
    assert slugify("体育") != slugify("世界")


@settings(deadline=None)  # the machine may be busy
@given(st.lists(st.text(max_size=30), max_size=6))
def test_slugs_are_legal_and_free(labels: list[str]) -> None:
    """Whatever the labels, slugs are legal, not ours, and no two names of different keys share one."""
    found = assign(labels, rules=RULES, auto=True, known_auto={})

    assert all(re.fullmatch(r"[a-z0-9-]{1,60}", section.slug) for section in found)
    assert not {section.slug for section in found} & RESERVED
    assert len({section.slug for section in found}) == len(found)


def test_a_name_makes_a_title() -> None:
    """With capitals, unless it has its own."""
    assert title_of("harbour-gazette") == title_of("harbour_gazette") == "Harbour Gazette"
    assert title_of("ANP") == "ANP"
    assert title_of("Evening-Post") == "Evening Post"
