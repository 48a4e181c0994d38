"""Export readers as a spreadsheet that can be imported again."""

import csv
from dataclasses import dataclass
from typing import TextIO

from syndicate.core.reader_lines import COLUMNS, Status
from syndicate.core.readers import Reader
from syndicate.flows.readership import Readership
from syndicate.model import SubscriberState
from syndicate.storage.consents import Consent, newest_consents
from syndicate.storage.subscribers import walk_subscribers
from syndicate.storage.subscriptions import load_subscriptions

PAGE = 500
STATUS = {
    SubscriberState.PENDING: Status.ASK,
    SubscriberState.CONFIRMED: Status.CONFIRMED,
    SubscriberState.UNSUBSCRIBED: Status.UNSUBSCRIBED,
    SubscriberState.BOUNCED: Status.BOUNCED,
    SubscriberState.SUPPRESSED: Status.SUPPRESSED,
}
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportReaders:
    """Writes every reader who has an address, 500 at a time, in the columns that an import reads."""

    readership: Readership

    async def run(self, file: TextIO) -> int:
        """Write all readers and return how many. Sections that come with different digests stand on lines of their own."""
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(COLUMNS)
        count = after = 0
        while True:
            async with self.readership.database.read() as connection:
                page = await walk_subscribers(connection, after=after, count=PAGE)
                numbers = [kept.subscriber.id for kept in page]
                subscriptions = await load_subscriptions(connection, numbers)
                consents = await newest_consents(connection, numbers)
            for kept in page:
                number = kept.subscriber.id
                reader = Reader(subscriber=kept.subscriber, subscriptions=subscriptions[number])
                writer.writerows(_lines(reader, consents.get(number)))
            count += len(page)
            if len(page) < PAGE:
                return count
            after = page[-1].subscriber.id


def _lines(reader: Reader, consent: Consent | None) -> list[list[str]]:
    person = reader.subscriber
    together: dict[tuple[str, ...], list[str]] = {}
    for slug, digests in reader.choice.sections:
        together.setdefault(digests, []).append(slug)
    at = "" if consent is None else consent.at.isoformat().replace("+00:00", "Z")
    source = "" if consent is None else consent.source
    return [
        [
            person.email,
            "|".join(slugs),
            "|".join(digests),
            person.timezone,
            person.language,
            _plain(person.name),
            STATUS[person.state].value,
            at,
            _plain(source),
        ]
        for digests, slugs in (together or {(): []}).items()
    ]


def _plain(text: str) -> str:
    """Return a text that a spreadsheet does not take for a formula."""
    return f" {text}" if text.startswith(FORMULA) else text
