"""Read what a line of a readers' file says of one reader."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from syndicate.core.addresses import check_address
from syndicate.core.characters import one_line
from syndicate.core.readers import Catalogue, check_language, check_name, check_zone
from syndicate.errors import AddressError, UsageError

COLUMNS = (
    "email",
    "section",
    "digest",
    "timezone",
    "language",
    "name",
    "status",
    "consented_at",
    "consent_source",
)
LONGEST_SOURCE = 200
LONGEST_ADDRESS = 200
AHEAD = timedelta(days=1)  # a date without an hour, written where it is tomorrow already
_PLAIN = re.compile(r"(?P<local>[A-Za-z0-9_+-]{1,40}(?:\.[A-Za-z0-9_+-]{1,20})?)@(?P<domain>[A-Za-z0-9.-]+)")
_OTHER_NAMES = {
    "emailaddress": "email",
    "mail": "email",
    "sections": "section",
    "digests": "digest",
    "zone": "timezone",
    "lang": "language",
}


class Status(StrEnum):
    """What a line says became of a reader; nothing means that he is to be asked."""

    CONFIRMED = "confirmed"
    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"
    SUPPRESSED = "suppressed"
    ASK = ""


WANTED = (Status.CONFIRMED, Status.ASK)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderLine:
    """One reader as a file tells of him; what is None was left blank. `sections` come with their digests."""

    line: int
    email: str
    status: Status
    sections: tuple[tuple[str, tuple[str, ...]], ...] = ()
    timezone: str | None = None
    language: str | None = None
    name: str | None = None
    consented_at: datetime | None = None
    consent_source: str = ""


class LineReader:
    """Reads the lines of one file by its header. Raises UsageError when no column is the address."""

    def __init__(self, header: Sequence[str], catalogue: Catalogue, *, now: datetime) -> None:
        self._latest = now + AHEAD
        self._place: dict[str, int] = {}
        for place, name in enumerate(header):
            bare = "".join(letter for letter in name.casefold() if letter.isalnum())
            plain = _OTHER_NAMES.get(bare, bare)
            column = next((one for one in COLUMNS if one.replace("_", "") == plain), None)
            if column is not None:
                self._place.setdefault(column, place)
        if "email" not in self._place:
            found = ", ".join(one_line(name)[:40] for name in header[:10])
            raise UsageError(f"no column is named email (there are: {found}); the first line must name the columns")
        self._columns = len(header)
        self._zone = lru_cache(maxsize=1000)(lambda text: check_zone(text, default="") or None)
        self._language = lru_cache(maxsize=1000)(lambda text: check_language(text, default="") or None)
        self._domain = lru_cache(maxsize=10_000)(lambda domain: check_address(f"a@{domain}").domain)
        self._pairs: Callable[[str, str], tuple[tuple[str, tuple[str, ...]], ...]]
        self._pairs = lru_cache(maxsize=10_000)(lambda sections, digests: _pairs(catalogue, sections, digests))

    def read(self, fields: Sequence[str], *, line: int) -> ReaderLine:
        """Return what a record says. Raises UsageError or AddressError with the reason why it cannot be used."""
        if len(fields) > self._columns and any(field.strip() for field in fields[self._columns :]):
            raise UsageError(f"{len(fields)} fields where the first line names {self._columns}")
        cells = {name: fields[place].strip() for name, place in self._place.items() if place < len(fields)}
        email = cells.get("email", "")
        if not email:
            raise AddressError("no e-mail address")
        status = _status(cells.get("status", ""))
        sections, digests = cells.get("section", ""), cells.get("digest", "")
        name = cells.get("name", "")
        consented_at = cells.get("consented_at", "")
        return ReaderLine(
            line=line,
            email=self._address(email),
            status=status,
            sections=self._pairs(sections, digests) if status in WANTED else (),
            timezone=self._zone(cells.get("timezone", "")),
            language=self._language(cells.get("language", "")),
            name=check_name(name) if name else None,
            consented_at=self._moment(consented_at) if consented_at else None,
            consent_source=one_line(cells.get("consent_source", ""))[:LONGEST_SOURCE],
        )

    def _address(self, text: str) -> str:
        """Return a checked address; for plain ones it is enough to have checked their domain once."""
        found = _PLAIN.fullmatch(text)
        if found is None or len(text) > LONGEST_ADDRESS:
            return check_address(text).text
        return f"{found['local']}@{self._domain(found['domain'])}"

    def _moment(self, text: str) -> datetime:
        shown = f"consented_at {one_line(text)[:40]!r}"
        try:
            moment = datetime.fromisoformat(text)
            moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        except (ValueError, OverflowError):
            raise UsageError(f"{shown}: write a date like 2026-05-04T07:00:00Z") from None
        if moment > self._latest:
            raise UsageError(f"{shown}: lies in the future")
        return moment


def _pairs(catalogue: Catalogue, sections: str, digests: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    slugs, names = catalogue.find(sections=sections.split("|"), digests=digests.split("|"))
    return tuple((slug, names) for slug in slugs)


def _status(text: str) -> Status:
    try:
        return Status(text.casefold())
    except ValueError:
        known = ", ".join(one.value for one in Status if one.value)
        raise UsageError(f"status {one_line(text)[:40]!r}: write {known}, or nothing") from None


def merged(lines: Sequence[ReaderLine]) -> ReaderLine:
    """Return what lines that follow one another about the same reader say together: all sections, the gravest status."""
    if len(lines) == 1:
        return lines[0]
    gravest = max(lines, key=lambda one: _GRAVITY[one.status])
    sections: dict[str, tuple[str, ...]] = {}
    for one in lines:
        for slug, digests in one.sections:
            sections[slug] = tuple(dict.fromkeys((*sections.get(slug, ()), *digests)))
    first = lines[0]
    return ReaderLine(
        line=first.line,
        email=first.email,
        status=gravest.status,
        sections=tuple(sections.items()),
        timezone=next((one.timezone for one in lines if one.timezone), None),
        language=next((one.language for one in lines if one.language), None),
        name=next((one.name for one in lines if one.name), None),
        consented_at=next((one.consented_at for one in lines if one.consented_at), None),
        consent_source=next((one.consent_source for one in lines if one.consent_source), ""),
    )


_GRAVITY = {Status.ASK: 0, Status.CONFIRMED: 1, Status.UNSUBSCRIBED: 2, Status.BOUNCED: 3, Status.SUPPRESSED: 4}
