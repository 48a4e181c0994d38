"""Compose the application: from a Config to opened ports and flows, each made when it is first needed."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from functools import cached_property
from importlib.metadata import EntryPoint, entry_points
from typing import Any, cast
from urllib.parse import urlsplit

from syndicate.clock import Clock, SystemClock
from syndicate.core.addresses import parse_mailbox
from syndicate.core.dkim import SigningKey, read_signing_key
from syndicate.core.feed import FeedSettings
from syndicate.core.heads import MailSettings
from syndicate.core.intake import IntakeSettings
from syndicate.core.letters import Letters
from syndicate.core.links import Signer
from syndicate.core.message import MessageComposer
from syndicate.core.ranking import DigestRules
from syndicate.core.sections import SectionRule
from syndicate.core.templates import TemplateSet
from syndicate.core.window import lane_order
from syndicate.errors import AddressError, ConfigurationError, NotFoundError, SourceError
from syndicate.flows.collect import Collected, Collecting
from syndicate.flows.compose import Composing
from syndicate.flows.correct import Correcting
from syndicate.flows.deliver import Delivering
from syndicate.flows.envelopes import Postman
from syndicate.flows.ingest_reports import IngestReports
from syndicate.flows.letters import LetterFlow
from syndicate.flows.pace import RelayPace
from syndicate.flows.ping import Pinging
from syndicate.flows.plan import PlannedDigest, Planning
from syndicate.flows.preview import Previewing
from syndicate.flows.publish import Published, publish
from syndicate.flows.readers import ReaderDesk
from syndicate.flows.readership import Readership
from syndicate.flows.route import Route, Router
from syndicate.flows.subscribe import Subscribing
from syndicate.formats.cache import EntryCache
from syndicate.hubs import ping_hub
from syndicate.mailin.mailbox import Mailbox
from syndicate.model import Cadence, Section
from syndicate.options import Config, DigestOptions, SourceOptions, TransportOptions, parse_rate, parse_span
from syndicate.ports import Source, Summariser, Transport
from syndicate.process import own_name
from syndicate.storage import schema, sections, settings
from syndicate.storage.buckets import Limits
from syndicate.storage.database import Database, async_url
from syndicate.storage.shelf import Shelf
from syndicate.storage.templates import load_templates


class App:
    """Everything a command may need, opened on first use and closed in reverse."""

    def __init__(self, config: Config, *, clock: Clock | None = None) -> None:
        self.config = config
        self.document = config.document
        self.clock: Clock = clock or SystemClock()
        self.database = Database(async_url(self.document.database.url, folder=config.folder))
        self.established = self.clock.now()
        self._stack = AsyncExitStack()
        self._router: Router | None = None
        self._readership: Readership | None = None

    def refuse_impossible(self) -> None:
        """Raise ConfigurationError for kinds that are not installed and addresses that are none, before anything starts."""
        for source in self.document.source:
            self._installed("syndicate.sources", "source", source.kind)
        for transport in self.document.transport:
            self._installed("syndicate.transports", "transport", transport.kind)
        mail = self.document.mail
        for key, text in (("from", mail.from_), ("owner", mail.owner), ("reply-to", mail.reply_to)):
            if text:
                self._mailbox(key, text)

    async def open(self) -> None:
        """Set up an empty database, refuse one of another version, and store the configured sections."""
        await schema.prepare(self.database)
        async with self.database.read() as connection:
            stored = await settings.read_setting(connection, settings.ESTABLISHED)
            same = not await sections.differs(connection, self.configured_sections)
        if stored is not None and same:
            self.established = datetime.fromisoformat(stored)
            return
        async with self.database.begin() as connection:
            self.established = await settings.established(connection, now=self.clock.now())
            await sections.store_configured(connection, self.configured_sections)

    async def close(self) -> None:
        """Close what was opened."""
        await self._stack.aclose()
        await self.database.close()

    @cached_property
    def configured_sections(self) -> list[Section]:
        """The sections of the configuration; one without a title has its slug's."""
        return [
            Section(slug=one.slug, title=one.title or one.slug.replace("-", " ").title())
            for one in self.document.section
        ]

    @cached_property
    def public_url(self) -> str:
        """Where syndicate is reached, with a slash at the end."""
        return self.document.site.public_url.rstrip("/") + "/"

    # -- sources

    def source(self, options: SourceOptions) -> Source:
        """Open one content store. Raises ConfigurationError for a kind that is not installed."""
        make = self._plug_in("syndicate.sources", "source", options.kind)
        own = {
            "url": options.url,
            "table": options.table or ("" if options.query else "articles"),
            "query": options.query,
            "columns": dict(options.columns),
            "path": options.path,
            "base_url": options.base_url,
            "folder": self.config.folder,
            "zone": options.timezone or self.document.site.timezone,
            "site_url": self.document.site.url,
        }
        return cast(Source, make(name=options.name, settings={**options.options, **own}))

    def _plug_in(self, group: str, table: str, kind: str) -> Any:  # Any: plug-ins are made by name
        return self._installed(group, table, kind).load()

    def _installed(self, group: str, table: str, kind: str) -> EntryPoint:
        found = {point.name: point for point in entry_points(group=group)}
        if kind not in found:
            raise ConfigurationError(
                file=str(self.config.file),
                table=table,
                key="kind",
                trouble=f"{kind!r} is not installed",
                remedy=f"use one of {', '.join(sorted(found))}",
            )
        return found[kind]

    @cached_property
    def collecting(self) -> Collecting:
        """Collects articles from any source."""
        site = self.document.site
        settings = IntakeSettings(site_url=site.url, domain=urlsplit(site.url).hostname or "", language=site.language)
        rules = tuple(
            SectionRule(section=section, match=tuple(options.match) or (section.title, section.slug))
            for section, options in zip(self.configured_sections, self.document.section, strict=True)
        )
        return Collecting(
            database=self.database,
            clock=self.clock,
            settings=settings,
            public_url=self.public_url,
            rules=rules,
            auto=self.document.sections.auto,
            max_age=parse_span(self.document.editions.max_age),
            summariser=self.summariser,
        )

    @cached_property
    def summariser(self) -> Summariser | None:
        """Who writes summaries in place of ours, if anybody. Raises ConfigurationError for a kind that is not installed."""
        options = self.document.summariser
        if not options.kind:
            return None
        make = self._plug_in("syndicate.summarisers", "summariser", options.kind)
        key = options.key
        if options.key_file and not key:
            key = self.config.path(options.key_file).read_text(encoding="utf-8").strip()
        own = {
            "url": options.url,
            "model": options.model,
            "key": key,
            "timeout": parse_span(options.timeout).total_seconds(),
            "budget-per-day": options.budget_per_day,
            "cache": self.config.path(options.cache),
            "clock": self.clock,
        }
        made = cast(Summariser, make(name=options.kind, settings={**options.options, **own}))
        self._stack.callback(made.close)
        return made

    @cached_property
    def correcting(self) -> Correcting:
        """Corrects articles and takes them back."""
        return Correcting(database=self.database, clock=self.clock, index=self.collecting.index)

    async def collect(self, names: Sequence[str] = (), *, full: bool = False) -> Collected:
        """Collect from the named sources, or from all; show what was embargoed until now. Raises NotFoundError."""
        known = {one.name: one for one in self.document.source}
        for name in names:
            if name not in known:
                raise NotFoundError(
                    f"source {name}: there is none in the configuration; it has {', '.join(known) or 'no source'}"
                )
        total = Collected()
        await self.collecting.release()
        for options in [known[name] for name in names] if names else self.document.source:
            try:
                source = self.source(options)
            except SourceError as error:
                total.troubles.append(str(error))
                total.unread.append(options.name)
                continue
            try:
                total.add(await self.collecting.collect(source, full=full))
            finally:
                source.close()
        return total

    # -- feeds

    @cached_property
    def shelf(self) -> Shelf:
        """The directory of feed files."""
        return Shelf(self.config.path(self.document.feeds.directory))

    @cached_property
    def entry_cache(self) -> EntryCache:
        """Entries rendered once for each revision."""
        return EntryCache()

    @cached_property
    def feed_settings(self) -> FeedSettings:
        """What the operator says of all feeds."""
        site, feeds = self.document.site, self.document.feeds
        return FeedSettings(
            site_title=site.title,
            site_url=site.url,
            public_url=self.public_url,
            language=site.language,
            established=self.established,
            hubs=tuple(feeds.hubs),
            content=feeds.content,
            items=feeds.items,
            keep=parse_span(feeds.keep),
            icon_url=site.logo or None,
            description=site.description,
            archive_items=feeds.archive_items,
        )

    async def publish(self, only: list[str] | None = None) -> Published:
        """Bring the feed files up to date."""
        return await publish(
            database=self.database,
            shelf=self.shelf,
            settings=self.feed_settings,
            clock=self.clock,
            cache=self.entry_cache,
            sections=only or None,
        )

    @cached_property
    def pinging(self) -> Pinging:
        """Tells hubs what changed."""
        return Pinging(
            database=self.database,
            clock=self.clock,
            shelf=self.shelf,
            hubs=tuple(self.document.feeds.hubs),
            public_url=self.public_url,
            ping=ping_hub,
        )

    # -- mail

    @cached_property
    def signer(self) -> Signer:
        """Signs and checks links."""
        return Signer(self.config.secrets)

    @cached_property
    def mail_settings(self) -> MailSettings:
        """Who the mail is from. Raises ConfigurationError while what every mail must say is missing."""
        mail, site = self.document.mail, self.document.site
        if not mail.from_:
            self._missing("mail", "from", 'write an address like "The Example <digest@news.example>"')
        if not site.postal_address.strip():
            self._missing(
                "site", "postal-address", "give the publisher's postal address; the law asks for it in every mail"
            )
        name, address = self._mailbox("from", mail.from_)
        owner = self._mailbox("owner", mail.owner)[1] if mail.owner else address
        reply_to = self._mailbox("reply-to", mail.reply_to)[1] if mail.reply_to else ""
        return MailSettings(
            from_name=name or site.title,
            from_address=address,
            site_title=site.title,
            site_url=site.url,
            public_url=self.public_url,
            postal_address=site.postal_address,
            list_domain=address.rpartition("@")[2],
            owner_address=owner,
            reply_to=reply_to,
        )

    def _missing(self, table: str, key: str, remedy: str) -> None:
        raise ConfigurationError(
            file=str(self.config.file),
            table=table,
            key=key,
            trouble="is missing, but mail is to be sent",
            remedy=remedy,
        )

    def _mailbox(self, key: str, text: str) -> tuple[str, str]:
        try:
            name, address = parse_mailbox(text)
        except AddressError as error:
            raise ConfigurationError(
                file=str(self.config.file),
                table="mail",
                key=key,
                trouble=f"{text!r} is not an address ({error})",
                remedy="mend it",
            ) from error
        return name, address.text

    @cached_property
    def templates(self) -> TemplateSet:
        """Our mail templates with the operator's laid over them. Raises TemplateError."""
        folder = self.config.path(self.document.mail.templates)
        return load_templates(folder if folder.is_dir() else None)

    @cached_property
    def composer(self) -> MessageComposer:
        """Turns digests into messages."""
        return MessageComposer(self.templates, self.mail_settings)

    @cached_property
    def letters(self) -> Letters:
        """Turns what happened to a reader into messages."""
        return Letters(self.templates, self.mail_settings)

    @cached_property
    def digest_rules(self) -> dict[str, DigestRules]:
        """What each standing digest carries."""
        digests = self.document.digest
        order = lane_order({one.name: one.cadence for one in digests if not best_of(one)})
        tags = {one.name: tags_of(one) for one in digests if one.tags}
        return {
            one.name: DigestRules(
                name=one.name,
                title=digest_title(one, self.document.site.title),
                cadence=one.cadence,
                max_items=one.max_items,
                min_items=one.min_items,
                best_of=best_of(one),
                order=order,
                titles={},
                pins=frozenset(one.pins),
                max_per_author=one.max_per_author,
                max_per_story=one.max_per_story,
                max_per_day=one.max_per_day,
                tags=tags,
            )
            for one in digests
        }

    @cached_property
    def planning(self) -> Planning:
        """Plans editions."""
        grace = parse_span(self.document.editions.grace)
        digests = [
            PlannedDigest(
                name=one.name,
                cadence=one.cadence,
                grace=grace,
                coalesce=parse_span(one.coalesce),
                tags=tags_of(one),
                approve_in=parse_span(one.deadline) if one.approval else None,
                otherwise=one.otherwise,
            )
            for one in self.document.digest
        ]
        return Planning(
            database=self.database, clock=self.clock, digests=digests, batch_size=self.document.editions.batch
        )

    @cached_property
    def composing(self) -> Composing:
        """Composes editions."""
        subjects = {one.name: one.subject for one in self.document.digest if one.subject}
        return Composing(composer=self.composer, letters=self.letters, rules=self.digest_rules, subjects=subjects)

    @cached_property
    def previewing(self) -> Previewing:
        """Composes for one reader, without a trace."""
        return Previewing(
            database=self.database,
            clock=self.clock,
            rules=self.digest_rules,
            grace=parse_span(self.document.editions.grace),
        )

    @cached_property
    def postman(self) -> Postman:
        """Addresses messages to readers."""
        return Postman(
            signer=self.signer,
            mail=self.mail_settings,
            bounce_domain=self.document.mail.bounce_domain,
            key=self.signing_key,
        )

    @cached_property
    def signing_key(self) -> SigningKey | None:
        """The key that signs our mails, where the relay does not. Raises ConfigurationError."""
        mail = self.document.mail
        if not mail.dkim_key_file and not mail.dkim_selector:
            return None
        if not mail.dkim_key_file or not mail.dkim_selector:
            missing = "dkim-selector" if mail.dkim_key_file else "dkim-key-file"
            self._missing("mail", missing, "set both dkim-selector and dkim-key-file, or neither")
        try:
            pem = self.config.path(mail.dkim_key_file).read_bytes()
        except OSError as error:
            raise ConfigurationError(
                file=str(self.config.file),
                table="mail",
                key="dkim-key-file",
                trouble=f"{mail.dkim_key_file} cannot be read ({error.strerror})",
                remedy="make the file readable, or mend its name",
            ) from error
        return read_signing_key(pem, domain=self.mail_settings.from_domain, selector=mail.dkim_selector)

    def transport(self, options: TransportOptions) -> Transport:
        """Make one transport, not opened yet. Raises ConfigurationError for a kind that is not installed."""
        make = self._plug_in("syndicate.transports", "transport", options.kind)
        password = options.password
        if options.password_file and not password:
            password = self.config.path(options.password_file).read_text(encoding="utf-8").strip()
        own = {
            "host": options.host,
            "port": options.port,
            "tls": options.tls,
            "username": options.username,
            "password": password,
            "connections": options.connections,
            "connect-timeout": min(parse_span(options.timeout).total_seconds(), 30.0),
            "reply-timeout": parse_span(options.timeout).total_seconds(),
            "final-timeout": parse_span(options.timeout).total_seconds() * 5,
            "ca-file": options.ca_file and str(self.config.path(options.ca_file)),
            "path": options.path and str(self.config.path(options.path)),
            "rate": parse_rate(options.rate),
        }
        return cast(Transport, make(name=options.name, settings={**options.options, **own}))

    async def router(self) -> Router:
        """Open the transports, once, and return the way out. Raises ConfigurationError when there is none."""
        if not self.document.transport:
            self._missing("transport", "", "add a [[transport]]")
        if self._router is None:
            routes = []
            for options in self.document.transport:
                transport = self.transport(options)
                await transport.open()
                self._stack.push_async_callback(transport.close)
                routes.append(Route(transport=transport, weight=options.weight, pace=self._pace(options)))
            self._router = Router(routes=routes, clock=self.clock)
        return self._router

    def _pace(self, options: TransportOptions) -> RelayPace | None:
        """Return the pace of a transport, shared with all processes; None when it has no limit."""
        limits = Limits(
            rate=parse_rate(options.rate) or None, per_day=round(parse_rate(options.warm_up) * 86_400) or None
        )
        if limits == Limits():
            return None
        return RelayPace(relay=options.name, limits=limits, database=self.database, clock=self.clock)

    async def delivering(self) -> Delivering:
        """Make the flow that delivers batches."""
        return Delivering(
            database=self.database,
            clock=self.clock,
            owner=own_name(),
            composing=self.composing,
            postman=self.postman,
            router=await self.router(),
            policy=self.document.editions.uncertain,
            reports=await self.reports(),
        )

    async def letter_flow(self) -> LetterFlow:
        """Make the flow that sends letters."""
        return LetterFlow(
            database=self.database,
            clock=self.clock,
            signer=self.signer,
            letters=self.letters,
            postman=self.postman,
            router=await self.router(),
            titles={one.name: digest_title(one, self.document.site.title) for one in self.document.digest},
        )

    async def send_letters(self) -> None:
        """Send every letter that is due."""
        flow = await self.letter_flow()
        while await flow.send_due():
            pass

    # -- readers

    async def readership(self) -> Readership:
        """Open the readers of this site."""
        if self._readership is None:
            self._readership = await Readership.open(self.database, clock=self.clock, config=self.config)
        return self._readership

    async def reports(self) -> IngestReports:
        """Make the flow that deals with reports coming back."""
        mail = self.document.mail
        domain = self._mailbox("from", mail.from_)[1].rpartition("@")[2] if mail.from_ else ""
        return IngestReports(
            readership=await self.readership(),
            signer=self.signer,
            return_paths=bool(mail.bounce_domain),
            from_domain=domain,
        )

    async def take_report(self, report: bytes) -> bool:
        """Take in one report; True tells who brought it that it is kept."""
        await (await self.reports()).take([report])
        return True

    @cached_property
    def report_mailbox(self) -> Mailbox | None:
        """The mailbox that reports come to, if one is configured."""
        bounces = self.document.bounces
        if not bounces.imap:
            return None
        password = bounces.imap_password
        if bounces.imap_password_file and not password:
            password = self.config.path(bounces.imap_password_file).read_text(encoding="utf-8").strip()
        return Mailbox(url=bounces.imap, password=password)

    async def desk(self) -> ReaderDesk:
        """Make what the commands about single readers use."""
        readership = await self.readership()
        return ReaderDesk(readership=readership, subscribing=Subscribing(readership=readership, signer=self.signer))


def best_of(options: DigestOptions) -> bool:
    """Tell whether a digest picks from everything, also from what other digests carry."""
    return options.cadence is Cadence.WEEKLY if options.best_of is None else options.best_of


def tags_of(options: DigestOptions) -> frozenset[str]:
    """Return the tags that a digest's articles must have one of, in small letters; none means any article."""
    return frozenset(tag.strip().lower() for tag in options.tags if tag.strip())


def digest_title(options: DigestOptions, site_title: str) -> str:
    """Return what readers see as a digest's name."""
    return options.title or f"{site_title}: {options.name.replace('-', ' ').replace('_', ' ').title()}"


@asynccontextmanager
async def opened(config: Config, *, clock: Clock | None = None) -> AsyncIterator[App]:
    """Open an App on its database and close it again."""
    app = App(config, clock=clock)
    try:
        app.refuse_impossible()
        await app.open()
        yield app
    finally:
        await app.close()
