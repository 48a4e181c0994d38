"""Compose what sends messages and hears of them: transports, deliveries, letters, readers, reports."""

from functools import cached_property
from typing import cast

from syndicate.composition.mail import Mail, digest_title
from syndicate.flows.deliver import Delivering
from syndicate.flows.envelopes import Sign
from syndicate.flows.ingest_reports import IngestReports
from syndicate.flows.letters import LetterFlow
from syndicate.flows.pace import RelayPace
from syndicate.flows.readers import ReaderDesk
from syndicate.flows.readership import Readership
from syndicate.flows.restored import keep_pulse
from syndicate.flows.route import Route, Router
from syndicate.flows.subscribe import Subscribing
from syndicate.mailin.mailbox import Mailbox
from syndicate.options import TransportOptions
from syndicate.ports import Transport
from syndicate.process import own_name
from syndicate.signers import Signers
from syndicate.storage.buckets import Limits
from syndicate.values import parse_rate, parse_span


class Sending(Mail):
    """The way out and the way back, each part made when it is first needed."""

    _router: Router | None = None
    _readership: Readership | None = None
    _signers: Signers | None = None

    def transport(self, options: TransportOptions) -> Transport:
        """Make one transport, not opened yet. Raises ConfigurationError for a kind that is not installed."""
        patience = parse_span(options.timeout).total_seconds()
        given = {
            "host": options.host,
            "port": options.port,
            "tls": options.tls,
            "username": options.username,
            "password": options.password,
            "connections": options.connections,
            "connect-timeout": min(patience, 30.0),
            "reply-timeout": patience,
            "final-timeout": patience * 5,
            "ca-file": options.ca_file and str(self.config.path(options.ca_file)),
            "path": options.path and str(self.config.path(options.path)),
            "rate": parse_rate(options.rate),
        }
        made = self._plug_in("transport", options.kind, name=options.name, settings=options.options, given=given)
        return cast(Transport, made)

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
            sign=self._sign(),
            reports=await self.reports(),
        )

    def _sign(self) -> Sign | None:
        """Return what signs the messages of digests, if we do."""
        key = self.postman.key
        if key is None:
            return None
        if self._signers is None:
            self._signers = Signers(key.key)
            self._stack.push_async_callback(self._signers.close)
        return self._signers.sign

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
        """Send every letter that is due; those of a restored backup wait."""
        directory = self.config.path(self.document.feeds.directory)
        await keep_pulse(self.database, directory=directory, clock=self.clock)
        flow = await self.letter_flow()
        while await flow.send_due():
            pass

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
        return Mailbox(url=bounces.imap, password=bounces.imap_password)

    async def desk(self) -> ReaderDesk:
        """Make what the commands about single readers use."""
        readership = await self.readership()
        return ReaderDesk(readership=readership, subscribing=Subscribing(readership=readership, signer=self.signer))
