"""Judge the values of a configuration that a type cannot judge."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any, NoReturn
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from syndicate.model import Cadence
from syndicate.options import Document
from syndicate.values import (
    has_port,
    is_loopback,
    parse_address,
    parse_domain,
    parse_host,
    parse_hour,
    parse_line,
    parse_listen,
    parse_memory,
    parse_pause,
    parse_quiet,
    parse_rate,
    parse_span,
    parse_subject,
)

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
RESERVED_SLUGS = frozenset(
    [
        *("all", "admin", "api", "articles", "confirm", "editions", "feed", "feeds", "healthz", "hooks", "inbox"),
        *("metrics", "news-sitemap", "preferences", "readyz", "static", "subscribe", "unsubscribe"),
    ]
)
COLUMNS = frozenset(
    [
        *("id", "url", "title", "section", "body", "summary", "author", "image", "language", "tags"),
        *("published_at", "updated_at", "status", "guid"),
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """One look at every value. `fail` takes table, key, trouble and remedy."""

    fail: Callable[[str, str, str, str], NoReturn]

    def check(self, document: Document) -> None:
        """Fail with the first value that cannot be."""
        self._site(document)
        self._database(document)
        self._lists(document)
        self._spans(document)
        self._transports(document)
        self._bounces(document)
        self._web(document)

    def _site(self, document: Document) -> None:
        site = document.site
        if not site.title.strip():
            self.fail("site", "title", "is empty", "give the publication's name")
        self._parse("site", "title", site.title, parse_line, "write it on one line")
        self._url("site", "url", site.url)
        self._url("site", "public-url", site.public_url)
        if site.logo:
            self._url("site", "logo", site.logo)
        parts = urlsplit(site.public_url)
        if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
            self.fail(
                "site",
                "public-url",
                "is http on a host that is not loopback",
                "write https://…; links in mail must be safe",
            )
        if parts.query or parts.fragment:
            self.fail("site", "public-url", "has a query or a fragment", "leave only scheme, host and path")
        self._zone("site", site.timezone)
        if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", site.language):
            self.fail("site", "language", f"{site.language!r} is not a language tag", 'write one like "en" or "pt-BR"')

    def _database(self, document: Document) -> None:
        try:
            backend = make_url(document.database.url).get_backend_name()
        except ArgumentError:
            self.fail("database", "url", "is not a database URL", 'write one like "sqlite:///syndicate.db"')
        if backend not in ("sqlite", "postgresql"):
            self.fail(
                "database", "url", f"{backend} is not supported", "use sqlite:///file.db or postgresql://user@host/name"
            )
        if backend == "sqlite" and make_url(document.database.url).database in (None, "", ":memory:"):
            self.fail("database", "url", "names no file", 'write one like "sqlite:///syndicate.db"')
        if document.queue.kind == "postgres" and backend != "postgresql":
            self.fail(
                "queue",
                "kind",
                "postgres needs a PostgreSQL database",
                'write kind = "embedded", or change [database] url',
            )

    def _bounces(self, document: Document) -> None:
        bounces = document.bounces
        if bounces.listen:
            self._parse("bounces", "listen", bounces.listen, parse_listen, 'write one like "127.0.0.1:2424"')
        if document.mail.bounce_domain:
            self._parse(
                "mail",
                "bounce-domain",
                document.mail.bounce_domain,
                parse_domain,
                'write one like "bounces.news.example"',
            )
        self._parse("bounces", "every", bounces.every, parse_pause, 'write a span like "5m"')
        if not bounces.imap:
            return
        parts = urlsplit(bounces.imap)
        if (
            not has_port(parts)
            or parts.scheme not in ("imaps", "imap")
            or not parts.hostname
            or not parts.username
            or parts.password
        ):
            self.fail("bounces", "imap", "is not the address of a mailbox", 'write one like "imaps://user@host/INBOX"')
        if not unquote(parts.path).isprintable():
            self.fail("bounces", "imap", "names a folder with control characters", "write the folder's name as it is")
        if parts.scheme == "imap" and not is_loopback(parts.hostname):
            self.fail("bounces", "imap", "sends its password in the clear", "write imaps://…")

    def _lists(self, document: Document) -> None:
        for table, entries in (
            ("source", document.source),
            ("digest", document.digest),
            ("transport", document.transport),
            ("hook", document.hook),
        ):
            seen: set[str] = set()
            for entry in entries:
                if not NAME.fullmatch(entry.name):
                    self.fail(table, "name", f"{entry.name!r} is not a name", "use up to 60 letters, digits, . _ -")
                if entry.name in seen:
                    self.fail(table, "name", f"{entry.name!r} stands twice", "give each a name of its own")
                seen.add(entry.name)
        self._sections(document)
        for source in document.source:
            self._source(source.kind, source)
        for hook in document.hook:
            if not hook.secret:
                self.fail(
                    "hook", "secret", f"is missing for {hook.name!r}", "docs/bounces.md says what each provider's is"
                )

    def _sections(self, document: Document) -> None:
        slugs: set[str] = set()
        for section in document.section:
            for key, slug in (("slug", section.slug), *(("was", old) for old in section.was)):
                if not SLUG.fullmatch(slug):
                    self.fail("section", key, f"{slug!r} is not a slug", "use a-z, 0-9 and between them -, at most 60")
                if slug in RESERVED_SLUGS:
                    self.fail("section", key, f"{slug!r} is reserved", "choose another")
                if slug in slugs:
                    self.fail("section", key, f"{slug!r} stands twice", "give each section a slug of its own")
                slugs.add(slug)

    def _source(self, kind: str, source: Any) -> None:  # Any: SourceOptions, kept short
        needs: dict[str, tuple[tuple[str, ...], ...]] = {"sql": (("url",), ("table", "query")), "files": (("path",),)}
        allowed = {"sql": {"url", "table", "query", "columns"}, "files": {"path", "base-url", "timezone"}}
        if kind in needs:
            for choices in needs[kind]:
                if not any(getattr(source, choice.replace("-", "_")) for choice in choices):
                    if choices == ("table", "query"):
                        continue  # the default table is `articles`
                    self.fail(
                        "source", choices[0], f"is missing for {source.name!r}", f"a source of kind {kind} needs it"
                    )
            given = {
                f.encode_name for f in msgspec.structs.fields(source) if getattr(source, f.name) not in ("", {}, [])
            }
            if stray := given - {"name", "kind", "title", "every"} - allowed[kind]:
                self.fail("source", sorted(stray)[0], f"does not belong to a source of kind {kind}", "remove it")
            if unknown := sorted(source.columns.keys() - COLUMNS):
                self.fail(
                    "source.columns", unknown[0], "is no column of an article", f"use {', '.join(sorted(COLUMNS))}"
                )
            if kind == "sql" and source.table and source.query:
                self.fail("source", "query", "stands beside table", "keep one of the two")
            if source.base_url:
                self._url("source", "base-url", source.base_url)
            if source.timezone:
                self._zone("source", source.timezone)
            if kind == "sql":
                try:
                    make_url(source.url)
                except ArgumentError:
                    self.fail("source", "url", "is not a database URL", 'write one like "sqlite:///newsroom.db"')

    def _spans(self, document: Document) -> None:
        for source in document.source:
            self._parse("source", "every", source.every, parse_pause, 'write a span like "1m"')
        self._parse("feeds", "keep", document.feeds.keep, parse_span, 'write a span like "72h"')
        for key in ("max_age", "grace"):
            self._parse(
                "editions", key.replace("_", "-"), getattr(document.editions, key), parse_span, 'write a span like "6h"'
            )
        self._parse("editions", "keep", document.editions.keep, parse_memory, 'write a span like "90d"')
        if not document.feeds.directory.strip():
            self.fail("feeds", "directory", "is empty", 'name a folder, such as "public/"')
        self._positive("feeds", "items", document.feeds.items, 300)
        self._positive("feeds", "archive-items", document.feeds.archive_items, 1000)
        self._positive("editions", "batch", document.editions.batch, 10_000)
        for hub in document.feeds.hubs:
            self._url("feeds", "hubs", hub)
        self._summariser(document)
        for digest in document.digest:
            self._parse("digest", "at", digest.at, parse_hour, 'write a time like "07:00"')
            self._parse("digest", "subject", digest.subject, parse_subject, "mend the template")
            self._parse("digest", "quiet", digest.quiet, parse_quiet, 'write hours like "22:00-07:00"')
            if digest.days and digest.cadence is not Cadence.DAILY:
                self.fail("digest", "days", "is for daily ones", 'leave it out; a weekly one has day = "monday"')
            for key in ("coalesce", "deadline"):
                self._parse("digest", key, getattr(digest, key), parse_span, 'write a span like "60s" or "30m"')
            for key in ("max_per_day", "max_per_section", "max_per_author", "max_per_story"):
                if getattr(digest, key) < 0:
                    self.fail("digest", key.replace("_", "-"), "is below 0", "write 0 for no limit, or a number")
            self._positive("digest", "max-items", digest.max_items, 200)
            self._positive("digest", "min-items", digest.min_items, digest.max_items)

    def _summariser(self, document: Document) -> None:
        own = document.summariser
        self._parse("summariser", "timeout", own.timeout, parse_pause, 'write a span like "20s"')
        if own.budget_per_day < 0:
            self.fail("summariser", "budget-per-day", "is below 0", "write how many articles a day may be sent")
        if own.kind == "openai":
            self._url("summariser", "url", own.url)
            if not own.model:
                self.fail("summariser", "model", "is missing", "name the model that the endpoint runs")

    def _transports(self, document: Document) -> None:
        for transport in document.transport:
            self._parse("transport", "rate", transport.rate, parse_rate, 'write a rate like "100/s"; "0/s" is no limit')
            self._parse("transport", "warm-up", transport.warm_up, parse_rate, 'write "1000/d"; "0/d" is no limit')
            self._parse("transport", "timeout", transport.timeout, parse_pause, 'write a span like "60s"')
            self._positive("transport", "port", transport.port, 65535)
            self._positive("transport", "connections", transport.connections, 1000)
            self._positive("transport", "weight", transport.weight, 1000)
            if transport.kind == "smtp" and transport.tls == "none" and not is_loopback(transport.host):
                self.fail(
                    "transport",
                    "tls",
                    f"is none, but {transport.host!r} is not loopback",
                    'write tls = "starttls" or "tls"',
                )
            if transport.kind == "maildir" and not transport.path.strip():
                self.fail("transport", "path", f"is empty for {transport.name!r}", 'name a folder, such as "mail/"')
            if transport.kind == "smtp" and not transport.host:
                self.fail("transport", "host", "is missing", "name the relay")

    def _web(self, document: Document) -> None:
        if not 0 <= document.web.port <= 65535:
            self.fail("web", "port", f"{document.web.port} is not a port", "write a number from 0 to 65535")
        remedy = 'write a name or an address, such as "127.0.0.1", or "0.0.0.0" for all of this machine'
        self._parse("web", "host", document.web.host, parse_host, remedy)
        for proxy in document.web.trusted_proxies:
            try:
                ip_network(proxy, strict=False)
            except ValueError:
                self.fail(
                    "web",
                    "trusted-proxies",
                    f"{proxy!r} is not an address or network",
                    'write addresses like "10.0.0.0/8"',
                )

    # -- small judgements

    def _parse(self, table: str, key: str, text: str, parse: Callable[[str], object], remedy: str) -> None:
        try:
            parse(text)
        except ValueError as error:
            self.fail(table, key, str(error), remedy)

    def _positive(self, table: str, key: str, number: int, most: int) -> None:
        if not 1 <= number <= most:
            self.fail(table, key, f"{number} is impossible", f"write a number from 1 to {most}")

    def _url(self, table: str, key: str, text: str) -> None:
        self._parse(table, key, text, parse_address, "write one like https://news.example/")

    def _zone(self, table: str, name: str) -> None:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            self.fail(table, "timezone", f"{name!r} is not a time zone", 'write an IANA name like "Europe/London"')
