"""Hold what every part of the application stands on: configuration, clock, database, and one stack of what is to be closed."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from functools import cached_property
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from syndicate.clock import Clock, SystemClock
from syndicate.core.addresses import parse_mailbox
from syndicate.core.slugs import title_of
from syndicate.errors import AddressError, ConfigurationError
from syndicate.flows.readership import offer_of
from syndicate.flows.settle import Settling
from syndicate.model import Section
from syndicate.options import Config
from syndicate.storage import schema
from syndicate.storage.database import Database, async_url


class Foundation:
    """An opened database, the configuration and the clock; what is opened on first use is closed in reverse."""

    def __init__(self, config: Config, *, clock: Clock | None = None) -> None:
        self.config = config
        self.document = config.document
        self.clock: Clock = clock or SystemClock()
        self.database = Database(async_url(self.document.database.url, folder=config.folder))
        self.established = self.clock.now()
        self._stack = AsyncExitStack()

    async def open(self) -> None:
        """Set up an empty database, refuse one of another version, and store what else must know of the configuration."""
        await schema.prepare(self.database)
        settling = Settling(
            database=self.database,
            public_url=self.public_url,
            sections=self.configured_sections,
            renamed={old: one.slug for one in self.document.section for old in one.was},
            offers=tuple(offer_of(one) for one in self.document.digest),
        )
        self.established = await settling.settle(now=self.clock.now())

    async def close(self) -> None:
        """Close what was opened."""
        await self._stack.aclose()
        await self.database.close()

    @cached_property
    def configured_sections(self) -> list[Section]:
        """The sections of the configuration; one without a title has its slug's."""
        return [Section(slug=one.slug, title=one.title or title_of(one.slug)) for one in self.document.section]

    @cached_property
    def public_url(self) -> str:
        """Where syndicate is reached, with a slash at the end."""
        return self.document.site.public_url.rstrip("/") + "/"

    def _plug_in(
        self, role: str, kind: str, *, name: str, settings: Mapping[str, object], given: Mapping[str, object]
    ) -> Any:  # Any: plug-ins are made by name
        """Make a source, transport or summariser: what is `given` by us goes over its own settings. Raises ConfigurationError."""
        return self._installed(role, kind).load()(name=name, settings={**settings, **given})

    def _installed(self, role: str, kind: str) -> EntryPoint:
        found = {point.name: point for point in entry_points(group=f"syndicate.{role}s")}
        if kind not in found:
            raise ConfigurationError(
                file=str(self.config.file),
                table=role,
                key="kind",
                trouble=f"{kind!r} is not installed",
                remedy=f"use one of {', '.join(sorted(found))}",
            )
        return found[kind]

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
        if address.smtputf8:
            raise ConfigurationError(
                file=str(self.config.file),
                table="mail",
                key=key,
                trouble=f"{text!r} has a letter before the @ that few servers take",
                remedy="use an address in ASCII; the name before it may have any letters",
            )
        return name, address.text
