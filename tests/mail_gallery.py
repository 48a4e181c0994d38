"""One message of each kind that we send, made of the demo's news: what validators, browsers and spam filters look at."""

from dataclasses import replace
from datetime import timedelta
from functools import cache

from syndicate.core.letters import Correction, Letters
from syndicate.core.plain import text_of
from syndicate.core.summary import summarise
from syndicate.demo.newsroom import Change, DemoArticle, load
from syndicate.model import (
    AlsoAt,
    Article,
    Cadence,
    ComposedDigest,
    DigestEntry,
    DigestGroup,
    Image,
    RelatedLink,
    Section,
)
from tests.mail_samples import MOMENT, SETTINGS, TOKEN, article, composer, digest, filled_bytes, our_templates

LETTERS = Letters(our_templates(), SETTINGS)
CONFIRM = f"https://feeds.news.example/confirm/{TOKEN}"
FRONT = ("meridian-star-aground", "karesh-quake-toll-rises", "cyclone-ines-landfall", "arabic-port-library",
         "confidence-vote-explained", "school-meals-bill-passes", "bank-raises-rate", "hallam-voss-bid",
         "comet-holt-arrend-found", "comet-japanese", "cup-final-report", "tour-stage-six")  # fmt: skip
# What a hurried desk, a broken import or a joker calls an article; none of it may break a page or look like spam of ours.
UGLY = (
    "DONAUDAMPFSCHIFFFAHRTSGESELLSCHAFTSKAPITÄNSMÜTZENABZEICHENVERORDNUNGSENTWURFSBERATUNGSPROTOKOLL",
    "\"><script>alert(1)</script> & <b>Tom & Jerry's</b> &amp; co.",
    "שר האוצר: 12% (ולא 21%) — Treasury says “no” to A/B",
    "https://news.example/a/very/long/address/that/somebody/pasted/into/the/headline?and=forgot&to=replace",
    "👩‍👩‍👧‍👦 Families march 🏳️‍🌈 in Ōtautahi 🎉🎉🎉",
    "!!! BREAKING !!! UPDATE 3: MINISTER RESIGNS !!!",
    "A " + "very " * 40 + "long headline that nobody cut",
)


@cache
def newsroom() -> dict[str, Article]:
    """Return the articles of the demo that stand at its start, by name."""
    first = [one for one in load() if one.change is Change.NEW and one.arrives is None]
    return {one.id: _article(number, one) for number, one in enumerate(first, start=1)}


def _article(number: int, demo: DemoArticle) -> Article:
    text = text_of(demo.body)
    written = summarise(title=demo.title, text=text, language=demo.language)
    image = demo.image
    return article(
        number,
        url=f"https://news.example{demo.path}",
        title=demo.title,
        sections=tuple(name.lower() for name in demo.sections),
        authors=demo.authors,
        language=demo.language,
        body=demo.body,
        summary=demo.summary or written.summary,
        standfirst=written.standfirst,
        minutes=max(1, len(text.split()) // 230),
        image=image and Image(url=f"https://news.example{image.path}", alt=image.alt, caption=image.caption,
                              credit=image.credit, width=1200, height=675),
        published=MOMENT - timedelta(minutes=demo.minutes_ago or 0),
    )  # fmt: skip


def front_page(language: str = "en", **changes: object) -> ComposedDigest:
    """Return a morning's digest with all that one can have: related links, other papers' reports, labels, a correction.

    The lead is in the reader's language where the newsroom has written one.
    """
    stories = sorted((newsroom()[name] for name in FRONT), key=lambda one: one.language != language or language == "en")
    entries = [DigestEntry(article=one, section=one.sections[0], related=(), label=None) for one in stories]
    entries[0] = replace(entries[0], related=_links("meridian-star-tugs-fail", "meridian-star-detour-costs"), also_at=(
        AlsoAt(url="https://post.example/strait", title="Grey Strait shut after grounding", source="The Evening Post"),
        AlsoAt(url="https://ledger.example/ship", title="Ship aground off Aldermouth", source="Ledger"),
    ))  # fmt: skip
    entries[1] = replace(entries[1], label="updated", also_at=tuple(
        AlsoAt(url=f"https://{name}.example/quake", title=entries[1].article.title, source=source)
        for name, source in (("harbour", "Harbour Gazette"), ("wire", "Northern Wire"), ("wire", "Northern Wire"))
    ))  # fmt: skip
    note = replace(stories[6], correction="An earlier version gave the new rate as 4.25 per cent. It is 3.75 per cent.")
    entries[6] = replace(entries[6], article=note, label="corrected", related=_links("rate-rise-mortgages"))
    names = list(dict.fromkeys(entry.section for entry in entries))
    groups = tuple(
        DigestGroup(section=_section(name), entries=tuple(one for one in entries[1:] if one.section == name))
        for name in names
        if any(one.section == name for one in entries[1:])
    )
    return digest(lead=entries[0], lead_section=_section(names[0]), groups=groups, language=language, more=7, **changes)


def _section(name: str) -> Section:
    return Section(slug=name, title=name.capitalize())


def _links(*names: str) -> tuple[RelatedLink, ...]:
    found = [newsroom()[name] for name in names]
    return tuple(RelatedLink(id=one.id, url=one.url, title=one.title, score=0.9) for one in found)


def unsized() -> ComposedDigest:
    """Return a morning's digest whose lead has a picture of a size that the store does not know."""
    page = front_page()
    image = page.lead.article.image
    assert image is not None
    story = replace(page.lead.article, image=replace(image, width=None, height=None), revision=2)
    return replace(page, lead=replace(page.lead, article=story))


def alert(language: str = "en") -> ComposedDigest:
    """Return a breaking alert on one story."""
    story = newsroom()["cyclone-ines-landfall"]
    lead = DigestEntry(article=story, section="world", related=_links("cyclone-ines-forecast"), label=None)
    return digest(lead=lead, lead_section=_section("world"), language=language, cadence=Cadence.INSTANT,
                  title="Breaking news", digest="breaking")  # fmt: skip


def long_digest() -> ComposedDigest:
    """Return a digest of more than mail clients show whole."""
    stories = [*newsroom().values()] * 2
    entries = tuple(DigestEntry(article=one, section="world", related=(), label=None) for one in stories)
    return digest(lead=entries[0], lead_section=_section("world"),
                  groups=(DigestGroup(section=_section("world"), entries=entries[1:]),))  # fmt: skip


def ugly_digest() -> ComposedDigest:
    """Return a digest whose titles, names and sections are the worst we can think of."""
    plain = newsroom()["cup-final-report"]
    stories = [replace(plain, title=title, authors=(title,), url=f"https://news.example/ugly/{n}", key=article(900 + n).key)
               for n, title in enumerate(UGLY)]  # fmt: skip
    entries = tuple(DigestEntry(article=one, section="sport", related=(), label=None) for one in stories)
    return digest(lead=entries[0], lead_section=Section(slug="sport", title=UGLY[1]),
                  groups=(DigestGroup(section=Section(slug="sport", title=UGLY[6]), entries=entries[1:]),))  # fmt: skip


def correction(language: str = "en") -> dict[str, str]:
    """Return the notice that somebody who received a wrong version gets with his next digest."""
    wrong = Correction(
        title="Bank raises its rate to 3.75 per cent",
        url="https://news.example/news/bank-raises-rate",
        note="We wrote that the new rate was 4.25 per cent. It is 3.75 per cent.",
    )
    return dict(LETTERS.correction([wrong], language=language))


@cache
def gallery() -> dict[str, bytes]:
    """Return whole messages by the names of their kinds."""
    write = composer().compose
    found = {
        f"digest-{language}": filled_bytes(write(front_page(language)))
        for language in ("en", "de", "fr", "ar", "he", "ja")
    }
    found["digest-text"] = filled_bytes(write(front_page(format="text")))
    found["digest-unsized"] = filled_bytes(write(unsized()))
    found["digest-long"] = filled_bytes(write(long_digest()))
    found["digest-ugly"] = filled_bytes(write(ugly_digest()), name=UGLY[1])
    found["digest-bare"] = filled_bytes(write(digest(lead=front_page().groups[1].entries[0])), name="", web_url="")
    found["correction-en"] = filled_bytes(write(front_page()), **correction())
    for language in ("en", "ar", "ja"):
        found[f"alert-{language}"] = filled_bytes(write(alert(language)), **correction(language))
        found[f"confirmation-{language}"] = filled_bytes(LETTERS.confirmation(language=language), confirm_url=CONFIRM)
        found[f"goodbye-{language}"] = filled_bytes(LETTERS.goodbye(language=language, titles=["Morning digest"]))
        found[f"already-{language}"] = filled_bytes(LETTERS.already(language=language))
    return found
