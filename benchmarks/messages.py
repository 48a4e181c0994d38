"""Messages a second: composed once and filled for each reader, against rendering and EmailMessage for each reader."""

import gc
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from email.message import EmailMessage
from email.policy import SMTP

from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from syndicate.core.dkim import SigningKey, sign
from syndicate.core.filling import fill
from syndicate.core.fitting import fit
from syndicate.core.fragments import Fragments
from syndicate.core.headers import mailbox
from syndicate.core.heads import MailSettings, date_header, message_id
from syndicate.core.message import MessageComposer
from syndicate.core.pages import Pages
from syndicate.core.slots import replace
from syndicate.core.styles import Inliner
from syndicate.core.templates import TemplateSet
from syndicate.model import (
    Article,
    ArticleKey,
    ArticleState,
    Cadence,
    ComposedDigest,
    DigestEntry,
    DigestGroup,
    RelatedLink,
    Section,
)
from syndicate.storage.templates import load_templates

MOMENT = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
SUMMARY = (
    "The council voted late on Tuesday to rebuild the market hall on its old foundations, ending a dispute that lasted three winters. "
    "Stallholders will move to the river quay for eighteen months. The first stone is to be laid in May, and the bill, put at nine "
    "million, is to be shared with the province. Opponents said they would not go to court."
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


def entry(number: int) -> DigestEntry:
    """Return the n-th article, with three related links."""
    related = tuple(
        RelatedLink(
            id=f"{number}-{n}",
            url=f"https://news.example/r/{number}/{n}",
            title="What the hall was before the fire",
            score=0.9,
        )
        for n in range(3)
    )
    article = Article(
        key=ArticleKey(number), id=f"tag:news.example,2026:{number}", source="newsroom", source_id=str(number),
        url=f"https://news.example/stories/{number}", title=f"Market hall to be rebuilt on its old foundations, part {number}",
        sections=("city",), authors=("Ada Penn",), language="en", tags=(), body="", summary=SUMMARY,
        standfirst=SUMMARY.partition(". ")[0] + ".", minutes=3, image=None, published=MOMENT, updated=MOMENT,
        state=ArticleState.PUBLISHED, revision=1,
    )  # fmt: skip
    return DigestEntry(article=article, section="city", related=related)


def digest(first: int, *, items: int = 20) -> ComposedDigest:
    """Return a digest of so many articles beginning with the n-th of forty: every reader's may differ."""
    entries = tuple(entry((first + n) % 40) for n in range(items))
    group = DigestGroup(section=Section(slug="city", title="City"), entries=entries[1:])
    return ComposedDigest(
        digest="daily", title="Morning digest", cadence=Cadence.DAILY, date=date(2026, 11, 22), language="en", format="html",
        lead=entries[0], lead_section=group.section, groups=(group,),
    )  # fmt: skip


def values(number: int) -> dict[str, str]:
    """Return what differs between readers."""
    token = f"{number:08d}Zm9vYmFyYmF6-0123456789_abcdefghijklmnopqrstuvwxyz"
    return {
        "to": mailbox(f"Reader {number}", f"reader{number}@readers.example"),
        "name": f"Reader {number}",
        "date": date_header(MOMENT),
        "message_id": message_id(
            digest="daily", slot="2026-11-22", at="7", public_id=str(number), domain="news.example"
        ),
        "unsubscribe_url": f"https://feeds.news.example/unsubscribe/{token}",
        "unsubscribe_mailto": f"mailto:leave@news.example?subject={number}",
        "preferences_url": f"https://feeds.news.example/preferences/{token}",
        "web_url": f"https://feeds.news.example/editions/{token}",
    }


class Uninlined(Inliner):
    """Leave pages as the templates make them: the ordinary way is not charged for style attributes."""

    def document(self, html: str) -> str:
        """Return it unchanged."""
        return html

    def fragment(self, html: str) -> str:
        """Return it unchanged."""
        return html


def ordinary_pages(templates: TemplateSet) -> Pages:
    """Return the pages that the ordinary way renders."""
    pages = Pages(templates, SETTINGS)
    pages.inliner = Uninlined("")
    return pages


def ordinary(templates: TemplateSet, pages: Pages, reader: dict[str, str], *, items: int = 20) -> EmailMessage:
    """Return one reader's message made the ordinary way: rendered and put into an EmailMessage for him alone."""
    one, words = digest(0, items=items), templates.words("en")
    fitted = fit(one, Fragments(templates, Uninlined(""), SETTINGS), words=words, room=None)
    holes = {
        "subject": "Market hall",
        "intro_html": SUMMARY,
        "intro_text": SUMMARY,
        "content_html": fitted.html,
        "content_text": fitted.text,
    }
    html = replace(pages.digest_html(one, words, more=0), {**holes, **reader, "correction_html": ""}.get)
    text = replace(pages.digest_text(one, words, more=0), {**holes, **reader, "correction_text": ""}.get)
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = (
        "The Daily Example <digest@news.example>",
        reader["to"],
        "Market hall",
    )
    message["Date"], message["Message-ID"] = reader["date"], reader["message_id"]
    message["List-Unsubscribe"] = f"<{reader['unsubscribe_url']}>"
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    return message


def seconds_each(work: Callable[[int], object], times: int) -> float:
    """Return the processor seconds that one piece of work takes: the best of three rounds."""
    gc.collect()
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        for number in range(times):
            work(number)
        best = min(best, (time.process_time() - start) / times)
    return best


def main() -> None:
    """Measure and print."""
    templates = load_templates()
    composer = MessageComposer(templates, SETTINGS)
    digests = [digest(first) for first in range(40)]
    for one in digests:
        composer.compose(one)
    prepared = composer.compose(digests[0])
    readers = [values(number) for number in range(1000)]
    parts = fill(prepared, readers[0])
    key = SigningKey(domain="news.example", selector="s", key=generate_private_key(65537, 2048))

    composing = seconds_each(lambda n: composer.compose(digests[n % 40]), 400)
    filling = seconds_each(lambda n: fill(prepared, readers[n % 1000]), 5000)
    signing = seconds_each(lambda n: sign(b"".join(parts[: prepared.head]), parts[prepared.head :], key, n), 200)
    pages = ordinary_pages(templates)
    usual = seconds_each(lambda n: ordinary(templates, pages, readers[n]).as_bytes(), 20)
    print(f"message of {sum(map(len, parts))} bytes, 20 articles; processor time of one process")
    print(f"compose a variant from known articles {composing * 1e6:8.1f} µs")
    print(f"fill one reader's slots               {filling * 1e6:8.1f} µs  {1 / filling:9.0f} messages/s")
    print(
        f"compose and fill for every reader     {(composing + filling) * 1e6:8.1f} µs  {1 / (composing + filling):9.0f} messages/s"
    )
    print(
        f"fill and sign, RSA-2048               {(filling + signing) * 1e6:8.1f} µs  {1 / (filling + signing):9.0f} messages/s"
    )
    print(f"render and EmailMessage each          {usual * 1e6:8.1f} µs  {1 / usual:9.0f} messages/s")
    print(f"ratio: filled {usual / filling:.0f}, composed for every reader {usual / (composing + filling):.0f}")
