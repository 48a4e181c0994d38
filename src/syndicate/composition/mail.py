"""Compose what turns articles into messages: settings of the mail, templates, rules of the digests, plans, previews."""

from functools import cached_property

from syndicate.composition.foundation import Foundation
from syndicate.core.dkim import SigningKey, read_signing_key
from syndicate.core.heads import MailSettings
from syndicate.core.letters import Letters
from syndicate.core.links import Signer
from syndicate.core.message import MessageComposer
from syndicate.core.ranking import DigestRules
from syndicate.core.slugs import title_of
from syndicate.core.templates import TemplateSet
from syndicate.core.window import lane_order
from syndicate.errors import ConfigurationError
from syndicate.flows.compose import Composing
from syndicate.flows.envelopes import Postman
from syndicate.flows.plan import PlannedDigest, Planning
from syndicate.flows.preview import Previewing
from syndicate.model import Cadence
from syndicate.options import DigestOptions
from syndicate.storage.templates import load_templates
from syndicate.values import parse_span


class Mail(Foundation):
    """Digests and letters, each part made when it is first needed."""

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
            sources={one.name: one.title or title_of(one.name) for one in self.document.source},
        )

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
                pins=tuple(one.pins),
                max_per_section=one.max_per_section,
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
    def digest_subjects(self) -> dict[str, str]:
        """Operators' templates for subjects, by digest name."""
        return {one.name: one.subject for one in self.document.digest if one.subject}

    @cached_property
    def composing(self) -> Composing:
        """Composes editions."""
        return Composing(
            composer=self.composer, letters=self.letters, rules=self.digest_rules, subjects=self.digest_subjects
        )

    @cached_property
    def previewing(self) -> Previewing:
        """Composes for one reader, without a trace."""
        return Previewing(
            database=self.database,
            clock=self.clock,
            rules=self.digest_rules,
            grace=parse_span(self.document.editions.grace),
            composer=self.composer,
            subjects=self.digest_subjects,
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
        try:
            return read_signing_key(pem, domain=self.mail_settings.from_domain, selector=mail.dkim_selector)
        except ConfigurationError as error:
            raise ConfigurationError(
                file=str(self.config.file),
                table=error.table,
                key=error.key,
                trouble=f"{mail.dkim_key_file}: {error.trouble}",
                remedy=error.remedy,
            ) from error


def best_of(options: DigestOptions) -> bool:
    """Tell whether a digest picks from everything, also from what other digests carry."""
    return options.cadence is Cadence.WEEKLY if options.best_of is None else options.best_of


def tags_of(options: DigestOptions) -> frozenset[str]:
    """Return the tags that a digest's articles must have one of, in small letters; none means any article."""
    return frozenset(tag.strip().lower() for tag in options.tags if tag.strip())


def digest_title(options: DigestOptions, site_title: str) -> str:
    """Return what readers see as a digest's name."""
    return options.title or f"{site_title}: {title_of(options.name)}"
