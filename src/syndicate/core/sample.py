"""Make up a digest to try templates on."""

from datetime import UTC, date, datetime, time

from syndicate.core.heads import MailSettings
from syndicate.model import (
    AlsoAt,
    Article,
    ArticleKey,
    ArticleState,
    Cadence,
    ComposedDigest,
    DigestEntry,
    DigestGroup,
    Image,
    RelatedLink,
    Section,
)

SAMPLE_MAIL = MailSettings(
    from_name="The Sample",
    from_address="digest@sample.example",
    site_title="The Sample",
    site_url="https://sample.example/",
    public_url="https://feeds.sample.example/",
    postal_address="1 Sample Street",
    list_domain="sample.example",
    owner_address="digest@sample.example",
)
TEXT = "A sentence that stands for a summary. Another one follows it, so that there is something to wrap."


def sample_digest(language: str, *, cadence: Cadence, day: date) -> ComposedDigest:
    """Return a digest with everything that a template can meet: picture, related links, another paper, a correction, no author, more on the web."""
    section = Section(slug="sample", title="Sample")
    related = (RelatedLink(id="sample-3", url="https://sample.example/3", title="An earlier report", score=0.5),)
    image = Image(url="https://sample.example/1.jpg", alt="A picture", width=1200, height=675)
    also = (AlsoAt(url="https://other.example/1", title="Another headline", source="other"),)
    lead = DigestEntry(article=_article(1, day, image=image), section=section.slug, related=related, also_at=also)
    second = DigestEntry(article=_article(2, day, image=None), section=section.slug, related=(), label="corrected")
    return ComposedDigest(
        digest="sample",
        title="The Sample",
        cadence=cadence,
        date=day,
        language=language,
        format="html",
        lead=lead,
        lead_section=section,
        groups=(DigestGroup(section=section, entries=(second,)),),
        more=1,
    )


def _article(number: int, day: date, *, image: Image | None) -> Article:
    moment = datetime.combine(day, time(6), UTC)
    return Article(
        key=ArticleKey(number),
        id=f"tag:sample.example,2026:{number}",
        source="sample",
        source_id=str(number),
        url=f"https://sample.example/{number}",
        title=f"Headline number {number}",
        sections=("sample",),
        authors=("A. Writer",) if image else (),
        language="en",
        tags=(),
        body=f"<p>{TEXT}</p>",
        summary=TEXT,
        standfirst=TEXT.partition(". ")[0] + ".",
        minutes=2,
        image=image,
        published=moment,
        updated=moment,
        state=ArticleState.PUBLISHED,
        revision=1,
    )
