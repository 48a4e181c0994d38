"""Digests, readers and a stranger's parser for the tests of our mail; every text written by us."""

import email
import email.policy
from dataclasses import replace
from datetime import UTC, date, datetime
from email.message import EmailMessage
from functools import cache

from syndicate.core.filling import PreparedMessage, fill
from syndicate.core.headers import mailbox
from syndicate.core.heads import MailSettings, date_header, message_id
from syndicate.core.message import MessageComposer
from syndicate.core.templates import TemplateSet
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
from syndicate.storage.templates import load_templates

MOMENT = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
SUMMARY = (
    "The harbour bridge will close for six weeks from Monday while engineers replace bearings that were found to be cracked. "
    "Ferries will carry commuters free of charge, the council said. Traders on the south bank fear for their spring season."
)
SETTINGS = MailSettings(
    from_name="The Daily Example",
    from_address="digest@news.example",
    site_title="The Daily Example",
    site_url="https://news.example/",
    public_url="https://feeds.news.example/",
    postal_address="1 Example Street, London",
    list_domain="news.example",
    owner_address="editor@news.example",
)
TOKEN = "Zm9vYmFyYmF6-0123456789_abcdefghijklmnopqrstuvwxyz.signed"
VALUES = {
    "to": mailbox("Zoë Quinn", "zoe@readers.example", room=74),
    "date": date_header(MOMENT),
    "message_id": message_id(digest="daily", slot="2026-11-22", at="7", public_id="p1", domain="news.example"),
    "unsubscribe_url": f"https://feeds.news.example/unsubscribe/{TOKEN}",
    "unsubscribe_mailto": "mailto:leave@news.example?subject=leave-p1",
    "preferences_url": f"https://feeds.news.example/preferences/{TOKEN}",
    "web_url": f"https://feeds.news.example/editions/{TOKEN}",
    "name": "Zoë Quinn",
}
RELATED = tuple(
    RelatedLink(
        id=f"r{n}", url=f"https://news.example/related/{n}", title=f"How the bridge was built, part {n}", score=0.9
    )
    for n in (1, 2, 3)
)
CITY, WORLD = Section(slug="city", title="City"), Section(slug="world", title="World")


@cache
def our_templates() -> TemplateSet:
    """Return the templates as they are shipped."""
    return load_templates()


def article(number: int, **changes: object) -> Article:
    """Return a plain article, with changes."""
    plain = Article(
        key=ArticleKey(number),
        id=f"tag:news.example,2026:{number}",
        source="newsroom",
        source_id=str(number),
        url=f"https://news.example/stories/{number}",
        title=f"Talks on river rights enter day {number}",
        sections=("world",),
        authors=("Ada Penn", "Karim Holt"),
        language="en",
        tags=(),
        body="<p>Body.</p>",
        summary=SUMMARY,
        standfirst=SUMMARY.partition(". ")[0] + ".",
        minutes=4,
        image=None,
        published=MOMENT,
        updated=MOMENT,
        state=ArticleState.PUBLISHED,
        revision=1,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # the tests name fields of Article


def entry(
    number: int, *, related: tuple[RelatedLink, ...] = (), label: str | None = None, **changes: object
) -> DigestEntry:
    """Return an article's entry in the section World."""
    return DigestEntry(article=article(number, **changes), section="world", related=related, label=label)


def digest(*entries: DigestEntry, lead: DigestEntry | None = None, **changes: object) -> ComposedDigest:
    """Return a morning's digest with a lead story and the entries given, with changes."""
    plain = ComposedDigest(
        digest="daily",
        title="Morning digest",
        cadence=Cadence.DAILY,
        date=date(2026, 11, 22),
        language="en",
        format="html",
        lead=lead or lead_entry(),
        lead_section=CITY if lead is None or lead.section == CITY.slug else WORLD,
        groups=(DigestGroup(section=WORLD, entries=entries),) if entries else (),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # the tests name fields of ComposedDigest


def lead_entry() -> DigestEntry:
    """Return a lead story with everything an entry can have."""
    image = Image(
        url="https://news.example/bridge.jpg",
        alt="The bridge at dusk",
        caption="The bridge at dusk.",
        credit="Mina Roth",
        width=1600,
        height=900,
    )
    story = article(
        1,
        title="Harbour bridge to close for six weeks after cracks are found in its bearings",
        sections=("city",),
        image=image,
    )
    also = (AlsoAt(url="https://post.example/bridge", title="Bridge shut until spring", source="The Evening Post"),)
    return DigestEntry(article=story, section="city", related=RELATED, also_at=also)


def rich_digest() -> ComposedDigest:
    """Return a digest that shows every kind of entry once."""
    groups = (
        DigestGroup(section=CITY, entries=(entry(2), entry(3, label="updated", related=RELATED[:2]))),
        DigestGroup(
            section=WORLD,
            entries=(entry(4, correction="An earlier version gave the wrong year."), entry(5, authors=())),
        ),
    )
    return digest(groups=groups, more=3)


def composer(settings: MailSettings = SETTINGS) -> MessageComposer:
    """Return a composer with our templates."""
    return MessageComposer(our_templates(), settings)


def filled_bytes(prepared: PreparedMessage, **changes: str) -> bytes:
    """Return one reader's whole message."""
    return b"".join(fill(prepared, {**VALUES, **changes}))


def parsed(raw: bytes) -> EmailMessage:
    """Return a message as a stranger reads it, having checked what must hold of every message of ours."""
    head, _, body = raw.partition(b"\r\n\r\n")
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert head.isascii()
    assert raw.count(b"\r") == raw.count(b"\n") == raw.count(b"\r\n")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert max(len(line) for line in body.split(b"\r\n")) <= 76
    assert not [line for line in body.split(b"\r\n") if line.startswith((b".", b"From "))]
    assert not [part.defects for part in message.walk() if part.defects]
    assert all(len(message.get_all(name) or ()) == 1 for name in message)
    return message


def bodies(message: EmailMessage) -> tuple[str, str]:
    """Return the decoded bodies (html, text); html is empty in a plain message."""
    found = message.get_body(("html",)), message.get_body(("plain",))
    html, text = ("" if part is None else str(part.get_content()).replace("\r\n", "\n") for part in found)
    return html, text
