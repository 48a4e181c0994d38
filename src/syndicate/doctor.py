"""Look everything over that a newsroom's syndicate depends on, and tell what is wrong and how to mend it."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from tempfile import TemporaryFile
from urllib.parse import urlsplit

from syndicate.app import App
from syndicate.core.filling import PreparedMessage
from syndicate.core.letters import Letters
from syndicate.core.message import MessageComposer
from syndicate.core.sample import SAMPLE_MAIL, sample_digest
from syndicate.core.theme import LEAST_CONTRAST, faint
from syndicate.errors import ConfigurationError, ServiceUnavailableError, SyndicateError, TemplateError
from syndicate.mail_dns import Record, dmarc_policy, is_made_up, sender_policy, signing_key
from syndicate.model import Cadence
from syndicate.options import Config, SourceOptions, TransportOptions
from syndicate.storage import schema

PATIENCE = 30.0  # seconds for each look

Look = Callable[[], Awaitable[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was found on one thing. `remedy` says what to do about it, where that is known; a hint is `fine` and may have one too."""

    what: str
    fine: bool
    words: str
    remedy: str = ""


async def examine(config: Config) -> AsyncIterator[Finding]:
    """Yield a finding on each thing that matters, one after the other; nothing that is wrong raises.

    An empty database is set up on the way, as by any command.
    """
    app = App(config)
    try:
        document = app.document
        yield Finding(what="configuration", fine=True, words=f"{config.file}: loaded")
        yield await _look("database", partial(_database, app))
        for source in document.source:
            yield await _look(f"source {source.name}", partial(_source, app, source))
        for transport in document.transport:
            yield await _look(f"transport {transport.name}", partial(_transport, app, transport))
        if document.summariser.kind:
            yield await _look("summariser", partial(_summariser, app))
        yield await _look("mail", partial(_mail, app))
        yield await _look("templates", partial(asyncio.to_thread, _templates, app))
        yield await _look("feeds", partial(asyncio.to_thread, _feeds, app))
        for hint in (*_theme_hints(app), *_tls_hints(app), *await _dns_hints(app)):
            yield hint
    finally:
        await app.close()


async def _look(what: str, look: Look) -> Finding:
    try:
        async with asyncio.timeout(PATIENCE):
            return Finding(what=what, fine=True, words=await look())
    except ConfigurationError as error:
        place = " ".join(part for part in (error.table and f"[{error.table}]", error.key) if part)
        return Finding(what=what, fine=False, words=f"{place}: {error.trouble}", remedy=error.remedy)
    except SyndicateError as error:
        words, _, remedy = str(error).rpartition("; ")
        return Finding(what=what, fine=False, words=words or remedy, remedy=remedy if words else "")
    except TimeoutError:
        return Finding(what=what, fine=False, words=f"no answer within {PATIENCE:.0f} s", remedy="see that it runs")
    except Exception as error:  # the rim: whatever a driver or a plug-in raises is a finding, and the rest is looked at
        return Finding(what=what, fine=False, words=f"{type(error).__name__}: {' '.join(str(error).split())}")


async def _database(app: App) -> str:
    await app.open()
    version = await schema.current_version(app.database)
    return f"{app.database.url.render_as_string(hide_password=True)}: reached, schema {version}"


async def _source(app: App, options: SourceOptions) -> str:
    source = app.source(options)
    try:
        return await asyncio.to_thread(source.check)
    finally:
        source.close()


async def _transport(app: App, options: TransportOptions) -> str:
    transport = app.transport(options)
    await transport.open()
    try:
        return await transport.check()
    finally:
        await transport.close()


async def _summariser(app: App) -> str:
    """Make it without asking it anything, because asking costs."""
    made = app.summariser
    return f"{made.name if made is not None else 'nobody'}: installed and configured, not asked"


async def _mail(app: App) -> str:
    if not app.document.transport:
        return "no [[transport]]: feeds only, no mail is sent"
    settings = app.mail_settings
    if not app.document.digest:
        return f"from {settings.from_address}; no [[digest]] is configured, so there is nothing to subscribe to"
    return f"from {settings.from_address}, with the postal address"


def _templates(app: App) -> str:
    """Render every kind of message in every language that has phrases."""
    settings = app.mail_settings if app.document.mail.from_ and app.document.site.postal_address else SAMPLE_MAIL
    composer, letters = MessageComposer(app.templates, settings), Letters(app.templates, settings)
    languages = app.templates.languages
    for language in languages:
        for cadence in Cadence:
            message = composer.compose(sample_digest(language, cadence=cadence, day=app.clock.now().date()))
            _must_have_a_way_out(message, cadence)
        letters.confirmation(language=language)
        letters.goodbye(language=language, titles=[settings.site_title])
    for digest in app.document.digest:
        if digest.subject:
            composer.compose(
                sample_digest(app.document.site.language, cadence=digest.cadence, day=app.clock.now().date()),
                subject=digest.subject,
            )
    folder = app.config.path(app.document.mail.templates)
    whose = f"ours, with those of {folder}" if folder.is_dir() else "ours"
    return f"{whose}: rendered in {', '.join(languages)}"


def _must_have_a_way_out(message: PreparedMessage, cadence: Cadence) -> None:
    """Raise TemplateError for a message that its reader cannot leave by, in either form."""
    ways = {route.name: route for route in message.routes}
    way = ways.get("unsubscribe_url")
    if way is None or not (way.html and way.text):
        missing = "text" if way is not None and way.html else "HTML"
        raise TemplateError(
            f"a digest ({cadence}) has no unsubscribe link in its {missing}; print slots.unsubscribe_url"
        )


def _feeds(app: App) -> str:
    directory = app.shelf.directory
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=directory):
            pass
    except OSError as error:
        raise ServiceUnavailableError(
            f"{directory}: cannot be written ({os.strerror(error.errno or 0)}); change [feeds] directory or its permissions"
        ) from error
    files = len(app.shelf.names())
    return f"{directory}: can be written, {f'{files} files' if files else 'nothing published yet'}"


# -- hints: never a failure


def _theme_hints(app: App) -> list[Finding]:
    try:
        found = list(faint(app.templates.theme))
    except SyndicateError:
        return []  # the row on templates has said it
    remedy = f"give one of the two another colour; {LEAST_CONTRAST}:1 can be read by nearly everybody"
    return [Finding(what="hint: theme", fine=True, words=words, remedy=remedy) for words in found]


def _tls_hints(app: App) -> list[Finding]:
    site, found = app.document.site, []
    if urlsplit(site.public_url).scheme != "https":
        words, remedy = (
            "[site] public-url is http: good for trying out",
            "put a proxy with TLS in front, write https://…",
        )
        found.append(Finding(what="hint: TLS", fine=True, words=words, remedy=remedy))
    else:
        found.append(Finding(what="hint: TLS", fine=True, words="[site] public-url is https"))
    for transport in app.document.transport:
        if transport.kind == "smtp" and transport.tls == "none":
            words = f"transport {transport.name} speaks without TLS, to this machine only"
            found.append(Finding(what="hint: TLS", fine=True, words=words))
    return found


async def _dns_hints(app: App) -> list[Finding]:
    """Tell what the world can look up of the sender's domain, where mail really leaves the house."""
    if not any(one.kind == "smtp" for one in app.document.transport) or not app.document.mail.from_:
        return []
    try:
        domain = app.mail_settings.list_domain
    except SyndicateError:
        return []  # the row on mail has said it
    if is_made_up(domain):
        return [Finding(what="hint: DNS", fine=True, words=f"{domain} is kept for examples: nothing to look up")]
    spf, dmarc = await asyncio.gather(sender_policy(domain), dmarc_policy(domain))
    found = [
        _dns_hint("SPF", spf, remedy='publish a TXT record like "v=spf1 mx -all" that names your relay'),
        _dns_hint("DMARC", dmarc, remedy='publish a TXT record like "v=DMARC1; p=none; rua=mailto:…"'),
    ]
    if selector := app.document.mail.dkim_selector:
        key = await signing_key(selector, domain)
        found.append(_dns_hint("DKIM", key, remedy="publish the public key of [mail] dkim-key-file there"))
    else:
        words = "we do not sign; let the relay sign List-Unsubscribe and List-Unsubscribe-Post too (RFC 8058)"
        found.append(Finding(what="hint: DKIM", fine=True, words=words))
    return found


def _dns_hint(kind: str, record: Record, *, remedy: str) -> Finding:
    what = f"hint: {kind}"
    if record.trouble:
        return Finding(what=what, fine=True, words=f"{record.name}: {record.trouble}")
    if record.text is None:
        return Finding(what=what, fine=True, words=f"{record.name}: there is no such record", remedy=remedy)
    return Finding(what=what, fine=True, words=f"{record.name}: {record.text[:120]}")
