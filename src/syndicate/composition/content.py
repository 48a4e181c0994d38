"""Compose what brings articles in and publishes them: sources, summariser, collecting, feeds, hubs."""

from collections.abc import Sequence
from functools import cached_property
from typing import cast
from urllib.parse import urlsplit

from syndicate.composition.foundation import Foundation
from syndicate.core.feed import FeedSettings
from syndicate.core.intake import IntakeSettings
from syndicate.core.sections import SectionRule
from syndicate.errors import NotFoundError, SourceError
from syndicate.flows.asking import Asking
from syndicate.flows.collect import Collected, Collecting
from syndicate.flows.correct import Correcting
from syndicate.flows.ping import Pinging
from syndicate.flows.publish import Published, publish
from syndicate.formats.cache import EntryCache
from syndicate.hubs import ping_hub
from syndicate.options import SourceOptions
from syndicate.ports import Source, Summariser
from syndicate.storage.shelf import Shelf
from syndicate.values import parse_span


class Content(Foundation):
    """Sources and feeds, each made when it is first needed."""

    def source(self, options: SourceOptions) -> Source:
        """Open one content store. Raises ConfigurationError for a kind that is not installed."""
        given = {
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
        made = self._plug_in("source", options.kind, name=options.name, settings=options.options, given=given)
        return cast(Source, made)

    @cached_property
    def collecting(self) -> Collecting:
        """Collects articles from any source."""
        site = self.document.site
        settings = IntakeSettings(site_url=site.url, domain=urlsplit(site.url).hostname or "", language=site.language)
        rules = tuple(
            SectionRule(section=section, match=(*(options.match or (section.title, section.slug)), *options.was))
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
            asking=self.asking,
        )

    @cached_property
    def asking(self) -> Asking | None:
        """Who asks the summariser, if there is one; a page waits for as long as one answer may take."""
        if self.summariser is None:
            return None
        return Asking(summariser=self.summariser, patience=parse_span(self.document.summariser.timeout))

    @cached_property
    def summariser(self) -> Summariser | None:
        """Who writes summaries in place of ours, if anybody. Raises ConfigurationError for a kind that is not installed."""
        options = self.document.summariser
        if not options.kind:
            return None
        given = {
            "url": options.url,
            "model": options.model,
            "key": options.key,
            "timeout": parse_span(options.timeout).total_seconds(),
            "budget-per-day": options.budget_per_day,
            "cache": self.config.path(options.cache),
            "clock": self.clock,
        }
        made = self._plug_in("summariser", options.kind, name=options.kind, settings=options.options, given=given)
        self._stack.callback(made.close)
        return cast(Summariser, made)

    @cached_property
    def correcting(self) -> Correcting:
        """Corrects articles and takes them back."""
        return Correcting(database=self.database, clock=self.clock, index=self.collecting.memory.index)

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
        """Bring the feed files up to date, and ask for pings of what changed."""
        published = await publish(
            database=self.database,
            shelf=self.shelf,
            settings=self.feed_settings,
            clock=self.clock,
            cache=self.entry_cache,
            sections=only or None,
        )
        if self.document.feeds.hubs:
            await self.pinging.note(published.written)
        return published

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
