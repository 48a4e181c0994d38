"""Who else tells a story."""

from syndicate.core.elsewhere import Elsewhere, elsewhere
from syndicate.model import AlsoAt
from tests.mail_samples import article

OURS = article(1, title="Bridge shut", source="newsroom", url="https://news.example/1")
NAMES = {"newsroom": "The Daily Example", "harbour": "Harbour Gazette", "wire": "Northern Wire"}


def at(source: str, title: str = "Bridge shut", url: str | None = None) -> AlsoAt:
    """Return a link."""
    return AlsoAt(url=url or f"https://{source}.example/{len(title)}", title=title, source=source)


def told(*links: AlsoAt) -> list[tuple[str, str]]:
    """Return the title and the source of what is shown of these."""
    return [(one.title, one.source) for one in elsewhere(links, article=OURS, names=NAMES)]


def test_a_headline_is_followed_by_who_has_it() -> None:
    """By the name that the configuration gives the source."""
    assert elsewhere([at("harbour", "Traders fear for spring")], article=OURS, names=NAMES) == (
        Elsewhere(url="https://harbour.example/23", title="Traders fear for spring", source="Harbour Gazette"),
    )


def test_our_own_headline_is_not_repeated() -> None:
    """Nor one that another link has already: then there is only who has it."""
    assert told(at("harbour"), at("wire", " bridge  SHUT")) == [("Harbour Gazette", ""), ("Northern Wire", "")]
    assert told(at("harbour", "Traders fear"), at("wire", "Traders fear")) == [
        ("Traders fear", "Harbour Gazette"),
        ("Northern Wire", ""),
    ]


def test_the_same_name_and_headline_stand_once() -> None:
    """The first of them."""
    twice = [at("wire", url=f"https://wire.example/{n}") for n in (1, 2)]

    assert [one.url for one in elsewhere(twice, article=OURS, names=NAMES)] == ["https://wire.example/1"]


def test_one_source_with_several_hosts_is_named_by_them() -> None:
    """A store may hold what several papers have."""
    assert told(at("newsroom", url="https://www.post.example/9")) == [("post.example", "")]
    assert told(at("", url="https://post.example/9")) == [("post.example", "")]


def test_our_own_paper_is_not_named() -> None:
    """Another headline of ours stands alone; the same headline is left out."""
    assert told(at("newsroom", "Bridge shut until spring", url="https://news.example/2")) == [
        ("Bridge shut until spring", "")
    ]
    assert told(at("newsroom", url="https://news.example/2")) == []


def test_without_a_headline_there_is_a_name() -> None:
    """And without either, or an address that is none, nothing."""
    assert told(at("wire", "")) == [("Northern Wire", "")]
    assert told(AlsoAt(url="https://[bad", title="", source="")) == []
