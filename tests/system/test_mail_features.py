"""Our mail uses nothing that is not on our list, and the list knows where "Can I email" says it is not supported."""

import json
import re
import tomllib
from collections import defaultdict
from pathlib import Path

import html5lib
import pytest

from tests.mail_gallery import gallery
from tests.mail_samples import bodies, parsed

pytestmark = pytest.mark.system

HERE = Path(__file__).parent
LIST: dict[str, dict[str, dict[str, str]]] = tomllib.loads((HERE / "mail_features.toml").read_text(encoding="utf-8"))
LARGE = ("gmail", "apple-mail", "outlook", "yahoo", "samsung-email", "thunderbird")
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")


def used() -> dict[str, set[str]]:
    """Return kind of feature → what the gallery's pages use of it."""
    found: dict[str, set[str]] = defaultdict(set)
    for raw in gallery().values():
        page = html5lib.parse(bodies(parsed(raw))[0], namespaceHTMLElements=False)
        for element in page.iter():
            if isinstance(element.tag, str):
                found["elements"].add(element.tag)
                found["attributes"] |= set(element.attrib)
                note_declarations(element.get("style") or "", found)
        for sheet in page.iter("style"):
            note_sheet(sheet.text or "", found)
    return found


def note_sheet(css: str, found: dict[str, set[str]]) -> None:
    """Add what a style element uses."""
    for query in re.findall(r"@([^{]*)\{", css):
        assert query.startswith("media "), query
        found["media"] |= set(re.findall(r"\(([a-z-]+):", query))
    for selectors, declarations in RULE.findall(re.sub(r"@media[^{]*\{", "", css)):
        note_declarations(declarations, found)
        if "," in selectors:
            found["selectors"].add("grouping")
        for selector in selectors.split(","):
            parts = selector.split()
            found["selectors"] |= {"descendant"} if len(parts) > 1 else set()
            found["selectors"] |= {kind_of(part) for part in parts}


def kind_of(part: str) -> str:
    """Return what kind of selector one compound of it is, or the compound itself when it is none we know."""
    kinds = {r"[a-z][a-z0-9]*": "type", r"\.[a-z]+": "class", r"\[[a-z-]+\]": "attribute"}
    return next((kind for pattern, kind in kinds.items() if re.fullmatch(pattern, part)), part)


def note_declarations(css: str, found: dict[str, set[str]]) -> None:
    """Add the properties and the units of declarations."""
    for declaration in filter(str.strip, css.split(";")):
        name, _, value = declaration.partition(":")
        found["properties"].add(name.strip())
        found["values"] |= set(re.findall(r"(?<=\d)(?:[a-z]+|%)(?![\w'])", re.sub(r"#[0-9a-f]+", "", value)))
        found["values"] |= set(re.findall(r"!\w+|[a-z-]+(?=\()", value))


@pytest.mark.parametrize("kind", sorted(LIST))
def test_only_what_is_listed_is_used_and_nothing_listed_is_unused(kind: str) -> None:
    """Elements, attributes, properties, selectors, media features, units and functions."""
    assert used()[kind] == set(LIST[kind])


def test_where_a_thing_is_not_supported_the_list_says_what_is_seen() -> None:
    """By the data of Can I email: what a large program lacks has its `else`, and what all have needs none."""
    data = HERE / "npm" / "node_modules" / "caniemail" / "data" / "caniemail.json"
    assert data.exists(), "the data of Can I email is missing; `make test-system` installs it"
    pages = {page["slug"]: page["stats"] for page in json.loads(data.read_text(encoding="utf-8"))["data"]}

    for name, feature in [one for kind in LIST.values() for one in kind.items()]:
        if feature["at"]:
            newest = [
                [*versions.values()][-1]
                for family, programs in pages[feature["at"]].items()
                if family in LARGE
                for versions in programs.values()
            ]
            assert any(support.startswith("n") for support in newest) == ("else" in feature), name
